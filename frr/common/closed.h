// SPDX-License-Identifier: GPL-2.0-or-later
/* What a daemon has in place of a module that did not start: closed.c here, and one of the daemon's own. */
#ifndef TENTERHOOK_CLOSED_H
#define TENTERHOOK_CLOSED_H

#include "common/tenterhook.h"

/* Why the module did not start. */
extern char th_closed_reason[512];
/* Whether the configuration attaches a script to a hook point. */
extern bool th_closed_attaches(const char *hook);
extern void th_closed_start(const char *reason, void (*late)(void));

/* What the stub calls, while the daemon loads its modules. */
extern int tenterhook_closed(const char *reason);

#endif
