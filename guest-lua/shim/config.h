/*
 * What this guest changes in Lua by macro. The few edits that no macro can make are in build/lua.rs.
 *
 *   errors   LUAI_THROW and LUAI_TRY go through two host imports: no Wasm exceptions, no setjmp
 *   memory   running out of it is reported to the host and cannot be caught by the script
 *   stacks   limits fitted to a 96 KiB shadow stack and to memory budgets of a few MiB
 *   seeds    constants: the same script with the same arguments costs the same fuel everywhere
 *   bytecode neither read nor written
 */
#ifndef TH_CONFIG_H
#define TH_CONFIG_H

#define LUA_CORE
#define LUA_LIB
#define ltable_c
#define lvm_c

#include <ctype.h>
#include <float.h>
#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* ---- imports: the whole of what this module asks of its host (module name "tenterhook") ---- */
#define TH_IMPORT(name) __attribute__((import_module("tenterhook"), import_name(name)))
#define TH_EXPORT(name) __attribute__((export_name(name), used))

/* Unwinds to the innermost try; ends the invocation where there is none. */
TH_IMPORT("throw") _Noreturn void th_throw(void);
/* Runs body(L, ud) through the exported trampoline; 1 when it threw. */
TH_IMPORT("try") int th_try(void *body, void *L, void *ud);
/* Ends the invocation: memory ran out, and a full collection did not help. */
TH_IMPORT("out_of_memory") _Noreturn void th_out_of_memory(uint32_t asked);
/* Grows memory by so many pages of 64 KiB; how many there were, or UINT32_MAX where that is more than there may be. */
TH_IMPORT("grow") uint32_t th_grow(uint32_t pages);
/* Calls a capability function; the reply lies in the reply buffer, its length is the result. */
TH_IMPORT("host_call") int th_host_call(uint32_t function, const void *args, uint32_t len, int32_t line);

#include "lprefix.h"
#include "luaconf.h"

/* ---- linkage: everything is private to this file ---- */
#undef LUAI_FUNC
#undef LUAI_DDEC
#undef LUAI_DDEF
#undef LUA_API
#undef LUALIB_API
#undef LUAMOD_API
#define LUAI_FUNC static
#define LUAI_DDEC(def) /* empty */
#define LUAI_DDEF static
#define LUA_API static
#define LUALIB_API static
#define LUAMOD_API static

/* ---- limits ---- */
/* Buffers on the C stack: recursion through gsub holds one per level, 150 levels must fit the shadow stack. */
#undef LUAL_BUFFERSIZE
#define LUAL_BUFFERSIZE 128
/* Nested C calls, pcalls, parser levels. The hungriest (string.format calling __tostring, gsub calling a function) take
   600 bytes of shadow stack each, so 150 fit its 96 KiB, and Lua reports the overflow before the stack traps. */
#define LUAI_MAXCCALLS 150
/* Slots of a Lua stack: a runaway recursion is reported as what it is before it ends a budget of 10 M fuel or 4 MiB. */
#undef LUAI_MAXSTACK
#define LUAI_MAXSTACK 12000

/* ---- errors ---- */
#define luai_jmpbuf int
#define LUAI_THROW(L, c) th_throw()
/* Only used inside luaD_rawrunprotected(L, f, ud). */
#define LUAI_TRY(L, c, a)                                    \
  if (th_try((void *)f, L, ud)) {                            \
    if ((c)->status == 0) (c)->status = -1;                  \
  }

/* ---- no signals, no locale, no clock, no files ---- */
#define l_signalT int
#undef lua_getlocaledecpoint
#define lua_getlocaledecpoint() '.'
#define strcoll strcmp
#define lua_writestring(s, l) ((void)(s), (void)(l))
#define lua_writeline() ((void)0)
#define lua_writestringerror(s, p) ((void)(s), (void)(p))

/* ---- seeds: fixed, so that runs are reproducible ---- */
#define luai_makeseed(L) 0x7e47e42bu
#define l_randomizePivot() 0x9e3779b9u

/* ---- numbers: musl's printf is slow for integers ---- */
static int th_integer_to_string(char *out, long long n);
#undef lua_integer2str
#define lua_integer2str(s, sz, n) ((void)(sz), th_integer_to_string((s), (n)))

/* ---- C-locale character classes without a call ---- */
#undef isalpha
#undef isdigit
#undef isalnum
#undef isspace
#undef isupper
#undef islower
#undef iscntrl
#undef ispunct
#undef isxdigit
#undef isgraph
#undef tolower
#undef toupper
#define isdigit(c) ((unsigned)(c) - '0' < 10)
#define isupper(c) ((unsigned)(c) - 'A' < 26)
#define islower(c) ((unsigned)(c) - 'a' < 26)
#define isalpha(c) (((unsigned)(c) | 32) - 'a' < 26)
#define isalnum(c) (isalpha(c) || isdigit(c))
#define isspace(c) ((c) == ' ' || (unsigned)(c) - '\t' < 5)
#define iscntrl(c) ((unsigned)(c) < 0x20 || (c) == 0x7f)
#define isgraph(c) ((unsigned)(c) - 0x21 < 0x5e)
#define ispunct(c) (isgraph(c) && !isalnum(c))
#define isxdigit(c) (isdigit(c) || ((unsigned)(c) | 32) - 'a' < 6)
#define tolower(c) (isupper(c) ? (c) | 32 : (c))
#define toupper(c) (islower(c) ? (c) & 0x5f : (c))

#include "lua.h"
#include "lobject.h"
#include "lstate.h"
#include "lmem.h"
#include "ldebug.h"
#include "lzio.h"

