# SPDX-License-Identifier: GPL-2.0-or-later
"""15. zebra's route maps: `match zebra-script` decides about each next hop of bgpd's routes, and lets in nothing when it fails."""

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import Speaker
from lab.version import version

from .common import bgp_config, connect, peer_asn, settled

ZEBRA = """
zebra route-map delay-timer 1
route-map BGP permit 10
 match zebra-script pick
exit
ip protocol bgp route-map BGP
ipv6 protocol bgp route-map BGP
"""

PICK = """
function next_hop_match(prefix, protocol, instance, vrf, table, metric, tag, next_hop, interface)
    log.info(table.concat({ "asked", prefix.network, protocol, instance, vrf, number, metric, tag,
        next_hop.gateway.string, interface }, " "))
    if prefix.network == "20.9.0.0/24" then error("a script that fails") end
    if prefix.network == "20.8.0.0/24" then while true do end end
    if prefix.network == "20.7.0.0/24" then return end
    if prefix.network == "20.6.0.0/24" then return { action = RM_FAILURE } end
    return { action = prefix.length <= %d and next_hop.gateway.string ~= "10.0.0.3" and RM_MATCH or RM_NOMATCH }
end
"""

# `table` is Lua's library, until the argument takes its name.
PICK = "local library = table\n" + PICK.replace("table.concat", "library.concat").replace(" number,", " table,")

TAGGED = "route-map TAG permit 10\n set tag 77\nexit"


def run(env):
    if version() >= (10,):
        check("FRR 10's zebra takes no rules of modules: nothing to run here", True)
        return
    folder = env.folder / "maps"
    folder.mkdir()
    (folder / "pick.lua").write_text(PICK % 24)
    zebra = Daemon(env.lab, "zebra", folder, ZEBRA, env.modules, scripts=[folder / "pick.lua"])
    bgpd = Daemon(env.lab, "bgpd", folder, bgp_config([["route-map TAG in"], []], TAGGED))
    one, two = (Speaker(speaker(number), peer_asn(number), ROUTER, 9) for number in (1, 2))
    try:
        connect(bgpd, one, 1)
        connect(bgpd, two, 2)
        decided(zebra, bgpd, one, two)
        decided_anew(zebra)
        failing(zebra)
        configured(zebra)
        check("zebra and bgpd are alive at the end", zebra.alive() and bgpd.alive())
    finally:
        one.close()
        two.close()
        bgpd.stop()
        zebra.stop()


def installed(zebra):
    """Routes of bgpd that are in the kernel."""
    shown = {}
    for family in ("ip", "ipv6"):
        shown |= zebra.vty.json(f"show {family} route bgp json")
    return sorted(prefix for prefix, of in shown.items() if any(entry.get("installed") for entry in of))


FIRST = ["20.1.0.0/16", "20.2.2.0/24", "20.3.3.3/32", "20.6.0.0/24", "20.7.0.0/24", "20.8.0.0/24", "20.9.0.0/24"]


def decided(zebra, bgpd, one, two):
    one.announce(FIRST, 65002, 64900, med=5)
    one.announce6(["2001:d00::/24", "2001:db8:1::/48"])
    two.announce(["20.20.0.0/16"])
    settled(bgpd, one, 1)
    settled(bgpd, two, 2)
    equal("bgpd has them all", len(bgpd.vty.json("show bgp ipv4 unicast json")["routes"]), len(FIRST) + 1)
    eventually("zebra has them all", lambda: len(zebra.vty.json("show ip route bgp json")) == len(FIRST) + 1)
    wanted = ["20.1.0.0/16", "20.2.2.0/24", "2001:d00::/24"]
    eventually("the kernel has those that the script lets in", lambda: installed(zebra) == sorted(wanted))
    asked = [line.split("asked ", 1)[1].split(" ") for line in zebra.logged().splitlines() if "asked " in line]
    show("log", "\n".join(" ".join(of) for of in asked[:4]))
    check("prefix, protocol, instance, VRF, table, metric, tag and next hop are there",
          ["20.1.0.0/16", "bgp", "0", "0", "254", "0", "77", "10.0.0.2"] in [of[:8] for of in asked], str(asked[:3]))
    stats = zebra.stats()["attachments"][0]
    check("faults are counted", stats["faults"] >= 2, str(stats))


def decided_anew(zebra):
    zebra.script("pick", PICK % 32)
    check("tenterhook reload", "loaded" in zebra.vty("tenterhook reload pick"))
    eventually("routes are decided anew", lambda: "20.3.3.3/32" in installed(zebra))
    check("what fails stays out", not {"20.6.0.0/24", "20.7.0.0/24", "20.8.0.0/24", "20.9.0.0/24"} & set(installed(zebra)))


def failing(zebra):
    zebra.vty("tenterhook detach zebra.next_hop_match pick")
    eventually("detached: nothing matches, and nothing is in the kernel", lambda: not installed(zebra))
    check("the log says so", "pick: the script is not attached; no match" in zebra.logged())
    zebra.vty("tenterhook reload pick")
    eventually("attached again", lambda: "20.3.3.3/32" in installed(zebra))
    printed = zebra.vty.configure("route-map BGP permit 10", "match zebra-script no/script")
    show("match zebra-script no/script", printed)
    eventually("a name that no script can have matches nothing", lambda: not installed(zebra))
    zebra.vty.configure("route-map BGP permit 10", "match zebra-script pick")
    eventually("another takes its place", lambda: "20.3.3.3/32" in installed(zebra))


def configured(zebra):
    running = zebra.vty("show running-config")
    check("show running-config has it", "\nroute-map BGP permit 10\n match zebra-script pick\nexit\n" in running, running)
    zebra.vty("configure terminal")
    zebra.vty("route-map BGP permit 10")
    printed = zebra.vty("no match zebra-script another")
    check("`no match zebra-script` with another name removes nothing", zebra.vty.status and "is not in this entry" in printed)
    zebra.vty("end")
    zebra.vty.configure("route-map BGP permit 10", "no match zebra-script pick")
    check("`no match zebra-script` removes it", "match zebra-script" not in zebra.vty("show running-config"))
    eventually("an entry without a rule matches everything", lambda: len(installed(zebra)) == len(FIRST) + 3)
    equal("the script is detached", zebra.vty.json("show tenterhook attachments json")["attachments"], [])
