# SPDX-License-Identifier: GPL-2.0-or-later
"""16. An entry of a route map that lost its script between two boots is named in the log, until it has one again."""

import os
import shutil

from lab.daemon import Daemon
from lab.report import check, equal, eventually, show

# The first has a name that is no ASCII.
BEFORE = """
route-map Améliorée permit 10
 match script first
exit
route-map IN permit 10
 match script first
exit
route-map IN permit 20
 match as-path script:second
exit
route-map IN deny 30
 match script third
exit
route-map OUT permit 10
 match script first
exit
"""

# As after a boot whose vtysh did not know the lines: one entry has another script, one is gone.
AFTER = """
route-map IN permit 10
exit
route-map IN permit 20
 match script other
exit
route-map IN deny 30
exit
"""

LOST = ["route-map IN permit 10 had the script first", "route-map IN deny 30 had the script third"]


def run(env):
    folder = env.folder / "remember"
    folder.mkdir()
    state = folder / "bgpd" / "state" / "bgpd.route-maps"
    with_scripts(env, folder, state)
    lost(env, folder, state)
    corrupt(env, folder, state)
    unwritable(env, folder, state)


def booted(env, folder, config):
    """bgpd as after a restart: with what it remembers, and a new log."""
    (folder / "bgpd" / "log").unlink(missing_ok=True)
    return Daemon(env.lab, "bgpd", folder, config, env.modules, extra=["-Z", "-n"])


def remembered(state):
    """The lines of the file, sorted; none where there is none."""
    return sorted(state.read_text(errors="replace").splitlines()[1:]) if state.is_file() else []


def warned(bgpd):
    return [line.split("tenterhook: ", 1)[1] for line in bgpd.logged().splitlines() if " had the script " in line]


def with_scripts(env, folder, state):
    bgpd = booted(env, folder, BEFORE)
    try:
        expected = ["Améliorée 10 first", "IN 10 first", "IN 20 second", "IN 30 third", "OUT 10 first"]
        eventually("the entries with scripts are written down", lambda: remembered(state) == expected)
        show(state.name, state.read_text())
        equal("… where only bgpd reads them", (oct(state.stat().st_mode & 0o777), oct(state.parent.stat().st_mode & 0o777)),
              ("0o600", "0o700"))
        bgpd.vty.configure("route-map OUT permit 10", "no match script first", "exit", "route-map NEW permit 5",
                           "match script new")
        eventually("… and again when the configuration changes",
                   lambda: remembered(state) == sorted([*expected[:4], "NEW 5 new"]))
        bgpd.vty.configure("route-map OUT permit 10", "match script first", "exit", "no route-map NEW")
        eventually("", lambda: remembered(state) == expected, quiet=True)
        equal("nothing is lost so far", warned(bgpd), [])
    finally:
        bgpd.stop()


def lost(env, folder, state):
    for boot in ("first", "second"):
        bgpd = booted(env, folder, AFTER)
        try:
            eventually(f"{boot} boot without the lines: the log has it", lambda: len(warned(bgpd)) >= 2)
            show("log", "\n".join(warned(bgpd)))
            check("… which entries, and that they match without it",
                  all(line.startswith(start) and "matches without it" in line for line, start in zip(warned(bgpd), LOST)))
            # An entry that is not there may still come, for a while.
            eventually("what is lost stays written down, what is gone does not",
                       lambda: remembered(state) == ["IN 10 first", "IN 20 other", "IN 30 third"], 60)
            equal("what is gone altogether lets nothing in, and is not named", len(warned(bgpd)), 2)
            if boot == "second":
                bgpd.vty.configure("route-map IN permit 10", "match script first", "exit", "no route-map IN deny 30")
                eventually("with its script again, and without the entry, nothing is lost",
                           lambda: remembered(state) == ["IN 10 first", "IN 20 other"])
        finally:
            bgpd.stop()
    bgpd = booted(env, folder, "router bgp 65001")
    try:
        # The configuration comes later, as vtysh sends it.
        bgpd.vty.configure("route-map IN permit 10", "exit", "route-map IN permit 20", "match script other")
        eventually("lines that come after the start are compared as well",
                   lambda: len(warned(bgpd)) == 1 and warned(bgpd)[0].startswith(LOST[0]))
    finally:
        bgpd.stop()


def corrupt(env, folder, state):
    """Whatever the file is, bgpd starts, says so, and writes it anew."""
    first = "tenterhook route-maps 1\n"
    user = state.parent.stat()
    for what, content in (("empty", b""), ("of another kind", b"{}"), ("binary", os.urandom(4096)),
                          ("with a line too long", first.encode() + b"IN 10 " + b"a" * 9000 + b"\n"),
                          ("cut short", first.encode() + b"IN 10 fir"), ("with control characters", first.encode() + b"I\x1bN 10 a\n"),
                          ("with a number too low", first.encode() + b"IN -1 a\n"), ("huge", first.encode() + b"IN 10 a\n" * 300_000),
                          ("a folder", None), ("a pipe", "pipe")):
        if state.is_dir():
            state.rmdir()
        state.unlink(missing_ok=True)
        if content is None:
            state.mkdir()
        elif content == "pipe":
            os.mkfifo(state)
        else:
            state.write_bytes(content)
        os.chown(state, user.st_uid, user.st_gid)
        bgpd = booted(env, folder, BEFORE)
        try:
            eventually(f"a file that is {what}: the log has it",
                       lambda: "bgpd.route-maps" in bgpd.logged() and bgpd.alive())
            if content is not None:
                eventually("… and it is written anew", lambda: len(remembered(state)) == 5)
            check("… no entry is named that has its script", not warned(bgpd))
        finally:
            equal("… and bgpd ends as it should", bgpd.stop(), 0)
    state.rmdir() if state.is_dir() else state.unlink()


def unwritable(env, folder, state):
    shutil.rmtree(state.parent)
    state.parent.write_text("no folder")
    bgpd = booted(env, folder, BEFORE)
    try:
        eventually("a folder that cannot be had is said once, and bgpd runs on",
                   lambda: bgpd.logged().count("cannot be written down") == 1 and bgpd.alive())
        state.parent.unlink()
        eventually("once it can be had, what is remembered is written down", state.exists, 30)
        equal("nothing more is said", bgpd.logged().count("cannot be written down"), 1)
    finally:
        bgpd.stop()
        state.parent.unlink() if state.parent.is_file() else None
