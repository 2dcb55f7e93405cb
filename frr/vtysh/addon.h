// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of the library that vtysh is started with.
 *
 *   addon.c        FRR's version, and the place where vtysh calls in
 *   commands.c     the elements, made from common/commands.h
 *   ask.c          commands that are put to each daemon that has the module
 *   environment.c  options and environment variables
 *
 *   wrapper.c      is the program that starts vtysh with all that
 */
#ifndef TENTERHOOK_VTYSH_ADDON_H
#define TENTERHOOK_VTYSH_ADDON_H

#include <stdbool.h>
#include <stdlib.h>

struct vty;

/* FRR's data. Undefined symbols of functions are looked up when they are called, but those of data when the library is loaded:
 * with a version that lacks one, vtysh would not start.
 */
#pragma weak cmdvec
#pragma weak vtydir
#pragma weak MTYPE_COMPLETION

/* commands.c */
extern void th_commands_init(void);

/* environment.c */
/* Whether vtysh was started to look at configuration only (-C). */
extern bool th_dry_run;

/* ask.c */
/* Puts a command to the daemons whose vtysh bits are set; answers as a command does. */
extern int th_ask(struct vty *vty, int daemons, const char *command, bool json);

#endif
