// SPDX-License-Identifier: GPL-2.0-or-later
/* Options, the host's start after the fork, firing a hook point. */

#include <config.h>

#include <ctype.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>

#include "zebra.h"
#include "frrstr.h"
#include "hook.h"
#include "libfrr.h"
#include "log.h"
#include "memory.h"
#include "module.h"
#include "printfrr.h"
#include "lib/version.h"

#include "tenterhook.h"

FRR_COREMOD_SETUP(.name = "tenterhook", .version = FRR_VERSION, .description = "Tenterhook: sandboxed Lua hook points", );

DEFINE_MGROUP(TENTERHOOK, "tenterhook");

struct th_host *th_runtime;
char th_problem[512];
struct th_options th_options = {
	.policy = "/etc/frr/tenterhook",
	.scripts = "/etc/frr/scripts",
	.tenant = "frr",
	.executors = "256",
};

/* Most threads that call scripts at once: the daemon's main thread, which alone fires, and those that serve operators on
 * the control socket, of which there are at most eight. With fewer, calls that operators make would have the daemon's own
 * denied as busy.
 */
#define THREADS 10

/* Each reserves 4 GiB of the 128 TiB of address space that a process has. */
#define MOST_EXECUTORS 16384

static int (*daemon_late)(void);
static char socket_problem[512];

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* ---- options ---- */

/* Whether a text is a number from 1 to `most`, and nothing else. */
static bool is_count(const char *text, unsigned long most)
{
	unsigned long number = 0;

	for (const char *c = text; *c; c++) {
		if (!isdigit((unsigned char)*c))
			return false;
		number = number * 10 + (*c - '0');
		if (number > most)
			return false;
	}
	return number > 0;
}

static int option(char *text)
{
	struct {
		const char *key;
		char *value;
		size_t size;
	} known[] = {
		{"policy=", th_options.policy, sizeof(th_options.policy)},
		{"scripts=", th_options.scripts, sizeof(th_options.scripts)},
		{"tenant=", th_options.tenant, sizeof(th_options.tenant)},
		{"cache=", th_options.cache, sizeof(th_options.cache)},
		{"socket=", th_options.socket, sizeof(th_options.socket)},
		{"executors=", th_options.executors, sizeof(th_options.executors)},
	};

	for (size_t i = 0; i < array_size(known); i++) {
		size_t length = strlen(known[i].key);

		if (strncmp(text, known[i].key, length))
			continue;
		if (strlcpy(known[i].value, text + length, known[i].size) >= known[i].size) {
			fprintf(stderr, "tenterhook: the option %s is too long\n", text);
			return -1;
		}
		if (known[i].value == th_options.executors && !is_count(th_options.executors, MOST_EXECUTORS)) {
			fprintf(stderr, "tenterhook: %s: expected a number from 1 to %d\n", text, MOST_EXECUTORS);
			return -1;
		}
		return 0;
	}
	fprintf(stderr,
		"tenterhook: unknown option \"%s\": expected policy=DIR, scripts=DIR, tenant=NAME, cache=DIR, socket=PATH or executors=N\n",
		text);
	return -1;
}

static int options(const char *args)
{
	char *copy, *rest, *part;
	int result = 0;

	if (!args)
		return 0;
	rest = copy = strdup(args);
	if (!copy)
		return -1;
	while ((part = strsep(&rest, ",")))
		if (*part && option(part))
			result = -1;
	free(copy);
	return result;
}

/* ---- the host ---- */

static void script_logs(void *context, const struct th_log_line *line)
{
	static const int levels[] = {LOG_DEBUG, LOG_DEBUG, LOG_INFO, LOG_NOTICE, LOG_WARNING, LOG_ERR};
	int level = (unsigned int)line->level < array_size(levels) ? levels[line->level] : LOG_INFO;

	zlog(level, "tenterhook: %s: %s:%u: %s", line->attachment, line->script, line->line, line->message);
}

void th_signals_block(sigset_t *before)
{
	/* Those are for the thread that caused them; the sandbox takes some of them for traps. */
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t most;

	sigfillset(&most);
	for (size_t i = 0; i < array_size(own); i++)
		sigdelset(&most, own[i]);
	pthread_sigmask(SIG_BLOCK, &most, before);
}

