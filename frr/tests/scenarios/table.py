# SPDX-License-Identifier: GPL-2.0-or-later
"""5. A full table, with no route map, with a plain one, and with a script that does the same."""

import socket
import statistics
import subprocess
import time

from lab import routes as tables
from lab.net import speaker
from lab.report import check, equal, eventually, say, show
from lab.speaker import withdrawals

from .common import ASN, router

SCRIPT = """
function route_match(prefix, attributes, peer)
    if prefix.length > 24 then
        return { action = RM_NOMATCH }
    end
    return { action = RM_MATCH_AND_CHANGE, attributes = { localpref = 200, metric = 50 } }
end
"""

# The script with more to do: a change that makes new communities and AS paths for every route.
CHANGING = """
function route_match(prefix, attributes, peer)
    local communities = { "65001:" .. prefix.length }
    for i, community in ipairs(attributes.communities) do
        communities[i + 1] = community
    end
    return {
        action = RM_MATCH_AND_CHANGE,
        attributes = {
            communities = communities,
            large_communities = { "65001:1:" .. prefix.length },
            extended_communities = { "rt:65001:" .. prefix.length },
            prepend = { 65001 + prefix.length },
        },
    }
end
"""

PLAIN = """
ip prefix-list LONG seq 5 permit 0.0.0.0/0 ge 25
route-map PLAIN deny 10
 match ip address prefix-list LONG
exit
route-map PLAIN permit 20
 set local-preference 200
 set metric 50
exit
"""

SCRIPTED = """
route-map SCRIPTED permit 10
 match script full
exit
"""

ROUNDS = 5

KEPT = '[defaults]\nstate = "kept"\n'

# FRR allocations that grow with what scripts change.
TYPES = ["BGP attribute", "BGP aspath", "BGP aspath seg", "BGP aspath str", "BGP node", "BGP route", "community",
         "community val", "Large Community", "Large Community value", "ecommunity", "ecommunity val"]


def run(env):
    path = tables.find()
    next_hop = socket.inet_aton(speaker(1))
    if path:
        table = tables.real(path, next_hop)
        say(f"  {len(table)} routes: the best path to each prefix of {path.name}")
    else:
        table = tables.generated(env.routes or 100_000, next_hop)
        say(f"  {len(table)} generated routes: {tables.TABLE} is not at hand")
    if env.routes:
        table = table[: env.routes]
    wire = tables.on_the_wire(table)
    gone = withdrawals([route for route, _ in table])
    accepted = sum(1 for route, _ in table if route[0] <= 24)

    costs = {}
    for state, policy in (("kept", KEPT), ("fresh", "")):
        with router(env, f"table-{state}", [[]], PLAIN + SCRIPTED, policy=policy, texts={"full": SCRIPT}) as (bgpd, (one,)):
            costs[state] = rounds(env, bgpd, one, wire, gone, len(table), accepted)
            show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
            # One round more than is measured, to get warm.
            fired = bgpd.stats()["hooks"]["bgp.route_match"]["fired"]
            equal("every route was decided", fired, (ROUNDS + 1) * len(table))
    compare(env, costs, len(table))
    level(env, table, wire, gone)


def rounds(env, bgpd, one, wire, gone, sent, accepted):
    """What a table takes, with each route map in turn, so that the machine's changes of speed meet all of them."""
    measured = []
    for number in range(ROUNDS + 1):
        of = {}
        for name in (None, "PLAIN", "SCRIPTED"):
            use(bgpd, name)
            before = bgpd.stats()["hooks"]["bgp.route_match"]["nanoseconds"]
            seconds, cpu = once(bgpd, one, wire, gone, sent, accepted if name else sent)
            own = bgpd.stats()["hooks"]["bgp.route_match"]["nanoseconds"] - before
            of[name] = (seconds, cpu * 1e9 / sent, own / sent)
        of["pattern"] = pattern(env)
        if number:
            measured.append(of)
    return measured


def use(bgpd, name):
    """Gives the neighbor a route map, or none."""
    line = f"neighbor {speaker(1)} route-map {name} in" if name else f"no neighbor {speaker(1)} route-map ANY in"
    bgpd.vty.configure(f"router bgp {ASN}", "address-family ipv4 unicast", line)


def pattern(env):
    """Nanoseconds per route of FRR's own pattern; 0 where it was not built."""
    if not env.pattern:
        return 0
    script = env.folder / "pattern.lua"
    script.write_text(SCRIPT)
    output = subprocess.run([str(env.pattern), str(script)], check=True, capture_output=True, text=True).stdout
    return float(output.split()[0])


