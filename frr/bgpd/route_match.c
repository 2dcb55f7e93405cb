// SPDX-License-Identifier: GPL-2.0-or-later
/* bgp.route_match: `match script NAME` in route maps, in every direction and address family.
 *
 * `match script NAME` calls the attachments called NAME: the script of the script directory, which the route map entry
 * attaches, and what operators attach under that name through the control socket.
 */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "northbound_cli.h"
#include "routemap.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_route.h"

#include "bgp.h"

/* FRR's integers for what a script answers. */
enum { RM_FAILURE = 0, RM_NOMATCH = 1, RM_MATCH = 2, RM_MATCH_AND_CHANGE = 3 };

static struct th_route_slots slot;

static const struct th_ref slots[] = {
	TH_ROUTE_REFS(slot),
	{},
};

static uint32_t action_field, attributes_field;

static const struct th_ref fields[] = {
	{"action", &action_field},
	{"attributes", &attributes_field},
	{},
};

static struct th_attr_members member;

static const struct th_ref members[] = {
	{"attributes.metric", &member.metric},
	{"attributes.localpref", &member.localpref},
	{"attributes.origin", &member.origin},
	{"attributes.next_hop", &member.next_hop},
	{"attributes.communities", &member.communities},
	{"attributes.large_communities", &member.large_communities},
	{"attributes.extended_communities", &member.extended_communities},
	{"attributes.prepend", &member.prepend},
	{"attributes.weight", &member.weight},
	{"attributes.tag", &member.tag},
	{},
};

static struct th_route_told told;

struct th_point th_route_match = {.name = "bgp.route_match", .slots = slots, .fields = fields, .members = members};

/* Whether these are a route's own attributes, as the table has them and other routes share them, rather than a copy for
 * the route map to change. That is so where FRR decides about a default route (`neighbor … default-originate route-map`):
 * `match` gets the routes of the table, and `set` the default route, which it keeps from `match`.
 */
static bool is_shared(const struct attr *attr)
{
	const struct listnode *node;
	const struct bgp *bgp;

	/* Copies have the count of what they were copied from. */
	if (!attr->refcnt)
		return false;
	for (ALL_LIST_ELEMENTS_RO(bm->bgp, node, bgp))
		if (bgp->peer_self && CHECK_FLAG(bgp->peer_self->rmap_type, PEER_RMAP_TYPE_DEFAULT))
			return true;
	return false;
}

static enum route_map_cmd_result_t decide(const struct th_script *script, const struct prefix *prefix,
					  struct bgp_path_info *path)
{
	struct th_point *point = &th_route_match;
	int64_t action = RM_NOMATCH;

	th_point_get_int(point, action_field, &action);
	switch (action) {
	case RM_FAILURE:
		th_point_warn(point, "%s: the script answered RM_FAILURE; no match", script->name);
		return RMAP_NOMATCH;
	case RM_MATCH:
		return RMAP_MATCH;
	case RM_MATCH_AND_CHANGE:
		if (is_shared(path->attr)) {
			th_point_warn(point,
				      "%s: in a route map of default-originate a script decides and changes nothing; no match",
				      script->name);
			return RMAP_NOMATCH;
		}
		return th_apply(point, attributes_field, &member, path->attr, prefix) ? RMAP_MATCH : RMAP_NOMATCH;
	default:
		return RMAP_NOMATCH;
	}
}

static enum route_map_cmd_result_t route_match(void *rule, const struct prefix *prefix, void *object)
{
	const struct th_script *script = rule;
	struct bgp_path_info *path = object;
	struct th_point *point = &th_route_match;
	struct th_args *args = th_begin_with_route(point, &slot, prefix, path->peer, path->attr, &told);
	enum route_map_cmd_result_t result;

	if (!args) {
		th_point_warn(point, "%s: the script is not attached; no match", script->name);
		return RMAP_NOMATCH;
	}
	th_point_fire(point, script->name);
	/* Where nobody was called because an attachment that the policy requires is missing, its closed result stands. */
	if (!th_outcome_calls(point->outcome) && !th_outcome_failures(point->outcome)) {
		th_point_warn(point, "%s: the script is not attached; no match", script->name);
		return RMAP_NOMATCH;
	}
	result = decide(script, prefix, path);
	th_point_end(point);
	return result;
}

/* No script is called so: it asks which rule FRR has under the name. */
#define PROBE " "

static bool probed;

static void *compile(const char *name)
{
	if (strmatch(name, PROBE)) {
		probed = true;
		return NULL;
	}
	return th_script_use(&th_route_match, name);
}

static void release(void *rule)
{
	th_script_release(rule);
}

static const struct route_map_rule_cmd rule = {
	"script",
	route_match,
	compile,
	release,
};

#define XPATH "./match-condition[condition='frr-bgp-route-map:match-script']"

DEFUN_YANG(th_match_script, th_match_script_cmd, "match script WORD",
	   MATCH_STR "Let a script decide\n"
		     "The script's name, without .lua\n")
{
	nb_cli_enqueue_change(vty, XPATH, NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, XPATH "/rmap-match-condition/frr-bgp-route-map:script", NB_OP_MODIFY,
			      argv[2]->arg);
	return nb_cli_apply_changes(vty, NULL);
}

DEFUN_YANG(th_no_match_script, th_no_match_script_cmd, "no match script [WORD]",
	   NO_STR MATCH_STR "Let a script decide\n"
			    "The script's name, without .lua\n")
{
	nb_cli_enqueue_change(vty, XPATH, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

/* Of two rules of a name FRR takes the first: this is before bgpd installs its own, where it was built with scripting. */
void th_route_match_begin(void)
{
	route_map_install_match(&rule);
}

/* Whether `match script` in a route map comes to our rule. Nothing stays of the entry that this tries it with. */
static bool is_ours(void)
{
	struct route_map map = {.name = (char *)PROBE};
	struct route_map_index entry = {.map = &map};

	probed = false;
	if (route_map_add_match(&entry, rule.str, PROBE, RMAP_EVENT_MATCH_ADDED) == RMAP_COMPILE_SUCCESS)
		route_map_delete_match(&entry, rule.str, PROBE, RMAP_EVENT_MATCH_DELETED);
	return probed;
}

void th_route_match_init(void)
{
	if (!is_ours()) {
		fprintf(stderr, "bgpd: tenterhook: `match script` is not the module's here, but FRR's own or another's, which "
				"would run scripts without limits and with the rights of bgpd: bgpd ends\n");
		exit(EXIT_FAILURE);
	}
	/* Both would be ambiguous. */
	th_native_command_remove(RMAP_NODE, "[no] match script WORD");
	install_element(RMAP_NODE, &th_match_script_cmd);
	install_element(RMAP_NODE, &th_no_match_script_cmd);
}
