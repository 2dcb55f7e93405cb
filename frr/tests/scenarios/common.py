# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scenarios with bgpd have in common."""

import contextlib

from lab.daemon import Daemon
from lab.report import check, eventually
from lab.speaker import Speaker
from lab.net import ROUTER, speaker

# The router is AS 65001, its peers are AS 65002, 65003 …
ASN = 65001


def peer_asn(number):
    return ASN + number


def bgp_config(peers, maps="", more="", extra_af=""):
    """bgpd's configuration. `peers` says for each what its address families get: route maps, mostly."""
    # Maps come first: those that neighbors name before they are there take effect seconds later.
    lines = [maps, more, f"router bgp {ASN}", " bgp router-id 10.0.0.1", " no bgp ebgp-requires-policy",
             " no bgp network import-check", " timers bgp 3 9",
             # Newer ones do, and the routes here have some.
             " no bgp reject-as-sets"]
    for number in range(1, len(peers) + 1):
        lines += [f" neighbor {speaker(number)} remote-as {peer_asn(number)}",
                  f" neighbor {speaker(number)} passive", f" neighbor {speaker(number)} advertisement-interval 0",
                  # FRR 10 does, and the real table's routes do not.
                  f" no neighbor {speaker(number)} enforce-first-as"]
    for family in ("ipv4", "ipv6"):
        lines.append(f" address-family {family} unicast")
        for number, of in enumerate(peers, 1):
            lines.append(f"  neighbor {speaker(number)} activate")
            lines += [f"  neighbor {speaker(number)} {line}" for line in of]
        lines += [extra_af if family == "ipv4" else "", " exit-address-family"]
    return "\n".join([*lines, "exit"])


@contextlib.contextmanager
def router(env, name, peers, maps, more="", scripts=(), policy="", texts=None, extra=(), extra_af="", module=True,
           options="", wrap=(), hold=9):
    """zebra and bgpd with our module, and a session to each peer."""
    folder = env.folder / name
    folder.mkdir()
    running = []
    speakers = []
    try:
        zebra = Daemon(env.lab, "zebra", folder)
        running.append(zebra)
        config = bgp_config(peers, maps, more, extra_af).replace("timers bgp 3 9", f"timers bgp 3 {hold}")
        # The scripts are there before bgpd reads its configuration.
        texts = dict(texts or {})
        written = folder / "written"
        written.mkdir()
        for script, text in texts.items():
            (written / f"{script}.lua").write_text(text)
        files = [*scripts, *(written / f"{script}.lua" for script in texts)]
        bgpd = Daemon(env.lab, "bgpd", folder, config, env.modules if module else None, policy, files,
                      ["-n", *extra], options, wrap)
        running.append(bgpd)
        for number in range(1, len(peers) + 1):
            one = Speaker(speaker(number), peer_asn(number), ROUTER, hold)
            connect(bgpd, one, number)
            speakers.append(one)
        yield bgpd, speakers
        check("bgpd is alive at the end", bgpd.alive())
    finally:
        for one in speakers:
            one.close()
        for daemon in reversed(running):
            daemon.stop()


def routes(bgpd, family="ipv4"):
    """What bgpd has, by prefix: the first path of each."""
    table = bgpd.vty.json(f"show bgp {family} unicast json").get("routes", {})
    return {prefix: paths[0] for prefix, paths in table.items()}


def route(bgpd, prefix, family="ipv4"):
    """The details of the first path to a prefix, None where there is none."""
    paths = bgpd.vty.json(f"show bgp {family} unicast {prefix} json").get("paths", [])
    return paths[0] if paths else None


def neighbor(bgpd, number=1):
    return bgpd.vty.json(f"show bgp neighbors {speaker(number)} json").get(speaker(number), {})


def received(bgpd, number=1):
    """UPDATE messages that bgpd has had from a peer, by its own count."""
    return neighbor(bgpd, number)["messageStats"]["updatesRecv"]


def connect(bgpd, one, number=1):
    """Opens a session, and notes what bgpd has counted of earlier ones. Until bgpd has heard of its interfaces from zebra
    it resets sessions; those are opened again."""

    def up():
        if one.lost is not None or one.socket is None:
            one.close()
            one.base = received(bgpd, number)
            one.connect()
        return neighbor(bgpd, number)["bgpState"] == "Established"

    eventually("", up, 30, 0.1, quiet=True)


def settled(bgpd, one, number=1, seconds=30):
    """Waits until bgpd has worked through everything that a speaker sent."""
    eventually("", lambda: received(bgpd, number) >= one.base + one.sent, seconds, 0.05, quiet=True)


def count(bgpd, hook, what):
    """A count of the statistics, over all attachments at a hook point."""
    return sum(a[what] for a in bgpd.stats()["attachments"] if a["hook"] == hook)


def refusal(one):
    """What a session that cannot come up ends with. Where the speaker sends its KEEPALIVE after bgpd has closed, the connection
    is reset, and the notification goes with it: then it tries again."""
    for _ in range(20):
        one.close()
        try:
            one.connect(seconds=0)
            # This side takes it as up from bgpd's KEEPALIVE on, which may come before the notification.
            said = eventually("", lambda: one.lost, quiet=True)
        except TimeoutError as error:
            said = str(error)
        if "NOTIFICATION" in said:
            break
    one.close()
    return said
