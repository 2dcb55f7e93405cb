//! A script with its modules, out of a file or a folder.
//!
//! | given | script | modules |
//! | --- | --- | --- |
//! | `route_match.lua` | the file | those of `--module` |
//! | `filters/` | `filters/route_match.lua` (the handler's name), else `main.lua`, else the only one | every other `.lua` below: `lib/a.lua` is `require "lib.a"` |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value as Json, json};

use crate::setup;

/// Deepest folder that modules are looked for in.
const MOST_DEPTH: usize = 8;

/// A script with its modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The script's file name.
    pub script: String,
    pub source: Vec<u8>,
    /// By the name that `require` takes.
    pub modules: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// Reads a file, or a folder with a handler of that name.
    pub fn read(path: &Path, handler: &str) -> Result<Bundle> {
        if !path.is_dir() {
            return Ok(Bundle {
                script: file_name(path),
                source: setup::read(path, "script")?,
                modules: BTreeMap::new(),
            });
        }
        let mut files = BTreeMap::new();
        collect(path, &mut Vec::new(), &mut files)?;
        let only = (files.len() == 1).then(|| files.keys().next().cloned()).flatten();
        let main = [Some(handler.to_owned()), Some("main".to_owned()), only];
        let Some(main) = main.into_iter().flatten().find(|name| files.contains_key(name)) else {
            bail!("{}: expected {handler}.lua or main.lua in it", path.display());
        };
        Bundle::of(files, &main)
    }

    /// Reads a folder whose script is called so, such as `main.lua`.
    pub fn in_folder(folder: &Path, main: &str) -> Result<Bundle> {
        let mut files = BTreeMap::new();
        collect(folder, &mut Vec::new(), &mut files)?;
        let stem = main.strip_suffix(".lua").unwrap_or(main);
        Bundle::of(files, stem).with_context(|| format!("{}: no {main} in it", folder.display()))
    }

    fn of(mut files: BTreeMap<String, (PathBuf, Vec<u8>)>, main: &str) -> Result<Bundle> {
        let (file, source) = files.remove(main).context("the script is missing")?;
        Ok(Bundle {
            script: file_name(&file),
            source,
            modules: files.into_iter().map(|(name, (_, source))| (name, source)).collect(),
        })
    }

    /// Adds a module that was given as `NAME=FILE`.
    pub fn module(&mut self, given: &str) -> Result<()> {
        let Some((name, file)) = given.split_once('=') else {
            bail!("--module {given}: expected NAME=FILE, such as lib.prefixes=lib/prefixes.lua");
        };
        self.modules.insert(name.to_owned(), setup::read(Path::new(file), "module")?);
        Ok(())
    }

    /// The keys of a request: `script`, `source`, `modules`.
    pub fn json(&self) -> Map<String, Json> {
        let modules: Map<String, Json> =
            self.modules.iter().map(|(name, source)| (name.clone(), source_json(source))).collect();
        let mut object = Map::new();
        object.insert("script".to_owned(), self.script.clone().into());
        object.insert("source".to_owned(), source_json(&self.source));
        if !modules.is_empty() {
            object.insert("modules".to_owned(), modules.into());
        }
        object
    }
}

/// A source as a string; bytes that are not UTF-8 as hex digits.
fn source_json(source: &[u8]) -> Json {
    match std::str::from_utf8(source) {
        Ok(text) => text.into(),
        Err(_) => json!({ "bytes": source.iter().map(|byte| format!("{byte:02x}")).collect::<String>() }),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Every Lua file below the folder under its module's name. Symbolic links are not followed.
fn collect(folder: &Path, parts: &mut Vec<String>, files: &mut BTreeMap<String, (PathBuf, Vec<u8>)>) -> Result<()> {
    if parts.len() > MOST_DEPTH {
        bail!("{}: folders nest deeper than {MOST_DEPTH}", folder.display());
    }
    let entries = std::fs::read_dir(folder).with_context(|| format!("folder {}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let (kind, path) = (entry.file_type()?, entry.path());
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            parts.push(name);
            collect(&path, parts, files)?;
            parts.pop();
        } else if let (true, Some(stem)) = (kind.is_file(), name.strip_suffix(".lua")) {
            let module: Vec<&str> = parts.iter().map(String::as_str).chain([stem]).collect();
            let source = setup::read(&path, "module")?;
            files.insert(module.join("."), (path, source));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_script_and_its_modules() -> Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir_all(folder.path().join("lib/deep"))?;
        for (name, text) in [("route_match.lua", "1"), ("lib/a.lua", "2"), ("lib/deep/b.lua", "3"), ("notes.txt", "4")]
        {
            std::fs::write(folder.path().join(name), text)?;
        }
        let bundle = Bundle::read(folder.path(), "route_match")?;
        assert_eq!((bundle.script.as_str(), bundle.source.as_slice()), ("route_match.lua", &b"1"[..]));
        let modules: Vec<&str> = bundle.modules.keys().map(String::as_str).collect();
        assert_eq!(modules, ["lib.a", "lib.deep.b"]);
        let error = Bundle::read(folder.path(), "process").expect_err("which one?").to_string();
        assert!(error.ends_with("expected process.lua or main.lua in it"), "{error}");
        assert_eq!(bundle.json()["modules"], json!({ "lib.a": "2", "lib.deep.b": "3" }));
        assert_eq!(source_json(b"\xff"), json!({ "bytes": "ff" }));
        Ok(())
    }
}
