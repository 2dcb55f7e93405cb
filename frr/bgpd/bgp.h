// SPDX-License-Identifier: GPL-2.0-or-later
/* bgpd's hook points.
 *
 *   encode.c       prefixes, attributes and peers as arguments
 *   apply.c        what a script changed, into a route's attributes
 *   match_script.c `match script NAME`: its rule and its commands
 *   as_path.c      `match as-path script:NAME`, which every vtysh knows
 *   rules.c        entries of route maps with either: their scripts, and what those change
 *   remember.c     which entries had a script when bgpd ran last
 *   path_change.c  what a script makes of an AS path
 *   route_match.c  bgp.route_match
 *   route_set.c    bgp.route_set: `set script NAME`
 *   peer_open.c    bgp.peer_open: whether a session may come up
 *   refuse.c       refuses one
 *   observe.c      bgp.process, bgp.peer_status, bgp.rpki_prefix_status
 */
#ifndef TENTERHOOK_BGP_H
#define TENTERHOOK_BGP_H

#include "sockunion.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"

#include "common/tenterhook.h"

struct prefix;

/* Where the parts of a peer go; `state` to `stats` are the first of integers in a row. */
struct th_peer_slots {
	uint32_t remote_as;
	uint32_t remote_id, local_id;
	uint32_t state;
	uint32_t description;
	uint32_t uptime;
	uint32_t local_address, remote_address;
	uint32_t capabilities;
	uint32_t configured, negotiated;
	uint32_t stats;
};

#define TH_PEER_REFS(prefix, to)                                                                                       \
	{prefix ".remote_as", &(to).remote_as}, {prefix ".remote_id", &(to).remote_id},                               \
		{prefix ".local_id", &(to).local_id}, {prefix ".state", &(to).state},                                 \
		{prefix ".description", &(to).description}, {prefix ".uptime", &(to).uptime},                         \
		{prefix ".local_address", &(to).local_address}, {prefix ".remote_address", &(to).remote_address},     \
		{prefix ".capabilities", &(to).capabilities}, {prefix ".timers.configured.hold", &(to).configured},   \
		{prefix ".timers.negotiated.hold", &(to).negotiated},                                                 \
	{                                                                                                              \
		prefix ".stats.open_in", &(to).stats                                                                   \
	}

/* What was told of a peer last. Addresses and numbers in the order of declaration, where they have one. */
struct th_peer_told {
	bool valid;
	struct {
		const struct peer *peer;
		union sockunion local_address, remote_address;
		struct in_addr remote_id, local_id;
		int64_t state;
		int64_t asns[2], flags[2], configured[4], negotiated[4];
		char description[256];
	} what;
	/* These change with every message: they are set anew over what is kept of the others. */
	struct {
		int64_t times[3], stats[15];
	} counts;
};

/* Where the parts of a route's attributes go. */
struct th_attr_slots {
	uint32_t metric;
	uint32_t aspath;
	uint32_t localpref;
	uint32_t origin;
	uint32_t next_hop;
	uint32_t communities, large_communities, extended_communities;
	uint32_t as_path;
	uint32_t weight;
	uint32_t aggregator_asn, aggregator_address;
};

#define TH_ATTR_REFS(prefix, to)                                                                                       \
	{prefix ".metric", &(to).metric}, {prefix ".aspath", &(to).aspath}, {prefix ".localpref", &(to).localpref},   \
		{prefix ".origin", &(to).origin}, {prefix ".next_hop", &(to).next_hop},                               \
		{prefix ".communities", &(to).communities}, {prefix ".large_communities", &(to).large_communities},   \
		{prefix ".extended_communities", &(to).extended_communities}, {prefix ".as_path", &(to).as_path},     \
		{prefix ".weight", &(to).weight}, {prefix ".aggregator.asn", &(to).aggregator_asn},                   \
	{                                                                                                              \
		prefix ".aggregator.address", &(to).aggregator_address                                                 \
	}

/* Where a route goes. */
struct th_route_slots {
	uint32_t prefix;
	struct th_attr_slots attributes;
	struct th_peer_slots peer;
};

#define TH_ROUTE_REFS(to)                                                                                              \
	{"prefix", &(to).prefix}, TH_ATTR_REFS("attributes", (to).attributes), TH_PEER_REFS("peer", (to).peer)

/* What was told last. The routes of an UPDATE message have the same attributes: those are in the arguments already. */
struct th_route_told {
	struct th_peer_told peer;
	/* Whether the arguments have these attributes. What they point to is held for as long, so that nothing else can
	 * come to be in the same place.
	 */
	bool valid;
	struct attr attr;
};

/* What a script may change in the attributes: positions in the record. */
struct th_attr_members {
	uint32_t metric, localpref, origin, next_hop;
	uint32_t communities, large_communities, extended_communities;
	uint32_t as_path, prepend, weight, tag;
};

#define TH_ATTR_MEMBERS(to)                                                                                            \
	{"attributes.metric", &(to).metric}, {"attributes.localpref", &(to).localpref},                               \
		{"attributes.origin", &(to).origin}, {"attributes.next_hop", &(to).next_hop},                         \
		{"attributes.communities", &(to).communities},                                                        \
		{"attributes.large_communities", &(to).large_communities},                                            \
		{"attributes.extended_communities", &(to).extended_communities},                                      \
		{"attributes.as_path", &(to).as_path}, {"attributes.prepend", &(to).prepend},                         \
		{"attributes.weight", &(to).weight},                                                                   \
	{                                                                                                              \
		"attributes.tag", &(to).tag                                                                            \
	}

