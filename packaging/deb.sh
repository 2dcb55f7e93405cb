#!/bin/sh
# Makes Debian packages from what `make deb` has built. Two runs with the same inputs give the same bytes: times are those of
# the last commit, owners are root's, and nothing else of the machine goes in.
#
#   COMMAND=FILE    the command
#   LIBRARY=DIR     what library.sh made
#   FRR_OUT=DIR     the modules, as `make frr` made them
#   OUT=DIR         where the packages go
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tree=$(cd "$here/.." && pwd)

SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$tree" log -1 --format=%ct)}
export SOURCE_DATE_EPOCH
upstream=$(sed -n 's/^version = "\(.*\)"/\1/p' "$tree/Cargo.toml" | head -1)
version=$upstream-${REVISION:-1}
arch=$(dpkg --print-architecture)
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
maintainer=${DEBFULLNAME:-Tenterhook maintainers}' <'${DEBEMAIL:-maintainers@tenterhook.example}'>'
homepage=$(sed -n 's/^repository = "\(.*\)"/\1/p' "$tree/Cargo.toml" | head -1)
frr=$(strings -a "$FRR_OUT/bgpd_tenterhook.so" | grep -E '^[0-9]+\.[0-9]+[0-9.]*$' | head -1)
[ -n "$frr" ] || { echo "deb: $FRR_OUT/bgpd_tenterhook.so does not say which FRR it was built for" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$OUT"

put() { install -D -m "$1" "$2" "$root$3"; }
text() { mkdir -p "$(dirname "$root$2")" && cat >"$root$2" && chmod "$1" "$root$2"; }
packed() { gzip -9n >"$root$1"; }
program() {
    put "$1" "$2" "$3"
    strip --strip-unneeded --remove-section=.comment --remove-section=.note "$root$3"
}

# The libraries of Debian's that a package's files need, and the C library's version.
needs() {
    files=$(find "$root" -type f \( -name '*.so*' -o -perm /111 \) -exec sh -c 'head -c4 "$1" | grep -q ELF && echo "$1"' sh {} \;)
    # shellcheck disable=SC2086
    glibc=$(objdump -T $files | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
    printf 'libc6 (>= %s)' "$glibc"
    # shellcheck disable=SC2086
    for library in $(objdump -p $files | sed -n 's/^ *NEEDED *//p' | sort -u); do
        case $library in
        libgcc_s.so.1) printf ', libgcc-s1 (>= 4.2)' ;;
        libjson-c.so.5) printf ', libjson-c5 (>= 0.15)' ;;
        libc.so.6 | libm.so.6 | ld-linux* | libtenterhook_ffi.so) ;;
        *) echo "deb: it is not known which package has $library" >&2; exit 1 ;;
        esac
    done
}

# begin PACKAGE VERSION SECTION; then files; then end "FIELDS" with the description on standard input.
begin() {
    package=$1
    root=$work/$1
    package_version=$2
    section=$3
    mkdir -p "$root/DEBIAN" "$root/usr/share/doc/$package"
    cp "$here/copyright" "$root/usr/share/doc/$package/copyright"
    chmod 644 "$root/usr/share/doc/$package/copyright"
    {
        echo "tenterhook ($package_version) unstable; urgency=medium"
        echo
        echo "  * Upstream release; CHANGELOG.md says what changed."
        echo
        echo " -- $maintainer  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")"
    } | packed "/usr/share/doc/$package/changelog.Debian.gz"
}

end() {
    {
        echo "Package: $package"
        echo "Source: tenterhook ($version)"
        echo "Version: $package_version"
        echo "Architecture: $arch"
        echo "Maintainer: $maintainer"
        echo "Installed-Size: $(find "$root" -path "$root/DEBIAN" -prune -o -type f -printf '%s\n' | awk '{ s += int(($1 + 1023) / 1024) } END { print s + 0 }')"
        printf '%s\n' "$1"
        echo "Section: $section"
        echo "Priority: optional"
        echo "Homepage: $homepage"
        echo "Description: $(cat)"
    } >"$root/DEBIAN/control"
    for script in preinst postinst prerm postrm triggers shlibs; do
        [ ! -e "$here/debian/$package.$script" ] || install -m "$([ "$script" = triggers ] || [ "$script" = shlibs ] && echo 644 || echo 755)" \
            "$here/debian/$package.$script" "$root/DEBIAN/$script"
    done
    (cd "$root" && find etc -type f 2>/dev/null | LC_ALL=C sort | sed 's|^|/|') >"$work/conffiles"
    [ ! -s "$work/conffiles" ] || install -m 644 "$work/conffiles" "$root/DEBIAN/conffiles"
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -print | sed 's|^\./||' | grep -v '^etc/' | LC_ALL=C sort |
        xargs -d '\n' md5sum) >"$root/DEBIAN/md5sums"
    chmod 644 "$root/DEBIAN/control" "$root/DEBIAN/md5sums"
    find "$root" -type d -exec chmod 755 {} +
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    dpkg-deb --root-owner-group -Zxz --build "$root" "$OUT/${package}_${package_version}_$arch.deb" >/dev/null
    echo "$OUT/${package}_${package_version}_$arch.deb"
}

# ---- the command ----

