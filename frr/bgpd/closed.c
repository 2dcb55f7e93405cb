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

static const struct th_match match = {
	th_closed_no_match,
	th_closed_compile,
	th_closed_release,
	th_closed_problem,
};

static enum route_map_cmd_result_t change_nothing(void *rule, const struct prefix *prefix, void *object)
{
	return RMAP_OKAY;
}

static const struct route_map_rule_cmd set_rule = {
	"script",
	change_nothing,
	th_closed_compile,
	th_closed_release,
};

static const struct th_map_rule set = {.is_set = true, .rule = &set_rule, .problem = th_closed_problem};

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
