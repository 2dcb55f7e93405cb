# SPDX-License-Identifier: GPL-2.0-or-later
"""Which FRR is installed, as its bgpd says."""

import functools
import re
import subprocess

from .daemon import DAEMONS


@functools.cache
def _said():
    return subprocess.run([DAEMONS / "bgpd", "--version"], capture_output=True, text=True, check=True).stdout


def version():
    """The version's numbers: (10, 3)."""
    return tuple(int(number) for number in re.search(r"version (\d+(?:\.\d+)*)", _said()).group(1).split("."))


def has_scripting():
    """Whether it was built with FRR's own scripting."""
    return "--enable-scripting" in _said()
