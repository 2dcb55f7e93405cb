# SPDX-License-Identifier: GPL-2.0-or-later
"""11. Entries of route maps: changes wait until all rules match; names that no script can have match nothing."""

from lab.net import speaker
from lab.report import check, equal, eventually, show

from .common import ASN, route, router, routes, settled

MARK = """
function route_match(prefix, attributes, peer)
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = {
            metric = 50, localpref = 300, communities = { "65001:1" }, large_communities = { "65001:1:1" },
            prepend = { 65100 },
        },
    }
end
"""

WEIGH = """
function route_match(prefix, attributes, peer)
    assert(attributes.metric == 5, "another entry's script has not changed it yet")
    return { action = RM_MATCH_AND_CHANGE, attributes = { weight = 11, metric = 51, prepend = { 65101 } } }
end
"""

# For one route a change, for all others none.
ONE = """
function route_match(prefix, attributes, peer)
    if prefix.network == "20.1.0.0/24" then
        return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 50 } }
    end
    return { action = RM_MATCH }
end
"""

BIG = """
function route_match(prefix, attributes, peer)
    local communities = {}
    for i = 1, %d do communities[i] = "65001:" .. i end
    return { action = RM_MATCH_AND_CHANGE, attributes = { %s = communities } }
end
"""

LONG = "a" * 65
LONGEST = "b" * 64
LONGER = "c" * 63

# Names of route maps, their lines, and what becomes of a route with MED 5 and community 65002:1:
# MED, local preference, weight, communities, AS path; None where it is not accepted.
ASIS = (5, None, 0, "65002:1", "65002")
MARKED = (50, 300, 0, "65001:1", "65100 65002")

CASES = {
    "SCRIPT-FIRST": (["permit 10", " match script mark", " match metric 9", "permit 20"], ASIS),
    "SCRIPT-LAST": (["permit 10", " match metric 9", " match script mark", "permit 20"], ASIS),
    "DENY": (["deny 10", " match script mark", " match metric 9", "permit 20"], ASIS),
    "NOTHING-ELSE": (["permit 10", " match script mark", " match metric 9"], None),
    # The other rules see the route as it came, whichever comes first.
    "FIRST-AND-FITS": (["permit 10", " match script mark", " match metric 5"], MARKED),
    "LAST-AND-FITS": (["permit 10", " match metric 5", " match script mark"], MARKED),
    # What the entry sets itself comes after the script.
    "SET": (["permit 10", " match script mark", " set metric 77", " set weight 3"], (77, 300, 3, "65001:1", "65100 65002")),
    "SET-FAILS": (["permit 10", " match script mark", " match metric 9", " set weight 3", "permit 20"], ASIS),
    # What comes after the entry sees what it changed.
    "CALL": (["permit 10", " match script mark", " call SUB"], (50, 300, 9, "65001:1", "65100 65002")),
    "ON-MATCH-NEXT": (["permit 10", " match script mark", " on-match next", "permit 20", " match metric 50",
                       " set weight 7"], (50, 300, 7, "65001:1", "65100 65002")),
    "ON-MATCH-GOTO": (["permit 10", " match script mark", " on-match goto 30", "permit 20", " set weight 1", "permit 30",
                  " match metric 50", " set weight 8"], (50, 300, 8, "65001:1", "65100 65002")),
    # FRR asks the entries of the longest prefix list first, and takes the first entry of those that match.
    "PREFIX-LISTS": (["permit 10", " match ip address prefix-list EIGHT", " match metric 5", "permit 20",
                      " match ip address prefix-list EXACT", " match script mark"], ASIS),
    # Two scripts see the route as it came; both changes, in their order.
    "TWO": (["permit 10", " match script mark", " match as-path script:weigh"],
            (51, 300, 11, "65001:1", "65101 65100 65002")),
    "TWO-FAIL": (["permit 10", " match script mark", " match as-path script:weigh", " match metric 9", "permit 20"], ASIS),
    "TWO-BIG": (["permit 10", " match script big", " match as-path script:large", "permit 20"], ASIS),
    # Names that no script can have, or that none has.
    "LONGEST": (["permit 10", f" match script {LONGEST}"], MARKED),
    "LONGER": (["permit 10", f" match script {LONGER}"], MARKED),
    "SLASH": (["permit 10", " match script scripts/no"], None),
    "LONG": (["permit 10", f" match script {LONG}"], None),
    "DOT": (["permit 10", " match script ..", "permit 20", " set weight 2"], (5, None, 2, "65002:1", "65002")),
    "MISSING": (["permit 10", " match script missing"], None),
    "BROKEN": (["permit 10", " match script broken"], None),
    "AS-PATH-BROKEN": (["permit 10", " match as-path script:broken"], None),
    "AS-PATH-SLASH": (["permit 10", " match as-path script:scripts/no"], None),
    "AS-PATH-EMPTY": (["permit 10", " match as-path script:"], None),
}

PREFIX = "20.1.0.0/24"


def config():
    lines = ["ip prefix-list EIGHT seq 5 permit 20.0.0.0/8 le 32", "ip prefix-list EXACT seq 5 permit 20.1.0.0/24",
             "route-map SUB permit 10", " match metric 50", " set weight 9", "exit"]
    for name, (entries, _) in CASES.items():
        for line in entries:
            lines.append(line if line.startswith(" ") else f"route-map {name} {line}")
    return "\n".join([*lines, "exit"])


