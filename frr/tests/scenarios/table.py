# SPDX-License-Identifier: GPL-2.0-or-later
"""5. A full table, with no route map, with a plain one, and with a script that does the same."""

import contextlib
import os
import shutil
import socket
import statistics
import time

from lab import routes as tables
from lab.net import speaker
from lab.report import check, equal, eventually, say, show
from lab.speaker import withdrawals
from lab.version import has_scripting

from .common import ASN, router

# As FRR's documentation has them: FRR's own scripting runs the same.
SCRIPT = """
function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE)
    if prefix.length > 24 then
        return { action = RM_NOMATCH }
    end
    attributes.localpref = 200
    attributes.metric = 50
    return { action = RM_MATCH_AND_CHANGE, attributes = attributes }
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

# FRR's own scripting in the same bgpd: tests/native.c. Before 10.2 its scripts have none of Lua's standard libraries; ours do, so
# it is measured with them as well. Since then it always opens them.
NATIVE = """
route-map NATIVE permit 10
exit
route-map LIBRARIES permit 10
exit
"""

ROUNDS = 7

# There and back, so that what the machine's speed drifts by meets all of them alike.
SEQUENCE = (None, "PLAIN", "SCRIPTED", "NATIVE", "LIBRARIES", "SCRIPTED", "PLAIN")

WORDS = {
    None: "no route map",
    "PLAIN": "a plain route map",
    "SCRIPTED": "the script",
    "NATIVE": "FRR's own scripting",
    "LIBRARIES": "FRR's own with Lua's libraries",
}

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

    if not env.native:
        say("  FRR's own scripting is not measured: its sources, or Lua's, are not at hand")
    left_out = [name for name in ("NATIVE", "LIBRARIES") if not env.native] or ["NATIVE"] * has_scripting()
    sequence = [name for name in SEQUENCE if name not in left_out]
    for state, policy in (("kept", KEPT), ("fresh", "")):
        folder = f"table-{state}"
        # FRR's own scripting finds scripts where ours does.
        scripts = env.folder / folder / "bgpd" / "scripts"
        extra = ["-M", f"{env.native}:{scripts}"] if env.native else []
        extra += ["--scriptdir", str(scripts)] if has_scripting() else []
        with pinned() as wrap, router(env, folder, [[]], PLAIN + SCRIPTED + NATIVE, policy=policy, texts={"full": SCRIPT},
                                      extra=extra, wrap=wrap) as (bgpd, (one,)):
            if env.native:
                bgpd.vty("native route-map NATIVE script full")
                bgpd.vty("native route-map LIBRARIES script full libraries")
            # One round more than is measured, to get warm.
            measured = [once_each(bgpd, sequence, one, wire, gone, len(table), accepted) for _ in range(ROUNDS + 1)][1:]
            show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
            fired = bgpd.stats()["hooks"]["bgp.route_match"]["fired"]
            equal("every route was decided", fired, (ROUNDS + 1) * sequence.count("SCRIPTED") * len(table))
            if env.native:
                equal("and by FRR's own scripting", bgpd.vty.json("show native json")["routes"],
                      (ROUNDS + 1) * sum(name in ("NATIVE", "LIBRARIES") for name in sequence) * len(table))
            compare(state, measured, len(table))
    level(env, table, wire, gone)


@contextlib.contextmanager
def pinned():
    """Gives bgpd a processor of its own, where there are two: what to start it with. The others are for us and zebra."""
    mine = sorted(os.sched_getaffinity(0))
    if len(mine) < 2 or not shutil.which("taskset"):
        say("  bgpd shares its processor: there is one, or no taskset")
        yield []
        return
    os.sched_setaffinity(0, mine[:-1])
    try:
        yield ["taskset", "-c", str(mine[-1])]
    finally:
        os.sched_setaffinity(0, mine)


def once_each(bgpd, sequence, one, wire, gone, sent, accepted):
    """What a table takes with each route map: for each, seconds, and per route the nanoseconds of bgpd's CPU and those
    by the clock of who decides."""
    measured = {name: [] for name in sequence}
    for name in sequence:
        use(bgpd, name)
        before = clock(bgpd, name)
        seconds, cpu = once(bgpd, one, wire, gone, sent, accepted if name else sent)
        measured[name].append((seconds, cpu * 1e9 / sent, (clock(bgpd, name) - before) / sent))
    return {name: [statistics.mean(what) for what in zip(*times)] for name, times in measured.items()}


def use(bgpd, name):
    """Gives the neighbor a route map, or none."""
    line = f"neighbor {speaker(1)} route-map {name} in" if name else f"no neighbor {speaker(1)} route-map ANY in"
    bgpd.vty.configure(f"router bgp {ASN}", "address-family ipv4 unicast", line)


def clock(bgpd, name):
    """Nanoseconds that deciding has taken so far, by its own statistics."""
    if name == "SCRIPTED":
        return bgpd.stats()["hooks"]["bgp.route_match"]["nanoseconds"]
    if name in ("NATIVE", "LIBRARIES"):
        return bgpd.vty.json("show native json")["nanoseconds"]
    return 0


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
    # Routes that are withdrawn are freed somewhat later: that is not the next one's, and no leak.
    idle(bgpd)
    return took, used


def idle(bgpd):
    """Waits until bgpd has nothing to do; answers with the seconds of CPU it has used by then."""
    while True:
        before = bgpd.cpu()
        time.sleep(0.2)
        if bgpd.cpu() - before < 0.004:
            return before


def compare(state, measured, count):
    """What each route map costs. What a route map costs anyhow, as the plain one shows, is nobody's who decides in one."""

    def middle(of):
        return statistics.median(of(one) for one in measured)

    def spread(of, unit=1):
        values = sorted(of(one) / unit for one in measured)
        return f"{values[0]:.1f}–{values[-1]:.1f}"

    def over_plain(name):
        return lambda one: one[name][1] - one["PLAIN"][1]

    say(f"\n  {state}: {count} routes, the middle one of {ROUNDS} rounds, and from the least to the most; per route, in us:")
    say(f"  {'':30}{'converged in':>13}{'CPU of bgpd':>24}{'over plain':>24}{'by its clock':>24}{'times the script: by CPU':>28}"
        f"{'by clock':>18}")

    def cell(of, width, unit=1, digits=2):
        return f"{f'{middle(of) / unit:.{digits}f} ({spread(of, unit)})':>{width}}"

    for name in measured[0]:
        line = f"  {WORDS[name]:30}{middle(lambda one: one[name][0]):11.2f} s" + cell(lambda one: one[name][1], 24, 1000)
        if name not in (None, "PLAIN"):
            line += cell(over_plain(name), 24, 1000) + cell(lambda one: one[name][2], 24, 1000)
        if name in ("NATIVE", "LIBRARIES"):
            line += cell(lambda one: over_plain(name)(one) / max(1, over_plain("SCRIPTED")(one)), 28, digits=1)
            line += cell(lambda one: one[name][2] / max(1, one["SCRIPTED"][2]), 18, digits=1)
        say(line)


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
