# SPDX-License-Identifier: GPL-2.0-or-later
"""17. `write memory` and a restart: the same configuration, and nothing is accepted that scripts refuse."""

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import Failed, check, equal, eventually, show
from lab.speaker import Speaker

from .common import ASN, connect, peer_asn, refusal, route, router, routes, settled

# What an operator types, with sessions up.
TYPED = [
    "tenterhook attach bgp.peer_open gate",
    "route-map IN permit 10", "match script short", "set metric 7", "set script mark", "exit",
    "route-map IN permit 20", "match as-path script:long", "set script mark", "on-match next", "exit",
    "route-map IN permit 30", "match script long", "exit",
    f"router bgp {ASN}", "address-family ipv4 unicast", f"neighbor {speaker(1)} route-map IN in", "exit", "exit",
]

SCRIPTS = {
    "short": "function route_match(prefix) return { action = prefix.length <= 16 and RM_MATCH or RM_NOMATCH } end",
    "long": "function route_match(prefix) return { action = prefix.length > 24 and RM_MATCH or RM_NOMATCH } end",
    "mark": "function route_set() return { attributes = { localpref = 300 } } end",
    "gate": "function peer_open(peer) return { action = peer.remote_as == 65003 and OPEN_REFUSE or OPEN_ACCEPT } end",
}

SENT = ["20.1.0.0/16", "20.2.2.0/24", "20.3.3.3/32"]

# MED and local preference, where it is accepted.
FATES = {"20.1.0.0/16": (7, 300), "20.3.3.3/32": (0, 300)}


def run(env):
    folder = env.folder / "restart"
    with router(env, "restart", [["soft-reconfiguration inbound"], []], "", texts=SCRIPTS) as (bgpd, (one, _)):
        one.announce(SENT)
        settled(bgpd, one)
        equal("without a route map all are accepted", sorted(routes(bgpd)), SENT)
        bgpd.vty.configure(*TYPED)
        eventually("what is typed takes effect", lambda: fates(bgpd) == FATES, 40)
        before = bgpd.vty("show running-config")
        show("write memory", bgpd.vty("write memory"))
        written = (bgpd.folder / "conf").read_text()
        show("what was written", written)
    again(env, written.replace(str(folder), str(env.folder / "restart-again")),
          before.replace(str(folder), str(env.folder / "restart-again")))


def fates(bgpd):
    return {prefix: (of.get("metric", 0), of.get("locPrf")) for prefix, of in ((p, route(bgpd, p) or {}) for p in routes(bgpd))}


def only_those(bgpd):
    """What is accepted; none that should not be, at any time."""
    now = fates(bgpd)
    if any(FATES.get(prefix) != fate for prefix, fate in now.items()):
        raise Failed(f"accepted after the restart: {now}")
    return now


def again(env, written, before):
    folder = env.folder / "restart-again"
    folder.mkdir()
    files = []
    for name, text in SCRIPTS.items():
        files.append(folder / f"{name}.lua")
        files[-1].write_text(text)
    zebra = Daemon(env.lab, "zebra", folder)
    bgpd = Daemon(env.lab, "bgpd", folder, written, env.modules, scripts=files, extra=["-n"])
    one, two = (Speaker(speaker(number), peer_asn(number), ROUTER, 9) for number in (1, 2))
    try:
        connect(bgpd, one)
        one.announce(SENT)
        settled(bgpd, one)
        # FRR writes neighbors before the route maps that they name. Reading that, it turns everything away until the map is
        # there, for as long as `bgp route-map delay-timer` says.
        eventually("after the restart the scripts decide as before", lambda: only_those(bgpd) == FATES, 40)
        said = refusal(two)
        check("the session that a script refuses does not come up", "NOTIFICATION 6/5" in said, said)
        equal("show running-config is as it was", configuration(bgpd.vty("show running-config")), configuration(before))
        bgpd.vty("write memory")
        equal("what is written again is the same", configuration((bgpd.folder / "conf").read_text()), configuration(written))
        check("bgpd is alive at the end", bgpd.alive())
    finally:
        one.close()
        two.close()
        bgpd.stop()
        zebra.stop()


def configuration(text):
    """Its lines, without those that say when it was written."""
    lines = text[text.index("frr version"):].splitlines()
    return [line for line in lines if line.strip() not in ("", "!", "end")]
