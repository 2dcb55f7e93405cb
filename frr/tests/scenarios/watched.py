# SPDX-License-Identifier: GPL-2.0-or-later
"""18. watchfrr, which restarts daemons that do not answer, has no reason to while scripts loop for every route."""

import os
import signal
import subprocess
import time

from lab.daemon import DAEMONS
from lab.net import die_with_parent
from lab.report import check, equal, eventually, show

from .common import count, router, routes, settled

MAPS = """
route-map IN permit 10
 match script loop
exit
route-map IN permit 20
exit
"""

LOOP = "function route_match() while true do end end"

# Each takes its 10 million units of fuel. bgpd works through 10 messages before it does anything else, and these are two.
ROUTES = [f"20.{n >> 8}.{n & 255}.0/24" for n in range(1500)]


class Watch:
    """watchfrr; what it would run to restart a daemon leaves a file. Its own default is to wait for 90 seconds."""

    def __init__(self, env, bgpd, wait):
        self.log = bgpd.folder / f"watchfrr-{wait}"
        self.marker = bgpd.folder / "restarted"
        # It takes one word as a command, and %s is the daemon.
        command = bgpd.folder / "restart.sh"
        command.write_text(f"#!/bin/sh\necho \"$1\" >>{self.marker}\n")
        command.chmod(0o755)
        ran = f"{command} %s"
        # It wants both daemons' sockets in one folder, and zebra among them.
        sockets = bgpd.folder / "sockets"
        sockets.mkdir(exist_ok=True)
        for daemon in ("zebra", "bgpd"):
            (sockets / f"{daemon}.vty").unlink(missing_ok=True)
            (sockets / f"{daemon}.vty").symlink_to(bgpd.folder.parent / daemon / f"{daemon}.vty")
        self.output = open(self.log, "w")
        self.process = subprocess.Popen(
            env.lab.enter([str(DAEMONS / "watchfrr"), "-S", str(sockets), "-i", "1", "-t", str(wait), "-l", "6",
                           "-p", str(bgpd.folder / "watchfrr.pid"), "-r", ran, "-s", ran, "-k", ran, "zebra", "bgpd"]),
            stdout=self.output, stderr=subprocess.STDOUT, preexec_fn=die_with_parent)

    def restarts(self):
        return self.marker.read_text().split() if self.marker.exists() else []

    def said(self):
        return self.log.read_text()

    def stop(self):
        self.process.terminate()
        self.process.wait(30)
        self.output.close()


def run(env):
    with router(env, "watched", [["route-map IN in"]], MAPS, texts={"loop": LOOP}) as (bgpd, (one,)):
        watch = Watch(env, bgpd, 90)
        try:
            eventually("watchfrr sees bgpd up", lambda: "bgpd state -> up" in watch.said())
            before = time.monotonic()
            one.announce(ROUTES)
            settled(bgpd, one, seconds=120)
            took = time.monotonic() - before
            equal("the second entry lets every route in", len(routes(bgpd)), len(ROUTES))
            check(f"every call ran out of fuel, in {took:.1f} s together",
                  count(bgpd, "bgp.route_match", "faults") == len(ROUTES))
            equal("watchfrr restarted nothing", watch.restarts(), [])
        finally:
            watch.stop()
        check("the session was never lost", one.established)
        hangs(env, bgpd)


def hangs(env, bgpd):
    """What bgpd does with a loop in FRR's own scripting: watchfrr restarts it, here after 3 seconds."""
    watch = Watch(env, bgpd, 3)
    try:
        eventually("watchfrr sees bgpd up", lambda: "bgpd state -> up" in watch.said())
        os.kill(bgpd.process.pid, signal.SIGSTOP)
        eventually("it restarts a daemon that hangs", lambda: "bgpd" in watch.restarts(), 30)
        show("watchfrr", watch.said())
    finally:
        os.kill(bgpd.process.pid, signal.SIGCONT)
        watch.stop()
