# SPDX-License-Identifier: GPL-2.0-or-later
"""19. Graceful restart of a peer: its routes stay while it is away, and scripts decide about what it sends afterwards."""

import re

from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import Speaker

from .common import connect, neighbor, peer_asn, router, routes, settled

MAPS = """
route-map IN permit 10
 match script short
 set script mark
exit
"""

SHORT = "function route_match(prefix) return { action = prefix.length <= %d and RM_MATCH or RM_NOMATCH } end"
MARK = "function route_set(prefix) return { attributes = { weight = %d } } end"

# To bgp.process, a route that a route map turns away is one that is withdrawn.
REFUSED = ["20.3.0.0/25"]

WATCH = """
function process(prefix, peer, attributes, withdrawn)
    if prefix.network ~= "0.0.0.0/0" then
        log.info("process " .. prefix.network .. " " .. (withdrawn and "withdrawn" or "there"))
    end
end
"""


def run(env):
    scripts = {"short": SHORT % 24, "mark": MARK % 1, "watch": WATCH}
    with router(env, "graceful", [["route-map IN in"], ["route-map IN in"]], MAPS, "tenterhook attach bgp.process watch",
                texts=scripts) as (bgpd, (_, plain)):
        plain.close()
        eventually("the plain session goes", lambda: neighbor(bgpd, 2)["bgpState"] != "Established")
        one = Speaker(speaker(2), peer_asn(2), ROUTER, 9, graceful=True)
        try:
            restarts(bgpd, one)
        finally:
            one.close()


def restarts(bgpd, one):
    connect(bgpd, one, 2)
    one.announce(["20.1.0.0/24", "20.2.0.0/24", "20.3.0.0/25"])
    one.end_of_rib()
    settled(bgpd, one, 2)
    equal("two are accepted", weights(bgpd), {"20.1.0.0/24": 1, "20.2.0.0/24": 1})

    one.close()
    eventually("the peer is away", lambda: neighbor(bgpd, 2)["bgpState"] != "Established")
    eventually("its routes are stale", lambda: all(paths[0].get("stale") for paths in table(bgpd).values()))
    equal("they stay", weights(bgpd), {"20.1.0.0/24": 1, "20.2.0.0/24": 1})
    equal("bgp.process has seen none of them withdrawn", withdrawn(bgpd), REFUSED)
    # Scripts change meanwhile.
    bgpd.script("short", SHORT % 32)
    bgpd.script("mark", MARK % 2)
    check("tenterhook reload", "loaded" in bgpd.vty("tenterhook reload"))

    one.restarting = True
    connect(bgpd, one, 2)
    one.announce(["20.1.0.0/24", "20.3.0.0/25"])
    settled(bgpd, one, 2)
    eventually("what it sends again is decided by the new scripts",
               lambda: {k: v for k, v in weights(bgpd).items() if k != "20.2.0.0/24"} == {"20.1.0.0/24": 2, "20.3.0.0/25": 2})
    check("what it has not sent yet is still there", "20.2.0.0/24" in weights(bgpd))
    one.end_of_rib()
    eventually("what it has not sent by the end goes", lambda: sorted(weights(bgpd)) == ["20.1.0.0/24", "20.3.0.0/25"])
    eventually("bgp.process sees that one withdrawn", lambda: withdrawn(bgpd) == [*REFUSED, "20.2.0.0/24"])
    show("log", "\n".join(line for line in bgpd.logged().splitlines() if "watch.lua" in line))


def table(bgpd):
    return bgpd.vty.json("show bgp ipv4 unicast json").get("routes", {})


def weights(bgpd):
    return {prefix: of.get("weight", 0) for prefix, of in routes(bgpd).items()}


def withdrawn(bgpd):
    return re.findall(r"process (20\S+) withdrawn", bgpd.logged())
