# SPDX-License-Identifier: GPL-2.0-or-later
"""vtysh has each command of the modules in its node, and no other; hook points are the daemons' own."""

import json
import re

from lab.report import check, equal, show

from .integrated import integrated

# Each node, and how one gets there.
NODES = {"enable": [], "config": ["configure terminal"], "route map": ["configure terminal", "route-map X permit 10"]}


def ours(listed):
    """Commands of ours in what `list` prints; hook points by their word in the grammar, whose names it has."""
    found = set()
    for line in listed.splitlines():
        command = line.strip()
        if "tenterhook" in command.split() or re.match(r"(no |\[no\] )?(match (zebra-)?|set )script\b", command):
            found |= spelled(re.sub(r"<[^>]*\.[^>]*>", "WORD", command))
    return found


def spelled(command):
    """A command with and without each word that may be missing."""
    optional = re.search(r"\[([^][]*)\] ?", command)
    if not optional:
        return {command.strip()}
    before, after = command[: optional.start()], command[optional.end() :]
    return spelled(f"{before}{optional.group(1)} {after}") | spelled(before + after)


def listed(daemon, way):
    for command in way:
        daemon.vty(command)
        if daemon.vty.status:
            # zebra 10 has no route maps of its own on its command line.
            daemon.vty("end")
            return ""
    try:
        return daemon.vty("list")
    finally:
        daemon.vty("end")


def run(env):
    with integrated(env, "commands", {}, modules=("bgpd", "zebra")) as router:
        shell = router.shell
        for node, way in NODES.items():
            theirs = set()
            for daemon in router.daemons:
                theirs |= ours(listed(daemon, way))
            known = ours(shell.run("-C", *(part for command in [*way, "list"] for part in ("-c", command))).stdout)
            check(f"the daemons have commands in the node {node}: {len(theirs)}", theirs)
            equal(f"vtysh has the same in the node {node}", sorted(known), sorted(theirs))
        points(router)
        helps(router)


def points(router):
    """Hook points that can be named in vtysh are those that the daemons have."""
    text = router.shell.run("-C", "-c", "configure terminal", "-c", "list").stdout
    for daemon, first in ((router.bgpd, "bgp."), (router.zebra, "zebra.")):
        has = sorted(daemon.vty.json("show tenterhook hooks json"))
        named = re.search(rf"^ *tenterhook attach <({re.escape(first)}[^>]*)>", text, re.M).group(1).split("|")
        equal(f"{daemon.name}'s hook points", sorted(named), has)


def helps(router):
    """Commands of several daemons are put to each; what they answer in JSON is one answer."""
    shell = router.shell
    both = json.loads(shell("show tenterhook hooks json"))
    check("show tenterhook hooks json has both daemons' hook points in one object",
          "bgp.process" in both and "zebra.rib_update" in both, sorted(both))
    stats = json.loads(shell("show tenterhook stats json"))
    check("so has show tenterhook stats json", "bgp.process" in stats["hooks"] and "zebra.rib_update" in stats["hooks"])
    text = shell("show tenterhook hooks")
    show("vtysh: show tenterhook hooks", text)
    check("as text, each under its daemon's name", text.index("bgpd:") < text.index("bgp.process") < text.index("zebra:"))
    reloaded = shell("tenterhook reload")
    equal("tenterhook reload", (shell.status, reloaded), (0, "bgpd:\nzebra:\n"))
    (router.bgpd.scripts / "seen.lua").write_text("function process(prefix) end")
    shell.run("-C", "-c", "configure terminal", "-c", "tenterhook attach bgp.process seen")
    check("vtysh -C changes nothing", "tenterhook attach" not in router.bgpd.vty("show running-config"))
    printed = shell("configure terminal", "tenterhook attach bgp.process seen")
    equal("a hook point of bgpd's is attached to, in bgpd", (shell.status, printed), (0, ""))
    check("bgpd has it, zebra does not", "tenterhook attach bgp.process seen" in router.bgpd.vty("show running-config")
          and "tenterhook attach" not in router.zebra.vty("show running-config"))
    printed = shell("configure terminal", "no tenterhook attach bgp.process seen")
    equal("it is detached again", (shell.status, printed), (0, ""))
    printed = shell("configure terminal", "tenterhook att bgp.proc seen", "no tenterhook att bgp.proc seen")
    equal("a hook point may be abbreviated", (shell.status, printed), (0, ""))
    printed = shell("configure terminal", "tenterhook attach bgp.processed seen")
    check("a hook point that is none is an unknown command", "Unknown command" in printed and shell.status == 1, printed)
