// SPDX-License-Identifier: GPL-2.0-or-later
/* The module's life: its start before the fork, the host's after it, and their end. */

#include <config.h>

#include <signal.h>

#include "zebra.h"
#include "hook.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "module.h"
#include "lib/version.h"

#include "tenterhook.h"

FRR_COREMOD_SETUP(.name = "tenterhook", .version = FRR_VERSION, .description = "Tenterhook: sandboxed Lua hook points", );

DEFINE_MGROUP(TENTERHOOK, "tenterhook");

/* Most threads that call scripts at once: the daemon's main thread, which alone fires, and those that serve operators on
 * the control socket, of which there are at most eight. With fewer, calls that operators make would have the daemon's own
 * denied as busy.
 */
#define THREADS 10

static int (*daemon_late)(void);
static char socket_problem[512];

/* ---- the host ---- */

static void script_logs(void *context, const struct th_log_line *line)
{
	static const int levels[] = {LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERR};
	int level = (unsigned int)line->level < array_size(levels) ? levels[line->level] : LOG_INFO;

	zlog(level, "tenterhook: %s: %s:%u: %s", line->attachment, line->script, line->line, line->message);
}

static void host_start(void)
{
	struct th_host_options with = {
		.abi = TH_ABI_VERSION,
		.threads = THREADS,
		.executors = strtoul(th_options.executors, NULL, 10),
		.folder = th_options.policy,
		.cache = th_options.cache[0] ? th_options.cache : NULL,
		.log = script_logs,
	};

	if (th_host_new(&with, &th_runtime) != TH_OK) {
		strlcpy(th_problem, th_error_message(), sizeof(th_problem));
		return;
	}
	for (struct th_point *const *point = th_points; *point; point++)
		th_point_open(*point);
	th_scripts_attach_all();
	if (th_options.socket[0] && th_host_serve_control(th_runtime, th_options.socket, NULL) != TH_OK)
		strlcpy(socket_problem, th_error_message(), sizeof(socket_problem));
}

/* The first thing that the daemon does after its fork, and before it reads its configuration. */
static void start(struct th_event *event)
{
	sigset_t before;

	th_signals_block(&before);
	host_start();
	th_signals_restore(&before);
}

/* Where the log goes is known once the configuration is read. */
static int config_read(struct th_event_loop *master)
{
	if (th_problem[0])
		zlog_err("tenterhook: %s; no script will run", th_problem);
	if (socket_problem[0])
		zlog_err("tenterhook: no control socket: %s", socket_problem);
	return 0;
}

static int late_init(struct th_event_loop *master)
{
	th_scripts_init();
	th_cli_init();
	if (daemon_late)
		daemon_late();
	/* Daemons fork after this hook; events run after the fork, in order: ours before the configuration is read. */
	th_event_add(master, start, NULL, 0, NULL);
	return 0;
}

static int fini(void)
{
	for (struct th_point *const *point = th_points; *point; point++)
		th_point_close(*point);
	th_scripts_fini();
	th_host_free(th_runtime);
	th_runtime = NULL;
	return 0;
}

int th_core_init(const char *daemon, struct th_point *const *points, const char *args, int (*late)(void))
{
	if (th_abi_version() != TH_ABI_VERSION) {
		fprintf(stderr, "%s: tenterhook: built for ABI %d, the library has %u\n", daemon, TH_ABI_VERSION,
			th_abi_version());
		return -1;
	}
	if (th_options_read(args))
		return -1;
	th_points = points;
	daemon_late = late;
	hook_register(frr_late_init, late_init);
	hook_register(frr_config_post, config_read);
	hook_register(frr_fini, fini);
	return 0;
}
