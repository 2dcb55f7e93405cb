// SPDX-License-Identifier: GPL-2.0-or-later
/* bgp.route_match: what a script decides about a route, in every direction and address family.
 *
 * `match script NAME` calls the attachments called NAME: the script of the script directory, which the route map entry
 * attaches, and what operators attach under that name through the control socket.
 */

#include <config.h>

#include "zebra.h"
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
	TH_ATTR_MEMBERS(member),
	{},
};

static struct th_route_told told;

struct th_point th_route_match = {
	.name = "bgp.route_match",
	.slots = slots,
	.fields = fields,
	.members = members,
	.changed = th_rules_changed,
};

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

static enum route_map_cmd_result_t answered(struct th_entry *entry, const struct prefix *prefix,
					    struct bgp_path_info *path)
{
	const struct th_script *script = entry->script;
	struct th_point *point = &th_route_match;
	struct th_change *change;
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
		change = th_change_read(point, attributes_field, &member, prefix);
		return change && th_entry_keep(entry, change, path->attr) ? RMAP_MATCH : RMAP_NOMATCH;
	default:
		return RMAP_NOMATCH;
	}
}

static enum route_map_cmd_result_t route_match(struct th_entry *entry, const struct prefix *prefix, void *object)
{
	const struct th_script *script = entry->script;
	struct bgp_path_info *path = object;
	struct th_point *point = &th_route_match;
	struct th_args *args = NULL;
	enum route_map_cmd_result_t result;

	if (script->named)
		args = th_begin_with_route(point, &slot, prefix, path->peer, path->attr, &told);
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
	result = answered(entry, prefix, path);
	th_point_end(point);
	return result;
}

void th_route_match_begin(void)
{
	th_rules_begin(&th_route_match, route_match);
}

void th_route_match_init(void)
{
	th_rules_init();
}
