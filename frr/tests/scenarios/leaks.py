# SPDX-License-Identifier: GPL-2.0-or-later
"""8. A session of 1,000 routes with bgpd under valgrind: nothing lost, nothing invalid in our code."""

import re
import shutil

from lab.report import check, equal, say, show

from .common import router, settled
from .table import CHANGING

MAPS = """
route-map IN permit 5
 match script change
 match metric 9
exit
route-map IN permit 10
 match as-path script:change
exit
"""

WATCH = "function process(prefix, peer, attributes, withdrawn) log.debug(prefix.network) end"

ROUTES = 1_000

# What is looked for; what FRR loses by itself is FRR's.
WORSE = re.compile(r"Invalid (read|write|free)|definitely lost|indirectly lost|uninitialised|Mismatched free")


# The innermost frame of a record: function, and where it is.
INNERMOST = re.compile(r" at 0x[0-9A-F]+: (.*) \((.*)\)")


def is_ours(record):
    """Whether our code is in it, and it is no known mistake of valgrind's."""
    if "tenterhook" not in record:
        return False
    # The loader's own comparison of a module's RPATH reads eight bytes at a time; valgrind is known not to like that.
    if "(dl-load.c" in record:
        return False
    # Optimised Rust compares values and padding at once and masks later, which looks like a decision on uninitialised
    # bytes; in the compiler's safe code (it compiles the interpreter) that is nothing. In our own it is looked at.
    innermost = INNERMOST.search(record)
    if "uninitialised" in record and innermost and "libtenterhook_ffi" in innermost[2]:
        return "tenterhook" in innermost[1] or innermost[1].startswith("th_")
    return True


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
        equal("every route was decided in both entries, and changed in one", hook["fired"], 2 * 2 * ROUTES)
        bgpd.vty("tenterhook detach bgp.route_match change")
    text = log.read_text()
    records = [record for record in re.split(r"==\d+== \n", text) if WORSE.search(record) and "LEAK SUMMARY" not in record]
    ours = [record for record in records if is_ours(record)]
    show("valgrind", "\n".join(line for line in text.splitlines() if re.search("lost:|ERROR SUMMARY|reachable:", line)))
    say(f"  {len(records)} records, {len(ours)} with our code in them")
    check("valgrind ran to the end", "ERROR SUMMARY" in text)
    check("no leak and no invalid access with our code in it", not ours, "\n".join(ours[:3]))
