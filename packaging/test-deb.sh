#!/bin/sh
# Tests the packages in a clean Debian: install, route filtering from integrated configuration, reload, upgrade, remove, purge.
# As root; says plainly when Debian's archive cannot be reached (exit code 75).
#
#   DIST=NAME   which Debian, this system's unless given; its base is kept in ~/.cache/tenterhook/roots, and a copy is used
#   DEBS=DIR    the packages, as deb.sh made them
#
# With the variables of deb.sh set, it also makes them once more, which has to give the same bytes, and a later revision of
# them to upgrade to.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
DIST=${DIST:-$(. /etc/os-release && echo "$VERSION_CODENAME")}
[ "$(id -u)" = 0 ] || { echo "test-deb: it makes a Debian and network namespaces, which takes root" >&2; exit 1; }

again=$(mktemp -d)
trap 'rm -rf "$again"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
OUT=$again sh "$here/deb.sh" >/dev/null
for deb in "$DEBS"/*.deb; do
    cmp "$deb" "$again/$(basename "$deb")" || { echo "test-deb: $deb differs when it is packed again" >&2; exit 1; }
done
echo "test-deb: packing twice gives the same bytes"
REVISION=2 OUT="$DEBS/next" sh "$here/deb.sh" >/dev/null

command -v lintian >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends lintian >&2
lintian --allow-root --fail-on error "$DEBS"/*.deb
echo "test-deb: lintian finds no error"

# A program is built with the library's packages, and runs.
for deb in "$DEBS"/libtenterhook0_*.deb "$DEBS"/libtenterhook-dev_*.deb; do
    dpkg-deb -x "$deb" "$again/system"
done
libraries=$(dirname "$(find "$again/system" -name 'libtenterhook.so')")
pc=$libraries/pkgconfig
# shellcheck disable=SC2046
${CC:-cc} -o "$again/hello" "$again/system/usr/share/doc/libtenterhook-dev/examples/hello.c" \
    $(PKG_CONFIG_SYSROOT_DIR="$again/system" PKG_CONFIG_LIBDIR="$pc" pkg-config --cflags --libs tenterhook)
objdump -p "$again/hello" | grep -q 'NEEDED *libtenterhook.so.0$' && objdump -T "$again/hello" | grep -q TENTERHOOK_0
LD_LIBRARY_PATH=$libraries "$again/hello"
echo "test-deb: a C program is built with pkg-config, and runs"

roots=${XDG_CACHE_HOME:-$HOME/.cache}/tenterhook/roots
base=$roots/deb-$DIST
sh "$here/../frr/debian.sh" "$DIST" "$base"

root=$(mktemp -d "$roots/.test-deb.XXXXXX")
trap 'rm -rf "$root" "$again"' EXIT
cp -a "$base/." "$root"
cp -L /etc/resolv.conf "$root/etc/resolv.conf" 2>/dev/null || true
# The test runs where no network is; apt gets the one that is here.
exec 7</proc/self/ns/net
TEST_DEB_NET=/proc/self/fd/7 unshare --net --mount --pid --fork --kill-child --mount-proc \
    "${PYTHON:-python3}" "$here/test_deb.py" --root "$root" --debs "$DEBS"
