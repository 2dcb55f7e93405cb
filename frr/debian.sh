#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Makes the root file system of a release of Debian in a folder, where there is none yet:
#
#   debian.sh DIST FOLDER [PACKAGES]   PACKAGES, separated by commas, are installed beside the smallest set that works
#
# The folder is there as a whole or not at all; beside it are FOLDER.log and, while one is made, FOLDER.unfinished.
# DEBIAN_MIRROR selects another archive than deb.debian.org.
#
# Exits with 75 if the archive cannot be reached, with 1 if anything else is missing.
set -eu

mirror=${DEBIAN_MIRROR:-http://deb.debian.org/debian}
dist=$1 root=$2 packages=ca-certificates${3:+,$3}

say() { echo "debian.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

case $dist in
"" | *[!a-z]*) fail "'$dist': expected the name of a Debian release, such as trixie" ;;
esac
[ "$(id -u)" = 0 ] || fail "a Debian $dist to work in is made as root"

# As apt has it, where the environment has none.
proxy=
eval "$(apt-config shell proxy Acquire::http::Proxy 2>/dev/null || true)"
proxy=${http_proxy:-$proxy}

reachable() {
    http_proxy=$proxy "${PYTHON:-python3}" - "$mirror/dists/$dist/Release" <<'PYTHON'
import sys, urllib.request
try:
    urllib.request.urlopen(sys.argv[1], timeout=30).read(1)
except OSError as error:
    sys.exit(f"debian.sh: {sys.argv[1]}: {error}")
PYTHON
}

mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock 9
[ ! -d "$root" ] || exit 0
if ! reachable; then
    say "Debian's archive cannot be reached, and there is no $root from an earlier run"
    exit 75
fi
command -v debootstrap >/dev/null || {
    say "installing debootstrap"
    apt-get -qq update >&2
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends debootstrap >&2
}
say "making a Debian $dist in $root"
rm -rf "$root.unfinished"
http_proxy=$proxy debootstrap --variant=minbase --include="$packages" "$dist" "$root.unfinished" "$mirror" >"$root.log" 2>&1 || {
    tail -20 "$root.log" >&2
    fail "debootstrap failed; $root.log has it all"
}
# No daemon starts because it is installed.
printf '#!/bin/sh\nexit 101\n' >"$root.unfinished/usr/sbin/policy-rc.d"
chmod 755 "$root.unfinished/usr/sbin/policy-rc.d"
mv "$root.unfinished" "$root"
