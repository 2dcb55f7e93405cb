#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds pattern.c with the Lua that FRR uses, 5.3, from the sources that the lua-src crate carries.
set -eu
out=$1
manifest=$(${CARGO:-cargo} metadata --format-version 1 --locked | tr '{' '\n' |
    sed -n 's/.*"manifest_path":"\([^"]*\/lua-src-[^"]*\)".*/\1/p' | head -1)
lua=$(find "$(dirname "$manifest")" -maxdepth 1 -type d -name 'lua-5.3*' | head -1)
[ -n "$lua" ] || { echo "frr: no sources of Lua 5.3: FRR's own pattern is not measured" >&2; exit 0; }
mkdir -p "$(dirname "$out")"
sources=$(find "$lua" -name '*.c' ! -name lua.c ! -name luac.c ! -name onelua.c ! -name ltests.c)
# shellcheck disable=SC2086
${CC:-cc} -O2 -DLUA_USE_POSIX -I"$lua" -o "$out" "$(dirname "$0")/pattern.c" $sources -lm
