// SPDX-License-Identifier: GPL-2.0-or-later
/* Which scripts are attached: those that route maps name, and those that `tenterhook attach` names. */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "log.h"
#include "memory.h"

#include "commands.h"
#include "tenterhook.h"

DEFINE_MTYPE_STATIC(TENTERHOOK, SCRIPT, "Tenterhook script");

struct th_script *th_scripts;

#define LONGEST_NAME 64
#define GOOD_NAME "expected at most 64 letters, digits, '_', '-' or '.', and no '.' in front"

/* Names become file names: nothing that leaves the directory. */
static bool good_name(const char *name)
{
	size_t length = strlen(name);

	if (!length || length > LONGEST_NAME || name[0] == '.')
		return false;
	for (const char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && !strchr("_-.", *c))
			return false;
	return true;
}

static struct th_script *find(struct th_point *point, const char *name)
{
	for (struct th_script *script = th_scripts; script; script = script->next)
		if (script->point == point && strmatch(script->name, name))
			return script;
	return NULL;
}

/* Attaches a script, or puts what its file has now in its place. On a problem the one that is attached stays. */
static bool load(struct th_script *script)
{
	char path[sizeof(th_options.scripts) + LONGEST_NAME + 8];
	struct th_attach what = {
		.hook = script->point->name,
		.tenant = th_options.tenant,
		.name = script->name,
		.path = path,
	};
	enum th_status status;
	sigset_t before;

	if (!script->named)
		return false;
	if (!th_runtime)
		return true;
	snprintf(path, sizeof(path), "%s/%s.lua", th_options.scripts, script->name);
	/* The host has a thread for deadlines as soon as a script has one. */
	th_signals_block(&before);
	status = script->id ? th_host_replace(th_runtime, script->id, &what) : TH_GONE;
	if (status == TH_GONE) {
		script->id = 0;
		status = th_host_attach(th_runtime, &what, &script->id);
	}
	th_signals_restore(&before);
	if (status == TH_OK) {
		script->problem[0] = '\0';
		return true;
	}
	strlcpy(script->problem, th_error_message(), sizeof(script->problem));
	for (char *c = script->problem; *c; c++)
		if (*c == '\n')
			*c = ' ';
	zlog_warn("tenterhook: %s: script %s is not %s: %s", script->point->name, script->name,
		  script->id ? "replaced" : "attached", script->problem);
	return false;
}

static void unload(struct th_script *script)
{
	/* Somebody else may have detached it, through the control socket. */
	if (script->id && th_runtime)
		th_host_detach(th_runtime, script->id);
	script->id = 0;
}

static struct th_script *get(struct th_point *point, const char *name)
{
	struct th_script *script = find(point, name);
	struct th_script **last = &th_scripts;

	if (script)
		return script;
	script = XCALLOC(MTYPE_SCRIPT, sizeof(*script));
	script->point = point;
	script->name = XSTRDUP(MTYPE_SCRIPT, name);
	script->named = good_name(name);
	while (*last)
		last = &(*last)->next;
	*last = script;
	if (!script->named) {
		strlcpy(script->problem, "no script can have this name: " GOOD_NAME, sizeof(script->problem));
		zlog_warn("tenterhook: %s: script %s is not attached: %s", point->name, name, script->problem);
	}
	load(script);
	return script;
}

static void drop_unused(struct th_script *script)
{
	struct th_script **at = &th_scripts;

	if (script->uses || script->configured)
		return;
	unload(script);
	while (*at != script)
		at = &(*at)->next;
	*at = script->next;
	XFREE(MTYPE_SCRIPT, script->name);
	XFREE(MTYPE_SCRIPT, script);
}

struct th_script *th_script_use(struct th_point *point, const char *name)
{
	struct th_script *script = get(point, name);

	script->uses++;
	return script;
}

const char *th_script_problem(struct th_point *point, const char *name)
{
	const struct th_script *script = find(point, name);

	return script && script->problem[0] ? script->problem : NULL;
}

void th_script_release(struct th_script *script)
{
	script->uses--;
	drop_unused(script);
}

void th_scripts_attach_all(void)
{
	for (struct th_script *script = th_scripts; script; script = script->next)
		load(script);
}

static void tell_changed(const struct th_script *script)
{
	if (script->point->changed)
		script->point->changed(script);
}

