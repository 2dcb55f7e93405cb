// SPDX-License-Identifier: GPL-2.0-or-later
/* What a script changed, into a route's attributes.
 *
 * In two steps, so that a community that is none, or a rule behind the script's that does not match, leaves the route as it
 * was: everything is read and parsed first, then put in place. What is put in place is not interned: the caller of the route map does that or throws it away, as with
 * what `set` commands put there, and what it replaces is freed where nobody has interned it.
 */

#include <config.h>

#include "zebra.h"
#include "prefix.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_aspath.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_community.h"
#include "bgpd/bgp_ecommunity.h"
#include "bgpd/bgp_lcommunity.h"
#include "bgpd/bgp_memory.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, CHANGE, "Tenterhook change of attributes");

struct th_change {
	bool has_metric, has_localpref, has_origin, has_weight, has_tag;
	int64_t metric, localpref, origin, weight, tag;

	bool has_next_hop;
	uint8_t family;
	union {
		struct in_addr v4;
		struct in6_addr v6;
		uint8_t bytes[16];
	} next_hop;

	/* Null where the list is empty: the attribute goes. */
	bool has_communities, has_large, has_extended;
	struct community *communities;
	struct lcommunity *large;
	struct ecommunity *extended;

	struct th_path_change path;
};

void th_change_free(struct th_change *change)
{
	if (!change)
		return;
	if (change->communities)
		community_free(&change->communities);
	if (change->large)
		lcommunity_free(&change->large);
	if (change->extended)
		ecommunity_free(&change->extended);
	th_path_forget(&change->path);
	XFREE(MTYPE_CHANGE, change);
}

/* ---- reading ---- */

/* The text of an item as C has it; false where it does not fit or is none. */
static bool item_text(struct th_value list, size_t index, char *text, size_t size)
{
	struct th_value item;
	const char *bytes;
	size_t length;

	if (th_value_item(list, index, &item) != TH_OK || th_value_string(item, &bytes, &length) != TH_OK)
		return false;
	if (length >= size || memchr(bytes, '\0', length))
		return false;
	memcpy(text, bytes, length);
	text[length] = '\0';
	/* One item is one community: FRR's parsers would take several. */
	return length && !strpbrk(text, " \t\r\n");
}

/* Communities of a kind as they are on the wire. FRR's own way, which looks for each among those before it, takes a time
 * that grows with the square of their number; a script may answer with thousands, and pays for none of it.
 */
struct wire {
	size_t size, count;
	uint8_t *bytes;
};

/* Adds the one community that `text` is; false where it is none. May change the text. */
typedef bool (*add_fn)(struct wire *wire, char *text);

static void add(struct wire *wire, const void *bytes)
{
	memcpy(wire->bytes + wire->count++ * wire->size, bytes, wire->size);
}

/* By their bytes, as FRR has them. */
static int compare_4(const void *a, const void *b)
{
	return memcmp(a, b, 4);
}

static int compare_8(const void *a, const void *b)
{
	return memcmp(a, b, 8);
}

static int compare_12(const void *a, const void *b)
{
	return memcmp(a, b, 12);
}

static void sort(struct wire *wire)
{
	size_t kept = 0, size = wire->size;

	qsort(wire->bytes, wire->count, size, size == 4 ? compare_4 : size == 8 ? compare_8 : compare_12);
	for (size_t i = 0; i < wire->count; i++)
		if (!kept || memcmp(wire->bytes + (kept - 1) * size, wire->bytes + i * size, size))
			memmove(wire->bytes + kept++ * size, wire->bytes + i * size, size);
	wire->count = kept;
}

/* Reads a list: sorted, each once, in memory of the type that FRR has for it; null where there are none. False, and
 * nothing is read, where one of them is no community.
 */
static bool read_wire(struct th_point *point, struct th_value list, const char *what, size_t size, add_fn add_one,
		      struct memtype *type, struct wire *to)
{
	size_t given = th_value_count(list);
	char text[80];

