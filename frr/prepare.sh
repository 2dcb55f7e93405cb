#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Gets FRR's headers for the FRR that is installed: Debian's source package, configured as the installed daemons were.
# Prints the folder. Nothing of it is kept in this tree.
#
#   --tests         installs what `make test-frr` needs as well
#   FRR_SRC=DIR     take this source tree instead; it has to be configured in DIR/build, or is bootstrapped and configured
#   FRR_DAEMONS=DIR where bgpd is, for how it was configured; /usr/lib/frr unless said
#
# Debian 12 and 13 and Ubuntu 24.04 have an FRR that the modules are for. Needs apt's sources for the source package, and root for
# installing what is missing.
set -eu

daemons=${FRR_DAEMONS:-/usr/lib/frr}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/tenterhook

# What the modules are written for: FRR's structures and functions differ from one minor version to the next, and versions/ has
# the differences.
known=$(cd "$(dirname "$0")/versions" && ls | sed -n 's/\.h$//p' | sort -V | tr '\n' ' ')
is_known() {
    for series in $known; do
        case $1 in "$series" | "$series".* | "$series"-*) return 0 ;; esac
    done
    return 1
}

say() { echo "frr: $*" >&2; }
fail() { say "$*"; exit 1; }

# Whatever ends this leaves nothing half done behind.
policy=
unfinished=
clean() {
    [ -z "$policy" ] || rm -f "$policy"
    [ -z "$unfinished" ] || rm -rf "$unfinished"
    policy= unfinished=
}
trap clean EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# What building FRR's generated headers takes. Documentation, SNMP, RPKI and PAM are left out: no header depends on them. Some
# packages have another name in each release.
packages="dpkg-dev autoconf automake libtool bison flex pkg-config perl python3-dev libjson-c-dev libelf-dev libcap-dev
    libreadline-dev libc-ares-dev"
packages_of() {
    case $1 in
    8.*) echo "$packages libyang2-dev libpcre3-dev" ;;
    10.3*) echo "$packages libyang-dev libpcre2-dev libprotobuf-c-dev protobuf-c-compiler liblua5.3-dev lua5.3" ;;
    *) echo "$(packages_of 10.3) g++" ;;
    esac
}

install() {
    missing=
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
    done
    [ -n "$missing" ] || return 0
    [ "$(id -u)" = 0 ] || fail "missing packages; install them as root: apt-get install$missing"
    say "installing$missing"
    # No daemon starts because of us: where nothing forbids it yet, this does, for as long as it takes.
    if [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    apt-get -qq update >&2
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >&2
    [ -z "$policy" ] || rm -f "$policy"
    policy=
}

# The version of FRR that the system has, or would install.
packaged() {
    dpkg-query -W -f '${db:Status-Status} ${source:Version}' frr 2>/dev/null | sed -n 's/^installed //p' | grep . ||
        apt-cache policy frr 2>/dev/null | sed -n 's/^ *Candidate: //p'
}

# Before anything of it is installed.
fits() {
    found=$(packaged)
    [ -n "$found" ] && [ "$found" != "(none)" ] || [ "$(id -u)" != 0 ] || { apt-get -qq update >&2; found=$(packaged); }
    case $found in
    "" | "(none)") fail "apt has no package frr: expected 8.4 or 10.3, as Debian 12 and 13 have it" ;;
    esac
    is_known "$found" ||
        fail "this system's FRR is $found, and the modules are for FRR $known(8.4 is in Debian 12 and Ubuntu 24.04, 10.3 in" \
            "Debian 13); set FRR_SRC to another source tree to try with that"
}

# Debian's source package of version $2, unpacked with Debian's patches in $1: all of it, or there is no $1.
fetch() {
    unfinished=$1.unfinished.$$
    rm -rf "$unfinished"
    mkdir -p "$unfinished"
    unpack "$unfinished" "$2"
    rm -rf "$1"
    mv "$unfinished" "$1"
    unfinished=
}

unpack() {
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
    # From 10 on, the command line's header includes what protobuf's compiler makes.
    [ ! -e ../lib/mgmt.proto ] || protoc-c -I../lib --c_out=lib ../lib/mgmt.proto
    touch .prepared
}

# In a process of its own, so that whatever fails ends it.
if [ "${1:-}" = --configure ]; then
    configure "$2"
    exit 0
fi

if [ "${1:-}" = --tests ]; then
    # Elsewhere the tests say what they miss.
    [ ! -e /etc/debian_version ] || [ "$(id -u)" != 0 ] || install valgrind iproute2 tmux frr-pythontools
    exit 0
fi

[ -e /etc/debian_version ] || [ -n "${FRR_SRC:-}" ] || fail "this is no Debian: set FRR_SRC to FRR's source tree"

if [ -n "${FRR_SRC:-}" ]; then
    tree=$FRR_SRC
    [ -e "$tree/lib/zebra.h" ] || fail "FRR_SRC=$tree is no source tree of FRR"
else
    fits
    # shellcheck disable=SC2046
    install frr $(packages_of "$found")
    version=$(dpkg-query -W -f '${source:Version}' frr)
    place=$cache/frr-$version
    tree=$(find "$place" -mindepth 1 -maxdepth 1 -type d -name 'frr-*' 2>/dev/null | head -1)
    if [ -z "$tree" ]; then
        say "getting the source package frr $version"
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
found=$(sed -n 's/^#define FRR_VER_SHORT *"\(.*\)"/\1/p' "$tree/build/lib/version.h")
is_known "$found" || say "warning: $tree is FRR $found; the modules are for FRR $known and may not compile or work with it"
echo "$tree"
