// SPDX-License-Identifier: GPL-2.0-or-later
/* The module that FRR loads: checks that it was built for this FRR, then loads the rest.
 *
 * FRR has no ABI. So this part uses nothing of FRR but the list of modules, which has been the same since modules exist: it
 * can be loaded by any FRR, and says in words that it will not work with this one.
 *
 * A daemon without what it was to load would run without the rules that scripts decide, and let everything through. So it
 * ends, unless the module is `optional`: then it has a module in its place that has the commands and matches nothing. It
 * ends here rather than by reporting failure to FRR, which would unload code that it goes on to use.
 *
 * Compiled with TH_DAEMON (the daemon's name) and TH_FRR_VERSION (the version whose headers were used).
 */

#include <config.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "module.h"

static int tenterhook_load(void);

FRR_MODULE_SETUP(.name = TH_DAEMON "_tenterhook", .version = TH_FRR_VERSION,
		 .description = "Tenterhook: sandboxed Lua hook points",
		 .init = tenterhook_load, );

/* The log is not set up yet: say it where the daemon is started, and in the system's log. */
static void say(const char *format, ...)
{
	char text[2 * PATH_MAX];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fprintf(stderr, TH_DAEMON ": tenterhook: %s\n", text);
	syslog(LOG_ERR, TH_DAEMON ": tenterhook: %s", text);
}

/* The version of libfrr and of the daemon, which come first in the list; null where both are what we need. */
static const char *other_version(void)
{
	for (struct frrmod_runtime *m = frrmod_list; m; m = m->next) {
		const char *name = m->info->name;

		if (strcmp(name, "libfrr") && strcmp(name, TH_DAEMON))
			continue;
		if (m->info->version && strcmp(m->info->version, TH_FRR_VERSION))
			return m->info->version;
	}
	return NULL;
}

/* Whether the options, separated by commas, have one of a name. */
static bool has_option(const char *args, const char *name)
{
	size_t length = strlen(name);

	for (const char *at = args; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (!strncmp(at, name, length) && (at[length] == ',' || !at[length]))
			return true;
	return false;
}

/* Whether structures and functions are those that this was compiled for: the numbers up to the second point are the same. */
static bool is_same_series(const char *version)
{
	size_t same = strcspn(TH_FRR_VERSION, ".");

	same += 1 + strcspn(TH_FRR_VERSION + same + 1, ".");
	return !strncmp(version, TH_FRR_VERSION, same) && (!version[same] || strchr(".-", version[same]));
}

/* A function of a file beside this one; null, and the reason, where there is none. Never unloaded: FRR keeps pointers into
 * modules.
 */
static void *find(const char *file, const char *function, char *reason, size_t size)
{
	char path[PATH_MAX];
	const char *slash;
	Dl_info self;
	void *handle, *found;

	if (!dladdr(THIS_MODULE->info, &self) || !(slash = strrchr(self.dli_fname, '/'))) {
		snprintf(reason, size, "cannot tell where it was loaded from");
		return NULL;
	}
	snprintf(path, sizeof(path), "%.*s/tenterhook/%s.so", (int)(slash - self.dli_fname), self.dli_fname, file);
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	found = handle ? dlsym(handle, function) : NULL;
	if (!found)
		snprintf(reason, size, "%s", dlerror());
	return found;
}

/* Starts the module; false, and the reason, where it does not. */
static bool start(const char *version, char *reason, size_t size)
{
	int (*function)(const char *args);

	if (version) {
		snprintf(reason, size, "built for FRR %s, this is FRR %s; build it for this version with `make frr`",
			 TH_FRR_VERSION, version);
		return false;
	}
	function = (int (*)(const char *))find(TH_DAEMON, "tenterhook_start", reason, size);
	if (!function)
		return false;
	snprintf(reason, size, "its options are not right, or its library is of another version; see above");
	return !function(THIS_MODULE->load_args);
}

static int tenterhook_load(void)
{
	const char *version = other_version();
	char reason[2 * PATH_MAX], more[PATH_MAX];
	int (*closed)(const char *reason);

	if (start(version, reason, sizeof(reason)))
		return 0;
	say("not started: %s", reason);
	if (!has_option(THIS_MODULE->load_args, "optional")) {
		say(TH_DAEMON " ends, as nothing would decide what scripts are to decide; with -M tenterhook:optional it runs, "
			      "and `match script` matches nothing");
		exit(EXIT_FAILURE);
	}
	if (version && !is_same_series(version)) {
		say(TH_DAEMON " ends although the module is optional: not even a rule that matches nothing can be had in this "
			      "version; remove the module to run without");
		exit(EXIT_FAILURE);
	}
	closed = (int (*)(const char *))find(TH_DAEMON "_closed", "tenterhook_closed", more, sizeof(more));
	if (!closed || closed(reason)) {
		say(TH_DAEMON " ends although the module is optional: %s", closed ? "no closed rules" : more);
		exit(EXIT_FAILURE);
	}
	say(TH_DAEMON " runs without it, as it is optional; what scripts would decide matches nothing");
	return 0;
}
