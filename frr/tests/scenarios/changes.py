# SPDX-License-Identifier: GPL-2.0-or-later
"""4. Attaching, replacing and detaching while a peer flaps; withdrawals reach bgp.process."""

import http.client
import json
import re
import socket
import threading
import time

from lab.report import check, equal, eventually, show

from .common import connect, neighbor, router, routes, settled

MAPS = """
route-map IN permit 10
 match script decide
exit
"""

DECIDE = "function route_match() return {{ action = RM_MATCH_AND_CHANGE, attributes = {{ metric = {} }} }} end"

WATCH = """
function process(prefix, peer, attributes, withdrawn)
    local what = withdrawn and "withdrawn" or ("metric " .. attributes.metric .. " path " .. attributes.aspath)
    log.info("process " .. prefix.network .. " from " .. peer.remote_id.string .. ": " .. what)
end
"""

STATUS = """
function peer_status(peer, old, new, reason)
    log.info("peer " .. peer.remote_address.string .. ": " .. old .. " to " .. new .. (reason ~= "" and ", " .. reason or ""))
end
"""


def seen(bgpd, pattern):
    return re.findall(pattern, bgpd.logged())


def run(env):
    more = "tenterhook attach bgp.process watch\ntenterhook attach bgp.peer_status status"
    scripts = {"decide": DECIDE.format(10), "watch": WATCH, "status": STATUS}
    with router(env, "changes", [["route-map IN in"], ["route-map IN in"]], MAPS, more, texts=scripts,
                options=f"socket={env.folder}/changes/bgpd/control") as (bgpd, speakers):
        steady, flapping = speakers
        observing(bgpd, steady)
        replacing(bgpd, steady)
        through_the_socket(bgpd, steady)
        flapping_while_changing(bgpd, steady, flapping)
        running = bgpd.vty("show running-config")
        check("show running-config has tenterhook attach", "\ntenterhook attach bgp.process watch\n" in running)
        bgpd.vty.configure("no tenterhook attach bgp.process watch")
        names = [a["name"] for a in bgpd.vty.json("show tenterhook attachments json")["attachments"]]
        equal("no tenterhook attach detaches", sorted(names), ["decide", "status"])
        of = neighbor(bgpd)
        equal("the steady session was never touched", (of["connectionsEstablished"], of["connectionsDropped"]), (1, 0))


def observing(bgpd, steady):
    # One after the other: of a change that is withdrawn at once, the withdrawal alone is told.
    for path in ([65002, 64900], [65002, 64901]):
        steady.announce(["203.0.113.0/24"], *path)
        settled(bgpd, steady)
    steady.withdraw(["203.0.113.0/24"])
    settled(bgpd, steady)
    expected = ["metric 10 path 65002 64900", "metric 10 path 65002 64901", "withdrawn"]
    told = eventually("bgp.process is told of the route", lambda: len(said := seen(
        bgpd, r"process 203.0.113.0/24 from 10.0.0.2: (.*)")) >= 3 and said)
    show("log", "\n".join(line for line in bgpd.logged().splitlines() if "watch.lua" in line or "status.lua" in line))
    equal("learned, changed and withdrawn, in this order", told, expected)
    states = seen(bgpd, r"peer 10.0.0.2: (.*)")
    check(f"bgp.peer_status is told of the session: {states}", "OpenConfirm to Established" in states)


def replacing(bgpd, steady):
    def decides(what, expected):
        steady.announce(["198.51.100.0/24"], med=1)
        settled(bgpd, steady)
        # What is refused goes a moment later.
        eventually(what, lambda: (routes(bgpd).get("198.51.100.0/24") or {}).get("metric") == expected)

    decides("attached: it decides", 10)
    bgpd.script("decide", DECIDE.format(20))
    decides("a changed file does nothing yet", 10)
    check("tenterhook reload", "loaded" in bgpd.vty("tenterhook reload"))
    decides("replaced: the new one decides", 20)
    bgpd.vty("tenterhook detach bgp.route_match decide")
    decides("detached: no match", None)
    bgpd.vty("tenterhook reload decide")
    decides("attached again", 20)


def through_the_socket(bgpd, steady):
    """The control socket, spoken to as curl does."""
    path = bgpd.folder / "control"
    check("the control socket is there, for nobody else", path.is_socket() and path.stat().st_mode & 0o077 == 0)
    connection = http.client.HTTPConnection("router")
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(10)
    connection.sock.connect(str(path))
    connection.request("GET", "/v1/attachments")
    answer = connection.getresponse()
    listed = json.loads(answer.read())
    show("GET /v1/attachments", json.dumps(listed)[:600])
    equal("the control socket lists what is attached", (answer.status, "decide" in json.dumps(listed)), (200, True))
    connection.close()


def flapping_while_changing(bgpd, steady, flapping):
    stop = threading.Event()
    problems = []

    def flap():
        try:
            for _ in range(6):
                flapping.announce([f"20.0.{n}.0/24" for n in range(200)])
                time.sleep(0.2)
                flapping.close()
                connect(bgpd_flap, flapping, 2)
        except Exception as error:
            problems.append(repr(error))
        stop.set()

    # A VTY of its own: one is not for two threads.
    from lab.vty import Vty

    class Mine:
        vty = Vty(bgpd.folder / "bgpd.vty")

    bgpd_flap = Mine()
    thread = threading.Thread(target=flap)
    thread.start()
    changes = 0
    while not stop.is_set():
        changes += 1
        bgpd.script("decide", DECIDE.format(100 + changes))
        bgpd.vty("tenterhook reload decide")
        if changes % 3 == 0:
            bgpd.vty("tenterhook detach bgp.route_match decide")
            bgpd.vty("tenterhook reload decide")
        time.sleep(0.02)
    thread.join()
    equal("the peer flapped six times", problems, [])
    check(f"the script was replaced {changes} times meanwhile", changes > 10)
    check("bgpd lives, both sessions are up", bgpd.alive() and steady.established and flapping.established)
    # The routes of a session that ended are withdrawn; bgp.process was told of each of the last session's.
    flapping.announce([f"20.1.{n}.0/24" for n in range(50)])
    settled(bgpd, flapping, 2)
    before = len(seen(bgpd, r"process 20\.1\.\d+\.0/24 from 10.0.0.3: withdrawn"))
    flapping.close()
    eventually("50 withdrawals of a peer that went reach bgp.process",
               lambda: len(seen(bgpd, r"process 20\.1\.\d+\.0/24 from 10.0.0.3: withdrawn")) - before == 50)
    faults = sum(a["faults"] for a in bgpd.stats()["attachments"])
    equal("no call failed on the way", faults, 0)
    connect(bgpd, flapping, 2)