	*to = (struct wire){.size = size};
	if (!given)
		return true;
	to->bytes = XMALLOC(type, given * size);
	for (size_t i = 0; i < given; i++)
		if (!item_text(list, i, text, sizeof(text)) || !add_one(to, text)) {
			th_point_warn(point, "attributes.%s[%zu] is no %s", what, i + 1,
				      size == 4 ? "community" : size == 8 ? "extended community" : "large community");
			XFREE(type, to->bytes);
			return false;
		}
	sort(to);
	to->bytes = XREALLOC(type, to->bytes, to->count * size);
	return true;
}

static bool add_community(struct wire *wire, char *text)
{
	struct community *one = community_str2com(text);
	bool good = one && one->size;

	if (good)
		add(wire, one->val);
	community_free(&one);
	return good;
}

static bool read_communities(struct th_point *point, struct th_value list, struct th_change *to)
{
	struct wire wire;

	to->has_communities = true;
	if (!read_wire(point, list, "communities", 4, add_community, MTYPE_COMMUNITY_VAL, &wire))
		return false;
	if (wire.count) {
		to->communities = XCALLOC(MTYPE_COMMUNITY, sizeof(*to->communities));
		to->communities->size = wire.count;
		to->communities->val = (uint32_t *)wire.bytes;
	}
	return true;
}

static bool add_large(struct wire *wire, char *text)
{
	struct lcommunity *one = lcommunity_str2com(text);
	bool good = one && one->size;

	if (good)
		add(wire, one->val);
	lcommunity_free(&one);
	return good;
}

static bool read_large(struct th_point *point, struct th_value list, struct th_change *to)
{
	struct wire wire;

	to->has_large = true;
	if (!read_wire(point, list, "large_communities", LCOMMUNITY_SIZE, add_large, MTYPE_LCOMMUNITY_VAL, &wire))
		return false;
	if (wire.count) {
		to->large = XCALLOC(MTYPE_LCOMMUNITY, sizeof(*to->large));
		to->large->size = wire.count;
		to->large->val = wire.bytes;
	}
	return true;
}

/* "0x" and 16 hexadecimal digits: a community as it is on the wire. */
static bool raw_extended(const char *text, struct ecommunity_val *value)
{
	if (strlen(text) != 18 || strspn(text + 2, "0123456789abcdefABCDEF") != 16)
		return false;
	for (int i = 0; i < 8; i++) {
		char digits[3] = {text[2 + 2 * i], text[3 + 2 * i], '\0'};

		value->val[i] = strtoul(digits, NULL, 16);
	}
	return true;
}

static bool add_extended(struct wire *wire, char *text)
{
	struct ecommunity_val value;
	struct ecommunity *one;
	char *colon;
	bool good;

	if (!strncmp(text, "0x", 2)) {
		if (!raw_extended(text, &value))
			return false;
		add(wire, value.val);
		return true;
	}
	/* FRR has a space behind the keyword. */
	colon = strchr(text, ':');
	if (!colon || (strncmp(text, "rt:", 3) && strncmp(text, "soo:", 4)))
		return false;
	*colon = ' ';
	one = ecommunity_str2com(text, 0, 1);
	good = one && one->size;
	if (good)
		add(wire, one->val);
	ecommunity_free(&one);
	return good;
}

static bool read_extended(struct th_point *point, struct th_value list, struct th_change *to)
{
	struct wire wire;

	to->has_extended = true;
	if (!read_wire(point, list, "extended_communities", ECOMMUNITY_SIZE, add_extended, MTYPE_ECOMMUNITY_VAL, &wire))
		return false;
	if (wire.count) {
		to->extended = ecommunity_new();
		to->extended->size = wire.count;
		to->extended->val = wire.bytes;
	}
	return true;
}

static bool read_next_hop(struct th_point *point, struct th_value value, const struct prefix *p, struct th_change *to)
{
	if (th_value_kind(value) == TH_KIND_NIL) {
		th_point_warn(point, "attributes.next_hop cannot be removed");
		return false;
	}
	if (th_value_address(value, &to->family, to->next_hop.bytes) != TH_OK)
		return false;
	/* As with `set ip next-hop` and `set ipv6 next-hop`: each for prefixes of its own family. */
	if ((p->family == AF_INET6) != (to->family == AF_INET6) && p->family != AF_EVPN) {
		th_point_warn(point, "attributes.next_hop is of another address family than the prefix");
		return false;
	}
	to->has_next_hop = true;
	return true;
}

