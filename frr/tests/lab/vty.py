# SPDX-License-Identifier: GPL-2.0-or-later
"""A daemon's command line, through its VTY socket as vtysh uses it."""

import json
import socket


class Vty:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(120)
        self.socket.connect(str(path))
        self.status = 0
        self("enable")

    def __call__(self, command):
        """Runs one command and answers with what it prints; `status` is what it came to, 0 is success."""
        self.socket.sendall(command.encode() + b"\0")
        out = b""
        # The output, then three NULs and the status.
        while len(out) < 4 or out[-4:-1] != b"\0\0\0":
            data = self.socket.recv(1 << 16)
            if not data:
                raise ConnectionError(f"the daemon went away during: {command}")
            out += data
        self.status = out[-1]
        return out[:-4].decode()

    def json(self, command):
        text = self(command)
        return json.loads(text) if text.strip() else {}

    def configure(self, *lines):
        """Runs configuration commands; answers with what they printed."""
        printed = ""
        self("configure terminal")
        for line in lines:
            printed += self(line)
            if self.status and "%" in printed:
                self("end")
                raise RuntimeError(f"{line}: {printed}")
        self("end")
        return printed
