// SPDX-License-Identifier: GPL-2.0-or-later
/* What FRR's scripting does for every route, with its script: a new Lua state, the libraries, the file, the arguments,
 * the call, the results, and the end of the state. Native Lua, no limits, nothing of bgpd around it.
 *
 *   pattern SCRIPT [ROUTES]   prints nanoseconds per route
 */

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static void integer(lua_State *L, const char *name, lua_Integer value)
{
	lua_pushinteger(L, value);
	lua_setfield(L, -2, name);
}

static void string(lua_State *L, const char *name, const char *value)
{
	lua_pushstring(L, value);
	lua_setfield(L, -2, name);
}

static void address(lua_State *L, const char *name, const char *value)
{
	lua_newtable(L);
	integer(L, "value", inet_addr(value));
	string(L, "string", value);
	lua_setfield(L, -2, name);
}

static void timers(lua_State *L, const char *name)
{
	lua_newtable(L);
	integer(L, "hold", 9);
	integer(L, "keepalive", 3);
	integer(L, "connect", 120);
	integer(L, "route_advertisement", 0);
	lua_setfield(L, -2, name);
}

static void peer(lua_State *L)
{
	static const char *const stats[] = {
		"open_in",	"open_out",   "update_in",   "update_out",	"update_time",
		"keepalive_in", "keepalive_out", "notify_in", "notify_out",	"refresh_in",
		"refresh_out",	"dynamic_cap_in", "dynamic_cap_out", "times_established", "times_dropped",
	};

	lua_newtable(L);
	integer(L, "remote_as", 65002);
	integer(L, "local_as", 65001);
	address(L, "remote_id", "10.0.0.2");
	address(L, "local_id", "10.0.0.1");
	string(L, "state", "Established");
	string(L, "description", "");
	integer(L, "uptime", 86400);
	integer(L, "last_readtime", 86400);
	integer(L, "last_resettime", 86400);
	address(L, "local_address", "10.0.0.1");
	address(L, "remote_address", "10.0.0.2");
	integer(L, "capabilities", 1);
	integer(L, "flags", 1);
	string(L, "password", "");
	lua_newtable(L);
	timers(L, "configured");
	timers(L, "negotiated");
	lua_setfield(L, -2, "timers");
	lua_newtable(L);
	for (size_t i = 0; i < sizeof(stats) / sizeof(*stats); i++)
		integer(L, stats[i], i);
	lua_setfield(L, -2, "stats");
}

static int nothing(lua_State *L)
{
	return 0;
}

static void libraries(lua_State *L)
{
	static const luaL_Reg log[] = {{"trace", nothing},  {"debug", nothing},	 {"info", nothing}, {"notice", nothing},
				       {"warn", nothing},   {"error", nothing}, {NULL, NULL}};

	luaL_openlibs(L);
	luaL_newlib(L, log);
	lua_setglobal(L, "log");
}

static lua_Integer route(const char *script, const char *network, int length)
{
	lua_State *L = luaL_newstate();
	lua_Integer action, changed;

	libraries(L);
	if (luaL_loadfile(L, script) || lua_pcall(L, 0, 0, 0)) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		exit(1);
	}
	lua_getglobal(L, "route_match");
	lua_newtable(L);
	string(L, "network", network);
	integer(L, "length", length);
	integer(L, "family", 2);
	lua_newtable(L);
	integer(L, "metric", 50);
	integer(L, "ifindex", 2);
	string(L, "aspath", "65002 701 7018 3356");
	integer(L, "localpref", 100);
	peer(L);
	for (int constant = 0; constant < 4; constant++)
		lua_pushinteger(L, constant);
	/* As the globals that our scripts have. */
	lua_pushinteger(L, 1);
	lua_setglobal(L, "RM_NOMATCH");
	lua_pushinteger(L, 3);
	lua_setglobal(L, "RM_MATCH_AND_CHANGE");
	if (lua_pcall(L, 7, 1, 0)) {
		fprintf(stderr, "%s\n", lua_tostring(L, -1));
		exit(1);
	}
	lua_getfield(L, -1, "action");
	action = lua_tointeger(L, -1);
	lua_getfield(L, -2, "attributes");
	changed = 0;
	if (lua_istable(L, -1)) {
		lua_getfield(L, -1, "metric");
		changed = lua_tointeger(L, -1);
	}
	lua_close(L);
	return action + changed;
}

int main(int argc, char **argv)
{
	long routes = argc > 2 ? atol(argv[2]) : 20000;
	struct timespec start, end;
	lua_Integer sum = 0;
	char network[32];

	if (argc < 2)
		return 2;
	clock_gettime(CLOCK_MONOTONIC, &start);
	for (long i = 0; i < routes; i++) {
		snprintf(network, sizeof(network), "%ld.%ld.%ld.0/24", 11 + i / 65536, i / 256 % 256, i % 256);
		sum += route(argv[1], network, 24);
	}
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.0f ns per route, %ld routes, sum %lld\n",
	       ((end.tv_sec - start.tv_sec) * 1e9 + (end.tv_nsec - start.tv_nsec)) / routes, routes, (long long)sum);
	return 0;
}
