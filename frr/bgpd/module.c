// SPDX-License-Identifier: GPL-2.0-or-later
/* bgpd's module: what the stub calls once it has found that the version fits. */

#include <config.h>

#include "zebra.h"

#include "bgp.h"

static struct th_point *const points[] = {
	&th_route_match,
	&th_route_set,
	&th_process,
	&th_peer_open,
	&th_peer_status,
	&th_rpki_prefix_status,
	NULL,
};

static int late(void)
{
	th_route_match_init();
	th_route_set_init();
	th_peer_open_init();
	th_observe_init();
	th_remember_init();
	return 0;
}

extern int tenterhook_start(const char *args);

__attribute__((visibility("default"))) int tenterhook_start(const char *args)
{
	int result = th_core_init("bgpd", points, args, late);

	/* Where it does not start, another rule is to be the first. */
	if (!result)
		th_route_match_begin();
	return result;
}
