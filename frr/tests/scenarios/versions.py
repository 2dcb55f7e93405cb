# SPDX-License-Identifier: GPL-2.0-or-later
"""7. A module that does not start ends the daemon, which says why; a policy that is broken closes what scripts decide."""

import shutil

from lab.daemon import Daemon
from lab.report import check, eventually, say, show


def run(env):
    broken(env)
    options(env)
    missing(env)
    absent(env)
    if env.other:
        other(env)
    else:
        say("  no modules for another version were built")


def ended(env, name, options="", modules=None, daemon="bgpd"):
    """What a daemon prints that is to end at once."""
    folder = env.folder / name
    folder.mkdir()
    try:
        running = Daemon(env.lab, daemon, folder, "", modules or env.modules, options=options, extra=["-n"])
    except RuntimeError:
        return (folder / daemon / "output").read_text()
    running.stop()
    check(f"{name}: {daemon} ends", False, running.printed())


def other(env):
    """Built for another version, whether or not the module is optional: its rules cannot be had there."""
    for options in ("", "optional"):
        printed = ended(env, f"versions-other-{options}", options, env.other.resolve())
        show("what bgpd prints", printed)
        check("it says what does not fit", "built for FRR 99.9, this is FRR" in printed and "bgpd ends" in printed)
        check("zebra too", "zebra ends" in ended(env, f"versions-other-zebra-{options}", options, env.other.resolve(), "zebra"))


def missing(env):
    """Files of the module that are missing or broken."""
    for name, spoil in (("library", lambda folder: (folder / "libtenterhook_ffi.so").write_bytes(b"no library")),
                        ("module", lambda folder: (folder / "bgpd.so").unlink())):
        modules = env.folder / f"versions-without-{name}"
        shutil.copytree(env.modules, modules)
        spoil(modules / "tenterhook")
        printed = ended(env, f"versions-{name}", modules=modules)
        show("what bgpd prints", printed)
        check(f"without its {name} bgpd ends", "not started" in printed and "bgpd ends" in printed)


def absent(env):
    """No file at all: FRR itself ends."""
    modules = env.folder / "versions-none"
    modules.mkdir()
    printed = ended(env, "versions-absent", modules=modules)
    check("without the module's file FRR ends bgpd", "bgpd_tenterhook.so" in printed, printed)


def broken(env):
    """A policy that is broken: said, nothing runs, and what was a rule is one that does not match."""
    folder = env.folder / "versions-policy"
    folder.mkdir()
    config = "router bgp 65001\nexit\nroute-map IN permit 10\n match script some\nexit"
    bgpd = Daemon(env.lab, "bgpd", folder, config, env.modules, policy="defaults.fule = 1\n", extra=["-Z", "-n"])
    try:
        said = eventually("bgpd's log tells of a broken policy",
                          lambda: [line for line in bgpd.logged().splitlines() if "tenterhook" in line])
        show("log", "\n".join(said))
        check("it names file, line and key", "policy.toml:1:10: defaults.fule: unknown key" in said[0])
        check("bgpd runs on", bgpd.alive() and "policy.toml:1:10" in bgpd.vty("show tenterhook stats"))
        check("with the rule", " match script some" in bgpd.vty("show running-config"))
    finally:
        bgpd.stop()


def options(env):
    """Options that are none: said where bgpd is started, with what was expected, and bgpd ends."""
    for number, executors in enumerate(["0", "-1", "many", "16385", "99999999999", "8x"]):
        printed = ended(env, f"versions-options-{number}", f"executors={executors}")
        check(f"executors={executors} is refused",
              f"executors={executors}: expected a number from 1 to 16384" in printed and "bgpd ends" in printed, printed)
    printed = ended(env, "versions-bogus", "bogus=1")
    show("what bgpd prints", printed)
    check("an unknown option is refused", 'unknown option "bogus=1": expected policy=DIR' in printed)
    check("… and so is one that only looks like optional",
          'unknown option "optionally"' in ended(env, "versions-optionally", "optionally"))
