# SPDX-License-Identifier: GPL-2.0-or-later
"""9. A default route's route map: a script decides by the table's routes, and never writes to them."""

from lab.report import check, equal, eventually, show
from lab.net import speaker

from .common import count, route, router, routes, settled

MAPS = """
route-map DEFAULT permit 10
 match script default
exit
"""

CHANGING = """
function route_match(prefix, attributes, peer)
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = {
            metric = 777, localpref = 7, weight = 77, tag = 7, origin = "EGP", next_hop = "10.0.0.77",
            communities = { "65001:7" }, large_communities = { "65001:7:7" }, extended_communities = { "rt:65001:7" },
            prepend = { 65007 },
        },
    }
end
"""

DECIDING = """
function route_match(prefix, attributes, peer)
    return { action = prefix.network == "100.64.0.0/16" and RM_MATCH or RM_NOMATCH }
end
"""

PREFIXES = ["100.64.0.0/16", "100.65.0.0/16", "100.66.0.0/16"]


def run(env):
    # Maps that are there before the neighbors take effect with the session.
    peers = [[], ["default-originate route-map DEFAULT"]]
    with router(env, "originate", peers, MAPS, texts={"default": CHANGING}) as (bgpd, (first, second)):
        changing(bgpd, first)
        deciding(bgpd, first)
        check("the sessions are up", first.established and second.established)


def default(bgpd):
    """Whether the second peer is sent a default route."""
    shown = bgpd.vty.json(f"show bgp ipv4 unicast neighbors {speaker(2)} advertised-routes json")
    return "0.0.0.0/0" in shown.get("advertisedRoutes", {}) or bool(shown.get("bgpOriginatingDefaultNetwork"))


def as_announced(bgpd, metric):
    table = routes(bgpd)
    equal("the table has the routes", sorted(table), PREFIXES)
    for prefix in PREFIXES:
        of = route(bgpd, prefix)
        equal(f"{prefix} is as it was announced",
              (of["metric"], of.get("locPrf"), of.get("weight", 0), of.get("tag"), of["origin"], of["nexthops"][0]["ip"],
               of["community"]["string"], of["aspath"]["string"], "largeCommunity" in of, "extendedCommunity" in of),
              (metric, None, 0, None, "IGP", "10.0.0.2", "65002:1 65002:2", "65002 64900", False, False))


def changing(bgpd, first):
    for metric in (5, 6):
        before = count(bgpd, "bgp.route_match", "calls")
        first.announce(PREFIXES, 65002, 64900, med=metric, communities=["65002:1", "65002:2"])
        settled(bgpd, first)
        # FRR looks again some seconds after the table changed.
        eventually("FRR asks the script about the table's routes",
                   lambda: count(bgpd, "bgp.route_match", "calls") >= before + len(PREFIXES), 40)
        as_announced(bgpd, metric)
    said = [line for line in bgpd.logged().splitlines() if "default-originate" in line and "tenterhook" in line]
    show("log", "\n".join(said[:2]))
    check("the log says that nothing is changed", said)
    check("changes that cannot be made: no match, no default route", not default(bgpd))
    # Attributes that were written to are not found again where they go.
    first.withdraw(PREFIXES)
    settled(bgpd, first)
    eventually("the routes go", lambda: not routes(bgpd))


def deciding(bgpd, first):
    bgpd.script("default", DECIDING)
    check("tenterhook reload", "loaded" in bgpd.vty("tenterhook reload"))
    first.announce(PREFIXES, 65002, 64900, med=5, communities=["65002:1", "65002:2"])
    settled(bgpd, first)
    eventually("a script that matches a route: the default route is announced", lambda: default(bgpd), 40)
    as_announced(bgpd, 5)
    first.withdraw(PREFIXES[:1])
    settled(bgpd, first)
    eventually("it is withdrawn when that route goes", lambda: not default(bgpd), 40)
