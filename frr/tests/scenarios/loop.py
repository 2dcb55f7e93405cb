# SPDX-License-Identifier: GPL-2.0-or-later
"""3. A script that loops forever, on a peer that sends 10,000 routes; hold times of 9 seconds."""

import time

from lab.report import check, equal, say, show

from .common import neighbor, router, routes, settled

MAPS = """
route-map LOOP permit 10
 match script loop
exit
route-map FINE permit 10
 match script fine
exit
"""

ROUTES = 10_000


def run(env):
    scripts = {"loop": "function route_match() while true do end end",
               "fine": "function route_match() return { action = RM_MATCH } end"}
    peers = [["route-map LOOP in"], ["route-map FINE in"]]
    with router(env, "loop", peers, MAPS, texts=scripts) as (bgpd, (one, two)):
        prefixes = [f"{20 + n // 65536}.{n // 256 % 256}.{n % 256}.0/24" for n in range(ROUTES)]
        start = time.monotonic()
        one.announce(prefixes)
        two.announce(["203.0.113.0/24"])
        settled(bgpd, one, 1, 120)
        settled(bgpd, two, 2, 120)
        took = time.monotonic() - start
        stats = {a["name"]: a for a in bgpd.stats()["attachments"]}
        show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
        say(f"  {ROUTES} routes were through after {took:.1f} s")
        equal("every call was stopped, by fuel", (stats["loop"]["faults"], stats["loop"]["causes"]),
              (ROUTES, {"fuel": ROUTES}))
        equal("every route got the default, no match; the other peer's is there", list(routes(bgpd)), ["203.0.113.0/24"])
        # Hold times would have run out by now, had keepalives been late.
        time.sleep(max(0, 10 - took))
        check("both sessions are up, on both sides", one.established and two.established)
        for number in (1, 2):
            of = neighbor(bgpd, number)
            equal(f"peer {number}: hold time 9 s, established once, dropped never",
                  (of["bgpTimerHoldTimeMsecs"], of["connectionsEstablished"], of["connectionsDropped"]), (9000, 1, 0))
