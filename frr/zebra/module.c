// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra's module: what the stub calls once it has found that the version fits. */

#include <config.h>

#include "zebra.h"

#include "zebra_points.h"

static struct th_point *const points[] = {
#ifdef TH_ZEBRA_MAP_OBJECT
	&th_next_hop_match,
#endif
	&th_rib_update,
	&th_interface_add,
	&th_interface_del,
	&th_interface_up,
	&th_interface_down,
	NULL,
};

static int late(void)
{
	th_native_command_remove(CONFIG_NODE, "zebra on-rib-process script SCRIPT");
	th_next_hop_match_init();
	th_rib_init();
	th_interfaces_init();
	return 0;
}

extern int tenterhook_start(const char *args);

__attribute__((visibility("default"))) int tenterhook_start(const char *args)
{
	return th_core_init("zebra", points, args, late);
}
