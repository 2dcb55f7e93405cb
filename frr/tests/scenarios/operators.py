# SPDX-License-Identifier: GPL-2.0-or-later
"""10. What operators call through the control socket takes nothing from bgpd; the host's threads take no signals."""

import http.client
import json
import pathlib
import signal
import socket
import threading

from lab.report import check, equal, eventually

from .common import router, routes, settled

MAPS = """
route-map IN permit 10
 match script decide
exit
"""

DECIDE = "function route_match() return { action = RM_MATCH } end"

# As long as its fuel lasts, so that calls overlap.
BURN = "function route_match() while true do end end"

# The tenant that bgpd's own scripts run for, whose places are the first to be taken.
TENANT = "frr"
POLICY = '[defaults]\nfuel = "20M"\n'

# As many as the control socket serves at once.
CALLERS = 8


class Control(http.client.HTTPConnection):
    """The control socket, spoken to as curl does."""

    def __init__(self, path):
        super().__init__("router")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60)
        self.sock.connect(str(self.path))

    def ask(self, method, path, body=None):
        self.request(method, path, body and json.dumps(body), {"content-type": "application/json"})
        answer = self.getresponse()
        return answer.status, json.loads(answer.read() or b"null")


def sample(of):
    """Some value of a declared type."""
    kind = of["kind"]
    if kind == "record":
        return {field["name"]: sample(field["type"]) for field in of["fields"]}
    if kind == "integer":
        return max(0, of["min"])
    if kind == "enum":
        return of["variants"][0]["name"]
    return {"boolean": False, "float": 0.0, "string": "", "address": "192.0.2.1", "prefix": "192.0.2.0/24",
            "optional": None, "list": [], "map": {}}[kind]


def run(env):
    control = env.folder / "operators" / "bgpd" / "control"
    with router(env, "operators", [["route-map IN in"]], MAPS, texts={"decide": DECIDE}, policy=POLICY,
                options=f"socket={control}") as (bgpd, (one,)):
        signals(bgpd)
        calls(bgpd, one, control)
    equal("bgpd ends as it is told to", bgpd.process.returncode, 0)


def signals(bgpd):
    mine = {}
    for task in pathlib.Path(f"/proc/{bgpd.process.pid}/task").iterdir():
        name = (task / "comm").read_text().strip()
        status = dict(line.split(":", 1) for line in (task / "status").read_text().splitlines() if ":" in line)
        if name.startswith("tenterhook"):
            mine[name] = int(status["SigBlk"], 16)
    check(f"the host has threads: {', '.join(sorted(mine))}", mine)
    wanted = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGALRM, signal.SIGCHLD]
    for name, blocked in mine.items():
        check(f"{name} takes no signal that is bgpd's", all(blocked >> (number - 1) & 1 for number in wanted), hex(blocked))
        check(f"{name} takes its own traps", not blocked >> (signal.SIGSEGV - 1) & 1, hex(blocked))


def calls(bgpd, one, path):
    control = Control(path)
    status, hook = control.ask("GET", "/v1/hooks/bgp.route_match")
    equal("the hook point is told of", status, 200)
    attach = {"hook": "bgp.route_match", "tenant": TENANT, "name": "burn", "source": BURN}
    status, answer = control.ask("POST", "/v1/attachments", attach)
    equal("a script that loops is attached", (status, answer.get("error")), (201, None))
    arguments = {argument["name"]: sample(argument["type"]) for argument in hook["arguments"]}
    call = {"hook": "bgp.route_match", "attachment": f"{TENANT}/burn", "arguments": arguments}
    stop, made, problems = threading.Event(), [], []

    def caller():
        mine = Control(path)
        while not stop.is_set():
            status, answer = mine.ask("POST", "/v1/call", call)
            if status != 200:
                problems.append((status, answer))
                return
            made.append(answer["calls"][0])
        mine.close()

    threads = [threading.Thread(target=caller) for _ in range(CALLERS)]
    for thread in threads:
        thread.start()
    eventually("operators call", lambda: len(made) >= CALLERS or problems, 60)
    prefixes = [f"20.{n // 250}.{n % 250}.0/24" for n in range(1000)]
    for prefix in range(0, len(prefixes), 50):
        one.announce(prefixes[prefix : prefix + 50])
    settled(bgpd, one, 1, 120)
    stop.set()
    for thread in threads:
        thread.join()
    equal("every call of an operator is answered", problems, [])
    looped = sum("fuel" in json.dumps(call) for call in made)
    check(f"{len(made)} calls of operators meanwhile; {looped} of them looped as long as they may", looped >= CALLERS,
          str(made[-1]))
    equal("every route is there", len(routes(bgpd)), len(prefixes))
    decide = next(a for a in bgpd.stats()["attachments"] if a["name"] == "decide")
    equal("none of bgpd's calls was denied", (decide["calls"], decide["denied"], decide["causes"]), (1000, 0, {}))
    control.close()
