/*
 * The interpreter as one translation unit.
 *
 *   config.h   what we change of Lua, before any of it is read
 *   lua        Lua's own sources, unchanged, from the lua-src crate (include path set by build.rs)
 *   heap.h     the allocator behind the Lua state
 *   abi.h      shared state, the info block, exports and imports
 *   schema.h   the hook point's types, read from the host's descriptor
 *   net.h      address and prefix values
 *   view.h     arguments as views over the argument buffer
 *   answer.h   the handler's answer, encoded for the host
 *   library.h  the libraries scripts get, and what is taken out of Lua's
 *   call.h     start, declare, load, call
 *
 * One translation unit because calls between separate objects cost half as much again inside the sandbox.
 */
#include "config.h"

#include "lzio.c"
#include "lctype.c"
#include "lopcodes.c"
#include "lmem.c"
/* Both report stack overflows; the function-like macro below does not expand inside itself. */
#define luaG_runerror(L, ...) TH_RUNERROR(L, __VA_ARGS__)
#include "lstate.c"
#undef luaG_runerror
#include "lgc.c"
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
#include "lstring.c"
#include "ltable.c"
#define luaG_runerror(L, ...) TH_RUNERROR(L, __VA_ARGS__)
#include "ldo.c"
#undef luaG_runerror
#include "lvm.c"
#include "lapi.c"
#include "lauxlib.c"
#include "config_libs.h"
#include "lbaselib.c"
#include "lcorolib.c"
#include "lmathlib.c"
#include "lstrlib.c"
#include "ltablib.c"
#include "lutf8lib.c"

#include "abi.h"
#include "heap.h"
#include "schema.h"
#include "net.h"
#include "view.h"
#include "answer.h"
#include "library.h"
#include "call.h"
