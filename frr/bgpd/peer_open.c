// SPDX-License-Identifier: GPL-2.0-or-later
/* bgp.peer_open: whether a session may come up. FRR says that a peer changed its state and takes no answer; in OpenConfirm, no
 * route has been exchanged, and the session can still be refused.
 */

#include <config.h>

#include "zebra.h"
#include "hook.h"
#include "log.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_fsm.h"

#include "bgp.h"

enum { OPEN_ACCEPT = 0, OPEN_REFUSE = 1 };

static struct th_peer_slots slot;

static const struct th_ref slots[] = {
	TH_PEER_REFS("peer", slot),
	{},
};

static uint32_t action_field;

static const struct th_ref fields[] = {
	{"action", &action_field},
	{},
};

static struct th_peer_told told;

struct th_point th_peer_open = {.name = "bgp.peer_open", .slots = slots, .fields = fields};

/* A script that the configuration attaches and that cannot be asked: it is missing or broken, or the hook point is not open,
 * for want of a host or of the declaration that this file expects. One that an operator has detached is none.
 */
static const struct th_script *missing(void)
{
	for (const struct th_script *script = th_scripts; script; script = script->next)
		if (script->point == &th_peer_open && script->configured &&
		    (!th_peer_open.hook || (!script->id && script->problem[0])))
			return script;
	return NULL;
}

static int64_t ask(const struct peer *peer)
{
	struct th_args *args = th_begin_with_peer(&th_peer_open, &slot, peer, &told);
	int64_t action = OPEN_ACCEPT;

	if (!args)
		return action;
	if (th_point_fire(&th_peer_open, NULL))
		th_point_get_int(&th_peer_open, action_field, &action);
	else
		action = OPEN_REFUSE;
	th_point_end(&th_peer_open);
	return action;
}

static int on_status(struct peer *peer)
{
	const struct th_script *script;

	if (th_session(peer)->status != OpenConfirm)
		return 0;
	script = missing();
	if (!script && ask(peer) != OPEN_REFUSE)
		return 0;
	/* A line for each: FRR's timers space a peer's attempts. */
	zlog_warn("tenterhook: bgp.peer_open: %s (AS %u): the session is refused%s%s", peer->host, peer->as,
		  script ? ": a script that is configured cannot be asked: " : "", script ? script->name : "");
	th_session_refuse(peer);
	return 0;
}

void th_peer_open_init(void)
{
	hook_register(peer_status_changed, on_status);
}
