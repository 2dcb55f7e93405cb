# SPDX-License-Identifier: GPL-2.0-or-later
"""vtysh on a terminal: help with `?`, completion with Tab, the pager that it starts."""

from lab.report import check, eventually, say, show
from lab.shell import Terminal, wanting
from lab.version import has_scripting

from .integrated import frr_conf, integrated

TEXTS = {"no24": "function route_match() return { action = RM_MATCH } end"}


# Debian's vtysh has neither `start-shell` nor `ssh`: the pager is what it starts.
PAGER = "sh -c 'cat; echo preload=[$LD_PRELOAD]'"


def run(env):
    missing = wanting()
    if missing:
        say(f"  skipped: {missing}")
        return
    with integrated(env, "interactive", TEXTS) as router:
        router.boot(frr_conf("route-map IN permit 10\nexit\n!\n"))
        terminal = Terminal(router.shell, PAGER)
        try:
            sees(terminal, "a prompt", "FRRouting", "#")
            route_map(terminal)
            enable(terminal)
            pager(terminal)
        finally:
            terminal.close()


def sees(terminal, what, *texts):
    """Waits until the screen has each text; answers with it."""

    def there():
        screen = terminal.screen()
        return screen if all(text in screen for text in texts) else None

    try:
        return eventually(what, there, 10)
    except Exception:
        show("the screen", terminal.screen())
        raise


def line(terminal):
    """The line that is being typed."""
    return [row for row in terminal.screen().splitlines() if row.strip()][-1].rstrip()


def route_map(terminal):
    terminal.type("configure terminal", "Enter")
    terminal.type("route-map IN permit 10", "Enter")
    sees(terminal, "a route map's prompt", "(config-route-map)#")
    terminal.type("match scr", "Tab")
    eventually("Tab completes match script", lambda: line(terminal).endswith("match script"))
    terminal.type(" ?")
    # Where vtysh has the command itself, the help is FRR's.
    sees(terminal, "? after match script", "WORD", "without .lua")
    terminal.type("no24", "Enter")
    terminal.type("no match ?")
    screen = sees(terminal, "? after no match", "script", "Execute script" if has_scripting() else "Let a script decide")
    show("no match ?", "\n".join(row for row in screen.splitlines() if "script" in row))
    terminal.type("script no24", "Enter")
    terminal.type("exit", "Enter")
    terminal.type("tenterhook attach bgp.pr", "Tab")
    eventually("Tab completes a hook point", lambda: line(terminal).endswith("tenterhook attach bgp.process"))
    terminal.type(" ?")
    sees(terminal, "? after a hook point", "The script's name, without .lua")
    terminal.type("", "C-u")
    terminal.type("end", "Enter")


def enable(terminal):
    terminal.type("tenterhook ?")
    screen = sees(terminal, "? after tenterhook", "detach", "reload", "Read the policy and the scripts again")
    show("tenterhook ?", "\n".join(row for row in screen.splitlines() if row.startswith("  ")))
    terminal.type("detach ?")
    sees(terminal, "? lists the hook points", "bgp.route_match", "bgp.peer_status", "A session changes its state",
         "zebra.rib_update")
    terminal.type("", "C-u")
    terminal.type("show tenterhook ?")
    sees(terminal, "? after show tenterhook", "attachments", "hooks", "stats", "What scripts did, and what it cost")
    terminal.type("att", "Tab")
    eventually("Tab completes attachments", lambda: line(terminal).endswith("show tenterhook attachments"))
    terminal.type("", "Enter")
    sees(terminal, "the attachments", "hook point", "memory")


def pager(terminal):
    terminal.type("show version", "Enter")
    screen = sees(terminal, "the pager has no LD_PRELOAD of ours", "FRRouting", "preload=[]")
    check("nor is there an error of the loader's", "ld.so" not in screen)
