// SPDX-License-Identifier: GPL-2.0-or-later
/* What a daemon has in place of a module that did not start: closed.c here, and one of the daemon's own. */
#ifndef TENTERHOOK_CLOSED_H
#define TENTERHOOK_CLOSED_H

#include "routemap.h"

#include "common/tenterhook.h"

/* Why the module did not start. */
extern char th_closed_reason[512];
/* Whether the configuration attaches a script to a hook point. */
extern bool th_closed_attaches(const char *hook);
extern void th_closed_start(const char *reason, void (*late)(void));

/* The functions of a rule of a route map that never matches. */
extern enum route_map_cmd_result_t th_closed_no_match(void *rule, const struct prefix *prefix, void *object);
extern void *th_closed_compile(const char *name);
extern void th_closed_release(void *rule);
/* What keeps each script from deciding. */
extern const char *th_closed_problem(const char *name);

/* What the stub calls, while the daemon loads its modules. */
extern int tenterhook_closed(const char *reason);

#endif
