/* What this guest changes of Lua's libraries, between the core and the libraries. */
#ifndef TH_CONFIG_LIBS_H
#define TH_CONFIG_LIBS_H

/* dofile and loadfile are taken out of the base library's table; what they would call does not exist either. */
static int th_no_files(lua_State *L) { return luaL_error(L, "files are not available"); }
#define luaL_loadfilex(L, name, mode) ((void)(name), (void)(mode), th_no_files(L))

/* math.randomseed() without arguments: as reproducible as everything else. */
#define time(t) ((void)(t), (lua_Integer)0)

#endif
