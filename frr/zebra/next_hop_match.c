// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra.next_hop_match: `match zebra-script NAME` in the route maps that zebra applies (`ip protocol … route-map`, `ip nht …
 * route-map`, `ip import-table … route-map`). zebra asks about each next hop of a route by itself.
 */

#include <config.h>

#include "zebra.h"
#include "if.h"
#include "nexthop.h"
#include "prefix.h"
#include "routemap.h"

#include "zebra/zebra_router.h"
#include "zebra/zebra_vrf.h"

#include "zebra_points.h"

#ifdef TH_ZEBRA_MAP_OBJECT

enum { RM_FAILURE = 0, RM_NOMATCH = 1, RM_MATCH = 2 };

/* What zebra's route maps decide about; no header of FRR has it. */
struct map_object TH_ZEBRA_MAP_OBJECT;

static struct {
	uint32_t prefix, protocol, instance, metric, interface;
	struct th_next_hop_slots next_hop;
} slot;

static const struct th_ref slots[] = {
	{"prefix", &slot.prefix},
	{"protocol", &slot.protocol},
	/* instance, vrf, table, metric, tag */
	{"instance", &slot.instance},
	TH_NEXT_HOP_REFS("next_hop", slot.next_hop),
	{"interface", &slot.interface},
	{},
};

static uint32_t action_field;

static const struct th_ref fields[] = {
	{"action", &action_field},
	{},
};

struct th_point th_next_hop_match = {
	.name = "zebra.next_hop_match",
	.slots = slots,
	.fields = fields,
	.changed = th_map_rule_changed,
};

static void set_route(struct th_args *args, const struct prefix *prefix, const struct map_object *of)
{
	const struct nexthop *nexthop = of->nexthop;
	const struct zebra_vrf *vrf = zebra_vrf_lookup_by_id(of->vrf_id);
	const struct interface *ifp = if_lookup_by_index(nexthop->ifindex, nexthop->vrf_id);
	const int64_t numbers[] = {of->instance, of->vrf_id, vrf ? vrf->table_id : 0, (uint32_t)of->metric, of->tag};

	th_args_set_prefix(args, slot.prefix, prefix->family, &prefix->u.prefix, prefix->prefixlen);
	th_args_set_text(args, slot.protocol, zebra_route_string(of->source_protocol));
	th_args_set_ints(args, slot.instance, numbers, array_size(numbers));
	th_set_next_hop(args, &slot.next_hop, nexthop);
	th_args_set_text(args, slot.interface, ifp ? ifp->name : "");
}

static enum route_map_cmd_result_t answered(const struct th_script *script)
{
	int64_t action = RM_NOMATCH;

	th_point_get_int(&th_next_hop_match, action_field, &action);
	if (action == RM_FAILURE)
		th_point_warn(&th_next_hop_match, "%s: the script answered RM_FAILURE; no match", script->name);
	return action == RM_MATCH ? RMAP_MATCH : RMAP_NOMATCH;
}

static enum route_map_cmd_result_t next_hop_match(void *rule, const struct prefix *prefix, void *object)
{
	const struct th_script *script = rule;
	const struct map_object *of = object;
	struct th_point *point = &th_next_hop_match;
	struct th_args *args = NULL;
	enum route_map_cmd_result_t result;

	if (script->named && of && of->nexthop && (prefix->family == AF_INET || prefix->family == AF_INET6))
		args = th_point_begin(point);
	if (!args) {
		th_point_warn(point, "%s: the script is not attached; no match", script->name);
		return RMAP_NOMATCH;
	}
	set_route(args, prefix, of);
	th_point_fire(point, script->name);
	/* Where nobody was called because an attachment that the policy requires is missing, its closed result stands. */
	if (!th_outcome_calls(point->outcome) && !th_outcome_failures(point->outcome)) {
		th_point_warn(point, "%s: the script is not attached; no match", script->name);
		return RMAP_NOMATCH;
	}
	result = answered(script);
	th_point_end(point);
	return result;
}

static void *compile(const char *name)
{
	return th_script_use(&th_next_hop_match, name);
}

static void release(void *rule)
{
	th_script_release(rule);
}

static const char *problem(const char *name)
{
	return th_script_problem(&th_next_hop_match, name);
}

static const struct route_map_rule_cmd rule = {
	"script",
	next_hop_match,
	compile,
	release,
};

static const struct th_map_rule map_rule = {.rule = &rule, .problem = problem};

void th_next_hop_match_init(void)
{
	route_map_install_match(&rule);
	th_map_rule_init(&map_rule);
}

#else

void th_next_hop_match_init(void)
{
}

#endif
