// SPDX-License-Identifier: GPL-2.0-or-later
/* The commands: what the daemons define and what vtysh has to know about them.
 *
 * vtysh does not learn commands from daemons: it has its own list, and drops configuration lines that are not on it. Both
 * lists are made from this file. tests/scenarios/commands.py compares what the daemons and vtysh then say that they have.
 */
#ifndef TENTERHOOK_FRR_COMMANDS_H
#define TENTERHOOK_FRR_COMMANDS_H

/* Whether zebra's route maps take rules of modules. */
#include TH_FRR_DIFFERENCES

#define TENTERHOOK_STR "Sandboxed Lua hook points\n"
#define SCRIPT_STR "The script's name, without .lua\n"
#define HOOK_STR "The hook point, such as bgp.process\n"

/* Hook points as alternatives of a command, and a line of help for each. FRR's grammar has no dot in a keyword: a star stands
 * for it until the command is parsed.
 */
#define BGPD_HOOKS \
	"<bgp*route_match|bgp*route_set|bgp*process|bgp*peer_open|bgp*peer_status|bgp*rpki_prefix_status>"
#define BGPD_HOOKS_STR                                                                                                 \
	"A route map's entry with `match script` is applied\n"                                                         \
	"A route map's entry with `set script` has matched\n"                                                          \
	"A route was learned, changed or withdrawn\n"                                                                  \
	"A peer opens a session\n"                                                                                     \
	"A session changes its state\n"                                                                                \
	"RPKI is consulted about a route\n"
#ifdef TH_ZEBRA_MAP_OBJECT
#define ZEBRA_NEXT_HOP_MATCH "zebra*next_hop_match|"
#define ZEBRA_NEXT_HOP_MATCH_STR "A route map's entry with `match zebra-script` is applied\n"
#else
#define ZEBRA_NEXT_HOP_MATCH
#define ZEBRA_NEXT_HOP_MATCH_STR
#endif
#define ZEBRA_HOOKS                                                                                                    \
	"<" ZEBRA_NEXT_HOP_MATCH "zebra*rib_update|zebra*interface_add|zebra*interface_del|zebra*interface_up|zebra*interface_down>"
#define ZEBRA_HOOKS_STR                                                                                                \
	ZEBRA_NEXT_HOP_MATCH_STR                                                                                          \
	"The routing table changes\n"                                                                                  \
	"An interface is added\n"                                                                                      \
	"An interface is removed\n"                                                                                    \
	"An interface goes up\n"                                                                                       \
	"An interface goes down\n"

#define SHOW_HOOKS "show tenterhook hooks [json]"
#define SHOW_HOOKS_STR SHOW_STR TENTERHOOK_STR "Hook points that scripts can be attached to\n" JSON_STR

#define SHOW_ATTACHMENTS "show tenterhook attachments [json]"
#define SHOW_ATTACHMENTS_STR SHOW_STR TENTERHOOK_STR "Scripts that are attached\n" JSON_STR

#define SHOW_STATS "show tenterhook stats [json]"
#define SHOW_STATS_STR SHOW_STR TENTERHOOK_STR "What scripts did, and what it cost\n" JSON_STR

#define RELOAD "tenterhook reload [WORD$script]"
#define RELOAD_STR TENTERHOOK_STR "Read the policy and the scripts again\nOne script, without .lua\n"

#define ATTACH(hooks) "tenterhook attach " hooks " WORD$script"
#define ATTACH_STR(hooks) TENTERHOOK_STR "Attach a script of the script directory\n" hooks SCRIPT_STR
#define NO_ATTACH(hooks) "no " ATTACH(hooks)
#define NO_ATTACH_STR(hooks) NO_STR ATTACH_STR(hooks)

#define DETACH(hooks) "tenterhook detach " hooks " WORD$script"
#define DETACH_STR(hooks)                                                                                              \
	TENTERHOOK_STR "Detach a script until it is reloaded; the configuration stays\n" hooks SCRIPT_STR

#define MATCH_SCRIPT "match script WORD"
#define MATCH_SCRIPT_STR MATCH_STR "Let a script decide\n" SCRIPT_STR
#define NO_MATCH_SCRIPT "no match script [WORD]"
#define NO_MATCH_SCRIPT_STR NO_STR MATCH_SCRIPT_STR

#define SET_SCRIPT "set script WORD"
#define SET_SCRIPT_STR SET_STR "Let a script change the route\n" SCRIPT_STR
#define NO_SET_SCRIPT "no set script [WORD]"
#define NO_SET_SCRIPT_STR NO_STR SET_SCRIPT_STR

