// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra without its module: `match zebra-script` is a rule that never matches, and the configuration keeps its lines. */

#include <config.h>

#include "zebra.h"
#include "routemap.h"

#include "common/closed.h"

#ifdef TH_ZEBRA_MAP_OBJECT

static const struct route_map_rule_cmd match_rule = {
	"script",
	th_closed_no_match,
	th_closed_compile,
	th_closed_release,
};

static const struct th_map_rule match = {.rule = &match_rule, .problem = th_closed_problem};

static void add_match(void)
{
	route_map_install_match(&match_rule);
	th_map_rule_init(&match);
}

#else

static void add_match(void)
{
}

#endif

static void late(void)
{
	th_native_command_remove(CONFIG_NODE, "zebra on-rib-process script SCRIPT");
	add_match();
}

__attribute__((visibility("default"))) int tenterhook_closed(const char *reason)
{
	th_closed_start(reason, late);
	return 0;
}
