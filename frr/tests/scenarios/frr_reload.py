# SPDX-License-Identifier: GPL-2.0-or-later
"""frr-reload.py adds, changes and removes `match script` while sessions are up."""

from lab.report import check, equal, eventually, say, show
from lab.shell import wanting

from .common import neighbor, routes
from .integrated import frr_conf, integrated

# Which prefixes are accepted.
SCRIPT = "function route_match(prefix) return {{ action = prefix.length {} 24 and RM_MATCH or RM_NOMATCH }} end"
TEXTS = {"short": SCRIPT.format("<"), "long": SCRIPT.format(">="), "seen": "function process(prefix) end"}
SHORT, LONG = ["100.64.0.0/16"], ["203.0.113.0/24"]

PLAIN = "route-map IN permit 10\nexit\n!\n"


def maps(script, more=""):
    return f"{more}route-map IN permit 10\n match script {script}\n set weight 7\nexit\n!\n"


def run(env):
    missing = wanting()
    if missing:
        say(f"  skipped: {missing}")
        return
    with integrated(env, "frr_reload", TEXTS) as router:
        router.boot(frr_conf(PLAIN))
        one = router.connect()[0]
        one.announce(LONG + SHORT)
        eventually("every route is there without a script", lambda: sorted(routes(router.bgpd)) == SHORT + LONG)
        dropped = neighbor(router.bgpd)["connectionsDropped"]
        steps(router)
        equal("the session was up all the time", (neighbor(router.bgpd)["connectionsDropped"], one.established),
              (dropped, True))


def steps(router):
    """One configuration after the other; what each comes to."""
    observed = "tenterhook attach bgp.process seen\n!\n"
    for what, text, accepted in [
        ("a script is added", maps("short"), SHORT),
        ("another takes its place", maps("long"), LONG),
        ("an observer is added, and an entry with a script", maps("long", observed) +
         "route-map IN permit 20\n match script short\nexit\n!\n", SHORT + LONG),
        ("both are removed again", maps("long"), LONG),
        ("the first is back", maps("short"), SHORT),
        ("the script is removed, the entry stays", PLAIN, SHORT + LONG),
    ]:
        apply(router, what, frr_conf(text), accepted)


def apply(router, what, text, accepted):
    before = router.shell.running()
    tried = router.shell.reload(text, "--test")
    show(f"{what}: frr-reload.py --test", tried.stdout)
    equal(f"{what}: --test", (tried.returncode, "Unknown command" in tried.stdout + tried.stderr), (0, False))
    check("… has something to do", "Lines To Add" in tried.stdout or "Lines To Delete" in tried.stdout, tried.stdout)
    equal("… and changes nothing", router.shell.running(), before)
    done = router.shell.reload(text, "--reload")
    equal(f"{what}: --reload", done.returncode, 0)
    eventually(f"accepted: {', '.join(accepted)}", lambda: sorted(routes(router.bgpd)) == sorted(accepted))
    lines = [line for line in text.splitlines() if "script" in line or "tenterhook" in line]
    running = router.shell.running()
    equal("the running configuration has the scripts that were put in force",
          sorted(line for line in running if "script" in line or "tenterhook" in line), sorted(lines))
    again = router.shell.reload(text, "--test")
    check("nothing is left to do", "match script" not in again.stdout and "tenterhook" not in again.stdout, again.stdout)