def once(bgpd, one, wire, gone, sent, expected):
    """Announces the table, waits until bgpd has it, withdraws it, waits until it is gone."""

    def prefixes():
        return bgpd.vty.json("show bgp ipv4 unicast summary json")["peers"][speaker(1)]["pfxRcd"]

    cpu, start = bgpd.cpu(), time.monotonic()
    one.send(wire)
    eventually("", lambda: prefixes() == expected, 180, 0.05, quiet=True)
    took = time.monotonic() - start
    # bgpd goes on to choose routes and to tell zebra: all of that, however far it was.
    used = idle(bgpd) - cpu
    one.send(gone)
    eventually("", lambda: prefixes() == 0, 180, 0.05, quiet=True)
    return took, used


def idle(bgpd):
    """Waits until bgpd has nothing to do; answers with the seconds of CPU it has used by then."""
    while True:
        before = bgpd.cpu()
        time.sleep(0.2)
        if bgpd.cpu() - before < 0.004:
            return before


def compare(env, costs, count):
    say(f"\n  {count} routes, the middle one of {ROUNDS} rounds, per route:")
    say(f"  {'':7} {'CPU of bgpd with no route map':>30} {'a plain one':>12} {'the script':>12} {'it alone':>10} {'by statistics':>14}")
    for state, measured in costs.items():
        def middle(of):
            return statistics.median(of(one) for one in measured) / 1000

        none, plain, script = (middle(lambda one: one[name][1]) for name in (None, "PLAIN", "SCRIPTED"))
        alone = middle(lambda one: one["SCRIPTED"][1] - one["PLAIN"][1])
        own = middle(lambda one: one["SCRIPTED"][2])
        say(f"  {state:7} {none:27.2f} us {plain:9.2f} us {script:9.2f} us {alone:7.2f} us {own:11.2f} us")
    if not env.pattern:
        say("  FRR's own pattern is not measured: no native Lua was built")
        return
    for state, measured in costs.items():
        def times(of):
            return statistics.median(one["pattern"] / max(1, of(one)) for one in measured)

        native = statistics.median(one["pattern"] for one in measured) / 1000
        by_stats = times(lambda one: one["SCRIPTED"][2])
        # What a route map costs anyhow is none of the script's; the pattern has no route map around it either.
        over_plain = times(lambda one: one["SCRIPTED"][1] - one["PLAIN"][1])
        over_none = times(lambda one: one["SCRIPTED"][1] - one[None][1])
        say(f"  {state}: FRR's own pattern, in native Lua on this machine, takes {native:.1f} us: {by_stats:.0f} times as much as"
            f" the module's statistics say, {over_plain:.0f} times what bgpd's CPU takes more than with the plain route map,"
            f" {over_none:.0f} times than with none")
        env.figures.append((state, by_stats, over_plain))


def level(env, table, wire, gone):
    """A million decisions that all make new communities and AS paths: FRR's memory stays level."""
    rounds = max(3, -(-1_000_000 // len(table))) if not env.routes else 3
    with router(env, "table-level", [["route-map SCRIPTED in"]], SCRIPTED,
                texts={"full": CHANGING}) as (bgpd, (one,)):
        levels = []
        for number in range(rounds):
            once(bgpd, one, wire, gone, len(table), len(table))
            if number in (0, rounds // 2, rounds - 1):
                # Routes that are withdrawn are freed somewhat later.
                idle(bgpd)
                memory = bgpd.memory()
                levels.append((number + 1, {t: memory.get(t, 0) for t in TYPES}, bgpd.resident()))
        say(f"\n  memory of bgpd after rounds of announcing and withdrawing {len(table)} routes")
        say(f"  {'':24}" + "".join(f"{f'round {n}':>14}" for n, _, _ in levels))
        for kind in TYPES:
            if any(counts[kind] for _, counts, _ in levels):
                say(f"  {kind:24}" + "".join(f"{counts[kind]:14}" for _, counts, _ in levels))
        say(f"  {'resident, KiB':24}" + "".join(f"{resident:14}" for _, _, resident in levels))
        decided = bgpd.stats()["hooks"]["bgp.route_match"]["fired"]
        check(f"{decided} routes were decided and changed", decided == rounds * len(table))
        first, last = levels[0], levels[-1]
        for kind in TYPES:
            # A few hundred come and go with whatever bgpd is at.
            check(f"{kind}: level", last[1][kind] <= first[1][kind] + 200, f"{first[1][kind]} to {last[1][kind]}")
        check("resident memory: level", last[2] < first[2] * 1.2 + 8192, f"{first[2]} to {last[2]} KiB")
