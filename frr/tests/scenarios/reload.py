# SPDX-License-Identifier: GPL-2.0-or-later
"""12. `tenterhook reload` and `detach` have routes decided anew by themselves, in and out."""

from lab.net import speaker
from lab.report import check, equal, eventually, show

from .common import count, router, routes, settled

MAPS = """
bgp route-map delay-timer 1
route-map IN permit 10
 match script in
exit
route-map ASPATH permit 10
 match as-path script:in
exit
route-map OUT permit 10
 match script out
exit
"""

LONGEST = "function route_match(prefix) return { action = prefix.length <= %d and RM_MATCH or RM_NOMATCH } end"

SENT = ["20.1.0.0/16", "20.2.2.0/24"]


def run(env):
    peers = [["route-map IN in", "soft-reconfiguration inbound"], ["route-map OUT out"],
             ["route-map ASPATH in", "soft-reconfiguration inbound"]]
    scripts = {"in": LONGEST % 16, "out": LONGEST % 32}
    with router(env, "reload", peers, MAPS, texts=scripts) as (bgpd, (one, two, three)):
        one.announce(SENT)
        three.announce([prefix.replace("20.", "30.") for prefix in SENT])
        settled(bgpd, one, 1)
        settled(bgpd, three, 3)
        equal("the script lets /16 in", sorted(routes(bgpd)), ["20.1.0.0/16", "30.1.0.0/16"])

        bgpd.script("in", LONGEST % 24)
        show("tenterhook reload in", bgpd.vty("tenterhook reload in"))
        eventually("after a reload, the routes that were turned away are there, with either command",
                   lambda: sorted(routes(bgpd)) == sorted([*SENT, "30.1.0.0/16", "30.2.2.0/24"]))
        eventually("… and announced", lambda: len(advertised(bgpd)) == 4)

        bgpd.script("out", LONGEST % 16)
        before = count(bgpd, "bgp.route_match", "calls")
        bgpd.vty("tenterhook reload out")
        eventually("a reload of the script for the way out withdraws what it no longer lets out",
                   lambda: sorted(advertised(bgpd)) == ["20.1.0.0/16", "30.1.0.0/16"])
        check("… and has asked it", count(bgpd, "bgp.route_match", "calls") > before)

        bgpd.script("in", "function route_match( return end")
        printed = bgpd.vty("tenterhook reload in")
        check("a script that does not load changes nothing", "the one that was attached stays" in printed, printed)
        equal("… the routes stay", len(routes(bgpd)), 4)

        bgpd.vty("tenterhook detach bgp.route_match in")
        eventually("after a detach, no route is let in", lambda: not routes(bgpd))
        bgpd.script("in", LONGEST % 32)
        bgpd.vty("tenterhook reload")
        eventually("after a reload of everything, all are", lambda: len(routes(bgpd)) == 4)
        check("no session was lost", all(of.established for of in (one, two, three)))


def advertised(bgpd):
    shown = bgpd.vty.json(f"show bgp ipv4 unicast neighbors {speaker(2)} advertised-routes json")
    return shown.get("advertisedRoutes") or {}
