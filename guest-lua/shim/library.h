/*
 * What scripts find: Lua's base, coroutine, table, string, math and utf8 libraries, less what reaches outside or would
 * undo a promise, and the libraries that the host's capabilities add.
 *
 *   gone       dofile, loadfile, string.dump (and io, os, package, debug were never here)
 *   changed    load (text only), print and warn (they log), collectgarbage (counts, nothing else),
 *              math.randomseed (no clock), debug (traceback alone)
 *   added      net (net.h), log and whatever else the host provides
 */
#ifndef TH_LIBRARY_H
#define TH_LIBRARY_H

/* Capability functions that the base library's own functions use; set by th_provide. */
static uint32_t th_log_info = UINT32_MAX, th_log_warn = UINT32_MAX;

static int32_t current_line(lua_State *L, int level) {
  lua_Debug ar;
  if (!lua_getstack(L, level, &ar)) return -1;
  lua_getinfo(L, "l", &ar);
  return ar.currentline;
}

static int call_host(lua_State *L, uint32_t function, int first, int level) {
  Writer w = writer_start(64 * 1024);
  int top = lua_gettop(L);
  for (int i = first; i <= top; i++) write_value(L, &w, index2value(L, i));
  int len = th_host_call(function, w.at, w.len, current_line(L, level));
  if (len <= 0) return 0;
  if ((uint32_t)len > sizeof th_reply) return luaL_error(L, "reply too long");
  Reader r = { th_reply };
  switch (read_u8(&r)) {
    case W_FALSE: lua_pushboolean(L, 0); return 1;
    case W_TRUE: lua_pushboolean(L, 1); return 1;
    case W_INTEGER: lua_pushinteger(L, read_i64(&r)); return 1;
    case W_FLOAT: lua_pushnumber(L, get_f64(r.at)); return 1;
    case W_STRING: {
      uint32_t n = read_u32(&r);
      if (n > (uint32_t)len - 5) return luaL_error(L, "reply cut short");
      lua_pushlstring(L, (const char *)r.at, n);
      return 1;
    }
    case W_UNSUPPORTED: {
      /* The capability refused its arguments: an error of the script, with the host's words. */
      uint32_t n = read_u32(&r);
      if (n > (uint32_t)len - 5) return luaL_error(L, "reply cut short");
      luaL_where(L, level);
      lua_pushlstring(L, (const char *)r.at, n);
      lua_concat(L, 2);
      return lua_error(L);
    }
    default: return 0;
  }
}

static int library_call(lua_State *L) {
  uint32_t function = (uint32_t)lua_tointeger(L, lua_upvalueindex(1));
  return call_host(L, function, 1, 1);
}

/* print: its arguments as Lua prints them, one log line at level info. */
static int library_print(lua_State *L) {
  luaL_Buffer b;
  int n = lua_gettop(L);
  luaL_buffinit(L, &b);
  for (int i = 1; i <= n; i++) {
    if (i > 1) luaL_addchar(&b, '\t');
    luaL_tolstring(L, i, NULL);
    luaL_addvalue(&b);
  }
  luaL_pushresult(&b);
  if (th_log_info != UINT32_MAX) call_host(L, th_log_info, lua_gettop(L), 1);
  return 0;
}

/* Warnings come in pieces and are one line of the log, cut at 500 bytes. Errors in finalizers arrive here too. Lua's
   control messages ("@on", "@off") have nothing to control. */
static void library_warn(void *ud, const char *message, int to_continue) {
  static char line[500];
  static uint32_t len;
  (void)ud;
  if (len == 0 && !to_continue && message[0] == '@') return;
  uint32_t n = (uint32_t)strlen(message);
  if (n > sizeof line - len) n = sizeof line - len;
  memcpy(line + len, message, n);
  len += n;
  if (to_continue || th_log_warn == UINT32_MAX) return;
  Writer w = writer_start(sizeof line + 8);
  uint8_t *p = writer_room(&w, 5 + len);
  if (p != NULL) {
    *p = W_STRING;
    memcpy(p + 1, &len, 4);
    memcpy(p + 5, line, len);
    th_host_call(th_log_warn, w.at, w.len, -1);
  }
  len = 0;
}

