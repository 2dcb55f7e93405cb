//! Builds the guest: Lua's sources (from the lua-src crate) and the shim, as one translation unit, to WebAssembly.
//!
//! ```text
//! toolchain.rs  find the pinned zig      ──┐
//! lua.rs        find lua-src's sources   ──┼─▶ compile ─▶ table.rs make the function table growable ─┐
//! shim/         what surrounds Lua       ──┘                                                         ├─▶ check SHA-256
//! packaged.rs   the module that a published package carries ────────────────────────────────────────┘
//! ```
//!
//! The same bytes must come out everywhere, for a budget of fuel to mean the same everywhere: the SHA-256 is recorded in
//! `guest.sha256`, and another one stops the build. After a change of the shim, `TENTERHOOK_BLESS_GUEST=1` records the
//! new one.

mod lua;
mod packaged;
mod table;
mod toolchain;

use std::path::{Path, PathBuf};
use std::{env, fs, process};

use sha2::{Digest, Sha256};

/// Size of the guest's C stack in bytes; it lies below everything else, so that running over it traps.
const STACK: usize = 96 * 1024;
/// Linear memory at the start, in bytes. Kept small: all of it is restored between scripts.
const MEMORY: usize = 192 * 1024;

fn main() {
    if let Err(message) = build() {
        // One message, no backtrace: the reader needs to know what to type.
        eprintln!("\n{message}\n");
        process::exit(1);
    }
}

fn build() -> Result<(), String> {
    let manifest = dir("CARGO_MANIFEST_DIR")?;
    let out = dir("OUT_DIR")?;
    println!("cargo::rerun-if-changed=build");
    println!("cargo::rerun-if-changed=shim");
    println!("cargo::rerun-if-changed=guest.sha256");
    println!("cargo::rerun-if-env-changed=TENTERHOOK_BLESS_GUEST");

    let module = match packaged::module(&manifest)? {
        Some(module) => module,
        None => from_source(&manifest, &out)?,
    };
    // Before anything else is done with it.
    check(&manifest.join("guest.sha256"), &module)?;
    write(&out, "writable_from", format!("{}", table::writable_from(&module)?).as_bytes())?;
    write(&out, "guest.wasm", &module)
}

fn from_source(manifest: &Path, out: &Path) -> Result<Vec<u8>, String> {
    let zig = toolchain::find(manifest)?;
    let lua = lua::sources(out)?;
    let linked = out.join("linked.wasm");
    let sources = [lua::changed(&lua, out)?, lua];
    compile(&zig, &sources, &manifest.join("shim"), out, &linked)?;
    let linked = fs::read(&linked).map_err(|e| format!("cannot read {}: {e}", linked.display()))?;
    table::growable(&linked)
}

fn write(out: &Path, name: &str, bytes: &[u8]) -> Result<(), String> {
    fs::write(out.join(name), bytes).map_err(|e| format!("cannot write {name} in {}: {e}", out.display()))
}

fn dir(name: &str) -> Result<PathBuf, String> {
    env::var_os(name).map(PathBuf::from).ok_or_else(|| format!("cargo did not set {name}"))
}

fn compile(zig: &toolchain::Zig, sources: &[PathBuf], shim: &Path, out: &Path, wasm: &Path) -> Result<(), String> {
    let mut command = zig.command();
    command
        .current_dir(shim)
        // Next to the build's other artefacts, shared by its profiles.
        .env("ZIG_GLOBAL_CACHE_DIR", cache(out))
        .env("ZIG_LOCAL_CACHE_DIR", cache(out))
        .args(["cc", "--target=wasm32-wasi", "-mexec-model=reactor", "-mcpu=lime1"])
        .args(["-std=gnu11", "-O3", "-fno-sanitize=all", "-Wall", "-Wextra", "-Werror", "-Wno-unused-function"])
        // Lua's own sources are not held to -Wextra.
        .args(["-Wno-unused-parameter", "-Wno-sign-compare", "-Wno-missing-field-initializers"])
        .arg("-Iinclude")
        .args(sources.iter().flat_map(|folder| [Path::new("-I"), folder]))
        .arg("guest.c")
        .arg("-o")
        .arg(wasm)
        .args(["-Wl,--gc-sections", "-Wl,--strip-all", "-Wl,--export=__stack_pointer", "-Wl,--export-table"])
        .arg(format!("-Wl,-z,stack-size={STACK}"))
        .arg(format!("-Wl,--initial-memory={MEMORY}"));
    let output = command.output().map_err(|e| format!("cannot run {zig}: {e}\n{}", toolchain::HINT))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{zig} could not compile the guest:\n{}", String::from_utf8_lossy(&output.stderr)))
}

/// `target/zig-cache`; OUT_DIR is `target/<profile>/build/<package>/out`.
fn cache(out: &Path) -> PathBuf {
    out.ancestors().nth(4).unwrap_or(out).join("zig-cache")
}

fn check(recorded: &Path, module: &[u8]) -> Result<(), String> {
    let found: String = Sha256::digest(module).iter().map(|byte| format!("{byte:02x}")).collect();
    if env::var_os("TENTERHOOK_BLESS_GUEST").is_some() {
        return fs::write(recorded, format!("{found}\n"))
            .map_err(|e| format!("cannot write {}: {e}", recorded.display()));
    }
    let expected = fs::read_to_string(recorded).map_err(|e| format!("cannot read {}: {e}", recorded.display()))?;
    if expected.trim() == found {
        return Ok(());
    }
    Err(format!(
        "the guest module is not the recorded one, so its fuel would not mean the same:\n  expected {}\n  got      {found}\n\
         If the shim, Lua or zig was changed on purpose, record the new one: TENTERHOOK_BLESS_GUEST=1 cargo build -p tenterhook-guest-lua",
        expected.trim()
    ))
}
