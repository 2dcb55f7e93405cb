//! The files of a script, scanned.

use std::collections::HashSet;

use super::scan::{Scan, scan};
use super::source::Source;
use crate::setup::Script;

/// A file of the script.
pub struct File {
    pub name: String,
    pub source: Source,
    pub scan: Scan,
}

/// The script itself, and then its modules, by their names in Lua's errors. They share their globals: what one sets,
/// all see.
pub fn files(script: &Script) -> Vec<File> {
    let modules = script.modules.iter().map(|(name, text)| (format!("{}.lua", name.replace('.', "/")), text));
    let all = std::iter::once((script.name.clone(), &script.source)).chain(modules);
    let file = |(name, text): (String, &Vec<u8>)| {
        let source = Source::new(text);
        File { name, scan: scan(&source), source }
    };
    let mut files: Vec<File> = all.map(file).collect();
    let sets: HashSet<String> = files.iter().flat_map(|file| file.scan.sets.iter().cloned()).collect();
    let escape = files.iter().any(|file| file.scan.globals_escape);
    for file in &mut files {
        file.scan.sets.clone_from(&sets);
        file.scan.globals_escape = escape;
    }
    files
}