/* ---- small copies: memory.copy goes through the host, which costs more than the copy does ---- */
static inline void *th_copy(void *to, const void *from, size_t n) {
  char *d = to;
  const char *s = from;
  if (n > 64) return __builtin_memcpy(to, from, n);
  if (n >= 8) {
    /* The last eight bytes may have been copied in part. */
    for (size_t at = 0; at < n - 8; at += 8) __builtin_memcpy(d + at, s + at, 8);
    __builtin_memcpy(d + n - 8, s + n - 8, 8);
  } else if (n >= 4) {
    __builtin_memcpy(d, s, 4);
    __builtin_memcpy(d + n - 4, s + n - 4, 4);
  } else if (n > 0) {
    d[0] = s[0];
    d[n / 2] = s[n / 2];
    d[n - 1] = s[n - 1];
  }
  return to;
}
static inline uint64_t th_word(const unsigned char *p) {
  uint64_t v;
  __builtin_memcpy(&v, p, 8);
  return v;
}
static inline int th_compare(const void *a, const void *b, size_t n) {
  const unsigned char *x = a, *y = b;
  if (n >= 8) {
    size_t at = 0;
    while (at < n - 8 && th_word(x + at) == th_word(y + at)) at += 8;
    if (at > n - 8) at = n - 8;
    uint64_t v = th_word(x + at), w = th_word(y + at);
    return v == w ? 0 : __builtin_bswap64(v) < __builtin_bswap64(w) ? -1 : 1;
  }
  for (; n > 0; n--, x++, y++)
    if (*x != *y) return (int)*x - (int)*y;
  return 0;
}
#undef memcpy
#undef memcmp
#define memcpy(d, s, n) (__builtin_constant_p(n) ? __builtin_memcpy((d), (s), (n)) : th_copy((d), (s), (n)))
#define memcmp(a, b, n) th_compare((a), (b), (n))

/* ---- settled memory (heap.h): what a call does that writes there is noted ---- */
static uint32_t th_unsettled;
/* The next request is for an array that is settled if anything is: of a prototype, or of a library's table. */
static uint32_t th_settling;
#include "lgc.h"
#include "ltable.h"
#include "lvm.h"
/* A bit of Table.flags that Lua leaves alone marks the settled tables; build/lua.rs puts this where tables are written. */
#define TH_SETTLED_TABLE 0x40
#define th_written(t)                                        \
  do {                                                       \
    if ((t)->flags & TH_SETTLED_TABLE) th_unsettled = 1;     \
  } while (0)
#undef luaV_finishfastset
#define luaV_finishfastset(L, t, slot, v)      \
  {                                            \
    th_written(hvalue(t));                     \
    setobj2t(L, cast(TValue *, slot), v);      \
    luaC_barrierback(L, gcvalue(t), v);        \
  }
/* Collecting marks every object. */
#undef luaC_condGC
#define luaC_condGC(L, pre, pos)                                             \
  {                                                                          \
    if (G(L)->GCdebt > 0) { pre; th_unsettled = 1; luaC_step(L); pos; };     \
    condchangemem(L, pre, pos);                                              \
  }
#define luaC_fullgc(L, emergency) (th_unsettled = 1, luaC_fullgc(L, emergency))
#undef luaM_shrinkvector
#define luaM_shrinkvector(L, v, size, fs, t) \
  (th_settling = 1, (v) = cast(t *, luaM_shrinkvector_(L, v, &(size), fs, sizeof(t))))

/* ---- views (view.h): fields are read without a call ---- */
static int th_view_get(lua_State *L, const TValue *view, const TValue *key, StkId out);

/* ---- memory ---- */
/* The request that failed last, for the report. */
static uint32_t th_asked;
/* Set by the host for policies that let scripts catch memory errors. */
static uint32_t th_memory_catchable;
#undef luaM_error
#define luaM_error(L) (th_memory_catchable ? luaD_throw(L, LUA_ERRMEM) : th_out_of_memory(th_asked))

/* ---- stack: remembers that Lua itself reported an overflow, so that the fault is named `stack` ---- */
static uint32_t th_stack_overflowed;
#include "lauxlib.h"
static l_noret th_stack_error(lua_State *L, const char *message) {
  th_stack_overflowed = 1;
  luaG_runerror(L, "%s", message);
}
/* Around lstate.c and ldo.c, guest.c points luaG_runerror here; every other message goes the usual way. */
#define TH_RUNERROR(L, fmt, ...)                                                                      \
  ((__builtin_strcmp((fmt), "stack overflow") == 0 || __builtin_strcmp((fmt), "C stack overflow") == 0) \
       ? th_stack_error(L, fmt)                                                                       \
       : luaG_runerror(L, fmt, ##__VA_ARGS__))

/* ---- bytecode: text only, in both directions ---- */
#include "ldo.h"
#include "lundump.h"
static LClosure *th_no_bytecode(lua_State *L) {
  luaG_runerror(L, "binary chunks are not supported");
}
#define luaU_undump(L, Z, name) ((void)(Z), (void)(name), th_no_bytecode(L))
#define luaU_dump(L, f, w, data, strip) ((void)(f), (void)(w), (void)(data), (void)(strip), 1)

static int th_integer_to_string(char *out, long long n) {
  char digits[20];
  int len = 0, at = 0;
  unsigned long long u = n < 0 ? 0ull - (unsigned long long)n : (unsigned long long)n;
  do {
    digits[len++] = (char)('0' + u % 10);
    u /= 10;
  } while (u != 0);
  if (n < 0) out[at++] = '-';
  while (len > 0) out[at++] = digits[--len];
  out[at] = '\0';
  return at;
}

#endif