static bool read_int(struct th_value value, bool *has, int64_t *to)
{
	*has = th_value_int(value, to) == TH_OK;
	return *has;
}

static bool read_member(struct th_point *point, const struct th_attr_members *members, uint32_t member,
			struct th_value value, const struct prefix *p, struct th_change *to)
{
	if (member == members->metric)
		return read_int(value, &to->has_metric, &to->metric);
	if (member == members->localpref)
		return read_int(value, &to->has_localpref, &to->localpref);
	if (member == members->origin)
		return read_int(value, &to->has_origin, &to->origin);
	if (member == members->weight)
		return read_int(value, &to->has_weight, &to->weight);
	if (member == members->tag)
		return read_int(value, &to->has_tag, &to->tag);
	if (member == members->next_hop)
		return read_next_hop(point, value, p, to);
	if (member == members->communities)
		return read_communities(point, value, to);
	if (member == members->large_communities)
		return read_large(point, value, to);
	if (member == members->extended_communities)
		return read_extended(point, value, to);
	if (member == members->as_path)
		return th_path_read_replaced(point, value, &to->path);
	if (member == members->prepend)
		return th_path_read_prepended(point, value, &to->path);
	return true;
}

/* Goes through what changed, which mostly is little. */
static bool read_change(struct th_point *point, uint32_t attributes, const struct th_attr_members *members,
			const struct prefix *p, struct th_change *to)
{
	struct th_value record, value;
	size_t position;

	if (!th_point_get(point, attributes, &record))
		return true;
	for (size_t i = 0; th_value_position(record, i, &position) == TH_OK; i++)
		if (th_value_item(record, i, &value) != TH_OK || !read_member(point, members, position, value, p, to))
			return false;
	return true;
}

/* ---- is there room for it? ---- */

/* FRR makes a message of 4,096 bytes, header and prefixes included, in a buffer of 1,024 more and aborts where a route's
 * attributes do not fit in that; what it takes from peers always does. So scripts may not let a route grow beyond this, which
 * leaves room for what is added on the way out. Peers with larger messages are no help: others get the route too.
 */
#define MOST_ATTRIBUTES (BGP_STANDARD_MESSAGE_MAX_PACKET_SIZE - 256)

/* Of a list of so many bytes, with its header. */
static size_t listed(size_t bytes)
{
	return bytes ? bytes + 4 : 0;
}

/* Bytes on the wire of what is of no fixed size, and the rest at its largest, after so many changes in their order; those
 * that are null change nothing.
 */
static size_t wire_size(struct attr *attr, const struct th_change *const changes[], size_t count)
{
	struct community *communities = bgp_attr_get_community(attr);
	struct lcommunity *large = bgp_attr_get_lcommunity(attr);
	struct ecommunity *extended = bgp_attr_get_ecommunity(attr), *v6 = bgp_attr_get_ipv6_ecommunity(attr);
	struct cluster_list *cluster = bgp_attr_get_cluster(attr);
	struct transit *transit = bgp_attr_get_transit(attr);
	size_t path = attr->aspath ? aspath_size(attr->aspath) : 0;
	/* Origin, next hops, MED, local preference, aggregators, originator: 64 and some for those of VPNs. */
	size_t size = 128;

	for (size_t i = 0; i < count; i++) {
		const struct th_change *change = changes[i];

		if (change && change->has_communities)
			communities = change->communities;
		if (change && change->has_large)
			large = change->large;
		if (change && change->has_extended)
			extended = change->extended;
		if (change)
			path = th_path_size(&change->path, path);
	}
	size += listed(communities ? 4 * (size_t)communities->size : 0);
	size += listed(large ? LCOMMUNITY_SIZE * (size_t)large->size : 0);
	size += listed(extended ? ECOMMUNITY_SIZE * (size_t)extended->size : 0);
	size += listed(v6 ? IPV6_ECOMMUNITY_SIZE * (size_t)v6->size : 0);
	size += listed(path);
	size += listed(cluster ? cluster->length : 0);
	return size + (transit ? transit->length : 0);
}

