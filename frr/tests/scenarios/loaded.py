# SPDX-License-Identifier: GPL-2.0-or-later
"""20. Scripts are replaced while a table arrives: every route is decided by one of them, and in the end by the last."""

import threading
import time

from lab.report import check, equal, eventually, show
from lab.routes import find, generated, on_the_wire, real

from .common import neighbor, received, router

MAPS = """
bgp route-map delay-timer 1
route-map IN permit 10
 match script decide
 set script mark
exit
"""

# Both scripts put the number of their version on the route.
DECIDE = "function route_match() return {{ action = RM_MATCH_AND_CHANGE, attributes = {{ localpref = {} }} }} end"
MARK = "function route_set() return {{ attributes = {{ weight = {} }} }} end"
BROKEN = "function route_match( return end"

SENT = 40000


class Sender(threading.Thread):
    """Announces the table three times. bgpd reads faster than it decides, and would read as much as it is sent."""

    def __init__(self, one, data):
        super().__init__(daemon=True)
        self.one, self.data = one, data
        self.rounds, self.problem = 0, None

    def run(self):
        try:
            while self.rounds < 3:
                self.one.send(self.data)
                self.rounds += 1
        except OSError as error:
            self.problem = repr(error)


def run(env):
    path = find()
    table = real(path, b"\x0a\x00\x00\x02") if path else generated(SENT, b"\x0a\x00\x00\x02")
    table = table[:SENT]
    data = on_the_wire(table)
    scripts = {"decide": DECIDE.format(1), "mark": MARK.format(1)}
    peers = [["route-map IN in", "soft-reconfiguration inbound"]]
    with router(env, "loaded", peers, MAPS, texts=scripts, hold=30) as (bgpd, (one,)):
        sender = Sender(one, data)
        sender.start()
        eventually("routes arrive", lambda: received(bgpd) > 1000, 60)
        replaced, broken, last = replace(bgpd, sender)
        sender.join(120)
        check(f"{sender.rounds} times {len(table)} routes were sent, and scripts replaced {replaced} times", replaced > 20)
        check(f"{broken} broken ones were rejected", broken > 0)
        equal("nothing went wrong with sending", sender.problem, None)
        eventually("bgpd has worked through all of them", lambda: received(bgpd) >= one.base + one.sent, 300, 0.5)
        stats = bgpd.stats()["attachments"]
        show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
        equal("no call failed on the way", [(a["faults"], a["denied"]) for a in stats], [(0, 0)] * 2)
        calls = {a["name"]: a["calls"] for a in stats}
        check("both were called for every route that came", min(calls.values()) >= sender.rounds * len(table), str(calls))
        # The last reload has routes decided anew, and so has every one before.
        eventually("in the end every route is as the last scripts say", lambda: versions(bgpd) == {(last, last)}, 120, 1)
        equal("every route is there", len(bgpd.vty.json("show bgp ipv4 unicast json")["routes"]), len(table))
        of = neighbor(bgpd)
        equal("the session was never lost", (of["connectionsEstablished"], of["connectionsDropped"]), (1, 0))


def replace(bgpd, sender):
    replaced = broken = 0
    until = time.monotonic() + 20
    while time.monotonic() < until or sender.rounds < 3:
        replaced += 1
        bgpd.script("decide", DECIDE.format(1000 + replaced))
        bgpd.script("mark", MARK.format(1000 + replaced))
        printed = bgpd.vty("tenterhook reload")
        if printed.count(": loaded") != 2:
            raise AssertionError(printed)
        if replaced % 5 == 0:
            bgpd.script("decide", BROKEN)
            broken += "the one that was attached stays" in bgpd.vty("tenterhook reload decide")
            bgpd.script("decide", DECIDE.format(1000 + replaced))
        time.sleep(0.05)
    return replaced, broken, 1000 + replaced


def versions(bgpd):
    """The versions that have decided about the routes which are there."""
    table = bgpd.vty.json("show bgp ipv4 unicast json")["routes"]
    return {(paths[0].get("locPrf"), paths[0].get("weight")) for paths in table.values()}
