# SPDX-License-Identifier: GPL-2.0-or-later
"""2. FRR's own example script, and the answers that end FRR's scripting, bgpd with it: here the default applies."""

import re

from lab.report import check, equal, say, show

from .common import count, router, routes, settled

# Each ends or harms a bgpd with FRR's own scripting, or did nothing there; the cause is what we count it as.
KILLERS = {
    "no action": ("return {}", None),
    "action is nil": ("return { action = nil, attributes = nil }", None),
    "action is text": ("return { action = 'yes' }", "answer"),
    "action is a table": ("return { action = {} }", "answer"),
    "action is a fraction": ("return { action = 2.5 }", "answer"),
    "action is out of range": ("return { action = 4711 }", "answer"),
    "attributes are a number": ("return { action = RM_MATCH_AND_CHANGE, attributes = RM_MATCH }", "answer"),
    "metric is text": ("return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 'low' } }", "answer"),
    "metric is negative": ("return { action = RM_MATCH_AND_CHANGE, attributes = { metric = -1 } }", "answer"),
    "metric is too large": ("return { action = RM_MATCH_AND_CHANGE, attributes = { metric = 1 << 32 } }", "answer"),
    "localpref is a table": ("return { action = RM_MATCH_AND_CHANGE, attributes = { localpref = {} } }", "answer"),
    "an unknown attribute": ("return { action = RM_MATCH_AND_CHANGE, attributes = { med = 5 } }", "answer"),
    "a read-only attribute": ("return { action = RM_MATCH_AND_CHANGE, attributes = { aspath = '1 2' } }", "answer"),
    "no community": ("return { action = RM_MATCH_AND_CHANGE, attributes = { communities = { 'x:y' } } }", "answer"),
    "several in one": ("return { action = RM_MATCH_AND_CHANGE, attributes = { communities = { '1:2 3:4' } } }", "answer"),
    "no large community": ("return { action = RM_MATCH_AND_CHANGE, attributes = { large_communities = { '1:2' } } }", "answer"),
    "no extended community": (
        "return { action = RM_MATCH_AND_CHANGE, attributes = { extended_communities = { 'rt:x' } } }", "answer"),
    "next hop of another family": ("return { action = RM_MATCH_AND_CHANGE, attributes = { next_hop = 'fd00::5' } }", None),
    "no next hop": (
        "local a = attributes; a.next_hop = nil; return { action = RM_MATCH_AND_CHANGE, attributes = a }", None),
    "AS number 0": ("return { action = RM_MATCH_AND_CHANGE, attributes = { prepend = { 0 } } }", None),
    "RM_FAILURE": ("return { action = RM_FAILURE }", None),
    "no table": ("return 5", "answer"),
    # No opinion: the default, which is no match.
    "nothing": ("return", None),
    "an error": ("error('as asked')", "script"),
    "an error that is a table": ("error({})", "script"),
    "an index of nil": ("return { action = attributes.nothing.at.all }", "script"),
    "log.info with two arguments": ("log.info('a', 'b'); return { action = RM_NOMATCH }", "script"),
    "log.info with a table": ("log.info({}); return { action = RM_NOMATCH }", "script"),
    "memory": ("local s = 'x' while true do s = s .. s end", "memory"),
    "recursion": ("local function f() return 1 + f() end return f()", "stack"),
    "a loop": ("while true do end", "fuel"),
    "a loop within pcall": ("pcall(function() while true do end end) while true do end", "fuel"),
    "a slow pattern": ("return { action = #string.rep('a', 40000):match('.-.-.-.-.-b') }", "fuel"),
    "os and io": ("os.exit(1)", "script"),
    "a password": ("return { action = #peer.password }", "script"),
}

# Scripts that cannot be loaded at all.
BROKEN = {
    "a syntax error": "function route_match(",
    "no handler": "function another() end",
    "an error while loading": "error('at load')",
    "a loop while loading": "while true do end",
    "no Lua": "\x1bLua binary \xff\xfe",
}

MAPS = """
route-map IN permit 10
 match script s
exit
route-map MISSING permit 10
 match script nothing-of-that-name
exit
"""


