#!/bin/sh
# The pinned zig (the C compiler of the guest) in a Python virtual environment, .venv. Nothing is installed elsewhere.
set -eu
cd "$(dirname "$0")/.."

say() { echo "setup: $*" >&2; }
die() { say "$*"; exit 1; }

command -v "$CARGO" >/dev/null || die "Rust is missing. Install it from https://rustup.rs, then run make again."
command -v "$PYTHON" >/dev/null || die "Python 3 is missing. On Debian and Ubuntu: apt-get install python3 python3-venv"
command -v cc >/dev/null || die "A C compiler is missing. On Debian and Ubuntu: apt-get install gcc libc6-dev"

# A half-made environment is not worth repairing.
rm -rf .venv
if "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
    "$PYTHON" -m venv .venv
elif [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # Debian splits the standard library: a bare python3 cannot make virtual environments.
    say "python3 has no venv module; installing python3-venv"
    apt-get update -qq && apt-get install -y -qq python3-venv >/dev/null
    "$PYTHON" -m venv .venv
else
    die "python3 cannot make virtual environments. On Debian and Ubuntu: sudo apt-get install python3-venv"
fi

say "installing the pinned zig (about 90 MB, once)"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r setup/requirements.txt
.venv/bin/python -m ziglang version >/dev/null || die "the installed zig does not run"
touch .venv/.stamp
say "done"
