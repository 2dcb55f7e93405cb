// SPDX-License-Identifier: GPL-2.0-or-later
/* The host, as every part of the module reaches it, and what its threads leave to the daemon. */

#include <config.h>

#include <signal.h>

#include "zebra.h"

#include "tenterhook.h"

struct th_host *th_runtime;
char th_problem[512];

void th_signals_block(sigset_t *before)
{
	/* Those are for the thread that caused them; the sandbox takes some of them for traps. */
	static const int own[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGSYS};
	sigset_t most;

	sigfillset(&most);
	for (size_t i = 0; i < array_size(own); i++)
		sigdelset(&most, own[i]);
	pthread_sigmask(SIG_BLOCK, &most, before);
}

void th_signals_restore(const sigset_t *before)
{
	pthread_sigmask(SIG_SETMASK, before, NULL);
}