def run(env):
    fine = "function route_match() return { action = RM_MATCH } end"
    with router(env, "killers", [["route-map IN in"], ["route-map MISSING in"]], MAPS,
                texts={"s": fine}) as (bgpd, (one, two)):
        two.announce(["100.90.0.0/16"])
        settled(bgpd, two, 2)
        check("a script that is not there: no match", "100.90.0.0/16" not in routes(bgpd))
        show("show tenterhook attachments", bgpd.vty("show tenterhook attachments"))
        number = 0
        for title, (body, cause) in KILLERS.items():
            number += 1
            one_killer(bgpd, one, f"100.80.{number}.0/24", title, body, cause)
        broken(bgpd, one)
        check("the sessions were never lost", one.established and two.established)
        frr_example(env, bgpd, one)
        log = bgpd.logged()
        lines = [line for line in log.splitlines() if "tenterhook: bgp.route_match" in line]
        check(f"the log has {len(lines)} lines of faults, at most one per second", 0 < len(lines) < 120)
        show("log", "\n".join(lines[:6]))


def replace(bgpd, text, loads=True):
    bgpd.script("s", text)
    said = bgpd.vty("tenterhook reload s")
    check(f"tenterhook reload: {said.strip()[:100]}", (bgpd.vty.status == 0) == loads)


def one_killer(bgpd, one, prefix, title, body, cause):
    bgpd.script("s", f"function route_match(prefix, attributes, peer)\n    {body}\nend")
    bgpd.vty("tenterhook reload s")
    before = count(bgpd, "bgp.route_match", "faults")
    one.announce([prefix], med=5, communities=["1:2"])
    settled(bgpd, one)
    faults = count(bgpd, "bgp.route_match", "faults") - before
    causes = [a["causes"] for a in bgpd.stats()["attachments"] if a["name"] == "s"][0]
    check(f"{title}: bgpd lives, the session is up, the route is refused",
          bgpd.alive() and one.established and prefix not in routes(bgpd))
    equal(f"… counted as {f'a fault ({cause})' if cause else 'no fault of the sandbox'}", faults, 1 if cause else 0)
    if cause:
        check(f"… of that cause: {causes}", cause in causes)


def broken(bgpd, one):
    replace(bgpd, "function route_match() return { action = RM_MATCH } end")
    for title, text in BROKEN.items():
        bgpd.script("s", text)
        said = bgpd.vty("tenterhook reload s")
        check(f"{title} is refused: {said.strip()[:110]}", bgpd.vty.status != 0)
    one.announce(["100.81.0.0/16"])
    settled(bgpd, one)
    check("and the script before it stays", "100.81.0.0/16" in routes(bgpd))


def frr_example(env, bgpd, one):
    """The example of FRR's documentation, as it is there: it decides by how many UPDATEs the peer has sent."""
    manual = env.tree and env.tree / "doc" / "developer" / "scripting.rst"
    if not manual or not manual.exists():
        say("  FRR's documentation is not at hand: its example is not run")
        return
    text = manual.read_text()
    block = text[text.index("-- Example route map matching"):]
    script = "   " + block[: re.search(r"^    end$", block, re.M).end()] + "\n"
    replace(bgpd, script)
    seen = set()
    for number in range(6):
        prefix = f"100.82.{number}.0/24"
        before = count(bgpd, "bgp.route_match", "faults")
        one.announce([prefix], med=5)
        settled(bgpd, one)
        updates = one.base + one.sent
        faults = count(bgpd, "bgp.route_match", "faults") - before
        route = routes(bgpd).get(prefix)
        if updates % 3 == 0:
            # It answers { attributes = RM_MATCH } here: no action, a number as attributes. FRR's bgpd does not survive.
            check(f"FRR's example, after {updates} UPDATEs: a fault, and no match", faults == 1 and route is None)
            seen.add("fault")
        elif updates % 2 == 0:
            check(f"FRR's example, after {updates} UPDATEs: no match", faults == 0 and route is None)
            seen.add("no match")
        else:
            equal(f"FRR's example, after {updates} UPDATEs: MED + 7", route and route["metric"], 12)
            seen.add("change")
    equal("it came to everything it can", seen, {"fault", "no match", "change"})
    # With the slip in the documentation mended, all three branches decide.
    replace(bgpd, script.replace("attributes = RM_MATCH", "action = RM_MATCH"))
    for number in range(6):
        prefix = f"100.83.{number}.0/24"
        one.announce([prefix], med=5)
        settled(bgpd, one)
        updates = one.base + one.sent
        expected = 5 if updates % 3 == 0 else None if updates % 2 == 0 else 12
        route = routes(bgpd).get(prefix)
        equal(f"mended, after {updates} UPDATEs", route and route["metric"], expected)
