// SPDX-License-Identifier: GPL-2.0-or-later
/* tenterhook-vtysh: FRR's vtysh, with the modules' commands. It needs no rights of its own.
 *
 * Packages install it in the place of /usr/bin/vtysh as well, which is then /usr/bin/vtysh.frr (a diversion of dpkg), so that
 * what starts vtysh (FRR's scripts, frr-reload.py, people) gets it with the commands. TENTERHOOK_VTYSH=0 in the environment
 * starts vtysh as it is. Whatever is missing, vtysh starts; what then is lost is reported.
 *
 * Compiled with TH_MODULES (the folder of FRR's modules).
 */

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ADDON "vtysh_tenterhook.so"
/* What the package's diversion calls FRR's own. */
#define DIVERTED "vtysh.frr"

static struct stat self;

/* The folder that this program is in; empty where that cannot be told. */
static void own_folder(char *folder, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", folder, size - 1);
	char *slash;

	folder[length < 0 ? 0 : length] = '\0';
	slash = strrchr(folder, '/');
	if (slash)
		*slash = '\0';
	if (stat("/proc/self/exe", &self))
		memset(&self, 0, sizeof(self));
}

/* A program that is not this one. */
static bool is_other(const char *path)
{
	struct stat found;

	return !access(path, X_OK) && !stat(path, &found) && S_ISREG(found.st_mode) &&
	       !(found.st_dev == self.st_dev && found.st_ino == self.st_ino);
}

static bool find_vtysh(const char *folder, char *path, size_t size)
{
	const char *all = getenv("PATH");
	char *copy, *rest, *part;
	bool found = false;

	snprintf(path, size, "%s/%s", folder, DIVERTED);
	if (*folder && is_other(path))
		return true;
	snprintf(path, size, "/usr/bin/%s", DIVERTED);
	if (is_other(path))
		return true;
	rest = copy = strdup(all && *all ? all : "/usr/bin:/usr/local/bin");
	while (copy && !found && (part = strsep(&rest, ":"))) {
		snprintf(path, size, "%s/vtysh", *part ? part : ".");
		found = is_other(path);
	}
	free(copy);
	return found;
}

static bool find_addon(const char *folder, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", folder, ADDON);
	if (*folder && !access(path, R_OK))
		return true;
	snprintf(path, size, "%s/%s", TH_MODULES, ADDON);
	return !access(path, R_OK);
}

/* Why vtysh will not get the library; null where it will. */
static const char *problem(const char *vtysh, const char *addon, bool found)
{
	struct stat of;

	if (!found)
		return "its library for vtysh is missing or not readable";
	if (strpbrk(addon, ": "))
		return "the path of its library for vtysh has a colon or a space in it, which no LD_PRELOAD can have";
	if (!stat(vtysh, &of) && (((of.st_mode & S_ISUID) && of.st_uid != getuid()) ||
				  ((of.st_mode & S_ISGID) && of.st_gid != getgid())))
		return "vtysh is set-user-ID or set-group-ID, and gets no libraries of its caller's";
	return NULL;
}

static void preload(const char *addon)
{
	const char *before = getenv("LD_PRELOAD");
	char *both = malloc(strlen(addon) + (before ? strlen(before) : 0) + 2);

	if (!both)
		return;
	/* The library takes itself out again. */
	sprintf(both, "%s%s%s", addon, before && *before ? ":" : "", before ? before : "");
	setenv("LD_PRELOAD", both, 1);
	free(both);
}

int main(int argc, char **argv)
{
	const char *wanted = getenv("TENTERHOOK_VTYSH");
	char folder[PATH_MAX], vtysh[PATH_MAX + 16], addon[PATH_MAX + 32];
	const char *why;

	own_folder(folder, sizeof(folder));
	if (!find_vtysh(folder, vtysh, sizeof(vtysh))) {
		fprintf(stderr, "tenterhook-vtysh: there is no vtysh: expected /usr/bin/%s, or vtysh in PATH\n", DIVERTED);
		return 127;
	}
	if (!wanted || strcmp(wanted, "0")) {
		bool found = find_addon(folder, addon, sizeof(addon));

		why = problem(vtysh, addon, found);
		if (!why)
			preload(addon);
		else
			fprintf(stderr,
				"vtysh: tenterhook: %s (%s): its commands are unknown here. vtysh drops them from every "
				"configuration that it reads; an entry of a route map that loses `match script` matches every "
				"route\n",
				why, addon);
	}
	/* Its own name, but for a login shell's. */
	if (argc > 0 && argv[0][0] != '-')
		argv[0] = "vtysh";
	execv(vtysh, argv);
	fprintf(stderr, "tenterhook-vtysh: cannot start %s: %s\n", vtysh, strerror(errno));
	return 126;
}
