// SPDX-License-Identifier: GPL-2.0-or-later
/* `match script NAME` in route maps: the rule, and the commands that configure it.
 *
 * bgpd has them whether or not the module starts: without the command, a configuration would lose the line, and an entry
 * without it matches every route. Who is called is said by th_match_script_begin.
 */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "northbound_cli.h"
#include "routemap.h"

#include "common/commands.h"

#include "bgp.h"

/* No script is called so: it asks which rule FRR has under the name. */
#define PROBE " "

static const struct th_match *to;
static bool probed;

/* What FRR compiles to null is no rule, and an entry without a rule matches every route. */
static void *compile(const char *name)
{
	if (strmatch(name, PROBE)) {
		probed = true;
		return NULL;
	}
	return to->compile(name);
}

static enum route_map_cmd_result_t apply(void *rule, const struct prefix *prefix, void *object)
{
	return to->apply(rule, prefix, object);
}

static void release(void *rule)
{
	to->release(rule);
}

static const struct route_map_rule_cmd rule = {
	"script",
	apply,
	compile,
	release,
};

#define XPATH "./match-condition[condition='frr-bgp-route-map:match-script']"
#define XPATH_NAME XPATH "/rmap-match-condition/frr-bgp-route-map:script"

DEFUN_YANG(th_match_script, th_match_script_cmd, MATCH_SCRIPT, MATCH_SCRIPT_STR)
{
	const char *name = argv[2]->arg, *problem;
	int result;

	nb_cli_enqueue_change(vty, XPATH, NB_OP_CREATE, NULL);
	nb_cli_enqueue_change(vty, XPATH_NAME, NB_OP_MODIFY, name);
	result = nb_cli_apply_changes(vty, NULL);
	/* The line stays, and matches nothing: an entry without it would match everything. */
	problem = result == CMD_SUCCESS ? to->problem(name) : NULL;
	if (problem)
		vty_out(vty, "%% script %s: %s; nothing matches\n", name, problem);
	return result;
}

DEFUN_YANG(th_no_match_script, th_no_match_script_cmd, NO_MATCH_SCRIPT, NO_MATCH_SCRIPT_STR)
{
	char path[XPATH_MAXLEN];
	const struct lyd_node *config = vty->candidate_config->dnode;

	/* FRR's own commands remove whatever there is, and an entry without its rule matches everything. */
	if (argc > 3) {
		if (snprintf(path, sizeof(path), "%s/%s", VTY_CURR_XPATH, XPATH_NAME + 2) >= (int)sizeof(path) ||
		    !yang_dnode_exists(config, path) || !strmatch(yang_dnode_get_string(config, "%s", path), argv[3]->arg)) {
			vty_out(vty, "%% this entry has no `match script %s`\n", argv[3]->arg);
			return CMD_WARNING_CONFIG_FAILED;
		}
	}
	nb_cli_enqueue_change(vty, XPATH, NB_OP_DESTROY, NULL);
	return nb_cli_apply_changes(vty, NULL);
}

bool th_match_script_is(const struct route_map_rule *of)
{
	return of->cmd == &rule;
}

/* Of two rules of a name FRR takes the first: this is before bgpd installs its own, where it was built with scripting. */
void th_match_script_begin(const struct th_match *match)
{
	to = match;
	route_map_install_match(&rule);
}

/* Whether `match script` in a route map comes to our rule. Nothing stays of the entry that this tries it with. */
static bool is_ours(void)
{
	struct route_map map = {.name = (char *)PROBE};
	struct route_map_index entry = {.map = &map};

	probed = false;
	if (route_map_add_match(&entry, rule.str, PROBE, RMAP_EVENT_MATCH_ADDED) == RMAP_COMPILE_SUCCESS)
		route_map_delete_match(&entry, rule.str, PROBE, RMAP_EVENT_MATCH_DELETED);
	return probed;
}

void th_match_script_init(void)
{
	if (!is_ours()) {
		fprintf(stderr, "bgpd: tenterhook: `match script` is not the module's here, but FRR's own or another's, which "
				"would run scripts without limits and with the rights of bgpd: bgpd ends\n");
		exit(EXIT_FAILURE);
	}
	/* Both would be ambiguous. */
	th_native_command_remove(RMAP_NODE, NATIVE_MATCH_SCRIPT);
	install_element(RMAP_NODE, &th_match_script_cmd);
	install_element(RMAP_NODE, &th_no_match_script_cmd);
}
