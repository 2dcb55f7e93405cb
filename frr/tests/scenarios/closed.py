# SPDX-License-Identifier: GPL-2.0-or-later
"""13. An optional module that does not start leaves its commands, and what scripts would decide matches nothing."""

import argparse
import shutil

from lab.daemon import Daemon
from lab.report import check, equal, eventually, say, show
from lab.version import has_scripting, version

from .common import connect, neighbor, refusal, router, routes, settled

MAPS = """
route-map IN permit 10
 match script no24
exit
route-map DENY deny 10
 match script no24
exit
route-map DENY permit 20
 set weight 3
exit
route-map ASPATH permit 10
 match as-path script:no24
exit
route-map DENY permit 20
 set script change
exit
"""

SCRIPT = "function route_match(prefix) return { action = prefix.length <= 24 and RM_MATCH or RM_NOMATCH } end"

SENT = ["20.1.0.0/24", "20.2.0.0/25"]

PEERS = [["route-map IN in"], ["route-map DENY in"], ["route-map ASPATH in"]]


def run(env):
    closed(env, "bogus", "optional,bogus=1", "its options are not right")
    closed(env, "executors", "executors=0,optional", "its options are not right")
    if env.near:
        closed(env, "near", "optional", "built for FRR", env.near.resolve())
    else:
        say("  no modules for another version of the series were built")
    modules = env.folder / "closed-modules"
    shutil.copytree(env.modules, modules)
    (modules / "tenterhook" / "libtenterhook_ffi.so").unlink()
    closed(env, "library", "optional", "libtenterhook_ffi.so", modules)
    zebra(env, modules)
    policy(env)
    missing(env)


def closed(env, name, options, reason, modules=None):
    with_modules = argparse.Namespace(**{**vars(env), "modules": modules or env.modules})
    attach = "tenterhook attach bgp.process watch"
    with router(with_modules, f"closed-{name}", PEERS, MAPS, attach, texts={"no24": SCRIPT},
                options=options) as (bgpd, speakers):
        printed = bgpd.printed()
        show("what bgpd prints", printed)
        check(f"{name}: bgpd says why, and that it runs", reason in printed and "runs without it" in printed)
        check("… the log has it", "what scripts would decide matches nothing" in bgpd.logged())
        decided(bgpd, speakers)
        config = bgpd.vty("show running-config")
        kept = [" match script no24", " match as-path script:no24", " set script change", attach]
        check("the configuration keeps its lines", all(line in config.splitlines() for line in kept), config)
        check("show tenterhook says why", reason in bgpd.vty("show tenterhook attachments json"))
        check("… reload as well", reason in bgpd.vty("tenterhook reload"))
        edited(bgpd)
        refusing(bgpd, speakers[0])


def decided(bgpd, speakers):
    for number, one in enumerate(speakers, 1):
        one.announce([prefix.replace("20.", f"{number}0.", 1) for prefix in SENT])
        settled(bgpd, one, number)
    table = {prefix: of.get("weight", 0) for prefix, of in routes(bgpd).items()}
    equal("only the entry behind `deny … match script` lets routes in", table, {"20.1.0.0/24": 3, "20.2.0.0/25": 3})


def edited(bgpd):
    """The commands go on as they do with the module."""
    printed = bgpd.vty.configure("route-map NEW permit 10", "match script another", "exit", "tenterhook attach bgp.process two",
                                 "no tenterhook attach bgp.process watch")
    check("a new line says that nothing matches", "script another: " in printed and "nothing matches" in printed, printed)
    bgpd.vty.configure("route-map NEW permit 10", "no match script another")
    config = bgpd.vty("show running-config").splitlines()
    check("lines come and go", " match script another" not in config and "tenterhook attach bgp.process two" in config
          and "tenterhook attach bgp.process watch" not in config)


def refusing(bgpd, one):
    """A script that is to decide about sessions cannot be asked: none comes up."""
    bgpd.vty.configure("tenterhook attach bgp.peer_open gate")
    one.close()
    eventually("the session goes", lambda: neighbor(bgpd)["bgpState"] != "Established")
    before = neighbor(bgpd)["connectionsEstablished"]
    said = refusal(one)
    check("with `tenterhook attach bgp.peer_open`, sessions are refused", "NOTIFICATION 6/5" in said, said)
    equal("… it has not come up", neighbor(bgpd)["connectionsEstablished"], before)
    bgpd.vty.configure("no tenterhook attach bgp.peer_open gate", "tenterhook attach bgp.peer_o gate")
    said = refusal(one)
    check("… an abbreviated hook point is the same", "NOTIFICATION 6/5" in said, said)
    # More lines than anybody writes; none is lost.
    bgpd.vty.configure(*(f"tenterhook attach bgp.process many{number}" for number in range(1100)))
    kept = bgpd.vty("show running-config").count("tenterhook attach bgp.process many")
    equal("1,100 lines are kept", kept, 1100)
    bgpd.vty.configure("no tenterhook attach bgp.peer_open gate")
    connect(bgpd, one)


def zebra(env, modules):
    folder = env.folder / "closed-zebra"
    folder.mkdir()
    lines = ["tenterhook attach zebra.rib_update watch"]
    if version() < (10,):
        lines += ["route-map BGP permit 10", " match zebra-script pick", "exit"]
    daemon = Daemon(env.lab, "zebra", folder, "\n".join(lines), modules, options="optional")
    try:
        running = daemon.vty("show running-config")
        check("zebra runs as well, with its lines", all(line in running.splitlines() for line in lines), running)
    finally:
        equal("… and ends as it should", daemon.stop(), 0)


def policy(env):
    """The policy is no reason to end: scripts do not run without one that can be read, and have a preset without any."""
    with router(env, "closed-policy", PEERS, MAPS, texts={"no24": SCRIPT}, policy="defaults.fule = 1\n") as (bgpd, speakers):
        check("a policy that cannot be read is logged", "no script will run" in bgpd.logged())
        decided(bgpd, speakers)
    folder = env.folder / "no-such-policy"
    with router(env, "closed-preset", PEERS, MAPS, texts={"no24": SCRIPT}, options=f"policy={folder}") as (bgpd, speakers):
        for number, one in enumerate(speakers, 1):
            one.announce([prefix.replace("20.", f"{number}0.", 1) for prefix in SENT])
            settled(bgpd, one, number)
        equal("without a policy the script decides", sorted(routes(bgpd)), ["10.1.0.0/24", "20.2.0.0/25", "30.1.0.0/24"])


def missing(env):
    """Without the module, what the stock daemon does: the rule of bgpd's own lets nothing in; the other is lost, and open."""
    peers = [["route-map ASPATH in"]]
    if not has_scripting():
        peers.append(["route-map IN in"])
    with router(env, "closed-none", peers, MAPS, module=False) as (bgpd, speakers):
        for number, one in enumerate(speakers, 1):
            one.announce([prefix.replace("20.", f"{number}0.", 1) for prefix in SENT])
            settled(bgpd, one, number)
        equal("without a module, `match as-path script:NAME` lets nothing in, and `match script` everything",
              sorted(routes(bgpd)), ["20.1.0.0/24", "20.2.0.0/25"] if len(peers) > 1 else [])
