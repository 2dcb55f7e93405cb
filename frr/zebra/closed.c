// SPDX-License-Identifier: GPL-2.0-or-later
/* zebra without its module: `match zebra-script` is a rule that never matches, and the configuration keeps its lines. */

#include <config.h>

#include "zebra.h"
#include "routemap.h"

#include "common/closed.h"

#ifdef TH_ZEBRA_MAP_OBJECT

static enum route_map_cmd_result_t apply(void *rule, const struct prefix *prefix, void *object)
{
	return RMAP_NOMATCH;
}

/* FRR installs no rule where this is null. */
static void *compile(const char *name)
{
	return th_closed_reason;
}

static void release(void *rule)
{
}

static const char *problem(const char *name)
{
	return th_closed_reason;
}

static const struct route_map_rule_cmd match_rule = {
	"script",
	apply,
	compile,
	release,
};

static const struct th_map_rule match = {.rule = &match_rule, .problem = problem};

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
