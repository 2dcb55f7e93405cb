# SPDX-License-Identifier: GPL-2.0-or-later
"""bgpd and zebra as Debian packages them, unmodified, with files and sockets of their own."""

import os
import pathlib
import pwd
import re
import shutil
import signal
import subprocess
import time

from .net import die_with_parent
from .vty import Vty

DAEMONS = pathlib.Path(os.environ.get("FRR_DAEMONS", "/usr/lib/frr"))
TICKS = os.sysconf("SC_CLK_TCK")


# Scenarios feed routes as fast as they can be sent and let scripts fail on each of them: what counts over time has tests of
# its own, and here it would decide by the machine's speed.
UNTIMED = 'calls_per_second = "1G"\ncalls_burst = "1G"\nfuel_per_second = "10T"\nfuel_burst = "10T"\nquarantine = "off"\n'


def untimed(policy):
    """The policy with these lines in its [defaults], which it has at most once. Not one that is broken on purpose."""
    if not policy:
        return f"[defaults]\n{UNTIMED}"
    return policy.replace("[defaults]\n", f"[defaults]\n{UNTIMED}", 1)


class Daemon:
    """A running daemon. `config` is its whole configuration, or None where vtysh brings it later, as in integrated mode;
    `module` the folder of our modules, None for none."""

    def __init__(self, lab, name, folder, config="", module=None, policy="", scripts=None, extra=(),
                 options="", wrap=()):
        self.name = name
        self.folder = pathlib.Path(folder) / name
        self.log = self.folder / "log"
        self.scripts = self.folder / "scripts"
        self.policy = self.folder / "policy"
        for made in (self.folder, self.scripts, self.policy):
            made.mkdir(parents=True, exist_ok=True)
        for script in scripts or ():
            shutil.copy(script, self.scripts)
        (self.policy / "policy.toml").write_text(untimed(policy))
        # What is configured comes back in `show running-config`; a log that the command line names does not.
        integrated = config is None
        config = "" if integrated else f"hostname {name}\nlog file {self.log} debugging\n{config}\n"
        (self.folder / "conf").write_text(config)
        user = pwd.getpwnam("frr")
        for path in (pathlib.Path(folder), self.folder, *self.folder.rglob("*")):
            os.chown(path, user.pw_uid, user.pw_gid)
        command = [str(DAEMONS / name), "-f", str(self.folder / "conf"), "-i", str(self.folder / "pid")]
        command += ["--vty_socket", str(self.folder), "-P", "0", "-z", str(pathlib.Path(folder) / "zserv")]
        if integrated:
            command += ["--log", f"file:{self.log}", "--log-level", "debugging"]
        if module:
            options = f"policy={self.policy},scripts={self.scripts},state={self.folder}/state" + (f",{options}" if options else "")
            command += ["--moduledir", str(module), "-M", f"tenterhook:{options}"]
        self.output = open(self.folder / "output", "w+")
        started = subprocess.Popen(lab.enter([*wrap, *command, *extra]), stdout=self.output, stderr=subprocess.STDOUT,
                                   preexec_fn=die_with_parent)
        self.process = started
        self.vty = None
        deadline = time.monotonic() + 120
        while not self.vty:
            try:
                self.vty = Vty(self.folder / f"{name}.vty")
            except (FileNotFoundError, ConnectionRefusedError):
                if started.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{name} does not start:\n{self.printed()}") from None
                time.sleep(0.05)

    def script(self, name, text):
        """Writes a script, or another version of it."""
        path = self.scripts / f"{name}.lua"
        path.write_text(text)
        os.chmod(path, 0o644)

    def printed(self):
        """What it printed before its log was open."""
        return (self.folder / "output").read_text()

    def logged(self):
        return self.log.read_text() if self.log.exists() else ""

    def alive(self):
        return self.process.poll() is None

    def cpu(self):
        """Seconds of CPU it has used, over all its threads."""
        try:
            tasks = pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/schedstat")
            return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9
        except FileNotFoundError:
            # A kernel without: in ticks, then.
            pass
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident(self):
        """KiB of memory that it has."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))

    def memory(self):
        """What FRR has allocated, by type: how many objects."""
        counts = {}
        for line in self.vty("show memory").splitlines():
            found = re.match(r"(.+?)\s*:\s+(\d+)\s+", line)
            if found:
                counts[found.group(1).strip()] = int(found.group(2))
        return counts

    def stats(self):
        return self.vty.json("show tenterhook stats json")

    def stop(self):
        """Ends it as an operator would; answers with how it ended."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.output.close()
        return self.process.returncode
