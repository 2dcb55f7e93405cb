/*
 * The interpreter as one translation unit.
 *
 *   config.h   what we change of Lua, before any of it is read
 *   lua        Lua's own sources, from the lua-src crate; the build edits copies of five files (build/lua.rs)
 *   malloc.h   blocks of memory
 *   heap.h     the allocator behind the Lua state
 *   abi.h      shared state, the info block, exports and imports
 *   schema.h   the hook point's types, read from the host's descriptor
 *   net.h      address and prefix values
 *   view.h     arguments as views over the argument buffer
 *   answer.h   the handler's answer, encoded for the host
 *   library.h  the libraries scripts get, and what is taken out of Lua's
 *   show.h     error values that are tables, in words
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
/* The one that is defined there notes nothing; all others call it through the macro (config.h). */
#pragma push_macro("luaC_fullgc")
#undef luaC_fullgc
#include "lgc.c"
#pragma pop_macro("luaC_fullgc")
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
/* A string table that grows links its strings anew. */
#pragma push_macro("luaM_reallocvector")
#undef luaM_reallocvector
#define luaM_reallocvector(L, v, old, n, t) \
  (th_unsettled = 1, cast(t *, luaM_realloc_(L, v, cast_sizet(old) * sizeof(t), cast_sizet(n) * sizeof(t))))
#include "lstring.c"
#pragma pop_macro("luaM_reallocvector")
/* Arrays of nodes, the only arrays that are made here without an old one to take over from. */
#pragma push_macro("luaM_newvector")
#undef luaM_newvector
#define luaM_newvector(L, n, t) (th_settling = 1, cast(t *, luaM_malloc_(L, (n) * sizeof(t), 0)))
#include "ltable.c"
#pragma pop_macro("luaM_newvector")
#define luaG_runerror(L, ...) TH_RUNERROR(L, __VA_ARGS__)
#include "ldo.c"
#undef luaG_runerror
#include "lvm.c"
/* An object with a finalizer is taken out of the list of all objects, whose links lie in the objects. */
#define luaC_checkfinalizer(L, o, meta) \
  (th_unsettled |= gfasttm(G(L), meta, TM_GC) != NULL, luaC_checkfinalizer(L, o, meta))
#include "lapi.c"
#undef luaC_checkfinalizer
#include "lauxlib.c"
#include "config_libs.h"
#include "lbaselib.c"
#include "lcorolib.c"
#include "lmathlib.c"
#include "lstrlib.c"
#include "ltablib.c"
#include "lutf8lib.c"

#include "abi.h"
#include "malloc.h"
#include "heap.h"
#include "schema.h"
#include "net.h"
#include "view.h"
#include "answer.h"
#include "library.h"
#include "show.h"
#include "call.h"
