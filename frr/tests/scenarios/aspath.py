# SPDX-License-Identifier: GPL-2.0-or-later
"""15. `match as-path script:NAME` through a stock vtysh and one frr.conf; it lets nothing in where the module is missing."""

import argparse
import contextlib
import shutil
import subprocess

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import Speaker

from .common import ASN, bgp_config, connect, peer_asn, routes, settled

SCRIPT = """
function route_match(prefix, attributes, peer)
    if prefix.length > 24 then return { action = RM_NOMATCH } end
    return { action = RM_MATCH_AND_CHANGE, attributes = { localpref = 200 } }
end
"""

# Both forms, FRR's own lists, and one that is not there.
MAPS = """
bgp as-path access-list FROM65200 seq 5 permit _65200$
route-map IN permit 10
 match as-path script:no24
exit
route-map PLAIN permit 10
 match as-path FROM65200
exit
route-map PLAIN permit 20
 match as-path NOSUCHLIST
exit
route-map BOTH permit 10
 match as-path FROM65200
exit
route-map BOTH permit 20
 match as-path script:no24
exit
"""

PEERS = [["route-map IN in"], ["route-map PLAIN in"], ["route-map BOTH in"]]

SENT = ["20.1.0.0/24", "20.2.0.0/25"]


def run(env):
    if not shutil.which("vtysh"):
        check("vtysh is installed", False)
    with booted(env, "aspath", env.modules) as (bgpd, vtysh, speakers):
        announce(bgpd, speakers)
        table = {prefix: of.get("locPrf") for prefix, of in routes(bgpd).items()}
        equal("the script decides and changes, FRR's own lists go on", table,
              {"20.1.0.0/24": 200, "30.1.0.0/24": 200, "50.1.0.0/24": None, "50.2.0.0/25": None, "60.1.0.0/24": 200,
               "70.1.0.0/24": None, "70.2.0.0/25": None})
        unchanged(vtysh)
        edited(bgpd, vtysh, speakers)
    with booted(env, "aspath-none", None) as (bgpd, vtysh, speakers):
        announce(bgpd, speakers)
        equal("without the module the script's entries let nothing in, FRR's own lists go on", sorted(routes(bgpd)),
              ["50.1.0.0/24", "50.2.0.0/25", "70.1.0.0/24", "70.2.0.0/25"])
        unchanged(vtysh)
    modules = env.folder / "aspath-modules"
    shutil.copytree(env.modules, modules)
    (modules / "tenterhook" / "libtenterhook_ffi.so").unlink()
    with booted(env, "aspath-optional", modules, "optional") as (bgpd, vtysh, speakers):
        announce(bgpd, speakers)
        equal("nor do they where it is optional and does not start", sorted(routes(bgpd)),
              ["50.1.0.0/24", "50.2.0.0/25", "70.1.0.0/24", "70.2.0.0/25"])


@contextlib.contextmanager
def booted(env, name, modules, options=""):
    """bgpd with an empty configuration of its own, given one frr.conf by a stock `vtysh -b`; with a session to each peer."""
    folder = env.folder / name
    folder.mkdir()
    with contextlib.ExitStack() as ends:
        ends.callback(Daemon(env.lab, "zebra", folder).stop)
        script = folder / "no24.lua"
        script.write_text(SCRIPT)
        bgpd = Daemon(env.lab, "bgpd", folder, "", modules, scripts=[script], options=options, extra=["-n"])
        ends.callback(bgpd.stop)
        config = folder / "etc"
        config.mkdir()
        (config / "frr.conf").write_text(bgp_config(PEERS, MAPS))
        # What a package installs, in place of /etc/frr.
        (config / "vtysh.conf").write_text("service integrated-vtysh-config\n")

        def vtysh(*arguments):
            command = ["vtysh", "--vty_socket", str(bgpd.folder), "--config_dir", str(config), *arguments]
            ran = subprocess.run(env.lab.enter(command), capture_output=True, text=True, timeout=60)
            return argparse.Namespace(code=ran.returncode, printed=ran.stdout + ran.stderr)

        loaded = vtysh("-b")
        check(f"{name}: a stock vtysh takes every line", loaded.code == 0 and "%" not in loaded.printed, loaded.printed)
        speakers = []
        for number in range(1, len(PEERS) + 1):
            one = Speaker(speaker(number), peer_asn(number), ROUTER)
            ends.callback(one.close)
            connect(bgpd, one, number)
            speakers.append(one)
        yield bgpd, vtysh, speakers
        check("bgpd is alive at the end", bgpd.alive())


def announce(bgpd, speakers):
    """Two routes of a path that FRR's list does not have, and two of one that it has."""
    for number, one in enumerate(speakers, 1):
        for first, last in ((number * 2, 65100), (number * 2 + 1, 65200)):
            one.announce([prefix.replace("20.", f"{first}0.", 1) for prefix in SENT], peer_asn(number), last)
        settled(bgpd, one, number)


def unchanged(vtysh):
    config = vtysh("-c", "show running-config").printed
    lines = [line for line in MAPS.strip().splitlines()]
    check("show running-config of a stock vtysh has every line", all(line in config.splitlines() for line in lines), config)


def edited(bgpd, vtysh, speakers):
    """Removed, put back, given another list and another script, all through vtysh."""

    def configure(*lines):
        ran = vtysh(*(part for line in ("configure terminal", *lines) for part in ("-c", line)))
        check(f"vtysh: {' / '.join(lines)}", ran.code == 0, ran.printed)

    def again(what, prefix, expected):
        """Announces a route anew: what becomes of it."""
        speakers[0].withdraw([prefix])
        settled(bgpd, speakers[0], 1)
        # Routes that are gone are shown until bgpd has freed them.
        eventually("", lambda: prefix not in routes(bgpd), quiet=True)
        speakers[0].announce([prefix])
        settled(bgpd, speakers[0], 1)
        of = routes(bgpd).get(prefix)
        equal(what, of and of.get("locPrf", 100), expected)

    configure("route-map IN permit 10", "no match as-path script:no24")
    again("without the line, every route comes in", "20.9.0.0/25", 100)
    configure("route-map IN permit 10", "match as-path script:no24")
    again("with the line again, the script turns it away", "20.9.0.0/25", None)
    again("… and changes the other", "20.9.0.0/24", 200)
    configure("route-map IN permit 10", "match as-path NOSUCHLIST")
    again("a list in its place is FRR's own", "20.9.0.0/24", None)
    configure("bgp as-path access-list NOSUCHLIST permit .*")
    again("… that lets in what it permits, once it is there", "20.9.0.0/25", 100)
    configure("route-map IN permit 10", "match as-path script:missing")
    again("a script that is missing lets nothing in", "20.9.0.0/24", None)
    bgpd.script("missing", SCRIPT)
    ran = vtysh("-d", "bgpd", "-c", "tenterhook reload")
    show("a stock vtysh does not know the module's own commands", ran.printed)
    bgpd.vty("tenterhook reload missing")
    again("… until it is there and reloaded", "20.9.0.0/24", 200)
    configure("no route-map IN")
    equal("with its route map, its rule is gone", bgpd.memory()["Tenterhook route map entry"], 1)
