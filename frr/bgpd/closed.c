// SPDX-License-Identifier: GPL-2.0-or-later
/* bgpd without its module: `match script` is a rule that never matches, `set script` one that changes nothing, and where a
 * script is to decide about sessions, none comes up. `match as-path script:NAME` never matches already.
 */

#include <config.h>

#include "zebra.h"
#include "hook.h"
#include "routemap.h"

#include "bgpd/bgpd.h"
#include "bgpd/bgp_fsm.h"

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

static enum route_map_cmd_result_t change_nothing(void *rule, const struct prefix *prefix, void *object)
{
	return RMAP_OKAY;
}

static const struct route_map_rule_cmd set_rule = {
	"script",
	change_nothing,
	compile,
	release,
};

static const struct th_map_rule set = {.is_set = true, .rule = &set_rule, .problem = problem};

static int on_status(struct peer *peer)
{
	if (th_session(peer)->status == OpenConfirm && th_closed_attaches("bgp.peer_open"))
		th_session_refuse(peer);
	return 0;
}

static void late(void)
{
	th_match_script_init();
	route_map_install_set(&set_rule);
	th_map_rule_init(&set);
	hook_register(peer_status_changed, on_status);
}

__attribute__((visibility("default"))) int tenterhook_closed(const char *reason)
{
	th_match_script_begin(&match);
	th_closed_start(reason, late);
	return 0;
}
