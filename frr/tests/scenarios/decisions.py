# SPDX-License-Identifier: GPL-2.0-or-later
"""1. Six prefixes, six fates; every change that a script can make; both directions and IPv6."""

from lab.net import speaker
from lab.report import check, equal, eventually, show

from .common import route, router, routes, settled

SIX = """
-- What becomes of each prefix.
local fates = {}

fates["203.0.113.0/24"] = function() return { action = RM_MATCH } end

fates["198.51.100.0/24"] = function() return { action = RM_NOMATCH } end

fates["192.0.2.0/24"] = function()
    return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 123 } }
end

fates["100.64.0.0/16"] = function(attributes)
    local communities = { "65001:77" }
    for _, community in ipairs(attributes.communities) do
        communities[#communities + 1] = community
    end
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = { communities = communities, localpref = 200, weight = 400 },
    }
end

local function only_with_community(attributes)
    for _, community in ipairs(attributes.communities) do
        if community == "65002:42" then
            return { action = RM_MATCH }
        end
    end
    return { action = RM_NOMATCH }
end

fates["100.65.0.0/16"] = only_with_community
fates["100.66.0.0/16"] = only_with_community

function route_match(prefix, attributes, peer)
    local fate = fates[prefix.network]
    return fate and fate(attributes) or { action = RM_NOMATCH }
end
"""

EVERYTHING = """
function route_match(prefix, attributes, peer)
    if prefix.family == 10 then
        return {
            action = RM_MATCH_AND_CHANGE,
            attributes = { next_hop = "fd00::77", metric = 6, large_communities = { "65001:6:6" } },
        }
    end
    assert(attributes.as_path[1] == 65003 and #attributes.as_path == 3 and attributes.aspath == "65003 64900 {64901}")
    assert(peer.remote_as == 65003 and peer.state == "Established" and peer.timers.negotiated.hold == 9)
    assert(peer.remote_address.string == "10.0.0.3" and peer.local_address.string == "10.0.0.1")
    assert(attributes.metric == 5 and attributes.origin == "IGP" and attributes.next_hop.string == "10.0.0.3")
    assert(attributes.large_communities[1] == "65003:1:2" and attributes.extended_communities[1] == "rt:65003:9")
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = {
            metric = 4294967295, localpref = 300, weight = 12, tag = 99, origin = "INCOMPLETE",
            next_hop = "10.0.0.8",
            communities = { "no-export", "65001:1" },
            large_communities = { "65001:1:2", "4200000000:3:4" },
            extended_communities = { "rt:65001:7", "soo:192.0.2.1:5" },
            prepend = { 65100, 65101 },
        },
    }
end
"""

OUT = """
function route_match(prefix, attributes, peer)
    if prefix.network == "203.0.113.0/24" then
        return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 77, prepend = { 65001, 65001 } } }
    end
    return { action = RM_NOMATCH }
end
"""

# What comes out tells what came in.
TOLD = """
function route_match(prefix, attributes, peer)
    local last = attributes.as_path[#attributes.as_path]
    assert(attributes.aspath:match("%d+$") == tostring(last))
    local communities = {}
    for i, community in ipairs(attributes.communities) do
        communities[i] = community:gsub("^65005:", "65001:")
    end
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = { metric = last, communities = communities, tag = peer.stats.update_in },
    }
end
"""

# As many as fit in a message, in no order, half of them twice; for one route many more: FRR would abort when it sends them.
MANY = """
function route_match(prefix, attributes, peer)
    local communities, large, extended = {}, {}, {}
    local edge = tostring(prefix):match("^100%.73%.(%d+)%.0/24$")
    if edge then
        for i = 1, 900 + edge do communities[i] = "65001:" .. i end
        return { action = RM_MATCH_AND_CHANGE, attributes = { communities = communities } }
    end
    local several = tostring(prefix) == "100.72.0.0/16" and 1000 or 150
    for i = 1, 2 * several do
        local n = i * 7919 % several
        communities[i] = "65001:" .. n
        large[i] = "65001:1:" .. n
        extended[i] = n % 2 == 0 and "rt:65001:" .. n or "0x0002fde90000" .. ("%04x"):format(n)
    end
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = { communities = communities, large_communities = large, extended_communities = extended },
    }
end
"""

