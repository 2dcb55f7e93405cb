//! Where the lua-src crate keeps Lua's sources, and the one mistake in them that a 32-bit guest has to mend.
//!
//! The crate offers no path, so cargo is asked: a manifest that depends on this one crate is resolved offline, from what
//! cargo has downloaded for this very build.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use serde_json::Value;

/// As in the workspace's Cargo.toml.
const CRATE: &str = "=551.0.2";
/// The folder within the crate.
const LUA: &str = "lua-5.4.9";

/// The folder with Lua's sources.
pub fn sources(out: &Path) -> Result<PathBuf, String> {
    let probe = out.join("lua-src-probe");
    let manifest = probe.join("Cargo.toml");
    // A workspace of its own, so that cargo does not take it for a member of ours.
    let text = format!(
        "[workspace]\n[package]\nname = \"probe\"\nedition = \"2024\"\n[lib]\npath = \"lib.rs\"\n[dependencies]\nlua-src = \"{CRATE}\"\n"
    );
    fs::create_dir_all(&probe)
        .and_then(|()| fs::write(&manifest, text))
        .and_then(|()| fs::write(probe.join("lib.rs"), ""))
        .map_err(|e| format!("cannot write {}: {e}", manifest.display()))?;

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(&probe)
        .args(["metadata", "--format-version=1", "--offline", "--manifest-path"])
        .arg(&manifest)
        .output()
        .map_err(|e| format!("cannot run cargo metadata: {e}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    let metadata: Value = serde_json::from_slice(&output.stdout).map_err(|e| format!("cargo metadata: {e}"))?;
    let packages = metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let found = packages
        .iter()
        .find(|package| package["name"] == "lua-src")
        .and_then(|package| package["manifest_path"].as_str())
        .ok_or("cargo metadata does not know lua-src")?;
    let sources = Path::new(found).with_file_name(LUA);
    if sources.join("lua.h").is_file() {
        return Ok(sources);
    }
    Err(format!("expected Lua's sources in {}", sources.display()))
}

/// `string.byte("", 2^53)`: lstrlib.c turns positions into `size_t`, which is 32 bits here, without a look at their size;
/// they wrap, and the byte before the string is read. Every position beyond a string's end is the same to its callers.
const WRAPS: &str = "  if (pos > 0)\n    return (size_t)pos;\n";
const CLAMPS: &str = "  if (pos > 0)\n    return pos > 0x7fffffff ? (size_t)0x7fffffff : (size_t)pos;\n";

/// A folder with the mended copy of lstrlib.c, to be found before Lua's own.
pub fn mended(lua: &Path, out: &Path) -> Result<PathBuf, String> {
    let original = lua.join("lstrlib.c");
    let text = fs::read_to_string(&original).map_err(|e| format!("cannot read {}: {e}", original.display()))?;
    if text.matches(WRAPS).count() != 1 {
        return Err(format!("{} is not the file that this build knows how to mend", original.display()));
    }
    let folder = out.join("mended");
    let copy = folder.join("lstrlib.c");
    fs::create_dir_all(&folder)
        .and_then(|()| fs::write(&copy, text.replace(WRAPS, CLAMPS)))
        .map_err(|e| format!("cannot write {}: {e}", copy.display()))?;
    Ok(folder)
}
