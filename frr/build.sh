#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Builds the modules against the headers that prepare.sh got. Called by `make frr`, with OUT and FFI_LIB.
set -eu
cd "$(dirname "$0")"

tree=$(./prepare.sh)
version=$(sed -n 's/^#define FRR_VER_SHORT *"\(.*\)"/\1/p' "$tree/build/lib/version.h")
# The differences of this version, or of the last one before it: prepare.sh has warned of that.
series=$({ ls versions | sed 's/\.h$//'; echo "$version.this"; } | sort -V | sed -n "/^$version\.this$/{x;p;q;};h")
[ -n "$series" ] || series=$(ls versions | sed 's/\.h$//' | sort -V | head -1)
echo "frr: building for FRR $version, with headers from $tree"
${MAKE:-make} --no-print-directory -s FRR_TREE="$tree" FRR_SERIES="$series" FRR_VERSION="${FRR_VERSION:-$version}"
echo "$tree" >"$OUT/frr-tree"
echo "$series" >"$OUT/frr-series"
echo "frr: the modules are in $OUT; README.md says how to install them"