begin tenterhook "$version" utils
program 755 "$COMMAND" /usr/bin/tenterhook
mkdir -p "$work/man" "$root/usr/share/man/man1" "$root/usr/share/zsh/vendor-completions" \
    "$root/usr/share/fish/vendor_completions.d" "$root/usr/share/bash-completion/completions"
"$COMMAND" man "$work/man" >/dev/null
for page in "$work"/man/*.1; do
    packed "/usr/share/man/man1/$(basename "$page").gz" <"$page"
done
"$COMMAND" completions bash | text 644 /usr/share/bash-completion/completions/tenterhook
"$COMMAND" completions zsh | text 644 /usr/share/zsh/vendor-completions/_tenterhook
"$COMMAND" completions fish | text 644 /usr/share/fish/vendor_completions.d/tenterhook.fish
packed /usr/share/doc/tenterhook/changelog.gz <"$tree/CHANGELOG.md"
end "Depends: $(needs)" <<TEXT
command for sandboxed Lua hook points
 Tenterhook lets a program call scripts that nobody has to trust: Lua in
 WebAssembly, with fuel, memory and rights that a policy gives to each tenant.
 .
 This is the operators' command: it attaches, replaces and watches scripts of
 running programs over their control socket, and checks scripts beforehand.
TEXT

# ---- the C library ----

begin libtenterhook0 "$version" libs
put 644 "$LIBRARY/libtenterhook.so.$upstream" "/usr/lib/$triplet/libtenterhook.so.$upstream"
ln -s "libtenterhook.so.$upstream" "$root/usr/lib/$triplet/libtenterhook.so.0"
end "Depends: $(needs)
Multi-Arch: same" <<TEXT
sandboxed Lua hook points for C programs - library
 Tenterhook lets a program call scripts that nobody has to trust: Lua in
 WebAssembly, with fuel, memory and rights that a policy gives to each tenant.
 .
 This is the library that programs written in C use.
TEXT

begin libtenterhook-dev "$version" libdevel
put 644 "$tree/ffi/include/tenterhook.h" /usr/include/tenterhook.h
mkdir -p "$root/usr/lib/$triplet/pkgconfig"
ln -s libtenterhook.so.0 "$root/usr/lib/$triplet/libtenterhook.so"
sed "s|@PREFIX@|/usr|; s|@LIBDIR@|\${prefix}/lib/$triplet|" "$LIBRARY/tenterhook.pc.in" |
    text 644 "/usr/lib/$triplet/pkgconfig/tenterhook.pc"
put 644 "$tree/ffi/examples/hello.c" /usr/share/doc/libtenterhook-dev/examples/hello.c
end "Depends: libtenterhook0 (= $version)
Multi-Arch: same" <<TEXT
sandboxed Lua hook points for C programs - development files
 Tenterhook lets a program call scripts that nobody has to trust: Lua in
 WebAssembly, with fuel, memory and rights that a policy gives to each tenant.
 .
 These are the header, the link to the library and the file for pkg-config.
TEXT

# ---- the modules for FRR ----

begin frr-tenterhook "$version+frr$frr" net
modules=/usr/lib/$triplet/frr/modules
for file in $(cd "$FRR_OUT" && ls ./*_tenterhook.so tenterhook/*.so); do
    file=${file#./}
    program 644 "$FRR_OUT/$file" "$modules/$file"
done
program 755 "$FRR_OUT/tenterhook-vtysh" /usr/bin/tenterhook-vtysh
# FRR's own becomes vtysh.frr, by preinst.
ln -s tenterhook-vtysh "$root/usr/bin/vtysh"
put 755 "$tree/frr/tools/tenterhook-frr-check" /usr/sbin/tenterhook-frr-check
put 644 "$here/frr/frr.service.conf" /usr/lib/systemd/system/frr.service.d/tenterhook.conf
put 644 "$here/frr/policy.toml" /etc/frr/tenterhook/policy.toml
mkdir -p "$root/etc/frr/scripts" "$root/usr/share/man/man1" "$root/usr/share/man/man8"
packed /usr/share/man/man1/tenterhook-vtysh.1.gz <"$here/frr/tenterhook-vtysh.1"
packed /usr/share/man/man8/tenterhook-frr-check.8.gz <"$here/frr/tenterhook-frr-check.8"
packed /usr/share/doc/frr-tenterhook/README.md.gz <"$tree/frr/README.md"
put 644 "$here/frr/README.Debian" /usr/share/doc/frr-tenterhook/README.Debian
for example in "$here"/frr/examples/*; do
    put 644 "$example" "/usr/share/doc/frr-tenterhook/examples/$(basename "$example")"
done
# Any other upstream version is greater or less than these.
end "Depends: frr (>= $frr), frr (<< $frr.0~), $(needs)
Suggests: tenterhook, frr-pythontools" <<TEXT
sandboxed Lua hook points in FRR $frr
 Modules for FRR's bgpd and zebra, as packaged: route maps with "match script"
 and observers of routes, sessions and interfaces, written in Lua, with fuel
 and memory that a policy limits. vtysh knows their commands.
 .
 FRR has no ABI: this package is for FRR $frr and for no other version, and apt
 keeps the two together. With another FRR, build it anew ("make deb").
TEXT