MAPS = """
route-map IN permit 10
 match script six
exit
route-map ALL permit 10
 match script everything
exit
route-map OUT permit 10
 match script out
exit
route-map TOLD permit 10
 match script told
exit
route-map MANY permit 10
 match script many
exit
"""


def run(env):
    peers = [["route-map IN in"], ["route-map ALL in"], ["route-map OUT out"], ["route-map TOLD in"], ["route-map MANY in"]]
    scripts = {"six": SIX, "everything": EVERYTHING, "out": OUT, "told": TOLD, "many": MANY}
    policy = '[defaults]\nfuel = "100M"\nanswer = "1MiB"\nmemory = "16MiB"\n'
    with router(env, "decisions", peers, MAPS, texts=scripts, policy=policy) as (bgpd, speakers):
        first, second, third, fourth, fifth = speakers
        six(bgpd, first)
        everything(bgpd, second)
        out(bgpd)
        told(bgpd, fourth)
        many(bgpd, fifth)
        configuration(bgpd)
        check("no call failed", not any(a["faults"] + a["denied"] for a in bgpd.stats()["attachments"]))
        show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
        check("the sessions are up", all(one.established for one in speakers))


def six(bgpd, first):
    first.announce(["203.0.113.0/24", "198.51.100.0/24", "192.0.2.0/24"], med=50)
    first.announce(["100.64.0.0/16"], communities=["65002:1"])
    first.announce(["100.65.0.0/16"], communities=["65002:41", "65002:42"])
    first.announce(["100.66.0.0/16"])
    settled(bgpd, first)
    table = routes(bgpd)
    show("show bgp ipv4 unicast json", table)
    equal("three prefixes and the one with the community are accepted", sorted(table),
          ["100.64.0.0/16", "100.65.0.0/16", "192.0.2.0/24", "203.0.113.0/24"])
    equal("203.0.113.0/24 is unchanged", (table["203.0.113.0/24"]["metric"], table["203.0.113.0/24"]["weight"]), (50, 0))
    check("198.51.100.0/24 is refused", "198.51.100.0/24" not in table)
    equal("192.0.2.0/24 has MED 123", table["192.0.2.0/24"]["metric"], 123)
    changed = route(bgpd, "100.64.0.0/16")
    show("show bgp ipv4 unicast 100.64.0.0/16 json", changed)
    equal("100.64.0.0/16 has a community more", changed["community"]["list"], ["65001:77", "65002:1"])
    equal("… local preference 200 and weight 400", (changed["locPrf"], changed["weight"]), (200, 400))
    carried = route(bgpd, "100.65.0.0/16")["community"]["string"]
    equal("100.65.0.0/16 is accepted for the community it carries", carried, "65002:41 65002:42")
    check("100.66.0.0/16 is refused for want of it", "100.66.0.0/16" not in table)


def everything(bgpd, second):
    second.announce(["100.70.0.0/16"], [65003, 64900], (64901,), med=5, large=["65003:1:2"],
                    extended=[bytes([0, 2, 0xFD, 0xEB, 0, 0, 0, 9])])
    second.announce6(["2001:db8:1::/48"])
    settled(bgpd, second, 2)
    changed = route(bgpd, "100.70.0.0/16")
    show("show bgp ipv4 unicast 100.70.0.0/16 json", changed)
    equal("every number is changed", [changed[k] for k in ("metric", "locPrf", "weight", "tag")],
          [4294967295, 300, 12, 99])
    equal("… the origin", changed["origin"], "incomplete")
    equal("… the AS path, in front", changed["aspath"]["string"], "65100 65101 65003 64900 {64901}")
    equal("… the next hop", changed["nexthops"][0]["ip"], "10.0.0.8")
    equal("… communities", changed["community"]["string"], "65001:1 no-export")
    equal("… large communities", changed["largeCommunity"]["string"], "65001:1:2 4200000000:3:4")
    equal("… extended communities", changed["extendedCommunity"]["string"], "RT:65001:7 SoO:192.0.2.1:5")
    six = route(bgpd, "2001:db8:1::/48", "ipv6")
    show("show bgp ipv6 unicast 2001:db8:1::/48 json", six)
    equal("IPv6: next hop, MED and a large community",
          (six["nexthops"][0]["ip"], six["metric"], six["largeCommunity"]["string"]), ("fd00::77", 6, "65001:6:6"))


