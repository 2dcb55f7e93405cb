/*
 * Start, load, call: what the host runs, in the order it runs it.
 *
 * Nothing here runs under a try: an error that no pcall of the script caught reaches Lua's panic function, which throws
 * to the host. The state is whole afterwards (Lua has closed and emptied the thread), so a kept executor may go on.
 */
#ifndef TH_CALL_H
#define TH_CALL_H

static RanState *th_random, th_random_seeded;
static l_uint32 th_base_calls;


static void keep_error(lua_State *L, int message, int trace) {
  size_t n;
  /* Anchored in the registry under two private addresses, so that the bytes live until the host has read them. */
  const char *s = lua_tolstring(L, message, &n);
  th_info_block.error = (uint32_t)(uintptr_t)s;
  th_info_block.error_len = (uint32_t)n;
  lua_pushvalue(L, message);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &th_info_block.error);
  if (trace == 0) return;
  s = lua_tolstring(L, trace, &n);
  th_info_block.trace = (uint32_t)(uintptr_t)s;
  th_info_block.trace_len = (uint32_t)n;
  lua_pushvalue(L, trace);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &th_info_block.trace);
}

/* One line of a traceback, as Lua's own words it. */
static void add_frame(lua_State *L, luaL_Buffer *b, CallInfo *ci) {
  lua_Debug ar;
  ar.i_ci = ci;
  lua_getinfo(L, "Slnt", &ar);
  if (ar.currentline <= 0) lua_pushfstring(L, "\n\t%s: in ", ar.short_src);
  else lua_pushfstring(L, "\n\t%s:%d: in ", ar.short_src, ar.currentline);
  luaL_addvalue(b);
  if (*ar.namewhat != '\0') lua_pushfstring(L, "%s '%s'", ar.namewhat, ar.name);
  else if (*ar.what == 'm') lua_pushliteral(L, "main chunk");
  else if (*ar.what != 'C') lua_pushfstring(L, "function <%s:%d>", ar.short_src, ar.linedefined);
  else lua_pushliteral(L, "?");
  luaL_addvalue(b);
  if (ar.istailcall) luaL_addstring(b, "\n\t(...tail calls...)");
}

/* The stack in two passes over its frames. Lua's own traceback looks each level up from the top, which after a runaway
   recursion costs as much fuel as the recursion did. */
static void push_traceback(lua_State *L) {
  enum { FIRST = 10, LAST = 11 };
  luaL_Buffer b;
  int frames = 0, at = 0;
  CallInfo *start = L->ci->previous; /* not the message handler's own */
  for (CallInfo *ci = start; ci != &L->base_ci; ci = ci->previous) frames++;
  luaL_buffinit(L, &b);
  luaL_addstring(&b, "stack traceback:");
  for (CallInfo *ci = start; ci != &L->base_ci; ci = ci->previous, at++) {
    if (at == FIRST && frames > FIRST + LAST) {
      lua_pushfstring(L, "\n\t...\t(skipping %d levels)", frames - FIRST - LAST);
      luaL_addvalue(&b);
    }
    if (at < FIRST || at >= frames - LAST) add_frame(L, &b, ci);
  }
  luaL_pushresult(&b);
}

/* Message handler of everything the host starts: the stack is still there, so the traceback can be made. */
static int message_handler(lua_State *L) {
  lua_settop(L, 1);
  if (!push_shown(L, 1)) luaL_tolstring(L, 1, NULL);
  push_traceback(L);
  keep_error(L, 2, 3);
  lua_settop(L, 1);
  return 1;
}

/* Whether the error kept is Lua's own word of an overflow, perhaps with positions in front, and not one that the script
   caught on the way to another error. */
static int is_overflow(void) {
  const char *text = (const char *)(uintptr_t)th_info_block.error;
  return th_stack_overflowed && text != NULL && strstr(text, "stack overflow") != NULL;
}

static int on_panic(lua_State *L) {
  if (th_info_block.error == 0) {
    /* The handler did not run (an error in it, or one that Lua raises without it): keep what there is. */
    if (lua_type(L, -1) != LUA_TSTRING) lua_pushliteral(L, "error in error handling");
    /* Memory errors come without the handler, and always with this string. */
    if (tsvalue(s2v(L->top.p - 1)) == G(L)->memerrmsg) th_info_block.flags |= TH_FLAG_MEMORY;
    keep_error(L, lua_gettop(L), 0);
  }
  if (is_overflow()) th_info_block.flags |= TH_FLAG_STACK;
  th_throw();
}

/* Ready for the next call, whatever the last one left. */
static void fresh_stack(lua_State *L) {
  L->status = LUA_OK;
  L->errorJmp = NULL;
  L->nCcalls = th_base_calls;
  lua_settop(L, 0);
  lua_pushcfunction(L, message_handler);
  L->errfunc = savestack(L, L->ci->func.p + 1);
  th_stack_overflowed = 0;
  th_info_block.flags = 0;
  th_info_block.error = th_info_block.error_len = 0;
  th_info_block.trace = th_info_block.trace_len = 0;
}

