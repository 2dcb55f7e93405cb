// SPDX-License-Identifier: GPL-2.0-or-later
/* bgp.route_set: `set script NAME` in route maps, in every direction and address family.
 *
 * FRR carries out an entry's `set` commands once all its `match` commands match, and no result of theirs makes it deny the
 * route: what a script cannot or may not change stays as it was.
 */

#include <config.h>

#include "zebra.h"
#include "routemap.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_route.h"

#include "bgp.h"

static struct th_route_slots slot;

static const struct th_ref slots[] = {
	TH_ROUTE_REFS(slot),
	{},
};

static uint32_t attributes_field, remove_private_field;

static const struct th_ref fields[] = {
	{"attributes", &attributes_field},
	{"remove_private_as", &remove_private_field},
	{},
};

static struct th_attr_members member;

static const struct th_ref members[] = {
	TH_ATTR_MEMBERS(member),
	{},
};

static struct th_route_told told;

struct th_point th_route_set = {
	.name = "bgp.route_set",
	.slots = slots,
	.fields = fields,
	.members = members,
	.changed = th_map_rule_changed,
};

/* All of an answer, or nothing. */
static void change(const struct prefix *prefix, struct attr *attr)
{
	struct th_change *change = th_change_read(&th_route_set, attributes_field, &member, prefix);
	struct th_value value;
	bool remove = false;

	if (change && th_point_get(&th_route_set, remove_private_field, &value) &&
	    th_value_bool(value, &remove) == TH_OK && remove)
		th_change_remove_private(change);
	if (change && th_change_fits(&th_route_set, attr, NULL, change))
		th_change_put(change, attr);
	th_change_free(change);
}

static enum route_map_cmd_result_t route_set(void *rule, const struct prefix *prefix, void *object)
{
	const struct th_script *script = rule;
	struct bgp_path_info *path = object;
	struct th_point *point = &th_route_set;
	struct th_args *args = NULL;

	if (script->named)
		args = th_begin_with_route(point, &slot, prefix, path->peer, path->attr, &told);
	if (!args) {
		th_point_warn(point, "%s: the script is not attached; the route stays as it is", script->name);
		return RMAP_OKAY;
	}
	th_point_fire(point, script->name);
	if (!th_outcome_calls(point->outcome) && !th_outcome_failures(point->outcome))
		th_point_warn(point, "%s: the script is not attached; the route stays as it is", script->name);
	else
		change(prefix, path->attr);
	th_point_end(point);
	return RMAP_OKAY;
}

static void *compile(const char *name)
{
	return th_script_use(&th_route_set, name);
}

static void release(void *rule)
{
	th_script_release(rule);
}

static const char *problem(const char *name)
{
	return th_script_problem(&th_route_set, name);
}

static const struct route_map_rule_cmd rule = {
	"script",
	route_set,
	compile,
	release,
};

static const struct th_map_rule map_rule = {.is_set = true, .rule = &rule, .problem = problem};

void th_route_set_init(void)
{
	route_map_install_set(&rule);
	th_map_rule_init(&map_rule);
}
