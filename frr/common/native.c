// SPDX-License-Identifier: GPL-2.0-or-later
/* FRR's own scripting, where a daemon was built with it: Debian 13's are. It opens all of Lua's libraries, so that a script
 * has the daemon's files, processes and memory. A daemon with this module has no command that runs scripts in that way.
 */

#include <config.h>

#include "zebra.h"
#include "command.h"

#include "tenterhook.h"

void th_native_command_remove(enum node_type node, const char *string)
{
	struct cmd_node *of = vector_lookup(cmdvec, node);

	for (unsigned int i = 0; of && i < vector_active(of->cmd_vector); i++) {
		const struct cmd_element *command = vector_slot(of->cmd_vector, i);

		if (command && strmatch(command->string, string)) {
			uninstall_element(node, command);
			return;
		}
	}
}
