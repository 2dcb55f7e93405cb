//! Compares the public items of the published libraries with what `docs/api` records.
//!
//! ```text
//! cargo metadata ─▶ published libraries ─▶ <folder>/<crate>.json (rustdoc) ─▶ items as text ─┬─ docs/api/<crate>.txt
//!                                                                                  BLESS=1 ──┘  compared, or written
//! ```

use std::collections::BTreeSet;
use std::env;
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use serde_json::Value;

/// Of the traits that a type gets by itself, those that a user's code depends on. A type loses them by a change of a
/// private field; the others (`Freeze`, `Unpin`, `UnwindSafe`, …) would be five more lines for each type.
const AUTO_TRAITS: [&str; 2] = ["Send", "Sync"];
const ALL_AUTO_TRAITS: [&str; 7] = ["Freeze", "RefUnwindSafe", "Send", "Sync", "Unpin", "UnsafeUnpin", "UnwindSafe"];

fn main() -> ExitCode {
    let Some(json) = env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: tenterhook-public-api FOLDER, which has rustdoc's JSON");
        return ExitCode::FAILURE;
    };
    let bless = env::var_os("BLESS").is_some_and(|value| !value.is_empty());
    match compare(&json, Path::new("docs/api"), bless) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => {
            eprintln!(
                "The public API is not what docs/api says. If that is meant: make api BLESS=1, and read the difference."
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("api: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Compares each library with its text, or writes the text; how many differ.
fn compare(json: &Path, recorded: &Path, bless: bool) -> Result<usize, Box<dyn Error>> {
    let libraries = published_libraries()?;
    let texts: BTreeSet<String> = libraries.iter().map(|(package, _)| format!("{package}.txt")).collect();
    let mut different = 0;
    for (package, library) in &libraries {
        let now = items(&json.join(format!("{library}.json")))?;
        let file = recorded.join(format!("{package}.txt"));
        if bless {
            fs::write(&file, now.join("\n") + "\n").map_err(|error| format!("{}: {error}", file.display()))?;
            continue;
        }
        let text = fs::read_to_string(&file)
            .map_err(|error| format!("{}: {error}; make api BLESS=1 writes it", file.display()))?;
        let before: Vec<&str> = text.lines().collect();
        if before == now {
            continue;
        }
        different += 1;
        let removed = before.iter().filter(|line| !now.iter().any(|item| item == *line)).map(|line| format!("-{line}"));
        let added = now.iter().filter(|item| !before.contains(&item.as_str())).map(|item| format!("+{item}"));
        let mut changes: Vec<String> = removed.chain(added).collect();
        if changes.is_empty() {
            changes.push(format!("the same items in another order or number than in {}", file.display()));
        }
        println!("{package}\n  {}", changes.join("\n  "));
    }
    for entry in fs::read_dir(recorded)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if texts.contains(&name) || !name.ends_with(".txt") {
            continue;
        }
        if bless {
            fs::remove_file(entry.path())?;
        } else {
            different += 1;
            println!("{}: no published library has that name", entry.path().display());
        }
    }
    println!("{} libraries, {different} of them changed", libraries.len());
    Ok(different)
}

/// The packages that go to the registry and have a library: their names, and the libraries'.
fn published_libraries() -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo).args(["metadata", "--locked", "--no-deps", "--format-version", "1"]).output()?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata: expected a list of packages")?;
    let mut libraries = Vec::new();
    for package in packages.iter().filter(|package| package["publish"].is_null()) {
        let targets = package["targets"].as_array().ok_or("cargo metadata: expected a list of targets")?;
        let is_library = |target: &&Value| {
            let kinds = target["kind"].as_array().into_iter().flatten();
            kinds.filter_map(Value::as_str).any(|kind| matches!(kind, "lib" | "rlib" | "proc-macro"))
        };
        if let Some(library) = targets.iter().find(is_library) {
            let name = |of: &Value| of["name"].as_str().map(str::to_owned).ok_or("cargo metadata: expected a name");
            libraries.push((name(package)?, name(library)?.replace('-', "_")));
        }
    }
    if libraries.is_empty() { Err("cargo metadata: no published library".into()) } else { Ok(libraries) }
}

/// A library's public items, one a line.
fn items(json: &Path) -> Result<Vec<String>, Box<dyn Error>> {
    let api = public_api::Builder::from_rustdoc_json(json).omit_blanket_impls(true).build();
    let api = api.map_err(|error| {
        format!("{}: {error}; tests/public-api/Cargo.toml says which release reads which format", json.display())
    })?;
    Ok(api.items().map(|item| item.to_string()).filter(|item| is_recorded(item)).collect())
}

/// Whether an item has a line: all but the traits that say little.
fn is_recorded(item: &str) -> bool {
    let names = |name: &&str| {
        let of = item.split(" for ").next().unwrap_or_default();
        item.starts_with("impl") && (of.ends_with(&format!("::{name}")))
    };
    !ALL_AUTO_TRAITS.iter().any(|name| names(&name)) || AUTO_TRAITS.iter().any(|name| names(&name))
}