/* Not `match script`: vtysh would send that to bgpd as well, and bgpd's to a zebra that may not have the module. */
#define MATCH_ZEBRA_SCRIPT "match zebra-script WORD"
#define MATCH_ZEBRA_SCRIPT_STR MATCH_STR "Let a script decide in zebra\n" SCRIPT_STR
#define NO_MATCH_ZEBRA_SCRIPT "no match zebra-script [WORD]"
#define NO_MATCH_ZEBRA_SCRIPT_STR NO_STR MATCH_ZEBRA_SCRIPT_STR

/* FRR's own, where it was built with scripting. bgpd's module removes it; vtysh's is left, and gets what it lacks. */
#define NATIVE_MATCH_SCRIPT "[no] match script WORD"
#define NO_MATCH_ANY_SCRIPT "no match script"
#define NO_MATCH_ANY_SCRIPT_STR NO_STR MATCH_STR "Let a script decide\n"

#ifdef TH_ZEBRA_MAP_OBJECT
#define TH_ZEBRA_MAP_COMMANDS(SENT)                                                                                    \
	SENT(match_zebra_script, RMAP_NODE, VTYSH_ZEBRA, MATCH_ZEBRA_SCRIPT, MATCH_ZEBRA_SCRIPT_STR)                   \
	SENT(no_match_zebra_script, RMAP_NODE, VTYSH_ZEBRA, NO_MATCH_ZEBRA_SCRIPT, NO_MATCH_ZEBRA_SCRIPT_STR)
#else
#define TH_ZEBRA_MAP_COMMANDS(SENT)
#endif

/* What vtysh needs of each: a name, the node, the daemons, the command, its help. A command of several daemons is ASKED of
 * each that has the module; others are SENT, as vtysh sends the daemons' own.
 */
#define TH_COMMANDS(SENT, ASKED)                                                                                       \
	ASKED(show_hooks, VIEW_NODE, VTYSH_BGPD | VTYSH_ZEBRA, SHOW_HOOKS, SHOW_HOOKS_STR)                             \
	ASKED(show_attachments, VIEW_NODE, VTYSH_BGPD | VTYSH_ZEBRA, SHOW_ATTACHMENTS, SHOW_ATTACHMENTS_STR)           \
	ASKED(show_stats, VIEW_NODE, VTYSH_BGPD | VTYSH_ZEBRA, SHOW_STATS, SHOW_STATS_STR)                             \
	ASKED(reload, ENABLE_NODE, VTYSH_BGPD | VTYSH_ZEBRA, RELOAD, RELOAD_STR)                                       \
	SENT(bgpd_detach, ENABLE_NODE, VTYSH_BGPD, DETACH(BGPD_HOOKS), DETACH_STR(BGPD_HOOKS_STR))                     \
	SENT(zebra_detach, ENABLE_NODE, VTYSH_ZEBRA, DETACH(ZEBRA_HOOKS), DETACH_STR(ZEBRA_HOOKS_STR))                 \
	SENT(bgpd_attach, CONFIG_NODE, VTYSH_BGPD, ATTACH(BGPD_HOOKS), ATTACH_STR(BGPD_HOOKS_STR))                     \
	SENT(bgpd_no_attach, CONFIG_NODE, VTYSH_BGPD, NO_ATTACH(BGPD_HOOKS), NO_ATTACH_STR(BGPD_HOOKS_STR))            \
	SENT(zebra_attach, CONFIG_NODE, VTYSH_ZEBRA, ATTACH(ZEBRA_HOOKS), ATTACH_STR(ZEBRA_HOOKS_STR))                 \
	SENT(zebra_no_attach, CONFIG_NODE, VTYSH_ZEBRA, NO_ATTACH(ZEBRA_HOOKS), NO_ATTACH_STR(ZEBRA_HOOKS_STR))        \
	SENT(match_script, RMAP_NODE, VTYSH_BGPD, MATCH_SCRIPT, MATCH_SCRIPT_STR)                                      \
	SENT(no_match_script, RMAP_NODE, VTYSH_BGPD, NO_MATCH_SCRIPT, NO_MATCH_SCRIPT_STR)                             \
	SENT(set_script, RMAP_NODE, VTYSH_BGPD, SET_SCRIPT, SET_SCRIPT_STR)                                            \
	SENT(no_set_script, RMAP_NODE, VTYSH_BGPD, NO_SET_SCRIPT, NO_SET_SCRIPT_STR)                                   \
	TH_ZEBRA_MAP_COMMANDS(SENT)

#endif
