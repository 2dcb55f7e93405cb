// SPDX-License-Identifier: GPL-2.0-or-later
/* What vtysh is started with: its options, its environment. */

#include <config.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "addon.h"

bool th_dry_run;

/* As vtysh goes through its options: whether -C, --dryrun is among them. */
static bool is_dry_run(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *option = argv[i];

		if (!strcmp(option, "--"))
			return false;
		if (!strcmp(option, "--dryrun"))
			return true;
		if (option[0] != '-' || option[1] == '-')
			continue;
		for (const char *c = option + 1; *c; c++) {
			if (*c == 'C')
				return true;
			/* Those have an argument: the rest of this, or the next. */
			if (strchr("ecdfHN", *c)) {
				i += !c[1];
				break;
			}
		}
	}
	return false;
}

/* Takes this library out of LD_PRELOAD: what vtysh starts (pagers, shells, ssh) does not get it. */
static void leave_environment(void)
{
	const char *preload = getenv("LD_PRELOAD");
	char *rest, *at, *part;
	size_t used = 0;
	Dl_info self;

	if (!preload || !dladdr(&th_dry_run, &self) || !(at = strdup(preload)))
		return;
	rest = calloc(1, strlen(preload) + 1);
	if (!rest) {
		free(at);
		return;
	}
	for (char *all = at; (part = strsep(&all, ": "));)
		if (*part && strcmp(part, self.dli_fname))
			used += sprintf(rest + used, "%s%s", used ? ":" : "", part);
	if (used)
		setenv("LD_PRELOAD", rest, 1);
	else
		unsetenv("LD_PRELOAD");
	free(rest);
	free(at);
}

/* Constructors get what main gets. */
__attribute__((constructor)) static void loaded(int argc, char **argv)
{
	leave_environment();
	th_dry_run = is_dry_run(argc, argv);
}
