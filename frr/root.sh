#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Runs a command in another release of Debian, in this tree and as root:
#
#   root.sh DIST              makes the root file system of that release, where there is none yet; prints its folder
#   root.sh DIST COMMAND …    runs the command in it; only HOME, PATH, LANG and TERM are set there
#
# The root is kept in ${XDG_CACHE_HOME:-~/.cache}/tenterhook/roots/DIST, about 1 GB with what building and testing install
# there. Remove the folder to have it made anew. DEBIAN_MIRROR selects another archive than deb.debian.org.
#
# Exits with 75 if there is no root and the archive cannot be reached, with 1 if anything else is missing.
set -eu

tree=$(cd "$(dirname "$0")/.." && pwd)

fail() { echo "frr: $*" >&2; exit 1; }

[ $# -ge 1 ] || fail "root.sh: expected the name of a Debian release, such as trixie"
dist=$1
shift
[ "$(id -u)" = 0 ] || fail "a Debian $dist to work in is made and entered as root"

root=${XDG_CACHE_HOME:-$HOME/.cache}/tenterhook/roots/$dist
sh "$tree/frr/debian.sh" "$dist" "$root" gcc,libc6-dev,make,python3

# As apt has it, where the environment has none.
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
proxy=${http_proxy:-$proxy}

if [ $# = 0 ]; then
    echo "$root"
    exit 0
fi

cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
if [ -n "$proxy" ]; then
    echo "Acquire::http::Proxy \"$proxy\";" >"$root/etc/apt/apt.conf.d/90proxy"
else
    rm -f "$root/etc/apt/apt.conf.d/90proxy"
fi
mkdir -p "$root$tree"
# The mounts are in a namespace that ends with the command. Real routes, where a checkout has them beside it, come along.
# shellcheck disable=SC2016
exec unshare --mount --propagation private sh -euc '
    root=$1 tree=$2
    shift 2
    for folder in /proc /sys /dev "$tree"; do
        mount --rbind "$folder" "$root$folder"
    done
    mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
    data=$(dirname "$tree")/shared/data
    if [ -d "$data" ]; then
        mkdir -p "$root$data"
        mount --rbind "$data" "$root$data"
    fi
    exec env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM="${TERM:-dumb}" \
        chroot "$root" sh -euc '\''cd "$1"; shift; exec "$@"'\'' sh "$tree" "$@"
' sh "$root" "$tree" "$@"
