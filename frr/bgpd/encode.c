// SPDX-License-Identifier: GPL-2.0-or-later
/* Prefixes, attributes and peers as arguments.
 *
 * What cannot be set, such as a path of more ASes than there may be, is noted in the arguments; the call then ends as a
 * fault, and the policy says what that means.
 */

#include <config.h>

#include "zebra.h"
#include "prefix.h"
#include "sockunion.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_aspath.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_community.h"
#include "bgpd/bgp_ecommunity.h"
#include "bgpd/bgp_lcommunity.h"

#include "bgp.h"

/* An IP prefix of `length` bits from an address of either family; 0.0.0.0/0 where there is none. */
static void set_ipaddr(struct th_args *args, uint32_t slot, const struct ipaddr *ip, unsigned int length)
{
	static const uint8_t zero[4];

	if (IS_IPADDR_V4(ip))
		th_args_set_prefix(args, slot, AF_INET, (const uint8_t *)&ip->ipaddr_v4, MIN(length, 32));
	else if (IS_IPADDR_V6(ip))
		th_args_set_prefix(args, slot, AF_INET6, (const uint8_t *)&ip->ipaddr_v6, MIN(length, 128));
	else
		th_args_set_prefix(args, slot, AF_INET, zero, 0);
}

static void set_evpn(struct th_args *args, uint32_t slot, const struct prefix_evpn *evpn)
{
	static const struct ipaddr none;
	unsigned int whole = is_evpn_prefix_ipaddr_v6(evpn) ? 128 : 32;

	switch (evpn->prefix.route_type) {
	case BGP_EVPN_IP_PREFIX_ROUTE:
		set_ipaddr(args, slot, &evpn->prefix.prefix_addr.ip, evpn->prefix.prefix_addr.ip_prefix_length);
		return;
	case BGP_EVPN_MAC_IP_ROUTE:
		set_ipaddr(args, slot, &evpn->prefix.macip_addr.ip, whole);
		return;
	case BGP_EVPN_IMET_ROUTE:
		set_ipaddr(args, slot, &evpn->prefix.imet_addr.ip, whole);
		return;
	case BGP_EVPN_ES_ROUTE:
		set_ipaddr(args, slot, &evpn->prefix.es_addr.ip, whole);
		return;
	case BGP_EVPN_AD_ROUTE:
		set_ipaddr(args, slot, &evpn->prefix.ead_addr.ip, whole);
		return;
	default:
		set_ipaddr(args, slot, &none, 0);
	}
}

static void set_prefix(struct th_args *args, uint32_t slot, const struct prefix *p)
{
	static const struct ipaddr none;

	switch (p->family) {
	case AF_INET:
	case AF_INET6:
		th_args_set_prefix(args, slot, p->family, &p->u.prefix, p->prefixlen);
		return;
	case AF_EVPN:
		set_evpn(args, slot, (const struct prefix_evpn *)p);
		return;
	default:
		/* Flow specifications and link states are no prefixes. */
		set_ipaddr(args, slot, &none, 0);
	}
}

/* AS numbers of all segments in a row; a path longer than any router takes is noted by the arguments as too long. */
static enum th_status set_as_path(struct th_args *args, uint32_t slot, const struct aspath *aspath)
{
	static uint32_t numbers[4097];
	size_t count = 0;

	for (const struct assegment *segment = aspath ? aspath->segments : NULL; segment; segment = segment->next)
		for (int i = 0; i < segment->length && count < array_size(numbers); i++)
			numbers[count++] = segment->as[i];
	return th_args_set_u32s(args, slot, numbers, count);
}

static enum th_status set_next_hop(struct th_args *args, uint32_t slot, const struct attr *attr)
{
	switch (attr->mp_nexthop_len) {
	case BGP_ATTR_NHLEN_IPV6_GLOBAL:
	case BGP_ATTR_NHLEN_IPV6_GLOBAL_AND_LL:
	case BGP_ATTR_NHLEN_VPNV6_GLOBAL:
	case BGP_ATTR_NHLEN_VPNV6_GLOBAL_AND_LL:
		if (!CHECK_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_NEXT_HOP)))
			return th_args_set_address(args, slot, AF_INET6, (const uint8_t *)&attr->mp_nexthop_global);
		break;
	case BGP_ATTR_NHLEN_VPNV4:
		return th_args_set_address(args, slot, AF_INET, (const uint8_t *)&attr->mp_nexthop_global_in);
	default:
		break;
	}
	if (CHECK_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_NEXT_HOP)) || attr->nexthop.s_addr != INADDR_ANY)
		return th_args_set_address(args, slot, AF_INET, (const uint8_t *)&attr->nexthop);
	return TH_OK;
}