/* load, text only: a mode that allows text is narrowed to text. */
static int library_load(lua_State *L) {
  const char *mode = luaL_optstring(L, 3, "bt");
  if (lua_gettop(L) < 3) lua_settop(L, 3);
  if (strchr(mode, 't') != NULL) {
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
  }
  return luaB_load(L);
}

static int library_collectgarbage(lua_State *L) {
  static const char *const options[] = {"count", "collect", "step", "stop", "restart", "isrunning", "setpause",
                                        "setstepmul", "generational", "incremental", NULL};
  switch (luaL_checkoption(L, 1, "collect", options)) {
    case 0: lua_pushnumber(L, (lua_Number)gettotalbytes(G(L)) / 1024.0); break;
    case 5: lua_pushboolean(L, 1); break;
    case 2: lua_pushboolean(L, 0); break;
    case 8: case 9: lua_pushliteral(L, "incremental"); break;
    default: lua_pushinteger(L, 0);
  }
  return 1;
}

/* debug.traceback([thread,] [message [, level]]), as in Lua. */
static int library_traceback(lua_State *L) {
  int at = lua_isthread(L, 1) ? 1 : 0;
  lua_State *of = at ? lua_tothread(L, 1) : L;
  const char *message = lua_tostring(L, at + 1);
  if (message == NULL && !lua_isnoneornil(L, at + 1)) lua_pushvalue(L, at + 1);
  else luaL_traceback(L, of, message, (int)luaL_optinteger(L, at + 2, of == L ? 1 : 0));
  return 1;
}

static void remove_field(lua_State *L, const char *library, const char *name) {
  lua_getglobal(L, library);
  lua_pushnil(L);
  lua_setfield(L, -2, name);
  lua_pop(L, 1);
}

static void open_libraries(lua_State *L) {
  static const luaL_Reg libraries[] = {
    {LUA_GNAME, luaopen_base}, {LUA_COLIBNAME, luaopen_coroutine}, {LUA_TABLIBNAME, luaopen_table},
    {LUA_STRLIBNAME, luaopen_string}, {LUA_MATHLIBNAME, luaopen_math}, {LUA_UTF8LIBNAME, luaopen_utf8}, {NULL, NULL},
  };
  static const luaL_Reg replaced[] = {
    {"load", library_load}, {"print", library_print}, {"collectgarbage", library_collectgarbage}, {NULL, NULL},
  };
  th_library = 1;
  for (const luaL_Reg *l = libraries; l->name != NULL; l++) {
    luaL_requiref(L, l->name, l->func, 1);
    lua_pop(L, 1);
  }
  remove_field(L, LUA_GNAME, "dofile");
  remove_field(L, LUA_GNAME, "loadfile");
  remove_field(L, LUA_STRLIBNAME, "dump");
  lua_pushglobaltable(L);
  luaL_setfuncs(L, replaced, 0);
  lua_pop(L, 1);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, library_traceback);
  lua_setfield(L, -2, "traceback");
  lua_setglobal(L, "debug");
  lua_setwarnf(L, library_warn, NULL);
  open_net(L);
  open_views(L);
  settle_libraries(L);
}

/* Libraries of capability functions: u8 count, then per library its name, u8 count, then name and u32 id each. */
TH_EXPORT("th_provide") void th_provide(const uint8_t *bytes, uint32_t len) {
  lua_State *L = th_L;
  Reader reader = { bytes }, *r = &reader;
  (void)len;
  uint32_t libraries = read_u8(r);
  for (uint32_t i = 0; i < libraries; i++) {
    TString *library = read_name(L, r);
    uint32_t functions = read_u8(r);
    lua_createtable(L, 0, (int)functions);
    for (uint32_t j = 0; j < functions; j++) {
      TString *name = read_name(L, r);
      uint32_t id = read_u32(r);
      lua_pushinteger(L, (lua_Integer)id);
      lua_pushcclosure(L, library_call, 1);
      lua_setfield(L, -2, getstr(name));
      if (strcmp(getstr(library), "log") == 0) {
        if (strcmp(getstr(name), "info") == 0) th_log_info = id;
        if (strcmp(getstr(name), "warn") == 0) th_log_warn = id;
      }
    }
    lua_setglobal(L, getstr(library));
  }
}

#endif
