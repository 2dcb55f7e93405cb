# SPDX-License-Identifier: GPL-2.0-or-later
"""6. zebra: routes and interfaces come and go; hook points that observe see them."""

import re
import time

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import Speaker
from lab.version import version

from .common import bgp_config, connect, peer_asn

HOOKS = ["rib_update", "interface_add", "interface_del", "interface_up", "interface_down"]

RIB = """
function rib_update(prefix, vrf, table, reason, route)
    local how = "none"
    if route then
        local hop = route.next_hops[1]
        how = route.protocol .. " " .. (hop and hop.gateway and hop.gateway.string or "link") .. " metric " .. route.metric
    end
    log.info("rib " .. prefix.network .. " " .. vrf .. " " .. table .. " [" .. reason .. "] " .. how)
end
"""

INTERFACE = """
function %s(interface)
    local addresses = {}
    for k, prefix in ipairs(interface.addresses) do
        addresses[k] = prefix.network
    end
    log.info("%s " .. interface.name .. " " .. tostring(interface.up) .. " mtu " .. interface.mtu .. " ["
        .. table.concat(addresses, " ") .. "]")
end
"""


def run(env):
    folder = env.folder / "zebra"
    folder.mkdir()
    written = folder / "written"
    written.mkdir()
    for hook in HOOKS:
        text = RIB if hook == "rib_update" else INTERFACE % (hook, hook)
        (written / f"{hook}.lua").write_text(text)
    config = "\n".join(f"tenterhook attach zebra.{hook} {hook}" for hook in HOOKS)
    zebra = Daemon(env.lab, "zebra", folder, config, env.modules, scripts=sorted(written.glob("*.lua")))
    try:
        watch(env, zebra)
        check("zebra is alive at the end", zebra.alive())
    finally:
        env.lab.inside("link", "set", "wire1", "up")
        zebra.stop()


def watch(env, zebra):
    def told(pattern, what):
        return eventually(what, lambda: re.search(pattern, zebra.logged()))

    attached = zebra.vty.json("show tenterhook attachments json")
    equal("all five are attached", sorted(a["hook"] for a in attached["attachments"]),
          sorted(f"zebra.{hook}" for hook in HOOKS))
    env.lab.inside("link", "add", "test7", "type", "veth", "peer", "name", "test8")
    told(r"interface_add test7 ", "zebra.interface_add: an interface comes")
    env.lab.inside("addr", "add", "198.18.7.1/24", "dev", "test7")
    env.lab.inside("link", "set", "test8", "up")
    env.lab.inside("link", "set", "test7", "mtu", "1400", "up")
    told(r"interface_up test7 true mtu 1400 \[198\.18\.7\.1/24", "zebra.interface_up: it goes up, with address and MTU")
    told(r"rib 198\.18\.7\.0/24 0 254 \[new route selected\] connected link", "zebra.rib_update: its network is there")
    env.lab.inside("route", "add", "198.51.100.0/24", "via", "198.18.7.9", "metric", "77")
    told(r"rib 198\.51\.100\.0/24 0 254 \[new route selected\] kernel 198\.18\.7\.9 metric 77",
         "zebra.rib_update: a route comes")
    env.lab.inside("route", "del", "198.51.100.0/24")
    if version() < (10,):
        told(r"rib 198\.51\.100\.0/24 0 254 \[removing existing route\]", "zebra.rib_update: it goes")
    installed(env, told)
    env.lab.inside("-6", "route", "add", "2001:db8:9::/48", "dev", "test7")
    told(r"rib 2001:db8:9::/48 0 254 \[new route selected\] kernel link", "zebra.rib_update: an IPv6 route comes")
    env.lab.inside("link", "set", "test7", "down")
    told(r"interface_down test7 false", "zebra.interface_down: the interface goes down")
    env.lab.inside("link", "set", "test7", "up")
    eventually("it goes up again", lambda: zebra.logged().count("interface_up test7 true") == 2)
    env.lab.inside("link", "del", "test7")
    told(r"interface_del test7 ", "zebra.interface_del: it goes")
    equal("one that goes while it is up goes down before", re.findall(r"(interface_\w+) test7 ", zebra.logged())[-2:],
          ["interface_down", "interface_del"])
    unwatched(env, zebra, told)
    lines = [line for line in zebra.logged().splitlines() if ".lua:" in line]
    show("log", "\n".join(lines))
    show("show tenterhook stats", zebra.vty("show tenterhook stats"))
    equal("no call failed", sum(a["faults"] + a["denied"] for a in zebra.stats()["attachments"]), 0)
    equal("zebra is told nothing by scripts: its own routes are as the kernel's",
          "connected" in str(zebra.vty.json("show ip route 10.0.0.0/24 json")), True)


def installed(env, told):
    """A route that zebra itself installs. Only of those does FRR 10 say that they go."""
    folder = env.folder / "zebra"
    bgpd = Daemon(env.lab, "bgpd", folder, bgp_config([[]]))
    one = Speaker(speaker(1), peer_asn(1), ROUTER, 9)
    try:
        connect(bgpd, one)
        one.announce(["203.0.113.0/24"])
        told(r"rib 203\.0\.113\.0/24 0 254 \[new route selected\] bgp 10\.0\.0\.2", "zebra.rib_update: a route of bgpd comes")
        one.withdraw(["203.0.113.0/24"])
        told(r"rib 203\.0\.113\.0/24 0 254 \[removing existing route\] bgp", "zebra.rib_update: it goes")
    finally:
        one.close()
        bgpd.stop()


def unwatched(env, zebra, told):
    """What happens while nothing is attached is told to nobody, later either."""
    zebra.vty("tenterhook detach zebra.interface_up interface_up")
    zebra.vty("tenterhook detach zebra.interface_down interface_down")
    # A look or two later.
    time.sleep(0.6)
    env.lab.inside("link", "add", "test9", "type", "veth", "peer", "name", "test10")
    env.lab.inside("link", "set", "test10", "up")
    env.lab.inside("link", "set", "test9", "up")
    eventually("zebra sees test9 go up", lambda: "is up" in zebra.vty("show interface test9"))
    check("both are attached again", "loaded" in zebra.vty("tenterhook reload"))
    time.sleep(0.6)
    env.lab.inside("link", "set", "test9", "down")
    told(r"interface_down test9 false", "it goes down while somebody watches")
    equal("that it had gone up is no news any more", "interface_up test9" in zebra.logged(), False)
    env.lab.inside("link", "del", "test9")
