#!/bin/sh
# Makes the C library from the static one that cargo builds: with a soname and versioned symbols (libtenterhook.map). The
# compiler has a version script of its own for the dynamic library that it makes, and a linker takes one.
#
#   library.sh STATIC_LIBRARY OUT    makes OUT/libtenterhook.so.0.1.0, its links, and OUT/tenterhook.pc.in
set -eu
here=$(cd "$(dirname "$0")" && pwd)
static=$1
out=$2
version=$(sed -n 's/^version = "\(.*\)"/\1/p' "$here/../Cargo.toml" | head -1)
mkdir -p "$out"
${CC:-cc} -shared -o "$out/libtenterhook.so.$version" -Wl,-soname,libtenterhook.so.0 \
    -Wl,--version-script="$here/libtenterhook.map" -Wl,--gc-sections -Wl,-z,relro -Wl,-z,now -Wl,--no-undefined \
    -Wl,--whole-archive "$static" -Wl,--no-whole-archive -lgcc_s -lm -lpthread -ldl -lc
strip --strip-unneeded "$out/libtenterhook.so.$version"
ln -sf "libtenterhook.so.$version" "$out/libtenterhook.so.0"
ln -sf libtenterhook.so.0 "$out/libtenterhook.so"
cat >"$out/tenterhook.pc.in" <<PC
prefix=@PREFIX@
includedir=\${prefix}/include
libdir=@LIBDIR@

Name: tenterhook
Description: Sandboxed Lua hook points for C programs
Version: $version
Cflags: -I\${includedir}
Libs: -L\${libdir} -ltenterhook
PC
