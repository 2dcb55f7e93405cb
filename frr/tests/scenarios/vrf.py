# SPDX-License-Identifier: GPL-2.0-or-later
"""21. Routes that one VRF imports from another: scripts decide and change, and the other VRF's routes stay as they are."""

import os
import subprocess

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import Speaker

from .common import ASN, bgp_config, connect, peer_asn, settled

MATCH = """
function route_match(prefix, attributes, peer)
    if prefix.length > 24 then return { action = RM_NOMATCH } end
    return { action = RM_MATCH_AND_CHANGE, attributes = { communities = { "65001:1" } } }
end
"""

SET = "function route_set(prefix, attributes) return { attributes = { localpref = 300, prepend = { 65100 } } } end"

SENT = ["20.1.0.0/16", "20.2.2.0/24", "20.3.3.0/25"]


def run(env):
    # zebra takes a namespace that has a name as a VRF: that works with kernels that have no VRF devices.
    vrf = f"tenterhook{os.getpid()}"
    subprocess.run(["ip", "netns", "add", vrf], check=True)
    try:
        imports(env, vrf)
    finally:
        subprocess.run(["ip", "netns", "del", vrf], check=True)


def imports(env, vrf):
    folder = env.folder / "vrf"
    folder.mkdir()
    files = []
    for name, text in {"short": MATCH, "mark": SET}.items():
        files.append(folder / f"{name}.lua")
        files[-1].write_text(text)
    maps = "route-map IMPORT permit 10\n match script short\n set script mark\nexit"
    more = f"""router bgp {ASN} vrf {vrf}
 bgp router-id 10.0.0.1
 address-family ipv4 unicast
  import vrf route-map IMPORT
  import vrf default
 exit-address-family
exit"""
    zebra = Daemon(env.lab, "zebra", folder, extra=["-n"])
    bgpd = Daemon(env.lab, "bgpd", folder, bgp_config([[]], maps) + "\n" + more, env.modules, scripts=files, extra=["-n"])
    one = Speaker(speaker(1), peer_asn(1), ROUTER, 9)
    try:
        eventually("bgpd knows the VRF", lambda: vrf in bgpd.vty("show bgp vrfs") and "-1" not in bgpd.vty(
            "show bgp vrfs").split(vrf)[0].splitlines()[-1])
        connect(bgpd, one)
        one.announce(SENT, 65002, 64900, med=5, communities=["65002:1"])
        settled(bgpd, one)
        eventually("the VRF imports what the script lets in", lambda: sorted(table(bgpd, f"vrf {vrf} ")) == SENT[:2])
        for prefix in SENT[:2]:
            equal(f"{prefix} is changed in the VRF", values(bgpd, prefix, f"vrf {vrf} "), (300, "65001:1", "65100 65002 64900"))
        for prefix in SENT:
            equal(f"{prefix} is as it came where it came from", values(bgpd, prefix), (None, "65002:1", "65002 64900"))
        show("show tenterhook stats", bgpd.vty("show tenterhook stats"))
        one.withdraw(SENT)
        eventually("what is withdrawn goes there too", lambda: not table(bgpd, f"vrf {vrf} "))
        check("bgpd and zebra are alive at the end", bgpd.alive() and zebra.alive())
    finally:
        one.close()
        bgpd.stop()
        zebra.stop()


def table(bgpd, vrf=""):
    return bgpd.vty.json(f"show bgp {vrf}ipv4 unicast json").get("routes", {})


def values(bgpd, prefix, vrf=""):
    of = bgpd.vty.json(f"show bgp {vrf}ipv4 unicast {prefix} json")["paths"][0]
    return of.get("locPrf"), of["community"]["string"], of["aspath"]["string"]
