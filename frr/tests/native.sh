#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds native.c with FRR's own scripting from its source tree, and with the Lua that FRR uses, 5.3, from the sources that
# the lua-src crate carries. Nothing of either is kept here.
#
#   native.sh FRR_TREE MODULE
set -eu
tree=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
manifest=$(${CARGO:-cargo} metadata --format-version 1 --locked | tr '{' '\n' |
    sed -n 's/.*"manifest_path":"\([^"]*\/lua-src-[^"]*\)".*/\1/p' | head -1)
lua=$(find "$(dirname "$manifest")" -maxdepth 1 -type d -name 'lua-5.3*' | head -1)
rm -f "$out"
missing=
[ -n "$lua" ] || missing="Lua 5.3"
for file in lib/frrscript.c lib/frrlua.c bgpd/bgp_script.c; do
    [ -e "$tree/$file" ] || missing=$tree/$file
done
[ -z "$missing" ] || { echo "frr: no sources of $missing: FRR's own scripting is not measured" >&2; exit 0; }

mkdir -p "$(dirname "$out")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
# As Debian builds both.
flags="-std=gnu11 -O2 -g -fPIC -fvisibility=hidden -D_GNU_SOURCE -DHAVE_CONFIG_H -DHAVE_SCRIPTING -DLUA_USE_POSIX -I$lua
    -I$tree/build -I$tree/build/lib -I$tree -I$tree/lib -I$tree/include -I$tree/bgpd"
compile() {
    source=$1
    shift
    # shellcheck disable=SC2086
    ${CC:-cc} $flags "$@" -c -o "$objects/$(basename "$source" .c).o" "$source"
}
for file in "$lua"/*.c; do
    case $(basename "$file") in
    lua.c | luac.c | onelua.c | ltests.c) ;;
    *) compile "$file" ;;
    esac
done
# Not ours: their warnings neither. States are made here, so that libraries can be opened in them.
compile "$tree/lib/frrscript.c" -w -DluaL_newstate=native_newstate
compile "$tree/lib/frrlua.c" -w
compile "$tree/bgpd/bgp_script.c" -w
compile "$here/native.c" -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers
${CC:-cc} -shared -Wl,-z,nodelete -Wl,--unresolved-symbols=ignore-all -o "$out" "$objects"/*.o -lm
