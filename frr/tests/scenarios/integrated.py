# SPDX-License-Identifier: GPL-2.0-or-later
"""What the scenarios of vtysh have in common: daemons without files of their own, and one frr.conf that vtysh brings them."""

import contextlib

from lab.daemon import Daemon
from lab.net import ROUTER, speaker
from lab.report import check
from lab.shell import Shell
from lab.speaker import Speaker

from .common import bgp_config, connect, peer_asn

FRR_CONF = """frr defaults traditional
hostname router
!
bgp no-rib
!
"""


def frr_conf(maps, peers=1, more=""):
    config = bgp_config([["soft-reconfiguration inbound", "route-map IN in"]] * peers).splitlines()
    # What is not printed back where it is the default, frr-reload.py configures each time, and sessions start anew.
    config = [line for line in config if "reject-as-sets" not in line and "enforce-first-as" not in line]
    return FRR_CONF + maps + more + "\n".join(config) + "\n!\n"


class Router:
    """zebra and bgpd as frrinit.sh starts them, with sessions to come."""

    def __init__(self, env, name, texts, modules=("bgpd",), start=None, policy=""):
        self.env, self.texts, self.modules, self.policy = env, texts, modules, policy
        self.folder = env.folder / name
        self.folder.mkdir()
        self.speakers, self.daemons = [], []
        self.wrapper = start or env.modules / "tenterhook-vtysh"
        self.start()
        self.shell = Shell(self.folder, self.daemons, self.wrapper)

    def start(self):
        files = []
        written = self.folder / "written"
        written.mkdir(exist_ok=True)
        for name, text in self.texts.items():
            files.append(written / f"{name}.lua")
            files[-1].write_text(text)
        for name in ("zebra", "bgpd"):
            module = self.env.modules if name in self.modules else None
            self.daemons.append(Daemon(self.env.lab, name, self.folder, None, module, self.policy, files))
        self.zebra, self.bgpd = self.daemons

    def boot(self, text=None):
        """As at the start of the system: frr.conf is there, vtysh puts it in force. Answers with what vtysh says of it."""
        if text is not None:
            self.shell.config.write_text(text)
            self.shell.config.chmod(0o644)
        return self.shell.run("-b")

    def connect(self, count=1):
        for number in range(1, count + 1):
            one = Speaker(speaker(number), peer_asn(number), ROUTER)
            connect(self.bgpd, one, number)
            self.speakers.append(one)
        return self.speakers

    def stop(self):
        while self.speakers:
            self.speakers.pop().close()
        while self.daemons:
            self.daemons.pop().stop()

    def restart(self):
        self.stop()
        self.start()


@contextlib.contextmanager
def integrated(env, name, texts, **options):
    router = Router(env, name, texts, **options)
    try:
        yield router
        check("the daemons are alive at the end", all(daemon.alive() for daemon in router.daemons))
    finally:
        router.stop()
