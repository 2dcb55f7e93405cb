# SPDX-License-Identifier: GPL-2.0-or-later
"""vtysh and frr-reload.py as packaged, for daemons whose files are elsewhere."""

import os
import pathlib
import pwd
import re
import shutil
import subprocess
import sys

STOCK = "/usr/bin/vtysh"
RELOAD = pathlib.Path("/usr/lib/frr/frr-reload.py")


class Shell:
    """vtysh for these daemons. `start` is the program that starts it: ours, or FRR's own."""

    def __init__(self, folder, daemons, start):
        self.folder = pathlib.Path(folder) / "vtysh"
        self.config = self.folder / "frr.conf"
        self.sockets = self.folder / "sockets"
        # frr-reload.py takes a folder and starts `vtysh` in it.
        self.bin = self.folder / "bin"
        for made in (self.folder, self.sockets, self.bin):
            made.mkdir(exist_ok=True)
        for daemon in daemons:
            socket = self.sockets / f"{daemon.name}.vty"
            socket.unlink(missing_ok=True)
            socket.symlink_to(daemon.folder / socket.name)
        (self.folder / "vtysh.conf").write_text("service integrated-vtysh-config\n")
        self.use(start)
        user = pwd.getpwnam("frr")
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)

    def use(self, start):
        self.start = str(start)
        link = self.bin / "vtysh"
        link.unlink(missing_ok=True)
        link.symlink_to(start)

    def arguments(self, *arguments):
        return [self.start, "--vty_socket", str(self.sockets), "--config_dir", str(self.folder), *arguments]

    def run(self, *arguments, **environment):
        """Runs it; answers with its status, and what it printed on both."""
        env = {**os.environ, "HOME": str(self.folder), **environment}
        done = subprocess.run(self.arguments(*arguments), capture_output=True, text=True, timeout=120, env=env,
                              stdin=subprocess.DEVNULL)
        # vtysh 10 says of each daemon that it has read its part of a file.
        done.stderr = re.sub(r"^\[\d+\|\w+\] done\n", "", done.stderr, flags=re.M)
        return done

    def __call__(self, *commands):
        """Runs commands, each in the node that the one before has led to; answers with what they print."""
        done = self.run(*(part for command in commands for part in ("-c", command)))
        self.status = done.returncode
        return done.stdout + done.stderr

    def running(self):
        """The running configuration, without what says which run it was."""
        text = self("show running-config")
        return [line for line in text.splitlines() if line and not line.startswith(("Building", "Current"))]

    def reload(self, text, *options):
        """Puts a configuration in force with frr-reload.py: `--test` says what it would do, `--reload` does it."""
        wanted = self.folder / "wanted.conf"
        wanted.write_text(text)
        command = [sys.executable, str(RELOAD), *options, "--stdout", "--bindir", str(self.bin), "--confdir", str(self.folder),
                   "--rundir", str(self.folder), "--vty_socket", str(self.sockets), str(wanted)]
        return subprocess.run(command, capture_output=True, text=True, timeout=300)


class Terminal:
    """vtysh on a terminal of its own, in tmux."""

    def __init__(self, shell, pager="cat", columns=150, lines=60):
        self.socket = str(shell.folder / "tmux")
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(lines), "--",
                  "env", f"HOME={shell.folder}", f"VTYSH_PAGER={pager}", *shell.arguments())

    def tmux(self, *arguments):
        done = subprocess.run(["tmux", "-S", self.socket, *arguments], capture_output=True, text=True, timeout=30)
        if done.returncode:
            raise RuntimeError(f"tmux {' '.join(arguments)}: {done.stderr}")
        return done.stdout

    def type(self, text, *keys):
        """Types a text, then keys by their names, such as Tab or Enter."""
        if text:
            self.tmux("send-keys", "-l", text)
        for key in keys:
            self.tmux("send-keys", key)

    def screen(self):
        return self.tmux("capture-pane", "-p")

    def close(self):
        subprocess.run(["tmux", "-S", self.socket, "kill-server"], capture_output=True)


def wanting():
    """What this machine lacks of what people use beside vtysh."""
    if not shutil.which("tmux"):
        return "there is no `tmux`: on Debian it is in a package of that name"
    if not RELOAD.exists():
        return f"there is no {RELOAD}: on Debian it is in frr-pythontools"
    return ""
