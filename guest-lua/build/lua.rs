//! Where the lua-src crate keeps Lua's sources, and the few places in them that the guest changes.
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

/// A change of one of Lua's files, made in a copy.
struct Change {
    file: &'static str,
    /// What has to be there, once.
    old: &'static str,
    new: &'static str,
}

/// Where a table is written, for the tables that `shim/config.h` says more about.
macro_rules! written {
    ($file:literal, $old:literal, $table:literal) => {
        Change { file: $file, old: $old, new: concat!("  th_written(", $table, ");\n", $old) }
    };
}

const CHANGES: &[Change] = &[
    // `string.byte("", 2^53)`: lstrlib.c turns positions into `size_t`, which is 32 bits here, without a look at their
    // size; they wrap, and the byte before the string is read. Every position beyond a string's end is the same to its
    // callers.
    Change {
        file: "lstrlib.c",
        old: "  if (pos > 0)\n    return (size_t)pos;\n",
        new: "  if (pos > 0)\n    return pos > 0x7fffffff ? (size_t)0x7fffffff : (size_t)pos;\n",
    },
    // Fields of views are read where Lua looks for a metamethod, before it calls one.
    Change {
        file: "lvm.c",
        old: "      lua_assert(!ttistable(t));\n      tm = luaT_gettmbyobj(L, t, TM_INDEX);\n",
        new: "      lua_assert(!ttistable(t));\n      if (ttislightuserdata(t) && th_view_get(L, t, key, val)) return;\n      tm = luaT_gettmbyobj(L, t, TM_INDEX);\n",
    },
    written!(
        "lvm.c",
        "      setobj2t(L, cast(TValue *,slot), val);\n      luaC_barrierback(L, h, val);\n",
        "hvalue(t)"
    ),
    written!("ltm.c", "    events->flags |= cast_byte(1u<<event);  /* cache this fact */\n", "events"),
    written!("lapi.c", "      hvalue(obj)->metatable = mt;\n", "hvalue(obj)"),
    written!(
        "ltable.c",
        "  if (isabstkey(slot))\n    luaH_newkey(L, t, key, value);\n  else\n    setobj2t(L, cast(TValue *, slot), value);\n",
        "t"
    ),
    written!("ltable.c", "  mp = mainpositionTV(t, key);\n  if (!isempty(gval(mp)) || isdummy(t)) {", "t"),
    written!("ltable.c", "  const TValue *p = luaH_getint(t, key);\n  if (isabstkey(p)) {\n    TValue k;\n", "t"),
    written!("ltable.c", "  /* create new hash part with appropriate size into 'newt' */\n", "t"),
];

/// A folder with the changed copies, to be found before Lua's own.
pub fn changed(lua: &Path, out: &Path) -> Result<PathBuf, String> {
    let folder = out.join("changed");
    fs::create_dir_all(&folder).map_err(|e| format!("cannot make {}: {e}", folder.display()))?;
    for (file, of) in CHANGES.iter().map(|change| (change.file, CHANGES.iter().filter(|c| c.file == change.file))) {
        let original = lua.join(file);
        let mut text = fs::read_to_string(&original).map_err(|e| format!("cannot read {}: {e}", original.display()))?;
        for Change { old, new, .. } in of {
            if text.matches(old).count() != 1 {
                return Err(format!("{} is not the file that this build knows how to change", original.display()));
            }
            text = text.replace(old, new);
        }
        let copy = folder.join(file);
        fs::write(&copy, text).map_err(|e| format!("cannot write {}: {e}", copy.display()))?;
    }
    Ok(folder)
}
