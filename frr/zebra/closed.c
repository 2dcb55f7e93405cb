// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra without its module: scripts only observe here, so there is nothing to close; the configuration keeps its lines. */

#include <config.h>

#include "zebra.h"

#include "common/closed.h"

static void late(void)
{
	th_native_command_remove(CONFIG_NODE, "zebra on-rib-process script SCRIPT");
}

__attribute__((visibility("default"))) int tenterhook_closed(const char *reason)
{
	th_closed_start(reason, late);
	return 0;
}
