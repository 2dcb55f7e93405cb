# SPDX-License-Identifier: GPL-2.0-or-later
"""Two network namespaces and the wire between them: the speakers' and the router's.

The driver runs in the speakers' namespace (run.py starts itself there), so nothing outside is touched.
"""

import ctypes
import os
import subprocess

ROUTER = "10.0.0.1"
ROUTER6 = "fd00::1"


def speaker(number):
    """Address of a speaker, from 1."""
    return f"10.0.0.{number + 1}"


def ip(*arguments, inside=None):
    command = ["ip", *arguments]
    if inside:
        command = ["nsenter", f"--net=/proc/{inside.pid}/ns/net", *command]
    subprocess.run(command, check=True)


class Lab:
    """The router's namespace lives as long as a process that sleeps in it."""

    def __init__(self):
        self.holder = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        mine = os.stat("/proc/self/ns/net").st_ino
        while os.stat(f"/proc/{self.holder.pid}/ns/net").st_ino == mine:
            if self.holder.poll() is not None:
                raise RuntimeError("no network namespace can be made: is this root, with CAP_SYS_ADMIN?")
        ip("link", "set", "lo", "up")
        ip("link", "add", "wire0", "type", "veth", "peer", "name", "wire1")
        ip("link", "set", "wire1", "netns", str(self.holder.pid))
        for number in range(1, 9):
            ip("addr", "add", f"{speaker(number)}/24", "dev", "wire0")
        ip("-6", "addr", "add", "fd00::2/64", "dev", "wire0", "nodad")
        ip("link", "set", "wire0", "up")
        self.inside("link", "set", "lo", "up")
        self.inside("addr", "add", f"{ROUTER}/24", "dev", "wire1")
        self.inside("-6", "addr", "add", f"{ROUTER6}/64", "dev", "wire1", "nodad")
        self.inside("link", "set", "wire1", "up")

    def inside(self, *arguments):
        """Runs `ip` in the router's namespace."""
        ip(*arguments, inside=self.holder)

    def enter(self, command):
        """A command, run in the router's namespace."""
        return ["nsenter", f"--net=/proc/{self.holder.pid}/ns/net", *command]

    def close(self):
        self.holder.kill()
        self.holder.wait()


def die_with_parent():
    """For children: should the driver die, they do too."""
    ctypes.CDLL(None).prctl(1, 9)
