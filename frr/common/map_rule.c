// SPDX-License-Identifier: GPL-2.0-or-later
/* A rule of route maps that FRR's model of its configuration (YANG) does not have: `set script` in bgpd, `match zebra-script`
 * in zebra.
 *
 * FRR keeps such a rule in the route map, as it keeps its own; what it does not do is write it. So the module writes the
 * entries that have one, with this line alone, after all other configuration: a daemon adds lines to entries that are there
 * already, and vtysh joins both parts of an entry into one.
 */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "northbound.h"
#include "routemap.h"

#include "commands.h"
#include "tenterhook.h"

static const struct th_map_rule *ours;

/* ---- configuration ---- */

/* The rules of the kind that ours is. */
static const struct route_map_rule *first_rule(const struct route_map_index *entry)
{
	return ours->is_set ? entry->set_list.head : entry->match_list.head;
}

static int write_entry(struct vty *vty, const struct route_map_index *entry)
{
	int lines = 0;

	for (const struct route_map_rule *rule = first_rule(entry); rule; rule = rule->next) {
		if (rule->cmd != ours->rule)
			continue;
		vty_out(vty, "route-map %s %s %d\n %s %s\nexit\n!\n", entry->map->name,
			entry->type == RMAP_PERMIT ? "permit" : "deny", entry->pref, ours->is_set ? "set script" : "match zebra-script",
			rule->rule_str);
		lines++;
	}
	return lines;
}

static int write_config(struct vty *vty)
{
	int lines = 0;

	for (const struct route_map *map = route_map_master.head; map; map = map->next)
		for (const struct route_map_index *entry = map->head; entry; entry = entry->next)
			lines += write_entry(vty, entry);
	return lines;
}

/* ---- the order ---- */

/* FRR carries `set` commands out in the order of their configuration. As ours is written behind the others, it would have
 * another place after a restart; so it is the last one of its entry at all times.
 */
static void put_last(struct route_map_index *entry)
{
	struct route_map_rule_list *list = &entry->set_list;
	struct route_map_rule *rule = list->head;

	while (rule && rule->cmd != ours->rule)
		rule = rule->next;
	if (!rule || !rule->next)
		return;
	rule->next->prev = rule->prev;
	*(rule->prev ? &rule->prev->next : &list->head) = rule->next;
	rule->prev = list->tail;
	rule->next = NULL;
	list->tail->next = rule;
	list->tail = rule;
}

/* What the daemon does where a route map was edited. */
static void (*edited_before)(const char *name);

static void edited(const char *name)
{
	struct route_map *map = route_map_lookup_by_name(name);

	for (struct route_map_index *entry = map ? map->head : NULL; entry; entry = entry->next)
		put_last(entry);
	if (edited_before)
		edited_before(name);
}

/* ---- commands ---- */

/* Behind the node of scripts.c, which is the first behind FRR's own. */
static struct cmd_node node = {
	.name = "tenterhook route-map",
	.node = NODE_TYPE_MAX + 1,
	.prompt = "",
	.config_write = write_config,
};

/* The entry that the command line is in; null, after a message, where somebody else has removed it. */
static struct route_map_index *current(struct vty *vty)
{
	struct route_map_index *entry = NULL;

	if (vty->xpath_index > 0)
		entry = nb_running_get_entry_non_rec(NULL, VTY_CURR_XPATH, false);
	if (!entry)
		vty_out(vty, "%% the route map's entry is gone\n");
	return entry;
}

static int add(struct vty *vty, const char *name)
{
	struct route_map_index *entry = current(vty);
	enum rmap_compile_rets result;
	const char *problem;

	if (!entry)
		return CMD_WARNING_CONFIG_FAILED;
	if (ours->is_set)
		result = route_map_add_set(entry, ours->rule->str, name);
	else
		result = route_map_add_match(entry, ours->rule->str, name, RMAP_EVENT_MATCH_ADDED);
	if (result != RMAP_COMPILE_SUCCESS) {
		vty_out(vty, "%% script %s: FRR does not take the rule\n", name);
		return CMD_WARNING_CONFIG_FAILED;
	}
	/* The line stays: an entry without its `match` would match everything. */
	problem = ours->problem(name);
	if (problem)
		vty_out(vty, "%% script %s: %s; %s\n", name, problem,
			ours->is_set ? "routes stay as they are" : "nothing matches");
	return CMD_SUCCESS;
}

static int drop(struct vty *vty, const char *name)
{
	struct route_map_index *entry = current(vty);
	enum rmap_compile_rets result;

	if (!entry)
		return CMD_WARNING_CONFIG_FAILED;
	if (ours->is_set)
		result = route_map_delete_set(entry, ours->rule->str, name);
	else
		result = route_map_delete_match(entry, ours->rule->str, name, RMAP_EVENT_MATCH_DELETED);
	if (result == RMAP_COMPILE_SUCCESS)
		return CMD_SUCCESS;
	vty_out(vty, "%% script %s is not in this entry\n", name ? name : "");
	return CMD_WARNING_CONFIG_FAILED;
}

DEFUN(th_set_script, th_set_script_cmd, SET_SCRIPT, SET_SCRIPT_STR)
{
	return add(vty, argv[2]->arg);
}

DEFUN(th_no_set_script, th_no_set_script_cmd, NO_SET_SCRIPT, NO_SET_SCRIPT_STR)
{
	return drop(vty, argc > 3 ? argv[3]->arg : NULL);
}

DEFUN(th_match_zebra_script, th_match_zebra_script_cmd, MATCH_ZEBRA_SCRIPT, MATCH_ZEBRA_SCRIPT_STR)
{
	return add(vty, argv[2]->arg);
}

DEFUN(th_no_match_zebra_script, th_no_match_zebra_script_cmd, NO_MATCH_ZEBRA_SCRIPT, NO_MATCH_ZEBRA_SCRIPT_STR)
{
	return drop(vty, argc > 3 ? argv[3]->arg : NULL);
}

void th_map_rule_changed(const struct th_script *script)
{
	for (const struct route_map *map = route_map_master.head; map; map = map->next) {
		bool uses = false;

		for (const struct route_map_index *entry = map->head; entry && !uses; entry = entry->next)
			for (const struct route_map_rule *rule = first_rule(entry); rule && !uses; rule = rule->next)
				uses = rule->cmd == ours->rule && rule->value == script;
		/* As when the route map is edited, with its delay. */
		if (uses && route_map_master.event_hook)
			route_map_master.event_hook(map->name);
	}
}

void th_map_rule_init(const struct th_map_rule *rule)
{
	ours = rule;
	install_node(&node);
	if (rule->is_set) {
		edited_before = route_map_master.event_hook;
		route_map_event_hook(edited);
		install_element(RMAP_NODE, &th_set_script_cmd);
		install_element(RMAP_NODE, &th_no_set_script_cmd);
		return;
	}
	install_element(RMAP_NODE, &th_match_zebra_script_cmd);
	install_element(RMAP_NODE, &th_no_match_zebra_script_cmd);
}
