//! The cases of the suite, one file each.

use std::path::Path;

use super::drivers;
use super::header::{Expected, Script};

mod files {
    include!(concat!(env!("OUT_DIR"), "/cases.rs"));
}

/// One file of the suite.
#[derive(Debug, Clone, PartialEq)]
pub struct Case {
    /// Group and name, such as `cpu/loop`.
    pub name: String,
    /// Its header and its text.
    pub script: Script,
}

impl Case {
    /// Reads a case.
    ///
    /// # Errors
    /// The header is invalid, or lacks something that a case needs.
    pub fn parse(name: &str, text: &[u8]) -> Result<Case, String> {
        let file = format!("{}.lua", name.rsplit('/').next().unwrap_or(name));
        let script = Script::parse(&file, text).map_err(|problem| format!("{name}: {problem}"))?;
        if let Some((driver, _)) = &script.driver
            && !drivers::names().any(|known| known == driver)
        {
            return Err(format!("{name}: no driver '{driver}'"));
        }
        if script.calls.iter().any(|call| call.expected == Expected::Unknown) {
            return Err(format!("{name}: 'expect' without a value"));
        }
        Ok(Case { name: name.to_owned(), script })
    }

    /// What it shows, in one line.
    pub fn about(&self) -> &str {
        self.script.header.iter().find(|entry| entry.key == "about").map_or("", |entry| &entry.value)
    }
}

/// Every case, by name.
///
/// # Errors
/// The first case that cannot be read.
pub fn cases() -> Result<Vec<Case>, String> {
    files::FILES.iter().map(|(name, text)| Case::parse(name, text)).collect()
}

/// The cases of a folder and the folders in it, by name.
///
/// # Errors
/// A folder or a file cannot be read, or a case is invalid.
pub fn cases_in(folder: &Path) -> Result<Vec<Case>, String> {
    let unread = |path: &Path, error: std::io::Error| format!("{}: {error}", path.display());
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(within) = folders.pop() {
        for entry in std::fs::read_dir(&within).map_err(|error| unread(&within, error))? {
            let path = entry.map_err(|error| unread(&within, error))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "lua") {
                let name = path.strip_prefix(folder).unwrap_or(&path).with_extension("");
                let text = std::fs::read(&path).map_err(|error| unread(&path, error))?;
                found.push(Case::parse(&name.to_string_lossy().replace('\\', "/"), &text)?);
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}