/* The attributes; false where some of them cannot be set. */
static bool set_attr(struct th_args *args, const struct th_attr_slots *to, const struct attr *attr)
{
	const struct community *communities = bgp_attr_get_community(attr);
	const struct lcommunity *large = bgp_attr_get_lcommunity(attr);
	const struct ecommunity *extended = bgp_attr_get_ecommunity(attr);
	const int64_t metric_ifindex[] = {attr->med, (uint32_t)attr->nh_ifindex};
	const int64_t weight_tag[] = {attr->weight, attr->tag};
	unsigned int problems = 0;

	problems |= th_args_set_ints(args, to->metric, metric_ifindex, array_size(metric_ifindex));
	if (attr->aspath) {
		problems |= th_args_set_text(args, to->aspath, attr->aspath->str);
		problems |= set_as_path(args, to->as_path, attr->aspath);
	}
	problems |= th_args_set_int(args, to->localpref, attr->local_pref);
	problems |= th_args_set_int(args, to->origin, MIN(attr->origin, BGP_ORIGIN_INCOMPLETE));
	problems |= set_next_hop(args, to->next_hop, attr);
	if (communities)
		problems |= th_args_set_communities(args, to->communities, TH_COMMUNITY,
						    (const uint8_t *)communities->val, communities->size);
	if (large)
		problems |= th_args_set_communities(args, to->large_communities, TH_COMMUNITY_LARGE, large->val,
						    large->size);
	if (extended && extended->unit_size == ECOMMUNITY_SIZE)
		problems |= th_args_set_communities(args, to->extended_communities, TH_COMMUNITY_EXTENDED,
						    extended->val, extended->size);
	problems |= th_args_set_ints(args, to->weight, weight_tag, array_size(weight_tag));
	if (CHECK_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_AGGREGATOR))) {
		problems |= th_args_set_int(args, to->aggregator_asn, attr->aggregator_as);
		problems |= th_args_set_address(args, to->aggregator_address, AF_INET,
						(const uint8_t *)&attr->aggregator_addr);
	}
	return problems == TH_OK;
}

/* The address of one end of a session, if there is one. */
static void set_sockunion(struct th_args *args, uint32_t slot, const union sockunion *su)
{
	switch (sockunion_family(su)) {
	case AF_INET:
		th_args_set_address(args, slot, AF_INET, (const uint8_t *)&su->sin.sin_addr);
		break;
	case AF_INET6:
		th_args_set_address(args, slot, AF_INET6, (const uint8_t *)&su->sin6.sin6_addr);
		break;
	default:
		break;
	}
}

static void set_peer(struct th_args *args, const struct th_peer_slots *to, const struct th_peer_told *told)
{
	th_args_set_ints(args, to->remote_as, told->what.asns, array_size(told->what.asns));
	th_args_set_address(args, to->remote_id, AF_INET, (const uint8_t *)&told->what.remote_id);
	th_args_set_address(args, to->local_id, AF_INET, (const uint8_t *)&told->what.local_id);
	th_args_set_int(args, to->state, told->what.state);
	th_args_set_text(args, to->description, told->what.peer->desc);
	set_sockunion(args, to->local_address, &told->what.local_address);
	set_sockunion(args, to->remote_address, &told->what.remote_address);
	th_args_set_ints(args, to->capabilities, told->what.flags, array_size(told->what.flags));
	th_args_set_ints(args, to->configured, told->what.configured, array_size(told->what.configured));
	th_args_set_ints(args, to->negotiated, told->what.negotiated, array_size(told->what.negotiated));
}

static void set_counts(struct th_args *args, const struct th_peer_slots *to, const struct th_peer_told *told)
{
	th_args_set_ints(args, to->uptime, told->counts.times, array_size(told->counts.times));
	th_args_set_ints(args, to->stats, told->counts.stats, array_size(told->counts.stats));
}

#define COUNT(field) atomic_load_explicit(&peer->field, memory_order_relaxed)

static void look_at_peer(struct th_peer_told *to, const struct peer *peer)
{
	/* A script's integers are signed; FRR's highest flag is far below. */
	const uint64_t mask = INT64_MAX;
	const int64_t asns[] = {peer->as, peer->local_as};
	const int64_t times[] = {peer->uptime, peer->readtime, peer->resettime};
	const int64_t flags[] = {peer->cap, (int64_t)(peer->flags & mask)};
	const int64_t configured[] = {COUNT(holdtime), COUNT(keepalive), COUNT(connect), COUNT(routeadv)};
	const int64_t negotiated[] = {COUNT(v_holdtime), COUNT(v_keepalive), COUNT(v_connect), COUNT(v_routeadv)};
	const int64_t stats[] = {
		COUNT(open_in),	       COUNT(open_out),	    COUNT(update_in),	   COUNT(update_out),
		COUNT(update_time),    COUNT(keepalive_in), COUNT(keepalive_out),  COUNT(notify_in),
		COUNT(notify_out),     COUNT(refresh_in),   COUNT(refresh_out),	   COUNT(dynamic_cap_in),
		COUNT(dynamic_cap_out), peer->established,  peer->dropped,
	};

	/* Two of these are compared byte by byte: nothing in between may differ. */
	memset(&to->what, 0, sizeof(to->what));
	to->what.peer = peer;
	if (th_session(peer)->su_local)
		to->what.local_address = *th_session(peer)->su_local;
	/* The router's own routes come from a peer that has no session, and no address. */
	to->what.remote_address.sin.sin_family = AF_INET;
	if (th_session(peer)->su_remote)
		to->what.remote_address = *th_session(peer)->su_remote;
	else if (sockunion_family(&th_session(peer)->su) == AF_INET || sockunion_family(&th_session(peer)->su) == AF_INET6)
		to->what.remote_address = th_session(peer)->su;
	to->what.remote_id = peer->remote_id;
	to->what.local_id = peer->local_id;
	to->what.state = th_session(peer)->status ? th_session(peer)->status : Idle;
	memcpy(to->what.asns, asns, sizeof(asns));
	memcpy(to->what.flags, flags, sizeof(flags));
	memcpy(to->what.configured, configured, sizeof(configured));
	memcpy(to->what.negotiated, negotiated, sizeof(negotiated));
	memcpy(to->counts.times, times, sizeof(times));
	memcpy(to->counts.stats, stats, sizeof(stats));
	/* A description that does not fit is told every time. */
	to->valid = !peer->desc || strlen(peer->desc) < sizeof(to->what.description);
	if (peer->desc && to->valid)
		strlcpy(to->what.description, peer->desc, sizeof(to->what.description));
}