def out(bgpd):
    def advertised():
        shown = bgpd.vty.json(f"show bgp ipv4 unicast neighbors {speaker(3)} advertised-routes json")
        return shown.get("advertisedRoutes")

    sent = eventually("something is advertised", lambda: advertised() or None)
    show(f"show bgp ipv4 unicast neighbors {speaker(3)} advertised-routes json", sent)
    equal("out: one prefix is let through", list(sent), ["203.0.113.0/24"])
    equal("… with MED and a longer path", (sent["203.0.113.0/24"]["metric"], sent["203.0.113.0/24"]["path"]),
          (77, "65001 65001 65002"))


def told(bgpd, fourth):
    """Routes that share attributes and routes that do not, one after the other, as memory is freed and used again."""
    for number in range(3):
        expected = {}
        for n in range(100):
            last = 1000 + (n * 7 + number * 13) % 500
            prefixes = [f"20.{n}.{k}.0/24" for k in range(3)]
            carried = [f"65005:{k}" for k in range(n % 3)]
            fourth.announce(prefixes, 65005, last, communities=carried)
            expected |= {prefix: (last, " ".join(c.replace("65005", "65001") for c in carried)) for prefix in prefixes}
        settled(bgpd, fourth, 4)
        got = {prefix: (of["metric"], "") for prefix, of in routes(bgpd).items() if prefix in expected}
        for prefix in list(expected)[::7]:
            got[prefix] = (got[prefix][0], route(bgpd, prefix).get("community", {}).get("string", ""))
        wrong = [(prefix, got.get(prefix), of) for prefix, of in expected.items()
                 if prefix not in got or got[prefix][0] != of[0]]
        wrong += [(prefix, got[prefix], expected[prefix]) for prefix in list(expected)[::7]
                  if got[prefix][1] != expected[prefix][1]]
        equal("every route was told with its own attributes", wrong, [])
        counts = [route(bgpd, f"20.{n}.2.0/24")["tag"] for n in range(100)]
        equal("… and the peer's count of messages", counts, list(range(counts[0], counts[0] + 100)))
        fourth.withdraw(list(expected))
        settled(bgpd, fourth, 4)
        eventually("", lambda: not any(prefix in expected for prefix in routes(bgpd)), quiet=True)


def many(bgpd, fifth):
    fifth.announce(["100.71.0.0/16", "100.72.0.0/16"])
    settled(bgpd, fifth, 5)
    of = route(bgpd, "100.71.0.0/16")
    equal("communities of a long list: each once, in order", of["community"]["list"], [f"65001:{n}" for n in range(150)])
    equal("… large ones", of["largeCommunity"]["list"], [f"65001:1:{n}" for n in range(150)])
    equal("… extended ones", of["extendedCommunity"]["string"].split(), [f"RT:65001:{n}" for n in range(150)])
    check("more than fit in a message: no match", "100.72.0.0/16" not in routes(bgpd))
    # 3,840 bytes: 128 for what is of no size of its own, 4 and 10 of a path of two ASes, 4 and 4 for each community.
    most = (3840 - 128 - 14 - 4) // 4
    fifth.announce([f"100.73.{n - 900}.0/24" for n in (most - 1, most, most + 1)], 65006, 65007)
    settled(bgpd, fifth, 5)
    accepted = [n for n in (most - 1, most, most + 1) if f"100.73.{n - 900}.0/24" in routes(bgpd)]
    equal("as many as fit, one less, and not one more", accepted, [most - 1, most])
    sent = lambda: bgpd.vty.json(f"show bgp ipv4 unicast neighbors {speaker(1)} advertised-routes json")["advertisedRoutes"]
    eventually("the one that fits is told to others", lambda: "100.71.0.0/16" in sent())


def configuration(bgpd):
    running = bgpd.vty("show running-config")
    show("show running-config (route maps)", running[running.index("route-map ALL"):])
    for name in ("six", "everything", "out", "told", "many"):
        check(f"show running-config has match script {name}", f"\n match script {name}\n" in running)