int th_scripts_reload(const char *name, struct vty *vty)
{
	int failed = 0, seen = 0;

	for (struct th_script *script = th_scripts; script; script = script->next) {
		if (name && !strmatch(script->name, name))
			continue;
		seen++;
		if (load(script)) {
			vty_out(vty, "%s %s: loaded\n", script->point->name, script->name);
			tell_changed(script);
			continue;
		}
		failed++;
		vty_out(vty, "%s %s: %s%s\n", script->point->name, script->name, script->problem,
			script->id ? " (the one that was attached stays)" : "");
	}
	if (name && !seen) {
		vty_out(vty, "%% no script %s\n", name);
		return 1;
	}
	return failed;
}

/* ---- configuration ---- */

static int write_config(struct vty *vty)
{
	int lines = 0;

	for (struct th_script *script = th_scripts; script; script = script->next)
		if (script->configured) {
			vty_out(vty, "tenterhook attach %s %s\n", script->point->name, script->name);
			lines++;
		}
	if (lines)
		vty_out(vty, "!\n");
	return lines;
}

/* FRR has no free numbers for nodes of modules: the first behind its own. */
static struct cmd_node node = {
	.name = "tenterhook",
	.node = NODE_TYPE_MAX,
	.prompt = "",
	.config_write = write_config,
};

static struct th_point *known_point(struct vty *vty, const char *name)
{
	struct th_point *point = th_point_by_name(name);

	if (!point)
		vty_out(vty, "%% no hook point %s; `show tenterhook hooks` lists them\n", name);
	return point;
}

DEFUN(tenterhook_attach, tenterhook_attach_cmd, ATTACH("WORD$hook"), ATTACH_STR(HOOK_STR))
{
	struct th_point *point = known_point(vty, argv[2]->arg);
	struct th_script *script;

	if (!point)
		return CMD_WARNING_CONFIG_FAILED;
	if (!good_name(argv[3]->arg)) {
		vty_out(vty, "%% %s: " GOOD_NAME "\n", argv[3]->arg);
		return CMD_WARNING_CONFIG_FAILED;
	}
	script = get(point, argv[3]->arg);
	script->configured = true;
	if (th_runtime && !script->id && !script->problem[0])
		load(script);
	/* The configuration stays: the file may come, and `tenterhook reload` loads it. */
	if (script->problem[0])
		vty_out(vty, "%% %s\n", script->problem);
	return CMD_SUCCESS;
}

DEFUN(no_tenterhook_attach, no_tenterhook_attach_cmd, NO_ATTACH("WORD$hook"), NO_ATTACH_STR(HOOK_STR))
{
	struct th_point *point = known_point(vty, argv[3]->arg);
	struct th_script *script = point ? find(point, argv[4]->arg) : NULL;

	if (!script || !script->configured) {
		vty_out(vty, "%% %s is not attached at %s\n", argv[4]->arg, argv[3]->arg);
		return CMD_WARNING_CONFIG_FAILED;
	}
	script->configured = false;
	drop_unused(script);
	return CMD_SUCCESS;
}

DEFUN(tenterhook_detach, tenterhook_detach_cmd, DETACH("WORD$hook"), DETACH_STR(HOOK_STR))
{
	struct th_point *point = known_point(vty, argv[2]->arg);
	struct th_script *script = point ? find(point, argv[3]->arg) : NULL;

	/* One that cannot be attached closes what it would decide; this ends that. */
	if (!script || (!script->id && !script->problem[0])) {
		vty_out(vty, "%% %s is not attached at %s\n", argv[3]->arg, argv[2]->arg);
		return CMD_WARNING;
	}
	unload(script);
	script->problem[0] = '\0';
	tell_changed(script);
	return CMD_SUCCESS;
}

void th_scripts_init(void)
{
	install_node(&node);
	install_element(CONFIG_NODE, &tenterhook_attach_cmd);
	install_element(CONFIG_NODE, &no_tenterhook_attach_cmd);
	install_element(ENABLE_NODE, &tenterhook_detach_cmd);
}

void th_scripts_fini(void)
{
	while (th_scripts) {
		struct th_script *script = th_scripts;

		th_scripts = script->next;
		XFREE(MTYPE_SCRIPT, script->name);
		XFREE(MTYPE_SCRIPT, script);
	}
}
