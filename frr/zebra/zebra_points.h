// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra's hook points: routes in rib.c, route maps in next_hop_match.c, interfaces in interfaces.c. */
#ifndef TENTERHOOK_ZEBRA_H
#define TENTERHOOK_ZEBRA_H

#include "common/tenterhook.h"

/* Where the parts of a next hop go. */
struct th_next_hop_slots {
	/* `ifindex` is the first of integers in a row. */
	uint32_t gateway, ifindex, active, blackhole;
};

#define TH_NEXT_HOP_REFS(prefix, to)                                                                                   \
	{prefix ".gateway", &(to).gateway}, /* ifindex, vrf, weight */                                                \
		{prefix ".ifindex", &(to).ifindex}, {prefix ".active", &(to).active},                                 \
	{                                                                                                              \
		prefix ".blackhole", &(to).blackhole                                                                   \
	}

/* next_hop.c */
struct nexthop;
extern void th_set_next_hop(struct th_args *args, const struct th_next_hop_slots *to, const struct nexthop *nexthop);

#ifdef TH_ZEBRA_MAP_OBJECT
extern struct th_point th_next_hop_match;
#endif
extern struct th_point th_rib_update;
extern struct th_point th_interface_add, th_interface_del, th_interface_up, th_interface_down;

/* Nothing where zebra's route maps take no rules of modules. */
extern void th_next_hop_match_init(void);
extern void th_rib_init(void);
extern void th_interfaces_init(void);

#endif
