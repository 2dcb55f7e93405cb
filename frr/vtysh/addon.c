// SPDX-License-Identifier: GPL-2.0-or-later
/* What vtysh is started with so that it knows the modules' commands: a library, loaded through LD_PRELOAD by wrapper.c.
 *
 * vtysh calls vty_init_vtysh, a function of libfrr that does nothing yet, once all its nodes are there. The one defined here
 * comes first, adds the commands and calls libfrr's.
 *
 * FRR has no ABI: with another version than it was built for, this adds nothing and reports that. Until the versions have
 * been compared, it uses nothing of FRR but the list of modules, as the daemons' stub does.
 *
 * Compiled with TH_FRR_VERSION (the version whose headers were used).
 */

#include <config.h>

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include "module.h"

#include "addon.h"

#define EXPORTED __attribute__((visibility("default")))

/* The version of libfrr, which comes first in the list; null where there is none to be found. */
static const char *frr_version(void)
{
	struct frrmod_runtime **list = dlsym(RTLD_DEFAULT, "frrmod_list");

	for (struct frrmod_runtime *m = list ? *list : NULL; m; m = m->next)
		if (!strcmp(m->info->name, "libfrr"))
			return m->info->version;
	return NULL;
}

extern void vty_init_vtysh(void);

EXPORTED void vty_init_vtysh(void)
{
	const char *version = frr_version();
	void (*next)(void) = (void (*)(void))dlsym(RTLD_NEXT, "vty_init_vtysh");

	if (version && !strcmp(version, TH_FRR_VERSION))
		th_commands_init();
	else
		fprintf(stderr,
			"vtysh: tenterhook: built for FRR %s, this is FRR %s: its commands are unknown here. vtysh drops them from "
			"every configuration that it reads; an entry of a route map that loses `match script` matches every "
			"route. Install Tenterhook for this version\n",
			TH_FRR_VERSION, version ? version : "of a version that it does not say");
	if (next)
		next();
}
