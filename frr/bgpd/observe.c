// SPDX-License-Identifier: GPL-2.0-or-later
/* bgp.process, bgp.peer_status, bgp.rpki_prefix_status: scripts watch, and change nothing. */

#include <config.h>

#include "zebra.h"
#include "hook.h"
#include "memory.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_attr.h"
#include "bgpd/bgp_fsm.h"
#include "bgpd/bgp_route.h"
#include "bgpd/bgp_rpki.h"
#include "bgpd/bgp_table.h"

#include "bgp.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, CHANGED, "Tenterhook changed route");

/* ---- bgp.process ---- */

static struct th_route_slots process;
static uint32_t withdrawn_slot;

static const struct th_ref process_slots[] = {
	TH_ROUTE_REFS(process),
	{"withdrawn", &withdrawn_slot},
	{},
};

static struct th_route_told process_told;

struct th_point th_process = {.name = "bgp.process", .slots = process_slots};

static void fire_process(const struct prefix *p, const struct peer *peer, const struct attr *attr)
{
	struct th_args *args = th_begin_with_route(&th_process, &process, p, peer, attr, &process_told);

	if (!args)
		return;
	th_args_set_bool(args, withdrawn_slot, !attr);
	th_point_fire(&th_process, NULL);
	th_point_end(&th_process);
}

/* A route that is being replaced. FRR says so before it has the new attributes, as of a withdrawal; so it is looked up
 * again as soon as the update is through. The table's nodes may be gone by then: everything is kept by name.
 */
struct changed {
	struct changed *next;
	struct bgp *bgp;
	struct peer *peer;
	afi_t afi;
	safi_t safi;
	/* The route distinguisher's node, in tables that have two levels. */
	bool two_levels;
	struct prefix distinguisher;
	struct prefix prefix;
};

static struct changed *first_changed, **last_changed = &first_changed;
static struct th_event *changed_event;

static struct bgp_path_info *path_of(struct bgp_dest *dest, const struct peer *peer)
{
	for (struct bgp_path_info *path = bgp_dest_get_bgp_path_info(dest); path; path = path->next)
		if (path->peer == peer && path->type == ZEBRA_ROUTE_BGP && path->sub_type == BGP_ROUTE_NORMAL &&
		    !CHECK_FLAG(path->flags, BGP_PATH_REMOVED))
			return path;
	return NULL;
}

static void look_up(const struct changed *changed)
{
	struct bgp_table *table = changed->bgp->rib[changed->afi][changed->safi];
	struct bgp_dest *outer = NULL, *dest = NULL;
	struct bgp_path_info *path;

	if (table && changed->two_levels) {
		outer = bgp_node_lookup(table, &changed->distinguisher);
		table = outer ? bgp_dest_get_bgp_table_info(outer) : NULL;
	}
	if (table)
		dest = bgp_node_lookup(table, &changed->prefix);
	path = dest ? path_of(dest, changed->peer) : NULL;
	/* Where it is gone again, its withdrawal was told. */
	if (path)
		fire_process(&changed->prefix, changed->peer, path->attr);
	if (dest)
		bgp_dest_unlock_node(dest);
	if (outer)
		bgp_dest_unlock_node(outer);
}

static void tell_changed(struct th_event *event)
{
	struct changed *changed = first_changed;

	first_changed = NULL;
	last_changed = &first_changed;
	while (changed) {
		struct changed *next = changed->next;

		look_up(changed);
		peer_unlock(changed->peer);
		bgp_unlock(changed->bgp);
		XFREE(MTYPE_CHANGED, changed);
		changed = next;
	}
}

static void later(struct bgp *bgp, afi_t afi, safi_t safi, struct bgp_dest *dest, struct peer *peer)
{
	struct changed *changed = XCALLOC(MTYPE_CHANGED, sizeof(*changed));

	changed->bgp = bgp_lock(bgp);
	changed->peer = peer_lock(peer);
	changed->afi = afi;
	changed->safi = safi;
	prefix_copy(&changed->prefix, bgp_dest_get_prefix(dest));
	if (dest->pdest) {
		changed->two_levels = true;
		prefix_copy(&changed->distinguisher, bgp_dest_get_prefix(dest->pdest));
	}
	*last_changed = changed;
	last_changed = &changed->next;
	th_event_add(bm->master, tell_changed, NULL, 0, &changed_event);
}

static int on_process(struct bgp *bgp, afi_t afi, safi_t safi, struct bgp_dest *dest, struct peer *peer, bool withdraw)
{
	struct bgp_path_info *path;

	/* Before anything of the route is looked at: mostly nothing is attached, and this is called for every route. */
	if (!th_point_active(&th_process))
		return 0;
	path = path_of(dest, peer);
	if (withdraw && path)
		later(bgp, afi, safi, dest, peer);
	else
		fire_process(bgp_dest_get_prefix(dest), peer, path ? path->attr : NULL);
	return 0;
}

/* ---- bgp.peer_status ---- */

static struct {
	uint32_t old_state, new_state, reason;
	struct th_peer_slots peer;
} status;

static const struct th_ref status_slots[] = {
	{"old", &status.old_state},
	{"new", &status.new_state},
	{"reason", &status.reason},
	TH_PEER_REFS("peer", status.peer),
	{},
};

static struct th_peer_told status_told;

struct th_point th_peer_status = {.name = "bgp.peer_status", .slots = status_slots};

static int on_peer_status(struct peer *peer)
{
	struct th_args *args = th_begin_with_peer(&th_peer_status, &status.peer, peer, &status_told);

	if (!args)
		return 0;
	th_args_set_int(args, status.old_state, th_session(peer)->ostatus ? th_session(peer)->ostatus : Idle);
	th_args_set_int(args, status.new_state, th_session(peer)->status ? th_session(peer)->status : Idle);
	/* FRR notes why a session went, and nothing where it comes. */
	if (th_session(peer)->ostatus > th_session(peer)->status || th_session(peer)->status >= Clearing)
		th_args_set_text(args, status.reason, peer_down_str[(int)peer->last_reset]);
	th_point_fire(&th_peer_status, NULL);
	th_point_end(&th_peer_status);
	return 0;
}

/* ---- bgp.rpki_prefix_status ---- */

static struct th_route_slots rpki;

static const struct th_ref rpki_slots[] = {
	TH_ROUTE_REFS(rpki),
	{},
};

static struct th_route_told rpki_told;

struct th_point th_rpki_prefix_status = {.name = "bgp.rpki_prefix_status", .slots = rpki_slots};

static int on_rpki(struct peer *peer, struct attr *attr, const struct prefix *p)
{
	struct th_args *args = th_begin_with_route(&th_rpki_prefix_status, &rpki, p, peer, attr, &rpki_told);

	if (args) {
		th_point_fire(&th_rpki_prefix_status, NULL);
		th_point_end(&th_rpki_prefix_status);
	}
	/* FRR adds up what everybody says; we have no say. */
	return RPKI_NOT_BEING_USED;
}

void th_observe_init(void)
{
	hook_register(bgp_process, on_process);
	hook_register(peer_status_changed, on_peer_status);
	hook_register(bgp_rpki_prefix_status, on_rpki);
}
