#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds native.c: with FRR's own scripting where the package has it. Where it does not, with that from its source tree, and with
# the Lua that FRR uses, 5.3, from the sources that the lua-src crate carries. Nothing of either is kept here.
#
#   native.sh FRR_TREE SERIES MODULE
set -eu
tree=$1
series=$2
out=$3
here=$(cd "$(dirname "$0")" && pwd)
rm -f "$out"
mkdir -p "$(dirname "$out")"
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

# As Debian builds it.
flags="-std=gnu11 -fms-extensions -O2 -g -fPIC -fvisibility=hidden -D_GNU_SOURCE -DHAVE_CONFIG_H -I$tree/lib/assert
    -I$tree/build -I$tree/build/lib -I$tree -I$tree/lib -I$tree/include -I$tree/bgpd"
compile() {
    source=$1
    shift
    # shellcheck disable=SC2086
    ${CC:-cc} $flags "$@" -c -o "$objects/$(basename "$source" .c).o" "$source"
}
native() {
    compile "$here/native.c" -I"$here/.." -DTH_FRR_DIFFERENCES="\"versions/$series.h\"" -Wall -Wextra -Wno-unused-parameter \
        -Wno-missing-field-initializers -Wno-sign-compare
    ${CC:-cc} -shared -Wl,-z,nodelete -Wl,--unresolved-symbols=ignore-all -o "$out" "$objects"/*.o -lm
}

if grep -q '^#define HAVE_SCRIPTING 1' "$tree/build/config.h"; then
    flags="$flags $(pkg-config --cflags lua5.3)"
    native
    exit 0
fi

manifest=$(${CARGO:-cargo} metadata --format-version 1 --locked | tr '{' '\n' |
    sed -n 's/.*"manifest_path":"\([^"]*\/lua-src-[^"]*\)".*/\1/p' | head -1)
lua=$(find "$(dirname "$manifest")" -maxdepth 1 -type d -name 'lua-5.3*' | head -1)
missing=
[ -n "$lua" ] || missing="Lua 5.3"
for file in lib/frrscript.c lib/frrlua.c bgpd/bgp_script.c; do
    [ -e "$tree/$file" ] || missing=$tree/$file
done
[ -z "$missing" ] || { echo "frr: no sources of $missing: FRR's own scripting is not measured" >&2; exit 0; }

flags="$flags -DHAVE_SCRIPTING -DNATIVE_INSIDE -DLUA_USE_POSIX -I$lua"
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
native
