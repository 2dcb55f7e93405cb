/* Deliberately empty. Lua's ldo.c includes <setjmp.h>; this guest unwinds through its host instead (see try.h), and
   the C library's own header refuses to be included on a target without exceptions. */
