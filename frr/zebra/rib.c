// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra.rib_update: the routing table changes. */

#include <config.h>

#include "zebra.h"
#include "hook.h"
#include "nexthop.h"
#include "nexthop_group.h"
#include "prefix.h"
#include "srcdest_table.h"

#include "zebra/rib.h"
#include "zebra/zebra_nhg.h"
#include "zebra/zebra_vrf.h"

#include "zebra_points.h"

/* Most next hops that are told: FRR's own limit. */
#define MOST_NEXT_HOPS MULTIPATH_NUM

static struct {
	uint32_t prefix, vrf, table, reason;
	uint32_t protocol, instance, uptime, installed, next_hops;
	struct th_next_hop_slots next_hop;
} slot;

static const struct th_ref slots[] = {
	{"prefix", &slot.prefix},
	{"vrf", &slot.vrf},
	{"table", &slot.table},
	{"reason", &slot.reason},
	{"route.protocol", &slot.protocol},
	/* instance, distance, metric, tag, mtu, uptime */
	{"route.instance", &slot.instance},
	{"route.installed", &slot.installed},
	{"route.next_hops", &slot.next_hops},
	TH_NEXT_HOP_REFS("route.next_hops[]", slot.next_hop),
	{},
};

struct th_point th_rib_update = {.name = "zebra.rib_update", .slots = slots};

static void set_route(struct th_args *args, const struct route_entry *re)
{
	const int64_t numbers[] = {re->instance, re->distance, re->metric, re->tag, re->mtu, re->uptime};
	const struct nexthop_group *group = re->nhe ? &re->nhe->nhg : NULL;
	const struct nexthop *nexthop;
	size_t count = 0, at = 0;

	th_args_set_text(args, slot.protocol, zebra_route_string(re->type));
	th_args_set_ints(args, slot.instance, numbers, array_size(numbers));
	th_args_set_bool(args, slot.installed, CHECK_FLAG(re->status, ROUTE_ENTRY_INSTALLED));
	/* Next hops that are resolved to others are told as they were given. */
	for (nexthop = group ? group->nexthop : NULL; nexthop && count < MOST_NEXT_HOPS; nexthop = nexthop->next)
		count++;
	th_args_set_count(args, slot.next_hops, count);
	for (nexthop = group ? group->nexthop : NULL; at < count; nexthop = nexthop->next) {
		th_args_element(args, slot.next_hops, at++);
		th_set_next_hop(args, &slot.next_hop, nexthop);
	}
}

static int on_rib_update(struct route_node *rn, const char *reason)
{
	struct th_args *args = th_point_begin(&th_rib_update);
	const struct rib_table_info *info;
	const struct route_entry *re;
	const struct prefix *p, *source;
	rib_dest_t *dest;

	if (!args)
		return 0;
	srcdest_rnode_prefixes(rn, &p, &source);
	if (p->family != AF_INET && p->family != AF_INET6)
		return 0;
	info = rib_table_info(srcdest_rnode_table(rn));
	dest = rib_dest_from_rnode(rn);
	re = dest ? dest->selected_fib : NULL;
	if (!re && dest)
		re = re_list_first(&dest->routes);

	th_args_set_prefix(args, slot.prefix, p->family, &p->u.prefix, p->prefixlen);
	th_args_set_int(args, slot.vrf, info->zvrf ? zvrf_id(info->zvrf) : 0);
	th_args_set_int(args, slot.table, info->table_id);
	th_args_set_text(args, slot.reason, reason);
	if (re)
		set_route(args, re);
	th_point_fire(&th_rib_update, NULL);
	th_point_end(&th_rib_update);
	return 0;
}

void th_rib_init(void)
{
	hook_register(rib_update, on_rib_update);
}