bool th_change_fits(struct th_point *point, struct attr *attr, const struct th_change *before,
		    const struct th_change *change)
{
	const struct th_change *const changes[] = {before, change};
	size_t after = wire_size(attr, changes, array_size(changes));

	/* What came so large may stay so. */
	if (after <= MOST_ATTRIBUTES || after <= wire_size(attr, NULL, 0))
		return true;
	th_point_warn(point, "attributes: %zu bytes in a message, expected at most %d; nothing of the answer applies", after, MOST_ATTRIBUTES);
	return false;
}

/* ---- putting in place ---- */

static void put_communities(struct attr *attr, struct th_change *change)
{
	if (change->has_communities) {
		struct community *old = bgp_attr_get_community(attr);

		if (old && !old->refcnt)
			community_free(&old);
		bgp_attr_set_community(attr, change->communities);
	}
	if (change->has_large) {
		struct lcommunity *old = bgp_attr_get_lcommunity(attr);

		if (old && !old->refcnt)
			lcommunity_free(&old);
		bgp_attr_set_lcommunity(attr, change->large);
	}
	if (change->has_extended) {
		struct ecommunity *old = bgp_attr_get_ecommunity(attr);

		if (old && !old->refcnt)
			ecommunity_free(&old);
		bgp_attr_set_ecommunity(attr, change->extended);
	}
	change->communities = NULL;
	change->large = NULL;
	change->extended = NULL;
}

static void put_next_hop(struct attr *attr, const struct th_change *change)
{
	if (change->family == AF_INET) {
		SET_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_NEXT_HOP));
		attr->nexthop = change->next_hop.v4;
		SET_FLAG(attr->rmap_change_flags, BATTR_RMAP_IPV4_NHOP_CHANGED);
		/* For VPNs. */
		attr->mp_nexthop_global_in = change->next_hop.v4;
		attr->mp_nexthop_len = BGP_ATTR_NHLEN_IPV4;
		return;
	}
	attr->mp_nexthop_global = change->next_hop.v6;
	if (!attr->mp_nexthop_len)
		attr->mp_nexthop_len = BGP_ATTR_NHLEN_IPV6_GLOBAL;
	SET_FLAG(attr->rmap_change_flags, BATTR_RMAP_IPV6_GLOBAL_NHOP_CHANGED);
}

static void put_path(struct attr *attr, const struct th_change *change)
{
	struct aspath *old = attr->aspath, *new = th_path_changed(&change->path, old);

	if (!new)
		return;
	if (old && !old->refcnt)
		aspath_free(old);
	attr->aspath = new;
}

struct th_change *th_change_read(struct th_point *point, uint32_t attributes, const struct th_attr_members *members,
				 const struct prefix *p)
{
	struct th_change *change = XCALLOC(MTYPE_CHANGE, sizeof(*change));

	if (read_change(point, attributes, members, p, change))
		return change;
	th_change_free(change);
	return NULL;
}

void th_change_remove_private(struct th_change *change)
{
	change->path.remove_private = true;
}

void th_change_put(struct th_change *change, struct attr *attr)
{
	if (change->has_metric) {
		attr->med = change->metric;
		SET_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_MULTI_EXIT_DISC));
	}
	if (change->has_localpref) {
		attr->local_pref = change->localpref;
		SET_FLAG(attr->flag, ATTR_FLAG_BIT(BGP_ATTR_LOCAL_PREF));
	}
	if (change->has_origin)
		attr->origin = change->origin;
	if (change->has_weight)
		attr->weight = change->weight;
	if (change->has_tag)
		attr->tag = change->tag;
	if (change->has_next_hop)
		put_next_hop(attr, change);
	put_path(attr, change);
	put_communities(attr, change);
}
