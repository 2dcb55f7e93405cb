# SPDX-License-Identifier: GPL-2.0-or-later
"""Integrated configuration: vtysh boots the daemons from one frr.conf, writes it, and reads it again."""

import os

from lab.report import check, equal, eventually, show
from lab.version import has_scripting, version

from .common import routes, settled
from .decisions import SIX
from .integrated import frr_conf, integrated

MAPS = """route-map IN permit 10
 match script six
 set weight 7
exit
!
"""
OBSERVE = "tenterhook attach bgp.process seen\n!\n"
TEXTS = {"six": SIX, "other": "function route_match() return { action = RM_NOMATCH } end",
         "seen": "function process(prefix) end"}
ACCEPTED = ["100.64.0.0/16", "100.65.0.0/16", "192.0.2.0/24", "203.0.113.0/24"]


def six(router):
    """Six prefixes in the first UPDATE messages of a session."""
    one = router.connect()[0]
    one.announce(["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"], med=50)
    one.announce(["100.64.0.0/16"], communities=["65002:1"])
    one.announce(["100.65.0.0/16"], communities=["65002:41", "65002:42"])
    one.announce(["100.66.0.0/16"])
    settled(router.bgpd, one)
    return sorted(routes(router.bgpd))


def run(env):
    with integrated(env, "vtysh", TEXTS) as router:
        boot(router)
        written(router)
        files(router)
        children(router)
    cut(env)
    other(env)


def boot(router):
    done = router.boot(frr_conf(OBSERVE + MAPS))
    equal("vtysh -b takes frr.conf as it is", (done.returncode, done.stderr), (0, ""))
    equal("routes are as the script says, from the first UPDATE on", six(router), ACCEPTED)
    equal("with what is set behind it", routes(router.bgpd)["203.0.113.0/24"]["weight"], 7)
    text = router.shell("show tenterhook stats json")
    check("the module is in bgpd alone: show tenterhook works", '"bgp.route_match"' in text, text)


def written(router):
    """`write memory`, a restart, the same again."""
    shell = router.shell
    before = shell.running()
    show("show running-config", "\n".join(before))
    check("show running-config has both lines", " match script six" in before and
          "tenterhook attach bgp.process seen" in before)
    printed = shell("write memory")
    check("write memory", shell.status == 0 and "[OK]" in printed, printed)
    text = shell.config.read_text()
    show("frr.conf", text)
    check("frr.conf has them", "\n match script six\n" in text and "tenterhook attach bgp.process seen\n" in text)
    router.restart()
    done = router.boot()
    equal("vtysh -b takes what it wrote", (done.returncode, done.stderr), (0, ""))
    equal("show running-config is what it was", shell.running(), before)
    # What is written has the neighbors before the route maps, which they find seconds later; until then, they take nothing.
    six(router)
    eventually("so is what becomes of routes", lambda: sorted(routes(router.bgpd)) == ACCEPTED)


def files(router):
    shell = router.shell
    done = shell.run("-C", "-f", str(shell.config))
    equal("vtysh -C -f finds nothing wrong", (done.returncode, done.stderr), (0, ""))
    wrong = shell.folder / "wrong.conf"
    wrong.write_text("route-map IN permit 10\n match scrip six\n match scropt six\nexit\n")
    done = shell.run("-C", "-f", str(wrong))
    check("vtysh -C -f names the line of a command that is none, and takes an abbreviated one",
          "line 3: % Unknown command" in done.stderr and "line 2" not in done.stderr, done.stderr)
    more = shell.folder / "more.conf"
    more.write_text("route-map MORE permit 10\n match script other\nexit\n")
    done = shell.run("-f", str(more))
    equal("vtysh -f", (done.returncode, done.stderr), (0, ""))
    check("it is in force", "route-map MORE permit 10\n match script other\n" in router.bgpd.vty("show running-config"))
    printed = shell("configure terminal", "route-map MORE permit 10", "no match script other", "end", "show running-config")
    check("vtysh -c: no match script NAME", shell.status == 0 and "match script other" not in printed, printed)
    printed = shell("configure terminal", "route-map MORE permit 10", "match script other", "no match script")
    check("vtysh -c: no match script", (shell.status, printed) == (0, ""), printed)
    shell("configure terminal", "no route-map MORE")
    check("it is gone", "MORE" not in router.bgpd.vty("show running-config"))


def children(router):
    """What vtysh starts gets the environment that vtysh got."""
    shell = router.shell
    told = shell.folder / "told"
    program = shell.folder / "bin" / "ping"
    program.write_text(f"#!/bin/sh\nenv >{told}\n")
    program.chmod(0o755)
    path = f"{program.parent}:{os.environ['PATH']}"
    for before in ({}, {"LD_PRELOAD": "libm.so.6"}):
        done = shell.run("-c", "ping 192.0.2.1", PATH=path, **before)
        equal("a child is started", done.returncode, 0)
        environment = dict(line.split("=", 1) for line in told.read_text().splitlines() if "=" in line)
        equal(f"its LD_PRELOAD, where vtysh's caller has {before or 'none'}", environment.get("LD_PRELOAD"),
              before.get("LD_PRELOAD"))
        check("nothing else of it knows us", not any("tenterhook" in value and name not in ("PATH", "HOME", "PWD", "OLDPWD")
                                                     for name, value in environment.items()), str(environment))


def cut(env):
    """The same frr.conf where vtysh is as packaged: what it prints, and what is left."""
    with integrated(env, "vtysh-cut", TEXTS, start="/usr/bin/vtysh") as router:
        done = router.boot(frr_conf(OBSERVE + MAPS))
        show("vtysh -b, as packaged", done.stdout + done.stderr)
        # vtysh knows FRR's own `match script`, where it has one.
        dropped = ["tenterhook attach bgp.process seen"] + ["match script six"] * (not has_scripting())
        for command in dropped:
            check(f"it names what it drops: {command}", any("Unknown command" in line and command in line for line in done.stderr.splitlines()),
                  done.stderr)
        check("and ends with a failure", done.returncode != 0, str(done.returncode))
        equal("the entry has its match", "match script" in router.bgpd.vty("show running-config"), has_scripting())


def other(env):
    """vtysh of another FRR than the library was built for, and no library: reported, and vtysh works."""
    if not env.other:
        return
    other = env.other.resolve()
    with integrated(env, "vtysh-other", TEXTS, start=other / "tenterhook-vtysh") as router:
        shell = router.shell
        done = shell.run("-c", "show version")
        show("vtysh of another version", done.stderr)
        check("it says for which version it was built, and what is dropped",
              f"built for FRR 99.9, this is FRR {version()[0]}." in done.stderr and "matches every route" in done.stderr, done.stderr)
        check("vtysh works", done.returncode == 0 and "FRRouting" in done.stdout, done.stdout)
        check("without our commands", "Unknown command" in shell("show tenterhook stats"))
        alone = shell.folder / "bin" / "tenterhook-vtysh"
        alone.write_bytes((other / "tenterhook-vtysh").read_bytes())
        alone.chmod(0o755)
        shell.use(alone)
        done = shell.run("-c", "show version")
        check("a missing library is reported, and vtysh works",
              "missing or not readable" in done.stderr and "FRRouting" in done.stdout, done.stderr)
        done = shell.run("-c", "show version", TENTERHOOK_VTYSH="0")
        equal("TENTERHOOK_VTYSH=0 starts vtysh as it is", (done.returncode, done.stderr), (0, ""))