/* What an answer makes of the AS path. */
struct th_path_change {
	/* Null where the answer has none. */
	struct aspath *replaced, *prepended;
	bool remove_private;
};

/* encode.c: null where nothing is attached. */
/* Starts the arguments of a firing with a route; without attributes where it has none any more. */
extern struct th_args *th_begin_with_route(struct th_point *point, const struct th_route_slots *to,
					   const struct prefix *p, const struct peer *peer, const struct attr *attr,
					   struct th_route_told *last);
/* Starts the arguments of a firing with a peer, the same as last time mostly: then it is there already. */
extern struct th_args *th_begin_with_peer(struct th_point *point, const struct th_peer_slots *to,
					  const struct peer *peer, struct th_peer_told *last);

/* path_change.c */
/* These read what an answer has; false, after a warning, where a number cannot be in a path, or there are too many. */
extern bool th_path_read_replaced(struct th_point *point, struct th_value list, struct th_path_change *to);
extern bool th_path_read_prepended(struct th_point *point, struct th_value list, struct th_path_change *to);
/* At most so many bytes on the wire, made of a path of `size`. */
extern size_t th_path_size(const struct th_path_change *change, size_t size);
/* The path that a change makes of another, which may be null and stays as it is; null where nothing changes. */
extern struct aspath *th_path_changed(const struct th_path_change *change, const struct aspath *path);
extern void th_path_forget(struct th_path_change *change);

/* apply.c */
/* What a script answered with. */
struct th_change;
/* Reads it; null, after a warning, where something of it cannot be. */
extern struct th_change *th_change_read(struct th_point *point, uint32_t attributes,
					const struct th_attr_members *members, const struct prefix *p);
/* Has it remove the path's private AS numbers as well. */
extern void th_change_remove_private(struct th_change *change);
/* Whether the attributes still fit in a message after a change that comes before, or null, and this one; else warns. */
extern bool th_change_fits(struct th_point *point, struct attr *attr, const struct th_change *before,
			   const struct th_change *change);
/* Puts it in place; the change is still to be freed. */
extern void th_change_put(struct th_change *change, struct attr *attr);
extern void th_change_free(struct th_change *change);

/* match_script.c: the rule and the commands, which the module has whether or not it starts. */
struct th_match {
	enum route_map_cmd_result_t (*apply)(void *rule, const struct prefix *prefix, void *object);
	void *(*compile)(const char *name);
	void (*release)(void *rule);
	/* What keeps a script of the name from deciding, for whoever configures it; null where nothing does. */
	const char *(*problem)(const char *name);
};
extern void th_match_script_begin(const struct th_match *match);
extern void th_match_script_init(void);
/* Whether a rule of an entry is this one. */
extern bool th_match_script_is(const struct route_map_rule *rule);

/* as_path.c */
/* Has `match as-path script:NAME` come to these as well; FRR's own lists go on as before. */
extern void th_as_path_init(const struct th_match *match);
/* What `compile` came to, where a rule of an entry has this form; null for all others. */
extern void *th_as_path_inner(const struct route_map_rule *rule);

/* rules.c */
struct route_map_index;
struct route_map_rule;
/* An entry of a route map that a script decides about: what FRR has as the compiled rule. */
struct th_entry {
	struct th_script *script;
	/* What the script answered with for the route that is being decided about, until all rules of the entry match. */
	struct th_change *change;
	/* From the first change on: the entry, its rule, and the rule that puts changes in place. */
	struct route_map_index *index;
	struct route_map_rule *match;
	struct route_map_rule *set;
};
typedef enum route_map_cmd_result_t (*th_decide)(struct th_entry *entry, const struct prefix *prefix, void *object);
/* Before and after bgpd installs what it has itself. */
extern void th_rules_begin(struct th_point *point, th_decide decide);
extern void th_rules_init(void);
/* Has routes decided anew by every route map with the script. */
extern void th_rules_changed(const struct th_script *script);
/* The entry behind a rule, with either command; null where the rule is FRR's. */
extern struct th_entry *th_entry_of(const struct route_map_rule *rule);
/* Keeps a change for the entry until all of its rules match; false where that cannot be, after a warning. */
extern bool th_entry_keep(struct th_entry *entry, struct th_change *change, struct attr *attr);

/* remember.c */
extern void th_remember_init(void);

/* refuse.c */
/* For a peer in OpenConfirm, from FRR's hook for its state. */
extern void th_session_refuse(struct peer *peer);

/* route_match.c, route_set.c, peer_open.c, observe.c */
extern struct th_point th_route_match, th_route_set, th_process, th_peer_open, th_peer_status, th_rpki_prefix_status;
/* Before and after bgpd installs what it has itself. */
extern void th_route_match_begin(void);
extern void th_route_match_init(void);
extern void th_route_set_init(void);
extern void th_peer_open_init(void);
extern void th_observe_init(void);

#endif