void th_signals_restore(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static void point_start(struct th_point *point)
{
	if (th_hook_catalog(th_runtime, point->name, &point->hook) != TH_OK ||
	    th_args_new(point->hook, &point->args) != TH_OK ||
	    th_outcome_new(point->hook, &point->outcome) != TH_OK)
		goto failed;
	for (const struct th_ref *ref = point->slots; ref->path; ref++)
		if (th_hook_slot(point->hook, ref->path, ref->number) != TH_OK)
			goto failed;
	for (const struct th_ref *ref = point->fields; ref && ref->path; ref++)
		if (th_hook_field(point->hook, ref->path, ref->number) != TH_OK)
			goto failed;
	for (const struct th_ref *ref = point->members; ref && ref->path; ref++) {
		size_t position;

		if (th_hook_member(point->hook, ref->path, &position) != TH_OK)
			goto failed;
		*ref->number = position;
	}
	return;
failed:
	zlog_err("tenterhook: %s: %s", point->name, th_error_message());
	th_outcome_free(point->outcome);
	th_args_free(point->args);
	th_hook_free(point->hook);
	point->outcome = NULL;
	point->args = NULL;
	point->hook = NULL;
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
		point_start(*point);
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
	for (struct th_point *const *point = th_points; *point; point++) {
		th_outcome_free((*point)->outcome);
		th_args_free((*point)->args);
		th_hook_free((*point)->hook);
		(*point)->outcome = NULL;
		(*point)->args = NULL;
		(*point)->hook = NULL;
	}
	th_scripts_fini();
	th_host_free(th_runtime);
	th_runtime = NULL;
	return 0;
}

int th_core_init(const char *daemon, const char *args, int (*late)(void))
{
	if (th_abi_version() != TH_ABI_VERSION) {
		fprintf(stderr, "%s: tenterhook: built for ABI %d, the library has %u\n", daemon, TH_ABI_VERSION,
			th_abi_version());
		return -1;
	}
	if (options(args))
		return -1;
	daemon_late = late;
	hook_register(frr_late_init, late_init);
	hook_register(frr_config_post, config_read);
	hook_register(frr_fini, fini);
	return 0;
}

/* ---- firing ---- */

struct th_point *th_point_by_name(const char *name)
{
	for (struct th_point *const *point = th_points; *point; point++)
		if (strmatch((*point)->name, name))
			return *point;
	return NULL;
}

bool th_point_active(const struct th_point *point)
{
	return point->hook && th_hook_active(point->hook);
}

struct th_args *th_point_start(struct th_point *point)
{
	if (!th_point_active(point))
		return NULL;
	point->started = now();
	return point->args;
}

struct th_args *th_point_begin(struct th_point *point)
{
	struct th_args *args = th_point_start(point);

	if (args)
		th_args_begin(args);
	return args;
}

/* Whether a line would not be logged, as one was less than a second ago. */
static bool is_quiet(const struct th_point *point, int64_t when)
{
	return point->logged && when - point->logged < 1000000000;
}

void th_point_warn(struct th_point *point, const char *format, ...)
{
	int64_t when = now();
	char text[1024];
	va_list ap;

	if (is_quiet(point, when)) {
		point->quiet++;
		return;
	}
	va_start(ap, format);
	vsnprintfrr(text, sizeof(text), format, ap);
	va_end(ap);
	/* Tracebacks have lines of their own; a log line does not. */
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ' ';
	if (point->quiet)
		zlog_warn("tenterhook: %s: %s (and %" PRIu64 " more since the last line)", point->name, text, point->quiet);
	else
		zlog_warn("tenterhook: %s: %s", point->name, text);
	point->quiet = 0;
	point->logged = when;
}

void th_point_fire(struct th_point *point, const char *only)
{
	size_t failures;

	point->fired++;
	if (th_invoke(point->args, only, point->outcome) != TH_OK) {
		th_point_warn(point, "%s", th_error_message());
		return;
	}
	failures = th_outcome_failures(point->outcome);
	if (!failures)
		return;
	point->failed += failures;
	/* Scripts that fail do so for every route: what happened is put in words only where it is logged. */
	if (is_quiet(point, now())) {
		point->quiet += failures;
		return;
	}
	for (size_t i = 0; i < failures; i++) {
		struct th_failure failure;
		const char *name = "no script";

		if (th_outcome_failure(point->outcome, i, &failure) != TH_OK)
			continue;
		for (struct th_script *script = th_scripts; script; script = script->next)
			if (script->id && script->id == failure.attachment)
				name = script->name;
		th_point_warn(point, "%s: %s (%s): %s", name, failure.denied ? "denied" : "fault", failure.cause,
			      failure.message);
	}
}

void th_point_end(struct th_point *point)
{
	uint64_t took = now() - point->started;

	point->nanoseconds += took;
	if (took > point->nanoseconds_max)
		point->nanoseconds_max = took;
}

bool th_point_get(struct th_point *point, uint32_t field, struct th_value *value)
{
	return th_outcome_get(point->outcome, field, value) == TH_OK;
}

bool th_point_get_int(struct th_point *point, uint32_t field, int64_t *number)
{
	struct th_value value;

	return th_point_get(point, field, &value) && th_value_int(value, number) == TH_OK;
}
