// SPDX-License-Identifier: GPL-2.0-or-later
/* Next hops as arguments. */

#include <config.h>

#include "zebra.h"
#include "nexthop.h"

#include "zebra_points.h"

void th_set_next_hop(struct th_args *args, const struct th_next_hop_slots *to, const struct nexthop *nexthop)
{
	const int64_t numbers[] = {(uint32_t)nexthop->ifindex, nexthop->vrf_id, nexthop->weight};

	switch (nexthop->type) {
	case NEXTHOP_TYPE_IPV4:
	case NEXTHOP_TYPE_IPV4_IFINDEX:
		th_args_set_address(args, to->gateway, AF_INET, (const uint8_t *)&nexthop->gate.ipv4);
		break;
	case NEXTHOP_TYPE_IPV6:
	case NEXTHOP_TYPE_IPV6_IFINDEX:
		th_args_set_address(args, to->gateway, AF_INET6, (const uint8_t *)&nexthop->gate.ipv6);
		break;
	case NEXTHOP_TYPE_BLACKHOLE:
		th_args_set_bool(args, to->blackhole, true);
		break;
	case NEXTHOP_TYPE_IFINDEX:
		break;
	}
	th_args_set_ints(args, to->ifindex, numbers, array_size(numbers));
	th_args_set_bool(args, to->active, CHECK_FLAG(nexthop->flags, NEXTHOP_FLAG_ACTIVE));
}