def use(bgpd, name):
    bgpd.vty.configure(f"router bgp {ASN}", "address-family ipv4 unicast", f"neighbor {speaker(1)} route-map {name} in")


def fate(bgpd):
    """What became of the route."""
    of = route(bgpd, PREFIX)
    return of and (of.get("metric"), of.get("locPrf"), of.get("weight", 0), of["community"]["string"], of["aspath"]["string"])


def run(env):
    scripts = {"broken": "function route_match( return end", "mark": MARK, LONGEST: MARK, LONGER: MARK, "weigh": WEIGH, "one": ONE, "big": BIG % (900, "communities"),
               "large": (BIG % (100, "large_communities")).replace('"65001:"', '"65001:1:"')}
    with router(env, "entries", [[]], config(), texts=scripts,
                policy='[defaults]\nfuel = "100M"\nanswer = "1MiB"\n') as (bgpd, (one,)):
        before = bgpd.vty("show running-config")
        for name, (entries, expected) in CASES.items():
            use(bgpd, name)
            one.announce([PREFIX], communities=["65002:1"], med=5)
            settled(bgpd, one)
            equal(f"{name}: {' / '.join(line.strip() for line in entries)}", fate(bgpd), expected)
            check(f"{name}: show running-config has every line", all(line in before for line in entries))
            one.withdraw([PREFIX])
            settled(bgpd, one)
            eventually("", lambda: not routes(bgpd), quiet=True)
        show("show route-map TWO", bgpd.vty("show route-map TWO"))
        pending(bgpd, one)
        said(bgpd, one)
        edited(bgpd, one)
        memory(bgpd)


def pending(bgpd, one):
    """A change that waited for a rule that did not match is not the next route's."""
    bgpd.vty.configure("route-map ONE permit 10", "match script one", "match metric 9", "exit", "route-map ONE permit 20",
                       "match metric 5")
    use(bgpd, "ONE")
    one.announce([PREFIX], med=5)
    one.announce(["20.2.0.0/24"], med=9)
    settled(bgpd, one)
    equal("a change of one route does not come to another", {p: r["metric"] for p, r in routes(bgpd).items()},
          {PREFIX: 5, "20.2.0.0/24": 9})
    one.withdraw([PREFIX, "20.2.0.0/24"])
    settled(bgpd, one)


def said(bgpd, one):
    """What is wrong with a name is said where it is configured, and in the log."""
    printed = bgpd.vty.configure("route-map SAID permit 10", f"match script {LONG}")
    show("vty", printed)
    check("the vty says why", "no script can have this name: expected at most 64 letters" in printed)
    printed = bgpd.vty.configure("route-map SAID permit 10", "match script missing")
    check("… and which file is missing", "missing.lua" in printed and "nothing matches" in printed, printed)
    check("the log has it", f"script {LONG} is not attached: no script can have this name" in bgpd.logged())
    problems = {p["name"]: p["problem"] for p in bgpd.vty.json("show tenterhook attachments json")["problems"]}
    check("show tenterhook attachments lists them", {"scripts/no", "..", LONG, "missing", ""} <= problems.keys(),
          str(sorted(problems)))
    # At most a line per second.
    use(bgpd, "SLASH")

    def logged():
        one.announce([PREFIX], communities=["65002:1"], med=5)
        return "scripts/no: the script is not attached; no match" in bgpd.logged()

    eventually("… the log says that nothing matches", logged)
    settled(bgpd, one)


def edited(bgpd, one):
    """`no match script` removes what it names; what is removed leaves nothing behind."""
    use(bgpd, "SET")
    bgpd.vty("configure terminal")
    bgpd.vty("route-map SET permit 10")
    printed = bgpd.vty("no match script other")
    check("`no match script OTHER` is refused", bgpd.vty.status and "this entry has no `match script other`" in printed, printed)
    bgpd.vty("end")
    check("… and removes nothing", "route-map SET permit 10\n match script mark" in bgpd.vty("show running-config"))
    one.announce([PREFIX], communities=["65002:1"], med=5)
    settled(bgpd, one)
    equal("the script still decides", fate(bgpd), CASES["SET"][1])
    one.withdraw([PREFIX])
    bgpd.vty.configure("route-map SET permit 10", "no match script mark", "set weight 4")
    one.announce([PREFIX], communities=["65002:1"], med=5)
    settled(bgpd, one)
    equal("without it, what the entry sets", fate(bgpd), (77, None, 4, "65002:1", "65002"))
    bgpd.vty.configure("route-map SET permit 10", "match script weigh", "match script mark")
    one.withdraw([PREFIX])
    one.announce([PREFIX], communities=["65002:1"], med=5)
    settled(bgpd, one)
    equal("the last of two names is the script", fate(bgpd), (77, 300, 4, "65001:1", "65100 65002"))
    one.withdraw([PREFIX])
    bgpd.vty.configure("route-map SET permit 10", "no match script")
    check("`no match script` removes it", "route-map SET permit 10\n set metric 77" in bgpd.vty("show running-config"))
    settled(bgpd, one)


def memory(bgpd):
    bgpd.vty.configure(f"router bgp {ASN}", "address-family ipv4 unicast", f"no neighbor {speaker(1)} route-map ANY in")
    bgpd.vty.configure(*(f"no route-map {name}" for name in [*CASES, "ONE", "SAID", "SUB"]))

    def left():
        return {kind: count for kind, count in bgpd.memory().items() if kind.startswith("Tenterhook") and count}

    # What is written down of them goes with the next look.
    eventually("without route maps nothing is allocated for them", lambda: not left())
