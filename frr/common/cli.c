// SPDX-License-Identifier: GPL-2.0-or-later
/* show commands and reload. */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "json.h"

#include "commands.h"
#include "tenterhook.h"

static int not_running(struct vty *vty)
{
	vty_out(vty, "%% tenterhook has not started: %s\n", th_problem[0] ? th_problem : "the daemon is starting");
	return CMD_WARNING;
}

/* ---- show tenterhook hooks ---- */

static void show_hook(void *context, const struct th_hook_info *hook)
{
	struct vty *vty = context;
	size_t line = strcspn(hook->doc, "\n");

	vty_out(vty, "%-26s %-8s %9zu  %.*s\n", hook->name, hook->observe ? "observe" : "decide", hook->attachments,
		(int)line, hook->doc);
}

static void show_hook_json(void *context, const struct th_hook_info *hook)
{
	json_object *of = json_tokener_parse(hook->json);

	if (!of)
		of = json_object_new_object();
	json_object_int_add(of, "attachments", hook->attachments);
	json_object_object_add(context, hook->name, of);
}

DEFUN(show_tenterhook_hooks, show_tenterhook_hooks_cmd, SHOW_HOOKS, SHOW_HOOKS_STR)
{
	json_object *json;

	if (!th_runtime)
		return not_running(vty);
	if (use_json(argc, argv)) {
		json = json_object_new_object();
		th_host_each_hook(th_runtime, show_hook_json, json);
		return vty_json(vty, json);
	}
	vty_out(vty, "%-26s %-8s %9s  %s\n", "hook point", "scripts", "attached", "");
	th_host_each_hook(th_runtime, show_hook, vty);
	return CMD_SUCCESS;
}

/* ---- show tenterhook attachments ---- */

static json_object *attachment_json(const struct th_attachment *of)
{
	json_object *json = json_object_new_object();

	json_object_int_add(json, "id", of->id);
	json_object_string_add(json, "hook", of->hook);
	json_object_string_add(json, "tenant", of->tenant);
	json_object_string_add(json, "name", of->name);
	json_object_string_add(json, "script", of->script);
	json_object_int_add(json, "order", of->order);
	json_object_string_add(json, "state", of->kept ? "kept" : "fresh");
	json_object_int_add(json, "fuelBudget", of->fuel_budget);
	json_object_int_add(json, "memoryBudget", of->memory_budget);
	json_object_int_add(json, "imageBytes", of->image_bytes);
	return json;
}

static void show_attachment(void *context, const struct th_attachment *of)
{
	vty_out(context, "%-26s %-12s %-20s %-6s %12" PRIu64 " %10" PRIu64 "\n", of->hook, of->tenant, of->name,
		of->kept ? "kept" : "fresh", of->fuel_budget, of->memory_budget);
}

static void show_attachment_json(void *context, const struct th_attachment *of)
{
	json_object_array_add(context, attachment_json(of));
}

DEFUN(show_tenterhook_attachments, show_tenterhook_attachments_cmd, SHOW_ATTACHMENTS, SHOW_ATTACHMENTS_STR)
{
	json_object *json, *list;

	if (!th_runtime)
		return not_running(vty);
	if (use_json(argc, argv)) {
		json = json_object_new_object();
		list = json_object_new_array();
		th_host_each_attachment(th_runtime, show_attachment_json, list);
		json_object_object_add(json, "attachments", list);
		list = json_object_new_array();
		for (struct th_script *script = th_scripts; script; script = script->next) {
			json_object *missing;

			if (!script->problem[0])
				continue;
			missing = json_object_new_object();
			json_object_string_add(missing, "hook", script->point->name);
			json_object_string_add(missing, "name", script->name);
			json_object_string_add(missing, "problem", script->problem);
			json_object_array_add(list, missing);
		}
		json_object_object_add(json, "problems", list);
		return vty_json(vty, json);
	}
	vty_out(vty, "%-26s %-12s %-20s %-6s %12s %10s\n", "hook point", "tenant", "name", "state", "fuel", "memory");
	th_host_each_attachment(th_runtime, show_attachment, vty);
	for (struct th_script *script = th_scripts; script; script = script->next)
		if (script->problem[0])
			vty_out(vty, "%s %s: %s\n", script->point->name, script->name, script->problem);
	return CMD_SUCCESS;
}

