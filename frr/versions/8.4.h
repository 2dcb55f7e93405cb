// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR 8.4, as Debian 12 and Ubuntu 24.04 have it: what has other names or places in other versions. Macros only, so that
 * modules of all daemons can include this.
 */
#include "thread.h"

/* ---- the event loop ---- */

#define th_event thread
#define th_event_loop thread_master
#define th_event_add thread_add_event
#define th_event_add_timer_msec thread_add_timer_msec

/* ---- tables ---- */

#define th_hash_free(hash, item_free)                                                                                  \
	do {                                                                                                           \
		hash_clean(hash, item_free);                                                                           \
		hash_free(hash);                                                                                       \
	} while (0)

/* ---- bgpd ---- */

/* What belongs to the session of a peer. */
#define th_session(peer) (peer)
#define th_aspath_from_text(text) aspath_str2aspath(text)
/* What lua_tointegerp returns a pointer to. */
#define th_lua_integer long long

/* ---- zebra ---- */

#define TH_EACH_CONNECTED(ifp, connected)                                                                              \
	for (const struct listnode *at_ = (ifp)->connected ? listhead((ifp)->connected) : NULL;                        \
	     at_ && ((connected) = listgetdata(at_)); at_ = listnextnode(at_))

/* What zebra's route maps decide about: it is in zebra/zebra_routemap.c alone. */
#define TH_ZEBRA_MAP_OBJECT                                                                                            \
	{                                                                                                              \
		struct nexthop *nexthop;                                                                               \
		vrf_id_t vrf_id;                                                                                       \
		uint32_t source_protocol;                                                                              \
		uint8_t instance;                                                                                      \
		int metric;                                                                                            \
		route_tag_t tag;                                                                                       \
	}
