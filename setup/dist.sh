#!/bin/sh
# Packages every crate that is published into target/dist, with the built guest inside of tenterhook-guest-lua.
set -eu
cd "$(dirname "$0")/.."
CARGO=${CARGO:-cargo}
OUT=target/dist
prebuilt=guest-lua/prebuilt

trap 'rm -rf "$prebuilt"' EXIT INT TERM
mkdir -p "$prebuilt"
# Built from the sources here; its build has compared it with guest.sha256.
hash=$($CARGO run --locked --quiet -p tenterhook-guest-lua --example write_guest -- "$prebuilt/guest.wasm")
echo "guest $hash"

rm -rf "$OUT" target/package
# Whether they build is what test-dist.sh tries, as a stranger would. The tree is dirty by the guest alone, which is
# never committed.
exclude=$(grep -l '^publish = false' ./*/Cargo.toml | sed 's|^\./\(.*\)/Cargo.toml|--exclude tenterhook-\1|')
# shellcheck disable=SC2086 # Several words.
$CARGO package --locked --workspace $exclude --no-verify --allow-dirty --quiet
mkdir -p "$OUT"
cp target/package/*.crate "$OUT/"
(cd "$OUT" && sha256sum ./*.crate > SHA256SUMS && ls -l ./*.crate | awk '{ printf "%9d bytes  %s\n", $5, $9 }')
