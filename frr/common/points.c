// SPDX-License-Identifier: GPL-2.0-or-later
/* Hook points: what they are looked up by, firing one, and what is read and logged of the outcome. */

#include <config.h>

#include <stdarg.h>
#include <time.h>

#include "zebra.h"
#include "frrstr.h"
#include "log.h"
#include "printfrr.h"

#include "tenterhook.h"

struct th_point *const *th_points;

static int64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

void th_point_close(struct th_point *point)
{
	th_outcome_free(point->outcome);
	th_args_free(point->args);
	th_hook_free(point->hook);
	point->outcome = NULL;
	point->args = NULL;
	point->hook = NULL;
}

void th_point_open(struct th_point *point)
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
	th_point_close(point);
}

/* ---- firing ---- */

struct th_point *th_point_by_name(const char *name)
{
	struct th_point *only = NULL;
	unsigned int starting = 0;

	for (struct th_point *const *point = th_points; *point; point++) {
		if (strmatch((*point)->name, name))
			return *point;
		if (strncmp((*point)->name, name, strlen(name)))
			continue;
		only = *point;
		starting++;
	}
	/* As the words of commands may be. */
	return starting == 1 ? only : NULL;
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

/* An attachment that is looked for by its id, and the name that it has. */
struct named {
	uint64_t id;
	char name[65];
};

static void name_attachment(void *context, const struct th_attachment *of)
{
	struct named *named = context;

	if (of->id == named->id)
		strlcpy(named->name, of->name, sizeof(named->name));
}

bool th_point_fire(struct th_point *point, const char *only)
{
	size_t failures;

	point->fired++;
	if (th_invoke(point->args, only, point->outcome) != TH_OK) {
		th_point_warn(point, "%s", th_error_message());
		return false;
	}
	failures = th_outcome_failures(point->outcome);
	if (!failures)
		return true;
	point->failed += failures;
	/* Scripts that fail do so for every route: what happened is put in words only where it is logged. */
	if (is_quiet(point, now())) {
		point->quiet += failures;
		return true;
	}
	for (size_t i = 0; i < failures; i++) {
		struct th_failure failure;
		struct named of = {.name = "no script"};

		if (th_outcome_failure(point->outcome, i, &failure) != TH_OK)
			continue;
		of.id = failure.attachment;
		if (of.id)
			th_host_each_attachment(th_runtime, name_attachment, &of);
		th_point_warn(point, "%s: %s (%s): %s", of.name, failure.denied ? "denied" : "fault", failure.cause,
			      failure.message);
	}
	return true;
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
