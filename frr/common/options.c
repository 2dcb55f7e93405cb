// SPDX-License-Identifier: GPL-2.0-or-later
/* What follows the module's name: `-M tenterhook:policy=DIR,…`. */

#include <config.h>

#include <ctype.h>

#include "zebra.h"

#include "tenterhook.h"

struct th_options th_options = {
	.policy = "/etc/frr/tenterhook",
	.scripts = "/etc/frr/scripts",
	.tenant = "frr",
	.state = "/var/lib/frr/tenterhook",
	.executors = "256",
};

/* Each reserves 4 GiB of the 128 TiB of address space that a process has. */
#define MOST_EXECUTORS 16384

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
		{"state=", th_options.state, sizeof(th_options.state)},
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
	/* The stub has read it. */
	if (!strcmp(text, "optional"))
		return 0;
	fprintf(stderr,
		"tenterhook: unknown option \"%s\": expected policy=DIR, scripts=DIR, tenant=NAME, cache=DIR, socket=PATH, state=DIR, executors=N or optional\n",
		text);
	return -1;
}

int th_options_read(const char *args)
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
