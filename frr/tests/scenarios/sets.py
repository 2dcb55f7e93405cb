# SPDX-License-Identifier: GPL-2.0-or-later
"""14. `set script`: a script changes what an entry has matched, next hops and AS paths among it; or nothing, if it fails."""

import struct

from lab.net import speaker
from lab.report import check, equal, eventually, show

from .common import route, router, routes, settled

MAPS = """
bgp route-map delay-timer 1
ip prefix-list TWENTY permit 20.0.0.0/8 le 32
route-map IN permit 10
 match ip address prefix-list TWENTY
 set script change
 set metric 7
exit
route-map IN permit 20
exit
route-map DEFAULT permit 10
 match ip address prefix-list TWENTY
 set script default
exit
"""

CHANGE = """
local answers = {}

answers["20.1.0.0/24"] = {
    attributes = { metric = 8, localpref = 300, weight = 5, origin = "EGP", next_hop = "10.0.0.77", communities = { "65001:5" } },
}
answers["20.2.0.0/24"] = { attributes = { as_path = { 65002, 3356, 174 } } }
answers["20.3.0.0/24"] = { remove_private_as = true }
answers["20.4.0.0/24"] = { remove_private_as = true }
answers["20.5.0.0/24"] = {
    attributes = { as_path = { 65002, 64512, 3356, 4200000001 }, prepend = { 64600, 64601 } },
    remove_private_as = true,
}
answers["20.6.0.0/24"] = { attributes = { as_path = {} } }
-- From here on nothing may change.
answers["20.10.0.0/24"] = { attributes = { as_path = { 65002, 0 }, localpref = 300 } }
answers["20.11.0.0/24"] = { attributes = { as_path = { 1 << 32 }, localpref = 300 } }
answers["20.12.0.0/24"] = { attributes = { localpref = 300, communities = { "no community" } } }
answers["20.13.0.0/24"] = {}
answers["20.14.0.0/24"] = nil

local long, longer = {}, {}
for i = 1, 1000 do long[i] = 3356 end
for i = 1, 1025 do longer[i] = 3356 end
answers["20.15.0.0/24"] = { attributes = { as_path = long, localpref = 300 } }
answers["20.16.0.0/24"] = { attributes = { as_path = longer, localpref = 300 } }

function route_set(prefix, attributes, peer)
    -- The entry's other `set` commands have been carried out, wherever they stand.
    assert(attributes.metric == 7, "the metric is " .. attributes.metric)
    assert(peer.remote_as == 65002)
    if prefix.network == "20.17.0.0/24" then
        error("a script that fails")
    elseif prefix.network == "20.18.0.0/24" then
        while true do end
    end
    return answers[prefix.network]
end
"""

DEFAULT = """
function route_set(prefix, attributes, peer)
    return { attributes = { metric = 99, communities = { "65001:99" } } }
end
"""

# A path as announced: 65002 3356 {64513,174} 64999. Its ASes are private but for 3356 and 174.
PATH = ([65002, 3356], (64513, 174), [64999])
ANNOUNCED = "65002 3356 {174,64513} 64999"

# MED, local preference, weight, origin, next hop, communities, AS path.
UNCHANGED = (7, None, 0, "IGP", "10.0.0.2", "65002:1", ANNOUNCED)


def same(path):
    return (*UNCHANGED[:-1], path)


FATES = {
    "20.1.0.0/24": (8, 300, 5, "EGP", "10.0.0.77", "65001:5", ANNOUNCED),
    "20.2.0.0/24": same("65002 3356 174"),
    "20.3.0.0/24": same("3356 {174}"),
    # All of this one's are private: it is announced with 65002 64999.
    "20.4.0.0/24": same(""),
    "20.5.0.0/24": same("64600 64601 3356"),
    "20.6.0.0/24": same(""),
    **{f"20.{n}.0.0/24": UNCHANGED for n in range(10, 19)},
    # The second entry has no script.
    "30.1.0.0/24": (5, *UNCHANGED[1:]),
}


def run(env):
    peers = [["route-map IN in", "soft-reconfiguration inbound"], [], ["default-originate route-map DEFAULT"]]
    with router(env, "sets", peers, MAPS, texts={"change": CHANGE, "default": DEFAULT}) as (bgpd, speakers):
        one, two, three = speakers
        changing(bgpd, one)
        sent_on(two)
        originated(bgpd, three)
        reloaded(bgpd)
        configured(bgpd)
        check("no session was lost", all(of.established for of in speakers))


def is_now(bgpd, prefix):
    of = route(bgpd, prefix)
    path = of["aspath"]["string"]
    return (of["metric"], of.get("locPrf"), of.get("weight", 0), of["origin"], of["nexthops"][0]["ip"],
            of["community"]["string"], "" if path == "Local" else path)