/* ---- show tenterhook stats ---- */

static void show_counts(void *context, const struct th_attachment *of)
{
	struct vty *vty = context;

	vty_out(vty, "%-26s %-20s %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRIu64 "\n", of->hook,
		of->name, of->calls, of->answers, of->faults, of->denied, of->calls ? of->fuel / of->calls : 0);
	if (of->last_fault[0])
		vty_out(vty, "    %s, last: %s\n", of->causes_json, of->last_fault);
}

static void show_counts_json(void *context, const struct th_attachment *of)
{
	json_object *json = attachment_json(of);
	json_object *causes = json_tokener_parse(of->causes_json);

	json_object_int_add(json, "calls", of->calls);
	json_object_int_add(json, "answers", of->answers);
	json_object_int_add(json, "faults", of->faults);
	json_object_int_add(json, "denied", of->denied);
	json_object_int_add(json, "fuel", of->fuel);
	json_object_int_add(json, "fuelMax", of->fuel_max);
	json_object_int_add(json, "memoryMax", of->memory_max);
	json_object_int_add(json, "logLinesDropped", of->log_lines_dropped);
	json_object_object_add(json, "causes", causes ? causes : json_object_new_object());
	json_object_string_add(json, "lastFault", of->last_fault);
	json_object_array_add(context, json);
}

DEFUN(show_tenterhook_stats, show_tenterhook_stats_cmd, SHOW_STATS, SHOW_STATS_STR)
{
	json_object *json, *hooks, *list;

	if (!th_runtime)
		return not_running(vty);
	if (use_json(argc, argv)) {
		json = json_object_new_object();
		hooks = json_object_new_object();
		for (struct th_point *const *at = th_points; *at; at++) {
			const struct th_point *point = *at;
			json_object *of = json_object_new_object();

			json_object_int_add(of, "fired", point->fired);
			json_object_int_add(of, "failedCalls", point->failed);
			json_object_int_add(of, "nanoseconds", point->nanoseconds);
			json_object_int_add(of, "nanosecondsMean", point->fired ? point->nanoseconds / point->fired : 0);
			json_object_int_add(of, "nanosecondsMax", point->nanoseconds_max);
			json_object_object_add(hooks, point->name, of);
		}
		json_object_object_add(json, "hooks", hooks);
		list = json_object_new_array();
		th_host_each_attachment(th_runtime, show_counts_json, list);
		json_object_object_add(json, "attachments", list);
		return vty_json(vty, json);
	}
	vty_out(vty, "%-26s %10s %12s %12s\n", "hook point", "fired", "mean", "longest");
	for (struct th_point *const *at = th_points; *at; at++) {
		const struct th_point *point = *at;

		if (point->fired)
			vty_out(vty, "%-26s %10" PRIu64 " %9.2f us %9.2f us\n", point->name, point->fired,
				point->nanoseconds / 1000.0 / point->fired, point->nanoseconds_max / 1000.0);
	}
	vty_out(vty, "\n%-26s %-20s %10s %10s %10s %10s %10s\n", "hook point", "name", "calls", "answers", "faults",
		"denied", "fuel/call");
	th_host_each_attachment(th_runtime, show_counts, vty);
	return CMD_SUCCESS;
}

/* ---- tenterhook reload ---- */

DEFUN(tenterhook_reload, tenterhook_reload_cmd, RELOAD, RELOAD_STR)
{
	int failed;

	if (!th_runtime)
		return not_running(vty);
	if (th_host_reload_policy(th_runtime) != TH_OK) {
		vty_out(vty, "%% %s; the policy that was read before stays\n", th_error_message());
		return CMD_WARNING;
	}
	failed = th_scripts_reload(argc > 2 ? argv[2]->arg : NULL, vty);
	return failed ? CMD_WARNING : CMD_SUCCESS;
}

void th_cli_init(void)
{
	install_element(VIEW_NODE, &show_tenterhook_hooks_cmd);
	install_element(VIEW_NODE, &show_tenterhook_attachments_cmd);
	install_element(VIEW_NODE, &show_tenterhook_stats_cmd);
	install_element(ENABLE_NODE, &tenterhook_reload_cmd);
}