/* Sets the peer, unless it is there already, which is answered: then what else is in the arguments is still there. */
static bool tell_peer(struct th_args *args, const struct th_peer_slots *to, const struct peer *peer,
		      struct th_peer_told *last)
{
	struct th_peer_told now;

	look_at_peer(&now, peer);
	if (now.valid && last->valid && !memcmp(&now.what, &last->what, sizeof(now.what))) {
		if (memcmp(&now.counts, &last->counts, sizeof(now.counts))) {
			last->counts = now.counts;
			set_counts(args, to, last);
		}
		return true;
	}
	*last = now;
	th_args_clear(args);
	set_peer(args, to, last);
	last->valid = last->valid && th_args_keep(args) == TH_OK;
	set_counts(args, to, last);
	return false;
}

/* Starts over with a peer that is there already. */
static void begin_again(struct th_args *args, const struct th_peer_slots *to, const struct th_peer_told *last)
{
	th_args_begin(args);
	set_counts(args, to, last);
}

struct th_args *th_begin_with_peer(struct th_point *point, const struct th_peer_slots *to, const struct peer *peer,
				   struct th_peer_told *last)
{
	struct th_args *args = th_point_start(point);

	if (args && tell_peer(args, to, peer, last))
		begin_again(args, to, last);
	return args;
}

/* Whether what the attributes point to, as far as it is told, is shared by reference: then it never changes. */
static bool is_interned(const struct attr *attr)
{
	const struct community *communities = bgp_attr_get_community(attr);
	const struct lcommunity *large = bgp_attr_get_lcommunity(attr);
	const struct ecommunity *extended = bgp_attr_get_ecommunity(attr);

	return (!attr->aspath || attr->aspath->refcnt) && (!communities || communities->refcnt) &&
	       (!large || large->refcnt) && (!extended || extended->refcnt);
}

static void hold(struct th_route_told *told, const struct attr *attr)
{
	told->valid = true;
	told->attr = *attr;
	if (attr->aspath)
		attr->aspath->refcnt++;
	if (bgp_attr_get_community(attr))
		bgp_attr_get_community(attr)->refcnt++;
	if (bgp_attr_get_lcommunity(attr))
		bgp_attr_get_lcommunity(attr)->refcnt++;
	if (bgp_attr_get_ecommunity(attr))
		bgp_attr_get_ecommunity(attr)->refcnt++;
}

static void let_go(struct th_route_told *told)
{
	struct community *communities = bgp_attr_get_community(&told->attr);
	struct lcommunity *large = bgp_attr_get_lcommunity(&told->attr);
	struct ecommunity *extended = bgp_attr_get_ecommunity(&told->attr);

	if (!told->valid)
		return;
	told->valid = false;
	aspath_unintern(&told->attr.aspath);
	community_unintern(&communities);
	lcommunity_unintern(&large);
	ecommunity_unintern(&extended);
}

struct th_args *th_begin_with_route(struct th_point *point, const struct th_route_slots *to, const struct prefix *p,
				    const struct peer *peer, const struct attr *attr, struct th_route_told *last)
{
	struct th_args *args = th_point_start(point);
	bool same_peer;

	if (!args)
		return NULL;
	/* Every route that has the attributes counts itself there; that is not told. */
	if (attr && last->valid)
		last->attr.refcnt = attr->refcnt;
	same_peer = tell_peer(args, &to->peer, peer, &last->peer);
	/* A copy has what is in between the members as well; where it differs there, it is told again, no more. */
	if (!same_peer || !last->valid || !attr || memcmp(&last->attr, attr, sizeof(*attr))) {
		if (same_peer)
			begin_again(args, &to->peer, &last->peer);
		let_go(last);
		if (attr && set_attr(args, &to->attributes, attr) && is_interned(attr))
			hold(last, attr);
	}
	set_prefix(args, to->prefix, p);
	return args;
}