def changing(bgpd, one):
    others = [prefix for prefix in FATES if prefix != "20.4.0.0/24"]
    one.announce(others, *PATH, med=5, communities=["65002:1"])
    one.announce(["20.4.0.0/24"], 65002, 64999, med=5, communities=["65002:1"])
    settled(bgpd, one)
    equal("every route is accepted: `set` decides nothing", sorted(routes(bgpd)), sorted(FATES))
    for prefix, fate in FATES.items():
        equal(f"{prefix}", is_now(bgpd, prefix), fate)
    stats = next(a for a in bgpd.stats()["attachments"] if a["hook"] == "bgp.route_set" and a["name"] == "change")
    show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
    check("two scripts that failed, and an answer that no AS path can have, are faults", stats["faults"] >= 3, str(stats))
    show("log", "\n".join(line for line in bgpd.logged().splitlines() if "bgp.route_set" in line))


def as_paths(one):
    """The paths that a speaker was sent: segments of kind and ASes."""
    for body in one.received:
        withdrawn = struct.unpack_from("!H", body)[0]
        at = 4 + withdrawn
        end = at + struct.unpack_from("!H", body, 2 + withdrawn)[0]
        while at < end:
            flags, code = body[at], body[at + 1]
            size, at = (struct.unpack_from("!H", body, at + 2)[0], at + 4) if flags & 0x10 else (body[at + 2], at + 3)
            if code == 2:
                yield list(segments(body[at : at + size]))
            at += size


def segments(value):
    at = 0
    while at < len(value):
        kind, count = value[at], value[at + 1]
        yield kind, struct.unpack_from(f"!{count}I", value, at + 2)
        at += 2 + 4 * count


def sent_on(two):
    expected = [(2, (65001, 3356)), (1, (174,))]
    eventually("a path without private ASes is sent to other peers", lambda: expected in list(as_paths(two)))
    eventually("an empty path is, with our AS in front", lambda: [(2, (65001,))] in list(as_paths(two)))
    equal("no path has an empty segment", [path for path in as_paths(two) if any(not ases for _, ases in path)], [])


def originated(bgpd, three):
    """FRR gives `set` a default route of its own, unlike `match`."""

    def default():
        shown = bgpd.vty.json(f"show bgp ipv4 unicast neighbors {speaker(3)} advertised-routes json")
        return shown.get("bgpOriginatingDefaultNetwork") or "0.0.0.0/0" in shown.get("advertisedRoutes", {})

    eventually("a default route is announced once one of the table's matches", default, 40)
    eventually("the script has changed the default route", lambda: any(
        struct.pack("!II", 65001 << 16 | 99, 0)[:4] in body and b"\x80\x04\x04\x00\x00\x00\x63" in body
        for body in three.received))
    equal("the table's route is as it was", is_now(bgpd, "20.1.0.0/24"), FATES["20.1.0.0/24"])


def reloaded(bgpd):
    bgpd.script("change", CHANGE.replace("localpref = 300, weight = 5", "localpref = 301, weight = 6"))
    check("tenterhook reload", "loaded" in bgpd.vty("tenterhook reload change"))
    eventually("routes are decided anew", lambda: is_now(bgpd, "20.1.0.0/24")[1:3] == (301, 6))
    bgpd.vty("tenterhook detach bgp.route_set change")
    eventually("detached: what it changed is as it came", lambda: is_now(bgpd, "20.1.0.0/24") == UNCHANGED)
    bgpd.vty("tenterhook reload change")
    eventually("attached again", lambda: is_now(bgpd, "20.1.0.0/24")[1:3] == (301, 6))


def configured(bgpd):
    running = bgpd.vty("show running-config")
    check("show running-config has it", "\nroute-map IN permit 10\n set script change\nexit\n" in running, running)
    printed = bgpd.vty.configure("route-map IN permit 10", "set script no/script")
    show("set script no/script", printed)
    check("a name that no script can have is said to be none", "no script can have this name" in printed)
    eventually("it changes nothing", lambda: is_now(bgpd, "20.1.0.0/24") == UNCHANGED)
    check("its line stays", "\n set script no/script\n" in bgpd.vty("show running-config"))
    bgpd.vty.configure("route-map IN permit 10", "set script change")
    running = bgpd.vty("show running-config")
    check("another takes its place", "set script change" in running and "no/script" not in running)
    bgpd.vty("configure terminal")
    bgpd.vty("route-map IN permit 10")
    printed = bgpd.vty("no set script another")
    check("`no set script` with another name removes nothing", bgpd.vty.status and "is not in this entry" in printed)
    bgpd.vty("no set script change")
    equal("`no set script` removes it", bgpd.vty.status, 0)
    bgpd.vty("end")
    check("show running-config has it no more", "set script change" not in bgpd.vty("show running-config"))
    eventually("routes are as they come", lambda: is_now(bgpd, "20.1.0.0/24") == UNCHANGED)
    attached = [a["name"] for a in bgpd.vty.json("show tenterhook attachments json")["attachments"]]
    equal("the script is detached", attached, ["default"])
    bgpd.vty.configure("route-map IN permit 10", "set script change", "exit", "no route-map IN permit 10")
    attached = [a["name"] for a in bgpd.vty.json("show tenterhook attachments json")["attachments"]]
    equal("an entry that goes takes it along", attached, ["default"])
