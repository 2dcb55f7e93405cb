//! Golden scripts: one file each, with what it must come to in its header.
//!
//! ```text
//! golden/<group>/<name>.lua ── header ──▶ Script ── run.rs ──▶ Observed, three times the same ── check.rs ──▶ green
//!                                                                                   └─ BLESS=1 ── bless.rs ──▶ file
//! ```
//!
//! Headers are read by the survival suite's reader (`cli/src/survive/header.rs`), which has the same form.

mod bless;
mod check;
mod run;

pub use bless::blessed;
pub use check::check;
pub use run::Stand;
pub use tenterhook_cli::survive::{Call, Expected, HeaderLine, Observed, Outcome, Script};

use std::path::{Path, PathBuf};

/// The golden scripts, sorted.
///
/// # Panics
/// A folder that cannot be read.
pub fn scripts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "lua") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Where they are.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("golden")
}

/// A script's name in the list of tests: its group and its file's name.
pub fn name(path: &Path) -> String {
    let within = path.strip_prefix(folder()).unwrap_or(path);
    within.with_extension("").to_string_lossy().into_owned()
}
