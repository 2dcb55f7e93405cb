#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Gets FRR's headers for the FRR that is installed: Debian's source package, configured as the installed daemons were.
# Prints the folder. Nothing of it is kept in this tree.
#
#   FRR_SRC=DIR     take this source tree instead; it has to be configured in DIR/build, or is bootstrapped and configured
#   FRR_DAEMONS=DIR where bgpd is, for how it was configured; /usr/lib/frr unless said
#
# Needs apt's sources for the source package, and root for installing what is missing.
set -eu

daemons=${FRR_DAEMONS:-/usr/lib/frr}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tenterhook

say() { echo "frr: $*" >&2; }
fail() { say "$*"; exit 1; }

# What building FRR's generated headers takes. Documentation, SNMP, RPKI and PAM are left out: no header depends on them.
packages="dpkg-dev autoconf automake libtool bison flex pkg-config perl python3-dev libyang2-dev libjson-c-dev
    libelf-dev libcap-dev libreadline-dev libpcre3-dev libc-ares-dev"

install() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    [ "$(id -u)" = 0 ] || fail "missing packages; install them as root: apt-get install$missing"
    say "installing$missing"
    # No daemon starts because of us: where nothing forbids it yet, this does, for as long as it takes.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    apt-get -qq update >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >&2
}

# Debian's source package of this version, unpacked with Debian's patches in $1.
fetch() {
    lists=$1/apt
    mkdir -p "$lists/parts" "$lists/lists/partial"
    # The machine's own sources, asked for source packages: nothing of the machine's is changed.
    for file in /etc/apt/sources.list.d/*.sources; do
        [ -e "$file" ] || continue
        sed 's/^Types:.*/Types: deb-src/' "$file" >"$lists/parts/$(basename "$file")"
    done
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
        [ -e "$file" ] || continue
        sed -n 's/^deb /deb-src /p' "$file" >"$lists/parts/$(basename "$file" .list).list"
    done
    options="-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$lists/parts -o Dir::State::Lists=$lists/lists"
    # shellcheck disable=SC2086
    (cd "$1" && apt-get -qq $options update >&2 && apt-get -qq $options source "frr=$2" >&2) ||
        fail "apt has no source package frr $2; set FRR_SRC to a source tree of that version"
}

# Generates the headers that the modules need, in $1/build.
configure() {
    cd "$1"
    [ -x configure ] || ./bootstrap.sh
    mkdir -p build
    cd build
    # As the daemons say that they were configured: config.h decides how structures are laid out.
    arguments=$("$daemons/bgpd" --version | sed -n '/configured with:/,$p' | sed '1d')
    [ -n "$arguments" ] || fail "$daemons/bgpd does not say how it was configured"
    eval "set -- $arguments"
    # The last of each counts.
    ../configure "$@" --disable-doc --disable-doc-html --disable-snmp --disable-rpki --without-libpam
    perl ../lib/route_types.pl <../lib/route_types.txt >lib/route_types.h
    touch .prepared
}

# In a process of its own, so that whatever fails ends it.
if [ "${1:-}" = --configure ]; then
    configure "$2"
    exit 0
fi

[ -e /etc/debian_version ] || [ -n "${FRR_SRC:-}" ] || fail "this is no Debian: set FRR_SRC to FRR's source tree"

if [ -n "${FRR_SRC:-}" ]; then
    tree=$FRR_SRC
else
    # shellcheck disable=SC2086
    install frr $packages
    version=$(dpkg-query -W -f '${source:Version}' frr)
    place=$cache/frr-$version
    tree=$(find "$place" -mindepth 1 -maxdepth 1 -type d -name 'frr-*' 2>/dev/null | head -1)
    if [ -z "$tree" ]; then
        say "getting the source package frr $version"
        mkdir -p "$place"
        fetch "$place" "$version"
        tree=$(find "$place" -mindepth 1 -maxdepth 1 -type d -name 'frr-*' | head -1)
    fi
fi
if [ ! -e "$tree/build/.prepared" ]; then
    say "configuring $tree"
    "$0" --configure "$tree" >"$tree/prepare.log" 2>&1 || {
        tail -20 "$tree/prepare.log" >&2
        fail "could not be configured; $tree/prepare.log has it all"
    }
fi
echo "$tree"
