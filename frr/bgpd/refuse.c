// SPDX-License-Identifier: GPL-2.0-or-later
/* Refuses a session whose OPEN message was found valid, as bgpd does where it finds one wrong: a notification, then a stop.
 *
 * Messages that the peer has sent already are dropped first: bgpd would handle them in the same turn, before the stop, and
 * come to Established.
 */

#include <config.h>

#include "zebra.h"
#include "frr_pthread.h"
#include "stream.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_io.h"
#include "bgpd/bgp_packet.h"

#include "bgp.h"

void th_session_refuse(struct peer *peer)
{
	bgp_reads_off(th_session(peer));
	frr_with_mutex (&th_session(peer)->io_mtx)
		stream_fifo_clean(th_session(peer)->ibuf);
	/* This also has the session stopped, by an event that comes after the present one. */
	bgp_notify_send(th_session(peer), BGP_NOTIFY_CEASE, BGP_NOTIFY_CEASE_CONNECT_REJECT);
}
