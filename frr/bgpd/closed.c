// SPDX-License-Identifier: GPL-2.0-or-later
/* bgpd without its module: `match script` is a rule that never matches. `match as-path script:NAME` is none already. */

#include <config.h>

#include "zebra.h"
#include "routemap.h"

#include "bgp.h"
#include "common/closed.h"

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

static const struct th_match match = {
	apply,
	compile,
	release,
	problem,
};

__attribute__((visibility("default"))) int tenterhook_closed(const char *reason)
{
	th_match_script_begin(&match);
	th_closed_start(reason, th_match_script_init);
	return 0;
}
