# SPDX-License-Identifier: GPL-2.0-or-later
"""5. A full table, with no route map, with a plain one, and with a script that does the same."""

import socket
import subprocess
import time

from lab import routes as tables
from lab.net import speaker
from lab.report import check, equal, eventually, say, show
from lab.speaker import withdrawals

from .common import router

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

    runs = [("no route map", [], "", "", {}), ("plain route map", ["route-map PLAIN in"], PLAIN, "", {}),
            ("script, kept", ["route-map SCRIPTED in"], SCRIPTED, KEPT, {"full": SCRIPT}),
            ("script, fresh", ["route-map SCRIPTED in"], SCRIPTED, "", {"full": SCRIPT})]
    rows = []
    for title, peer, maps, policy, scripts in runs:
        name = "table-" + title.replace(",", "").replace(" ", "-")
        with router(env, name, [peer], maps, policy=policy, texts=scripts, module=bool(scripts)) as (bgpd, (one,)):
            expected = len(table) if not peer else accepted
            seconds, cpu = [], []
            for _ in range(3):
                took = once(bgpd, one, wire, gone, len(table), expected)
                seconds.append(took[0])
                cpu.append(took[1])
            of = bgpd.stats()["hooks"]["bgp.route_match"] if scripts else None
            if of:
                show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
                equal("every route was decided", of["fired"], 3 * len(table))
            rows.append((title, min(seconds), min(cpu), of))
    compare(env, rows, len(table))
    level(env, table, wire, gone)


def once(bgpd, one, wire, gone, sent, expected):
    """Announces the table, waits until bgpd has it, withdraws it, waits until it is gone."""

    def prefixes():
        return bgpd.vty.json("show bgp ipv4 unicast summary json")["peers"][speaker(1)]["pfxRcd"]

    cpu, start = bgpd.cpu(), time.monotonic()
    one.send(wire)
    eventually("", lambda: prefixes() == expected, 180, 0.05, quiet=True)
    took, used = time.monotonic() - start, bgpd.cpu() - cpu
    one.send(gone)
    eventually("", lambda: prefixes() == 0, 180, 0.05, quiet=True)
    return took, used


def compare(env, rows, count):
    say(f"\n  {count} routes, the best of three rounds:")
    say(f"  {'':18} {'until all are in':>17} {'CPU of bgpd':>12} {'more than none':>15} {'by its statistics':>18}")
    none = rows[0][2]
    for title, seconds, cpu, stats in rows:
        per_route = f"{(cpu - none) / count * 1e6:.2f} us" if cpu is not none else ""
        own = f"{stats['nanosecondsMean'] / 1000:.2f} us" if stats else ""
        say(f"  {title:18} {seconds:15.2f} s {cpu:10.2f} s {per_route:>15} {own:>18}")
    if not env.pattern:
        say("  FRR's own pattern is not measured: no native Lua was built")
        return
    script = env.folder / "pattern.lua"
    script.write_text(SCRIPT)
    output = subprocess.run([str(env.pattern), str(script)], check=True, capture_output=True, text=True).stdout
    pattern = float(output.split()[0])
    say(f"  FRR's own pattern, per route, in native Lua on this machine just now: {pattern / 1000:.1f} us")
    for title, _, cpu, stats in rows[2:]:
        by_stats, by_cpu = pattern / stats["nanosecondsMean"], pattern / max(1, (cpu - none) / count * 1e9)
        say(f"  {title}: {by_stats:.0f} times less by the module's statistics, {by_cpu:.0f} times less by CPU time")
        env.figures.append((title, by_stats, by_cpu))


def level(env, table, wire, gone):
    """A million decisions that all make new communities and AS paths: FRR's memory stays level."""
    rounds = max(3, -(-1_000_000 // len(table))) if not env.routes else 3
    with router(env, "table-level", [["route-map SCRIPTED in"]], SCRIPTED,
                texts={"full": CHANGING}) as (bgpd, (one,)):
        levels = []
        for number in range(rounds):
            once(bgpd, one, wire, gone, len(table), len(table))
            if number in (0, rounds // 2, rounds - 1):
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
