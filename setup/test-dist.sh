#!/bin/sh
# Uses the packages of `make dist` as a stranger would: in an empty folder, without zig, Python and the workspace.
#
# A program of ten lines is built against them and run, and the command is installed from them and run. They stand in for
# the registry by [patch.crates-io]; everything else comes from the registry, in the versions of Cargo.lock.
set -eu
cd "$(dirname "$0")/.."
root=$(pwd)
CARGO=${CARGO:-cargo}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

# The system's tools, without Python and zig.
tools="$work/bin"
mkdir -p "$tools" "$work/crates" "$work/hello/src" "$work/.cargo"
for tool in /usr/bin/* /usr/local/bin/*; do
    case ${tool##*/} in
    python* | pip* | zig* | cargo* | rust*) ;;
    *) ln -sf "$tool" "$tools/${tool##*/}" ;;
    esac
done
for tool in cargo rustc; do
    # The toolchain's own, as rustup's shims look at folders above.
    ln -sf "$(rustup which "$tool" 2>/dev/null || command -v "$tool")" "$tools/$tool"
done
stranger() {
    env -i HOME="$work" CARGO_HOME="${CARGO_HOME:-$HOME/.cargo}" CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$root/target}" PATH="$tools" \
        ZIG= CARGO_TERM_COLOR=never "$@"
}

echo "[patch.crates-io]" > "$work/.cargo/config.toml"
for crate in target/dist/*.crate; do
    tar -xzf "$crate" -C "$work/crates"
    name=$(basename "$crate" .crate)
    folder="$work/crates/$name"
    [ -f "$folder/README.md" ] && [ -f "$folder/LICENSE-MIT" ] && [ -f "$folder/LICENSE-APACHE" ] || {
        echo "$name: expected README.md, LICENSE-MIT and LICENSE-APACHE in the package"; exit 1; }
    echo "${name%-*} = { path = \"$folder\" }" >> "$work/.cargo/config.toml"
done
guest=$(sha256sum "$work"/crates/tenterhook-guest-lua-*/prebuilt/guest.wasm | cut -d' ' -f1)
[ "$guest" = "$(cat guest-lua/guest.sha256)" ] || { echo "the packaged guest is $guest, expected $(cat guest-lua/guest.sha256)"; exit 1; }

cat > "$work/hello/Cargo.toml" <<'MANIFEST'
[package]
name = "hello"
version = "0.0.0"
edition = "2024"

[dependencies]
anyhow = "1"
tenterhook = "0.1"

[workspace]
MANIFEST
# The versions of Cargo.lock; what of it is not needed goes.
locked() {
    cp "$root/Cargo.lock" Cargo.lock
    stranger cargo metadata --quiet --format-version 1 >/dev/null
}

echo "== a program that depends on tenterhook"
cp examples/hello_hook.rs "$work/hello/src/main.rs"
cd "$work/hello"
locked
stranger cargo build --release --locked --quiet
got=$(stranger "$root/target/release/hello")
echo "$got"
case $got in *"Ada is greeted 3 times"*) ;; *) echo "expected: Ada is greeted 3 times"; exit 1 ;; esac

echo "== the command, installed"
cd "$work/crates"/tenterhook-cli-*
locked
stranger cargo install --path . --locked --root "$work/prefix" --quiet
stranger "$work/prefix/bin/tenterhook" demo --routes 1000
