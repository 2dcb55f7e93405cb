# SPDX-License-Identifier: GPL-2.0-or-later
"""What is checked and measured, said as it happens."""

import json
import time


class Failed(Exception):
    """A check that does not hold."""


def say(text=""):
    print(text, flush=True)


def show(title, output):
    """Output of a daemon, indented."""
    say(f"  | {title}")
    text = output if isinstance(output, str) else json.dumps(output, indent=1)
    for line in text.rstrip().splitlines():
        say(f"  |   {line}")


def check(what, holds, details=""):
    if not holds:
        raise Failed(f"{what}{': ' if details else ''}{details}")
    say(f"  ok   {what}")


def equal(what, got, expected):
    check(what, got == expected, f"expected {expected!r}, got {got!r}")


def eventually(what, holds, seconds=20, every=0.1, quiet=False):
    """Waits until something holds; answers with what it came to."""
    deadline = time.monotonic() + seconds
    while True:
        result = holds()
        if result:
            if not quiet:
                say(f"  ok   {what}")
            return result
        if time.monotonic() > deadline:
            raise Failed(f"{what}: not within {seconds} s")
        time.sleep(every)
