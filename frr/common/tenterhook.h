// SPDX-License-Identifier: GPL-2.0-or-later
/* What the modules of all daemons share.
 *
 *   core.c ──▶ cli.c ──▶ scripts.c ──▶ points.c ──▶ host.c     each needs those to its right, and none to its left
 *     └────────────────────┴────────────────────▶ options.c
 *
 *   core.c     the module's life: registered before the fork, the host started after it, freed at the end
 *   cli.c      show commands and reload
 *   scripts.c  which scripts are attached, and their configuration
 *   points.c   hook points: looked up, fired, closed
 *   host.c     the host, and what its threads leave to the daemon
 *   options.c  what follows the module's name
 *   native.c   FRR's own scripting, where a daemon was built with it
 *   map_rule.c `set script` or `match zebra-script` in route maps, where FRR's model of its configuration has no place for it
 *
 * stub.c is no part of them: FRR loads it, and it loads the rest. A daemon's own folder uses points.c and scripts.c, and its
 * module.c hands its hook points to core.c.
 *
 * Everything runs on the daemon's main thread.
 */
#ifndef TENTERHOOK_FRR_H
#define TENTERHOOK_FRR_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

#include "command.h"
#include "memory.h"
#include "vty.h"

#include <tenterhook.h>

/* versions/, the one of this FRR. */
#include TH_FRR_DIFFERENCES

DECLARE_MGROUP(TENTERHOOK);

/* A part of a hook point that is looked up by its path when the host starts. */
struct th_ref {
	const char *path;
	uint32_t *number;
};

struct th_script;

/* A hook point that the daemon fires. */
struct th_point {
	const char *name;
	/* Arguments, results, and members of what may change, that the daemon uses; each list ended by a null path. */
	const struct th_ref *slots;
	const struct th_ref *fields;
	const struct th_ref *members;
	/* What is to be done once another version of a script, or none, decides; null where that is nothing. */
	void (*changed)(const struct th_script *script);

	/* From the host; null before it has started. */
	struct th_hook *hook;
	struct th_args *args;
	struct th_outcome *outcome;

	/* Firings with something attached, and how long they took from the daemon's point of view: arguments, scripts,
	 * and reading what they change.
	 */
	uint64_t fired;
	uint64_t nanoseconds;
	uint64_t nanoseconds_max;
	int64_t started;
	/* Failed calls, and how many were not logged since the last that was. */
	uint64_t failed;
	uint64_t quiet;
	int64_t logged;
};

/* A script that is to be attached: named by route maps, by `tenterhook attach`, or both. */
struct th_script {
	struct th_script *next;
	struct th_point *point;
	char *name;
	/* Whether it is a name that a script can have; where it is none, the script is never attached. */
	bool named;
	/* Route map entries that name it. */
	unsigned int uses;
	/* Whether `tenterhook attach` names it. */
	bool configured;
	/* The host's id; 0 while it is not attached. */
	uint64_t id;
	/* Why it is not; empty where it is, or was detached by hand. */
	char problem[512];
};

/* Options, from -M: `-M tenterhook:policy=DIR,scripts=DIR,tenant=NAME,cache=DIR,socket=PATH,state=DIR,executors=N,optional`. */
struct th_options {
	char policy[256];
	char scripts[256];
	char tenant[65];
	char cache[256];
	char socket[256];
	char state[256];
	char executors[12];
};


/* core.c */
/* Called when the module is loaded, with the daemon's hook points, ended by null. */
extern int th_core_init(const char *daemon, struct th_point *const *points, const char *args, int (*late)(void));

/* points.c */
/* The daemon's hook points, ended by null. */
extern struct th_point *const *th_points;
/* A hook point by its name, or by a beginning that no other has. */
extern struct th_point *th_point_by_name(const char *name);
/* Looks a hook point up, once the host runs; what is wrong is logged, and no script is ever called there. */
extern void th_point_open(struct th_point *point);
extern void th_point_close(struct th_point *point);
/* Whether anything is attached. */
extern bool th_point_active(const struct th_point *point);
/* Starts a firing. The arguments, as the last firing left them; null where nothing is attached: then there is nothing to
 * do.
 */
extern struct th_args *th_point_start(struct th_point *point);
/* As th_point_start, with arguments that are empty. */
extern struct th_args *th_point_begin(struct th_point *point);
/* Fires, with attachments of the name `only` alone unless it is null. What scripts did wrong is logged;
 * false where none was asked, because of an error of the library.
 */
extern bool th_point_fire(struct th_point *point, const char *only);
/* The firing is over, changes and all. */
extern void th_point_end(struct th_point *point);
/* Logs a problem with a hook point, at most once a second. */
extern void th_point_warn(struct th_point *point, const char *format, ...) PRINTFRR(2, 3);
/* Reads a result or a change. */
extern bool th_point_get(struct th_point *point, uint32_t field, struct th_value *value);
extern bool th_point_get_int(struct th_point *point, uint32_t field, int64_t *number);

/* scripts.c */
extern struct th_script *th_scripts;
/* A script that a route map names. Whatever the name is: a script that cannot be is one that is never attached. */
extern struct th_script *th_script_use(struct th_point *point, const char *name);
/* Why the script of a name is not attached; null where it is, or not known yet. */
extern const char *th_script_problem(struct th_point *point, const char *name);
extern void th_script_release(struct th_script *script);
extern void th_scripts_attach_all(void);
/* Loads scripts again, all or those of a name; answers how many could not be. */
extern int th_scripts_reload(const char *name, struct vty *vty);
extern void th_scripts_init(void);
extern void th_scripts_fini(void);

/* native.c */
/* Removes a command of FRR's own scripting; where there is none, that is well. */
extern void th_native_command_remove(enum node_type node, const char *string);

/* map_rule.c */
struct route_map_rule_cmd;
/* A rule whose only argument is a script's name. */
struct th_map_rule {
	/* `set`, or else `match`. */
	bool is_set;
	const struct route_map_rule_cmd *rule;
	/* What keeps a script of the name from being called, for whoever configures it; null where nothing does. */
	const char *(*problem)(const char *name);
};
/* Installs the commands of a rule, and its lines in the configuration; one for each daemon. */
extern void th_map_rule_init(const struct th_map_rule *rule);
/* Has routes decided anew by every route map whose rule is compiled to the script: for a hook point's `changed`. */
extern void th_map_rule_changed(const struct th_script *script);

/* cli.c */
extern void th_cli_init(void);

/* host.c */
/* Null until the daemon has forked, and where it could not be set up. */
extern struct th_host *th_runtime;
/* Why it could not. */
extern char th_problem[512];
/* Threads that are made in between are left alone by signals that the daemon waits for. */
extern void th_signals_block(sigset_t *before);
extern void th_signals_restore(const sigset_t *before);

/* options.c */
extern struct th_options th_options;
/* Reads `args`, which may be null; what is wrong is printed. */
extern int th_options_read(const char *args);

#endif
