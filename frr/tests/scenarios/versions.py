# SPDX-License-Identifier: GPL-2.0-or-later
"""7. A module built for another FRR is refused when it is loaded; bgpd runs on without it."""

from lab.daemon import Daemon
from lab.report import check, eventually, say, show


def run(env):
    if not env.other:
        say("  no modules for another version were built")
        return
    folder = env.folder / "versions"
    folder.mkdir()
    bgpd = Daemon(env.lab, "bgpd", folder, "router bgp 65001\n bgp router-id 10.0.0.1", env.other.resolve(),
                  extra=["-Z", "-n"])
    try:
        printed = bgpd.printed()
        show("what bgpd prints", printed)
        check("it says what does not fit", "built for FRR 99.9, this is FRR" in printed and "not loaded" in printed)
        check("bgpd runs on", bgpd.alive() and "65001" in bgpd.vty("show running-config"))
        check("without our commands", "Unknown command" in bgpd.vty("show tenterhook hooks"))
    finally:
        bgpd.stop()
    missing(env)


def missing(env):
    """Options that are none, a policy that is broken: said, and bgpd runs on."""
    folder = env.folder / "versions-policy"
    folder.mkdir()
    bgpd = Daemon(env.lab, "bgpd", folder, "router bgp 65001", env.modules, policy="defaults.fule = 1\n",
                  extra=["-Z", "-n"])
    try:
        said = eventually("bgpd's log tells of a broken policy",
                          lambda: [line for line in bgpd.logged().splitlines() if "tenterhook" in line])
        show("log", "\n".join(said))
        check("it names file, line and key", "policy.toml:1:10: defaults.fule: unknown key" in said[0])
        check("bgpd runs on", bgpd.alive() and "policy.toml:1:10" in bgpd.vty("show tenterhook stats"))
    finally:
        bgpd.stop()
    options(env)


def options(env):
    """A number of executors that is none: said where bgpd is started, with what was expected."""
    for number, executors in enumerate(["0", "-1", "many", "16385", "99999999999", "8x"]):
        folder = env.folder / f"versions-options-{number}"
        folder.mkdir()
        bgpd = Daemon(env.lab, "bgpd", folder, "router bgp 65001", env.modules, options=f"executors={executors}",
                      extra=["-Z", "-n"])
        try:
            expected = f"executors={executors}: expected a number from 1 to 16384"
            check(f"executors={executors} is refused", expected in bgpd.printed(), bgpd.printed())
            check("bgpd runs on", bgpd.alive() and "65001" in bgpd.vty("show running-config"))
        finally:
            bgpd.stop()
