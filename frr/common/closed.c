// SPDX-License-Identifier: GPL-2.0-or-later
/* What a daemon has in place of a module that did not start and is `optional`: its commands, and no script.
 *
 * Without the commands, a configuration would lose its lines: what is written next would have none of them, and an entry of
 * a route map without its `match script` matches everything. Needs nothing of the library that scripts run in, as that may
 * be what is missing.
 */

#include <config.h>

#include "zebra.h"
#include "command.h"
#include "json.h"
#include "hook.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "module.h"
#include "lib/version.h"

#include "closed.h"
#include "commands.h"

FRR_COREMOD_SETUP(.name = "tenterhook_closed", .version = FRR_VERSION, .description = "Tenterhook that did not start", );

DEFINE_MGROUP(TENTERHOOK, "tenterhook");
DEFINE_MTYPE_STATIC(TENTERHOOK, LINE, "Tenterhook configuration line");

char th_closed_reason[512];

static void (*daemon_late)(void);

/* ---- rules of route maps ---- */

enum route_map_cmd_result_t th_closed_no_match(void *rule, const struct prefix *prefix, void *object)
{
	return RMAP_NOMATCH;
}

/* FRR installs no rule where this is null. */
void *th_closed_compile(const char *name)
{
	return th_closed_reason;
}

void th_closed_release(void *rule)
{
}

const char *th_closed_problem(const char *name)
{
	return th_closed_reason;
}

/* ---- `tenterhook attach`, which is kept for the configuration ---- */

struct line {
	struct line *next;
	char *hook, *script;
};

static struct line *lines;
static unsigned int count;

/* Whether two names of hook points can be one: they may be abbreviated, and only the module knows them all. */
static bool may_be_same(const char *a, const char *b)
{
	return !strncmp(a, b, MIN(strlen(a), strlen(b)));
}

/* Where a line is, or where it would be put. */
static struct line **find(const char *hook, const char *script)
{
	struct line **at = &lines;

	while (*at && !(may_be_same((*at)->hook, hook) && strmatch((*at)->script, script)))
		at = &(*at)->next;
	return at;
}

bool th_closed_attaches(const char *hook)
{
	for (const struct line *line = lines; line; line = line->next)
		if (may_be_same(line->hook, hook))
			return true;
	return false;
}

static void drop(struct line **at)
{
	struct line *line = *at;

	*at = line->next;
	XFREE(MTYPE_LINE, line->hook);
	XFREE(MTYPE_LINE, line->script);
	XFREE(MTYPE_LINE, line);
	count--;
}

static int write_config(struct vty *vty)
{
	for (const struct line *line = lines; line; line = line->next)
		vty_out(vty, "tenterhook attach %s %s\n", line->hook, line->script);
	if (lines)
		vty_out(vty, "!\n");
	return count;
}

static struct cmd_node node = {
	.name = "tenterhook",
	.node = NODE_TYPE_MAX,
	.prompt = "",
	.config_write = write_config,
};

static int not_started(struct vty *vty)
{
	vty_out(vty, "%% tenterhook has not started: %s\n", th_closed_reason);
	return CMD_WARNING;
}

DEFUN(closed_attach, closed_attach_cmd, ATTACH("WORD$hook"), ATTACH_STR(HOOK_STR))
{
	struct line **at = find(argv[2]->arg, argv[3]->arg);

	if (!*at) {
		*at = XCALLOC(MTYPE_LINE, sizeof(**at));
		(*at)->hook = XSTRDUP(MTYPE_LINE, argv[2]->arg);
		(*at)->script = XSTRDUP(MTYPE_LINE, argv[3]->arg);
		count++;
	}
	not_started(vty);
	return CMD_SUCCESS;
}

DEFUN(closed_no_attach, closed_no_attach_cmd, NO_ATTACH("WORD$hook"), NO_ATTACH_STR(HOOK_STR))
{
	struct line **at = find(argv[3]->arg, argv[4]->arg);

	if (!*at) {
		vty_out(vty, "%% %s is not attached at %s\n", argv[4]->arg, argv[3]->arg);
		return CMD_WARNING_CONFIG_FAILED;
	}
	drop(at);
	return CMD_SUCCESS;
}

DEFUN(closed_show, closed_show_cmd, "show tenterhook <hooks|attachments|stats> [json]",
      SHOW_STR TENTERHOOK_STR "Hook points that scripts can be attached to\n"
			      "Scripts that are attached\n"
			      "What scripts did, and what it cost\n" JSON_STR)
{
	return not_started(vty);
}

DEFUN(closed_reload, closed_reload_cmd, RELOAD, RELOAD_STR)
{
	return not_started(vty);
}

/* ---- its life ---- */

static int late_init(struct th_event_loop *master)
{
	install_node(&node);
	install_element(CONFIG_NODE, &closed_attach_cmd);
	install_element(CONFIG_NODE, &closed_no_attach_cmd);
	install_element(VIEW_NODE, &closed_show_cmd);
	install_element(ENABLE_NODE, &closed_reload_cmd);
	daemon_late();
	return 0;
}

/* Where the log goes is known once the configuration is read. */
static int config_read(struct th_event_loop *master)
{
	zlog_err("tenterhook: not started: %s; no script runs, and what scripts would decide matches nothing",
		 th_closed_reason);
	return 0;
}

static int fini(void)
{
	while (lines)
		drop(&lines);
	return 0;
}

void th_closed_start(const char *reason, void (*late)(void))
{
	strlcpy(th_closed_reason, reason, sizeof(th_closed_reason));
	daemon_late = late;
	hook_register(frr_late_init, late_init);
	hook_register(frr_config_post, config_read);
	hook_register(frr_fini, fini);
}
