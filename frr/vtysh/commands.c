// SPDX-License-Identifier: GPL-2.0-or-later
/* The modules' commands, as elements of vtysh's own tree. */

#include <config.h>

#include <dirent.h>

#include "zebra.h"
#include "command.h"
#include "command_graph.h"
#include "graph.h"
#include "json.h"
#include "memory.h"
#include "vtysh/vtysh.h"

/* versions/, the one of this FRR. */
#include TH_FRR_DIFFERENCES

#include "common/commands.h"

#include "addon.h"

/* ---- commands that are asked of every daemon that has the module ---- */

/* The line as the daemons parse it, in full where it was abbreviated. */
static int asked(const struct cmd_element *self, struct vty *vty, int argc, struct cmd_token *argv[]);

/* ---- the elements ---- */

struct element {
	enum node_type node;
	/* What a command is ASKED of; 0 for those that are SENT. */
	int asked_of;
	struct cmd_element element;
};

#define SENT(symbol, where, daemons, command, help)                                                                    \
	static char symbol##_command[] = command;
#define ASKED SENT
TH_COMMANDS(SENT, ASKED)
#undef SENT
#undef ASKED

#define SENT(symbol, where, daemons, command, help)                                                                    \
	{                                                                                                              \
		.node = where,                                                                                         \
		.element = {.string = symbol##_command, .doc = help, .daemon = daemons, .name = #symbol},              \
	},
#define ASKED(symbol, where, daemons, command, help)                                                                   \
	{                                                                                                              \
		.node = where,                                                                                         \
		.asked_of = daemons,                                                                                   \
		.element = {.string = symbol##_command, .doc = help, .func = asked, .name = #symbol},                  \
	},
static struct element elements[] = {TH_COMMANDS(SENT, ASKED)};
#undef SENT
#undef ASKED

static int asked(const struct cmd_element *self, struct vty *vty, int argc, struct cmd_token *argv[])
{
	char line[VTY_BUFSIZ] = "";
	bool json = false;
	int of = 0;

	for (size_t i = 0; i < array_size(elements); i++)
		if (self == &elements[i].element)
			of = elements[i].asked_of;
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i]->type == WORD_TKN ? argv[i]->text : argv[i]->arg;

		json = json || strmatch(word, "json");
		if (i && strlcat(line, " ", sizeof(line)) >= sizeof(line))
			return CMD_WARNING;
		if (strlcat(line, word, sizeof(line)) >= sizeof(line)) {
			vty_out(vty, "%% the line is too long\n");
			return CMD_WARNING;
		}
	}
	if (th_dry_run)
		return CMD_SUCCESS;
	return th_ask(vty, of, line, json);
}

/* Whether vtysh has a command of its own. */
static bool has_native(enum node_type node, const char *string)
{
	const struct cmd_node *of = vector_lookup(cmdvec, node);

	for (unsigned int i = 0; of && i < vector_active(of->cmd_vector); i++) {
		const struct cmd_element *element = vector_slot(of->cmd_vector, i);

		if (element && strmatch(element->string, string))
			return true;
	}
	return false;
}

static void dots(char *text)
{
	for (; text && *text; text++)
		if (*text == '*')
			*text = '.';
}

/* In hook points stars stand for dots, until FRR has parsed the commands. */
static void put_dots(struct cmd_node *node)
{
	/* Where vtysh leaves trees for later, ours is needed now. */
	cmd_finalize_node(node);
	for (unsigned int i = 0; i < vector_active(node->cmdgraph->nodes); i++) {
		const struct graph_node *at = vector_slot(node->cmdgraph->nodes, i);
		struct cmd_token *token = at ? at->data : NULL;

		if (token && token->type == WORD_TKN && (!strncmp(token->text, "bgp*", 4) || !strncmp(token->text, "zebra*", 6)))
			dots(token->text);
	}
}

/* ---- completion ---- */

/* The scripts where they are unless an option of the module says otherwise, which vtysh does not know. */
static void complete_script(vector out, struct cmd_token *token)
{
	const struct dirent *entry;
	DIR *scripts;

	scripts = opendir(SCRIPT_PATH);
	while (scripts && (entry = readdir(scripts))) {
		size_t length = strlen(entry->d_name);

		if (length > 4 && entry->d_name[0] != '.' && !strcmp(entry->d_name + length - 4, ".lua"))
			vector_set(out, XSTRDUP(MTYPE_COMPLETION, entry->d_name));
		else
			continue;
		((char *)vector_slot(out, vector_active(out) - 1))[length - 4] = '\0';
	}
	if (scripts)
		closedir(scripts);
}

static const struct cmd_variable_handler handlers[] = {
	{.varname = "script", .completions = complete_script},
	{.completions = NULL},
};

void th_commands_init(void)
{
	/* Where FRR was built with scripting. vtysh sends the line to bgpd as it is, whose module has put its own command in the
	 * place of FRR's; two of one kind are ambiguous, and FRR 10 compiles vtysh's own into a tree that cannot be changed.
	 */
	bool native = has_native(RMAP_NODE, NATIVE_MATCH_SCRIPT);

	for (size_t i = 0; i < array_size(elements); i++) {
		struct cmd_element *element = &elements[i].element;
		struct cmd_node *node = vector_lookup(cmdvec, elements[i].node);

		if (!node || (native && strmatch(element->string, MATCH_SCRIPT)))
			continue;
		if (native && strmatch(element->string, NO_MATCH_SCRIPT)) {
			element->string = NO_MATCH_ANY_SCRIPT;
			element->doc = NO_MATCH_ANY_SCRIPT_STR;
		}
		_install_element(elements[i].node, element);
		if (!strchr(element->string, '*'))
			continue;
		put_dots(node);
		dots((char *)element->string);
	}
	cmd_variable_handler_register(handlers);
}