TH_EXPORT("th_start") void th_start(void) {
  extern uint8_t __data_start_marker __asm__("__global_base");
  th_info_block.abi = TH_ABI_VERSION;
  th_info_block.data_start = (uint32_t)(uintptr_t)&__data_start_marker;
  th_info_block.reply = (uint32_t)(uintptr_t)th_reply;
  th_info_block.reply_cap = sizeof th_reply;
  heap_start();
  th_L = lua_newstate(th_alloc_loading, NULL);
  if (th_L == NULL) th_out_of_memory(0);
  lua_State *L = th_L;
  lua_atpanic(L, on_panic);
  th_base_calls = L->nCcalls;
  fresh_stack(L);
  open_libraries(L);
  lua_getglobal(L, LUA_MATHLIBNAME);
  lua_getfield(L, -1, "random");
  lua_getupvalue(L, -1, 1);
  th_random = lua_touserdata(L, -1);
  lua_settop(L, 1);
  setseed(L, th_random->s, 0, 0);
  th_random_seeded = *th_random;
  fresh_stack(L);
  lua_gc(L, LUA_GCCOLLECT);
  heap_told();
}

/* What memory errors are to the script that is loaded next, and in all of its calls. */
TH_EXPORT("th_memory_errors") void th_memory_errors(uint32_t catchable) { th_memory_catchable = catchable; }

static uint8_t *th_handed;

TH_EXPORT("th_buffer") uint8_t *th_buffer(uint32_t len) {
  th_free(th_handed);
  th_handed = th_room(NULL, len);
  return th_handed;
}

/* A source that comes in pieces, so that a large one is never in memory as a whole. */
typedef struct Source { const char *at; uint32_t here, left; } Source;

static const char *read_source(lua_State *L, void *ud, size_t *size) {
  Source *source = ud;
  (void)L;
  const char *at = source->at;
  *size = source->here;
  if (*size == 0 && source->left > 0) {
    *size = (uint32_t)th_host_call(TH_SOURCE, NULL, 0, 0);
    at = (const char *)th_reply;
    source->left -= *size < source->left ? (uint32_t)*size : source->left;
  }
  source->here = 0;
  return at;
}

/* 0, or the flag that says what is wrong; an error of the script itself throws. `name` ends in a zero byte. */
TH_EXPORT("th_load") uint32_t th_load(const char *source, uint32_t len, const char *name) {
  lua_State *L = th_L;
  fresh_stack(L);
  uint32_t here = len < TH_PIECE ? len : TH_PIECE;
  int status = lua_load(L, read_source, &(Source){source, here, len - here}, name, "t");
  if (status != LUA_OK) {
    keep_error(L, 2, 0);
    return th_info_block.flags =
        TH_FLAG_SYNTAX | (is_overflow() ? TH_FLAG_STACK : 0) | (status == LUA_ERRMEM ? TH_FLAG_MEMORY : 0);
  }
  luaD_callnoyield(L, L->top.p - 1, 0);
  setsvalue2s(L, L->top.p, th_handler_name);
  api_incr_top(L);
  lua_pushglobaltable(L);
  lua_insert(L, -2);
  lua_rawget(L, -2);
  if (!lua_isfunction(L, -1)) {
    lua_pushfstring(L, "expected a function '%s', found %s", getstr(th_handler_name),
                    lua_isnil(L, -1) ? "none" : luaL_typename(L, -1));
    keep_error(L, lua_gettop(L), 0);
    return th_info_block.flags = TH_FLAG_NO_HANDLER;
  }
  th_handler = luaL_ref(L, LUA_REGISTRYINDEX);
  th_free(th_handed);
  th_handed = NULL;
  fresh_stack(L);
  answer_start();
  lua_gc(L, LUA_GCCOLLECT);
  heap_loaded(L);
  return 0;
}

/* Seeds math.random for the calls to come. */
TH_EXPORT("th_seed") void th_seed(uint64_t seed) {
  lua_State *L = th_L;
  fresh_stack(L);
  setseed(L, th_random->s, seed, 0);
  th_random_seeded = *th_random;
  lua_settop(L, 1);
}

/* One call. The high half of the result is where the answer lies, the low half its length. */
TH_EXPORT("th_call") uint64_t th_call(uint32_t answer_limit) {
  lua_State *L = th_L;
  th_generation++;
  fresh_stack(L);
  *th_random = th_random_seeded;
  if (l_unlikely(th_dirty != NULL)) forget_changes(L);
  lua_rawgeti(L, LUA_REGISTRYINDEX, th_handler);
  if (l_unlikely(!lua_checkstack(L, (int)(th_argument_count + th_constant_count) + 8))) th_out_of_memory(0);
  for (uint32_t i = 0; i < th_argument_count; i++)
    push_slot(L, th_arguments[i].type, th_arguments[i].offset, th_arguments[i].node);
  for (uint32_t i = 0; i < th_constant_count; i++) lua_pushinteger(L, th_constants[i].value);
  luaD_callnoyield(L, restorestack(L, L->errfunc) + 1, LUA_MULTRET);
  Writer w = writer_start(answer_limit);
  if (lua_gettop(L) < 2) write_tag(&w, W_NOTHING);
  else write_value(L, &w, index2value(L, 2));
  return (uint64_t)(uint32_t)(uintptr_t)th_answer << 32 | w.len;
}

#endif
