#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the scenarios: real daemons, in network namespaces of their own. As root.

    run.py --modules DIR [--other DIR] [--near DIR] [--tree FRR_TREE] [--native MODULE] [--only NAME,…]
           [--without NAME,…] [--routes N] [--keep]
"""

import argparse
import importlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
# Nothing is left in the tree.
sys.dont_write_bytecode = True

SCENARIOS = ["decisions", "killers", "loop", "changes", "table", "zebra", "versions", "leaks", "originate", "operators",
             "native", "entries", "reload", "closed", "aspath", "remember",
             "commands", "vtysh", "frr_reload", "interactive", "check",
             "sets", "maps", "opens", "restart", "watched", "graceful", "loaded", "vrf"]


def main():
    parse = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parse.add_argument("--modules", required=True, type=pathlib.Path, help="folder with the modules")
    parse.add_argument("--other", type=pathlib.Path, help="folder with modules for another version")
    parse.add_argument("--near", type=pathlib.Path, help="folder with modules for another version of the same series")
    parse.add_argument("--tree", type=pathlib.Path, help="FRR's sources, for its own example script")
    parse.add_argument("--native", type=pathlib.Path, help="module with FRR's own scripting, to be measured beside ours")
    parse.add_argument("--only", default="", help="scenarios, separated by commas")
    parse.add_argument("--without", default="", help="scenarios to leave out, separated by commas")
    parse.add_argument("--routes", type=int, default=0, help="at most so many routes in the table")
    parse.add_argument("--keep", action="store_true", help="leave the daemons' files for a look")
    env = parse.parse_args()
    if "TENTERHOOK_LAB" not in os.environ:
        missing = wanting()
        if missing:
            print(f"frr: the scenarios cannot run: {missing}", file=sys.stderr)
            return 1
        # A namespace of our own, before any socket is made.
        os.environ["TENTERHOOK_LAB"] = "1"
        os.execvp("unshare", ["unshare", "--net", sys.executable, __file__, *sys.argv[1:]])
    return run(env)


def wanting():
    """What this machine lacks; empty where it lacks nothing."""
    daemons = pathlib.Path(os.environ.get("FRR_DAEMONS", "/usr/lib/frr"))
    if os.geteuid():
        return "they make network namespaces, which takes root"
    for tool in ("unshare", "nsenter", "ip"):
        if not shutil.which(tool):
            return f"there is no `{tool}`: on Debian it is in util-linux or iproute2"
    for daemon in ("bgpd", "zebra"):
        if not (daemons / daemon).exists():
            return f"there is no {daemons / daemon}: install FRR, or say where it is with FRR_DAEMONS"
    probe = ["unshare", "--net", "ip", "link", "add", "wire0", "type", "veth", "peer", "name", "wire1"]
    tried = subprocess.run(probe, capture_output=True, text=True)
    if tried.returncode:
        return "no network namespace with a veth pair can be made, which takes CAP_SYS_ADMIN, CAP_NET_ADMIN and a kernel " \
            f"with veth: {tried.stderr.strip()}"
    return ""


def run(env):
    from lab.net import Lab
    from lab.report import Failed, say

    env.modules = env.modules.resolve()
    env.folder = pathlib.Path(tempfile.mkdtemp(prefix="tenterhook-frr-"))
    env.folder.chmod(0o755)
    env.native = env.native.resolve() if env.native and env.native.exists() else None
    env.lab = Lab()
    without = env.without.split(",")
    names = [name for name in env.only.split(",") if name] or [name for name in SCENARIOS if name not in without]
    failed = []
    try:
        for name in names:
            scenario = importlib.import_module(f"scenarios.{name}")
            start = time.monotonic()
            say(f"\n== {name}: {scenario.__doc__.strip()}")
            try:
                scenario.run(env)
                say(f"== {name}: passed in {time.monotonic() - start:.0f} s")
            except Exception as error:  # one scenario's failure does not keep the others from running
                failed.append(name)
                if isinstance(error, Failed):
                    say(f"  FAILED {error}")
                else:
                    traceback.print_exc(file=sys.stdout)
                say(f"== {name}: FAILED")
                logs(env, name)
    finally:
        env.lab.close()
        if env.keep:
            say(f"the daemons' files are in {env.folder}")
        else:
            shutil.rmtree(env.folder, ignore_errors=True)
    say(f"\n{len(names) - len(failed)} of {len(names)} scenarios passed" + (f"; failed: {', '.join(failed)}" if failed else ""))
    return 1 if failed else 0


def logs(env, name):
    """The ends of the daemons' logs, for a scenario that failed."""
    for log in sorted(env.folder.glob(f"{name}*/*/log")) + sorted(env.folder.glob(f"{name}*/*/output")):
        print(f"  -- {log.relative_to(env.folder)}")
        for line in log.read_text(errors="replace").splitlines()[-25:]:
            print(f"     {line}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
