# SPDX-License-Identifier: GPL-2.0-or-later
"""16. bgp.peer_open: a script refuses a session before a route is exchanged, whatever the peer has sent already."""

import socket
import struct
import time

from lab.net import ROUTER, speaker
from lab.report import check, equal, eventually, show
from lab.speaker import KEEPALIVE, NOTIFICATION, OPEN, attributes, message, nlri, updates

from .common import neighbor, refusal, router, routes

MORE = "tenterhook attach bgp.peer_open gate"

GATE = """
local refused = { %s }

function peer_open(peer)
    log.info("opens: " .. peer.remote_address.string .. " AS " .. peer.remote_as .. " " .. peer.remote_id.string .. " "
        .. peer.state .. " hold " .. peer.timers.negotiated.hold)
    for _, asn in ipairs(refused) do
        if peer.remote_as == asn then return { action = OPEN_REFUSE } end
    end
    return { action = OPEN_ACCEPT }
end
"""


def run(env):
    # Both come up before the script refuses one of them.
    with router(env, "opens", [[], []], "", MORE, texts={"gate": GATE % ""}) as (bgpd, (steady, other)):
        check("both sessions are up", up(bgpd, 1) and up(bgpd, 2))
        check("the script sees the peer as it opened", "opens: 10.0.0.3 AS 65003 10.0.0.3 OpenConfirm hold 9" in bgpd.logged())
        refused(bgpd, other)
        eager(bgpd)
        failing(bgpd, other)
        accepted(bgpd, other)
        of = neighbor(bgpd, 1)
        equal("the other session was never touched", (of["connectionsEstablished"], of["connectionsDropped"]), (1, 0))
        check("it is up", steady.established)


def up(bgpd, number):
    return neighbor(bgpd, number)["bgpState"] == "Established"


def established(bgpd, number):
    return neighbor(bgpd, number)["connectionsEstablished"]


def refused(bgpd, other):
    bgpd.script("gate", GATE % "65003")
    check("tenterhook reload", "loaded" in bgpd.vty("tenterhook reload gate"))
    time.sleep(0.5)
    check("sessions that are up stay up", up(bgpd, 2) and other.established)
    other.close()
    eventually("the session goes", lambda: not up(bgpd, 2))
    before = established(bgpd, 2)
    said = refusal(other)
    check("the peer is told: Cease, Connection Rejected", "NOTIFICATION 6/5" in said, said)
    equal("the session did not come up", established(bgpd, 2), before)
    log = [line for line in bgpd.logged().splitlines() if "the session is refused" in line]
    show("log", "\n".join(log))
    check("the log says so", log and "10.0.0.3 (AS 65003): the session is refused" in log[0])


def eager(bgpd):
    """A peer that sends everything at once: OPEN, KEEPALIVE and routes, before it has read a byte."""
    before = established(bgpd, 2)
    capabilities = struct.pack("!BBHBB", 1, 4, 1, 0, 1) + struct.pack("!BBI", 65, 4, 65003)
    parameters = struct.pack("!BB", 2, len(capabilities)) + capabilities
    opening = message(OPEN, struct.pack("!BHH", 4, 65003, 9) + socket.inet_aton(speaker(2)) + bytes([len(parameters)])
                      + parameters)
    route = updates(attributes([65003], next_hop=speaker(2)), [nlri("20.66.0.0/16")])
    told = 0
    for _ in range(10):
        connection = socket.create_connection((ROUTER, 179), 5, (speaker(2), 0))
        connection.sendall(opening + message(KEEPALIVE) + route * 3)
        read = b""
        try:
            while chunk := connection.recv(1 << 16):
                read += chunk
        except ConnectionResetError:
            pass
        connection.close()
        told += message(NOTIFICATION, b"\6\5") in read
    # A reset may take a notification along.
    check(f"it is told so, {told} times of 10", told > 0)
    equal("the session did not come up", established(bgpd, 2), before)
    equal("no route came in", "20.66.0.0/16" in routes(bgpd), False)


def failing(bgpd, other):
    """The hook point is closed where the script fails: that is what it declares, and the presets' disposition."""
    before = established(bgpd, 2)
    bgpd.script("gate", "function peer_open(peer) error('a script that fails') end")
    bgpd.vty("tenterhook reload gate")
    said = refusal(other)
    check("a script that fails refuses", "NOTIFICATION 6/5" in said, said)
    # Were it accepted for lack of a script, a name that is mistyped would open the gate.
    bgpd.vty("tenterhook detach bgp.peer_open gate")
    show("tenterhook attach bgp.peer_open mistyped", bgpd.vty.configure("tenterhook attach bgp.peer_open mistyped"))
    said = refusal(other)
    check("a script that is configured and missing refuses", "NOTIFICATION 6/5" in said, said)
    bgpd.vty.configure("no tenterhook attach bgp.peer_open mistyped")
    equal("the session did not come up", established(bgpd, 2), before)
    bgpd.vty.configure("tenterhook attach bgp.peer_open mistyped")
    bgpd.vty("tenterhook detach bgp.peer_open mistyped")
    eventually("`tenterhook detach` opens it", lambda: comes_up(bgpd, other))
    bgpd.vty.configure("no tenterhook attach bgp.peer_open mistyped")
    other.close()
    eventually("the session goes", lambda: not up(bgpd, 2))


def comes_up(bgpd, other):
    if not other.socket or other.lost:
        other.close()
        other.connect()
    return up(bgpd, 2) and not other.lost


def accepted(bgpd, other):
    bgpd.script("gate", GATE % "65099")
    bgpd.vty("tenterhook reload gate")
    eventually("a script that accepts lets it come up", lambda: comes_up(bgpd, other))
    other.announce(["20.66.0.0/16"])
    eventually("its routes come in", lambda: "20.66.0.0/16" in routes(bgpd))
