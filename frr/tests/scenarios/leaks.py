# SPDX-License-Identifier: GPL-2.0-or-later
"""8. A session of 1,000 routes with bgpd under valgrind: nothing lost, nothing invalid in our code."""

import re
import shutil

from lab.report import check, equal, say, show

from .common import router, settled
from .table import CHANGING

MAPS = """
route-map IN permit 10
 match script change
exit
"""

WATCH = "function process(prefix, peer, attributes, withdrawn) log.debug(prefix.network) end"

ROUTES = 1_000

# What is looked for; what FRR loses by itself is FRR's.
WORSE = re.compile(r"Invalid (read|write|free)|definitely lost|indirectly lost|uninitialised|Mismatched free")


def run(env):
    valgrind = shutil.which("valgrind")
    if not valgrind:
        say("  valgrind is not installed: not looked for")
        return
    scripts = {"change": CHANGING, "watch": WATCH}
    attach = "tenterhook attach bgp.process watch"
    # valgrind has little room for reservations; and the interpreter is compiled before, which takes it long.
    options = f"executors=2,cache={env.folder}/leaks-cache"
    (env.folder / "leaks-cache").mkdir(mode=0o700)
    shutil.chown(env.folder / "leaks-cache", "frr", "frr")
    with router(env, "leaks-first", [["route-map IN in"]], MAPS, attach, texts=scripts, options=options):
        say("  the interpreter is compiled")
    log = env.folder / "leaks" / "valgrind"
    wrap = [valgrind, "--leak-check=full", "--show-leak-kinds=definite,indirect", "--num-callers=30", f"--log-file={log}"]
    with router(env, "leaks", [["route-map IN in"]], MAPS, attach, texts=scripts, options=options, wrap=wrap,
                hold=90) as (bgpd, (one,)):
        prefixes = [f"20.{n // 250}.{n % 250}.0/24" for n in range(ROUTES)]
        for _ in range(2):
            one.announce(prefixes, communities=["65002:1", "65002:2"], large=["65002:1:1"], med=7)
            settled(bgpd, one, 1, 200)
            one.withdraw(prefixes)
            settled(bgpd, one, 1, 200)
        bgpd.vty("tenterhook reload")
        hook = bgpd.stats()["hooks"]["bgp.route_match"]
        equal("every route was decided and changed", hook["fired"], 2 * ROUTES)
        bgpd.vty("tenterhook detach bgp.route_match change")
    text = log.read_text()
    records = [record for record in re.split(r"==\d+== \n", text) if WORSE.search(record) and "LEAK SUMMARY" not in record]
    # The loader's own comparison of a module's RPATH reads eight bytes at a time; valgrind is known not to like that.
    ours = [record for record in records if "tenterhook" in record and "(dl-load.c" not in record]
    show("valgrind", "\n".join(line for line in text.splitlines() if re.search("lost:|ERROR SUMMARY|reachable:", line)))
    say(f"  {len(records)} records, {len(ours)} with our code in them")
    check("valgrind ran to the end", "ERROR SUMMARY" in text)
    check("no leak and no invalid access with our code in it", not ours, "\n".join(ours[:3]))
