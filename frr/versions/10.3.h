// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR 10.3, as Debian 13 has it: what has other names or places in other versions. Macros only, so that modules of all
 * daemons can include this.
 */
#include "frrevent.h"
/* SCRIPT_PATH, which 8.4 has in config.h. */
#include "lib/config_paths.h"

/* ---- the event loop ---- */

#define th_event event
#define th_event_loop event_loop
#define th_event_add event_add_event
#define th_event_add_timer_msec event_add_timer_msec

/* ---- tables ---- */

#define th_hash_free(hash, item_free) hash_clean_and_free(&(hash), item_free)

/* ---- bgpd ---- */

/* What belongs to the session of a peer. */
#define th_session(peer) ((peer)->connection)
#define th_aspath_from_text(text) aspath_str2aspath(text, ASNOTATION_PLAIN)
/* What lua_tointegerp returns a pointer to. */
#define th_lua_integer int

/* ---- zebra ---- */

#define TH_EACH_CONNECTED(ifp, connected) frr_each (if_connected_const, (ifp)->connected, connected)

/* zebra's route maps are configured through mgmtd, which takes no rules of modules: no TH_ZEBRA_MAP_OBJECT. */
