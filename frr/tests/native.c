// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR's own scripting as a module: to measure it in the same bgpd as ours.
 *
 * What makes a Lua state, encodes arguments, calls and decodes is FRR's own code. Where the package has it, as Debian 13's,
 * that is in bgpd already. Debian 12 leaves it out: there native.sh compiles lib/frrscript.c, lib/frrlua.c and
 * bgpd/bgp_script.c of the source package along with this, and defines NATIVE_INSIDE. The function of the route map, which is
 * static in FRR, is here; it does what FRR's does but for the line that FRR logs for every change.
 *
 *   native route-map NAME script SCRIPT [libraries]   the first entry of the route map calls a script for every route;
 *                                                     with Lua's standard libraries, which FRR's scripts do not have
 *                                                     before 10.2 and always have since
 *   -M native:first    the rule `match script` is this module's: for a test, a rule that was there before ours
 *   show native json                                  how many routes there were, and the time spent on them
 */

#include <config.h>

#include <time.h>

#include "zebra.h"
#include "command.h"
#include "frrscript.h"
#include "hook.h"
#include "json.h"
#include "libfrr.h"
#include "memory.h"
#include "module.h"
#include "routemap.h"
#include "lib/version.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_route.h"
#include "bgpd/bgp_script.h"

#include TH_FRR_DIFFERENCES

#include <lauxlib.h>
#include <lualib.h>

DEFINE_MGROUP(NATIVE, "FRR's own scripting");
DEFINE_MTYPE_STATIC(NATIVE, NATIVE_RULE, "Native rule");

/* FRR's integers for what a script answers. */
enum { RM_FAILURE = 0, RM_NOMATCH = 1, RM_MATCH = 2, RM_MATCH_AND_CHANGE = 3 };

struct rule {
	bool libraries;
	char script[64];
};

static uint64_t routes, nanoseconds;
static bool open_libraries;

#ifdef NATIVE_INSIDE
/* frrscript.c makes its states with this. */
extern lua_State *native_newstate(void);
lua_State *native_newstate(void)
{
	lua_State *L = luaL_newstate();

	if (L && open_libraries)
		luaL_openlibs(L);
	return L;
}
#endif

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static enum route_map_cmd_result_t decide(struct frrscript *script, const struct prefix *prefix,
					  struct bgp_path_info *path)
{
	struct attr changed = *path->attr;
	th_lua_integer *action;
	enum route_map_cmd_result_t result = RMAP_NOMATCH;

	if (frrscript_call(script, "route_match", ("prefix", prefix), ("attributes", &changed), ("peer", path->peer),
			   ("RM_FAILURE", RM_FAILURE), ("RM_NOMATCH", RM_NOMATCH), ("RM_MATCH", RM_MATCH),
			   ("RM_MATCH_AND_CHANGE", RM_MATCH_AND_CHANGE)))
		return RMAP_NOMATCH;
	action = frrscript_get_result(script, "route_match", "action", lua_tointegerp);
	if (!action)
		return RMAP_NOMATCH;
	if (*action == RM_MATCH_AND_CHANGE) {
		path->attr->med = changed.med;
		path->attr->local_pref = changed.local_pref;
		SET_FLAG(path->attr->flag, ATTR_FLAG_BIT(BGP_ATTR_LOCAL_PREF));
	}
	if (*action == RM_MATCH || *action == RM_MATCH_AND_CHANGE)
		result = RMAP_MATCH;
	XFREE(MTYPE_SCRIPT_RES, action);
	return result;
}

static enum route_map_cmd_result_t match(void *compiled, const struct prefix *prefix, void *object)
{
	const struct rule *rule = compiled;
	enum route_map_cmd_result_t result = RMAP_NOMATCH;
	uint64_t started = now();
	struct frrscript *script;

	open_libraries = rule->libraries;
	script = frrscript_new(rule->script);
	if (!frrscript_load(script, "route_match", NULL))
		result = decide(script, prefix, object);
	frrscript_delete(script);
	routes++;
	nanoseconds += now() - started;
	return result;
}

static void *compile(const char *text)
{
	struct rule *rule = XCALLOC(MTYPE_NATIVE_RULE, sizeof(*rule));
	size_t length = strcspn(text, " ");

	rule->libraries = text[length] != '\0';
	snprintf(rule->script, sizeof(rule->script), "%.*s", (int)length, text);
	return rule;
}

static void release(void *rule)
{
	XFREE(MTYPE_NATIVE_RULE, rule);
}

static const struct route_map_rule_cmd native_rule = {
	"native",
	match,
	compile,
	release,
};

DEFUN(native, native_cmd, "native route-map WORD script WORD [libraries]",
      "FRR's own scripting\nA route map\nIts name\nA script\nIts name\nWith Lua's standard libraries\n")
{
	struct route_map *map = route_map_lookup_by_name(argv[2]->arg);
	char text[80];

	if (!map || !map->head) {
		vty_out(vty, "%% no route map %s\n", argv[2]->arg);
		return CMD_WARNING;
	}
	snprintf(text, sizeof(text), "%s%s", argv[4]->arg, argc > 5 ? " libraries" : "");
	return route_map_add_match(map->head, "native", text, RMAP_EVENT_MATCH_ADDED) == RMAP_COMPILE_SUCCESS ?
		       CMD_SUCCESS :
		       CMD_WARNING;
}

DEFUN(show_native, show_native_cmd, "show native json", SHOW_STR "FRR's own scripting\n" JSON_STR)
{
	json_object *json = json_object_new_object();

	json_object_int_add(json, "routes", routes);
	json_object_int_add(json, "nanoseconds", nanoseconds);
	return vty_json(vty, json);
}

static int late(struct th_event_loop *master)
{
#ifdef NATIVE_INSIDE
	frrscript_init(THIS_MODULE->load_args ? THIS_MODULE->load_args : "/etc/frr/scripts");
	bgp_script_init();
#endif
	route_map_install_match(&native_rule);
	install_element(ENABLE_NODE, &native_cmd);
	install_element(VIEW_NODE, &show_native_cmd);
	return 0;
}

/* Decides nothing. */
static enum route_map_cmd_result_t first_match(void *compiled, const struct prefix *prefix, void *object)
{
	return RMAP_NOMATCH;
}

static const struct route_map_rule_cmd first_rule = {
	"script",
	first_match,
	compile,
	release,
};

static int init(void)
{
	if (THIS_MODULE->load_args && !strcmp(THIS_MODULE->load_args, "first")) {
		route_map_install_match(&first_rule);
		return 0;
	}
	hook_register(frr_late_init, late);
	return 0;
}

FRR_MODULE_SETUP(.name = "bgpd_native", .version = FRR_VERSION, .description = "FRR's own scripting, measured",
		 .init = init, );
