// SPDX-License-Identifier: GPL-2.0-or-later
/* The module that FRR loads: checks that it was built for this FRR, then loads the rest.
 *
 * FRR has no ABI, and a daemon that cannot load a module exits. So this part uses nothing of FRR but the list of
 * modules, which has been the same since modules exist: it can be loaded by any FRR, and says in words that it will not
 * work with this one. It never reports failure to FRR: FRR would exit, or unload code that it goes on to use.
 *
 * Compiled with TH_DAEMON (the daemon's name) and TH_FRR_VERSION (the version whose headers were used).
 */

#include <config.h>

#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
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

static int tenterhook_load(void)
{
	const char *version = other_version();
	char path[PATH_MAX];
	const char *slash;
	Dl_info self;
	void *handle;
	int (*start)(const char *args);

	if (version) {
		say("built for FRR %s, this is FRR %s: not loaded; build it for this version with `make frr`",
		    TH_FRR_VERSION, version);
		return 0;
	}
	if (!dladdr(THIS_MODULE->info, &self) || !(slash = strrchr(self.dli_fname, '/'))) {
		say("cannot tell where it was loaded from: not loaded");
		return 0;
	}
	snprintf(path, sizeof(path), "%.*s/tenterhook/%s.so", (int)(slash - self.dli_fname), self.dli_fname,
		 TH_DAEMON);
	/* Never unloaded: FRR keeps pointers into modules. */
	handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	start = handle ? (int (*)(const char *))dlsym(handle, "tenterhook_start") : NULL;
	if (!start) {
		say("%s: not loaded", dlerror());
		return 0;
	}
	if (start(THIS_MODULE->load_args))
		say("not started");
	return 0;
}
