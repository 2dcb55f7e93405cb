//! Reads the files of one attachment: its `.toml`, its script, its modules.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::{self, Read as _};

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};
use rustix::fs::OFlags;
use tenterhook::operate::Bundle;
use tenterhook::policies::QuotaField;

use super::broken::{Broken, Known};
use super::names::{DIGITS, digest_of};
use super::record::{AttachmentFile, Record};

/// The most bytes of a script or a module, whatever the policy says.
const MAX_SOURCE: usize = QuotaField::ScriptSize.info().max as usize;
/// The most bytes of an attachment file.
const MAX_FILE: usize = 64 * 1024;
/// The deepest nesting of a bundle's folders: a module's name has 64 bytes, with a dot for each folder.
const MAX_DEPTH: usize = 32;

/// Whether a script's content has to match the digest in its file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    AsNamed,
    AsItIs,
}

/// Why a file is not a valid attachment, to be appended to its name, and what is known about it.
pub(super) struct Damage {
    pub reason: String,
    pub known: Known,
}

/// The location of the script and the attachment of one file.
pub(super) fn read_one(dir: &Dir, file: &str, content: Content) -> Result<(String, Record), Box<Damage>> {
    let damage = |reason: String, known: Known| Box::new(Damage { reason, known });
    let text = read_file(dir, file, MAX_FILE).map_err(|reason| damage(format!(": {reason}"), Known::default()))?;
    let text = String::from_utf8(text).map_err(|error| {
        let known = Known::of_text(&String::from_utf8_lossy(error.as_bytes()));
        damage(": expected UTF-8 text".to_owned(), known)
    })?;
    let written = AttachmentFile::parse(&text).map_err(|reason| damage(format!(":{reason}"), Known::of_text(&text)))?;
    let known = Known::of_written(&written, &text);
    read_record(dir, written, content).map_err(|reason| damage(format!(": {reason}"), known))
}

fn read_record(dir: &Dir, written: AttachmentFile, content: Content) -> Result<(String, Record), String> {
    let script = written.script.clone();
    let bundle = read_bundle(dir, &script)?;
    // A name given by an operator contains no digest.
    let named = digest_of(script.split('/').next().unwrap_or_default());
    let found = bundle.sha256();
    match named {
        Some(named) if content == Content::AsNamed && named != &found[..DIGITS] => Err(format!(
            "script: {script}: it was changed since it was attached: the SHA-256 of its content begins with {}, its \
             name says {named}",
            &found[..DIGITS]
        )),
        _ => Ok((script, written.with(bundle)?)),
    }
}

/// A script, and the modules in its folder.
fn read_bundle(dir: &Dir, script: &str) -> Result<Bundle, String> {
    let main = read_file(dir, script, MAX_SOURCE).map_err(|reason| format!("script: {script}: {reason}"))?;
    let mut modules = BTreeMap::new();
    if let Some((folder, main)) = script.rsplit_once('/') {
        let inside = dir.open_dir(folder).map_err(|e| format!("script: {folder}: {e}"))?;
        read_modules(&inside, "", main, 0, &mut modules)?;
    }
    Ok(Bundle { main, modules })
}

/// Whether this script is stored there.
pub(super) fn holds(dir: &Dir, script: &str, bundle: &Bundle) -> bool {
    read_bundle(dir, script).is_ok_and(|found| found == *bundle)
}

/// Reads one attachment from its current file, whatever digest its script's name contains.
pub(super) fn one(root: &Dir, tenant: &str, name: &str) -> Result<Record, Box<Broken>> {
    let broken = |Damage { reason, known }| Box::new(Broken::attachment(tenant, name, &reason, known));
    let dir = root.open_dir(tenant);
    let dir = dir.map_err(|error| broken(Damage { reason: format!(": {error}"), known: Known::default() }))?;
    let read = read_one(&dir, &format!("{name}.toml"), Content::AsItIs);
    read.map(|(_, record)| record).map_err(|damage| broken(*damage))
}

/// The text of an attachment file, and its script, as far as they can be read.
pub(super) fn look(root: &Dir, tenant: &str, name: &str) -> (Option<Vec<u8>>, Option<Bundle>) {
    let Ok(dir) = root.open_dir(tenant) else { return (None, None) };
    let script = script_of(&dir, name);
    let bundle = script.and_then(|script| read_bundle(&dir, &script).ok());
    (read_file(&dir, &format!("{name}.toml"), MAX_FILE).ok(), bundle)
}

/// The modules below a bundle's folder: every `.lua` except the script itself.
fn read_modules(
    dir: &Dir,
    prefix: &str,
    main: &str,
    depth: usize,
    modules: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), String> {
    if depth > MAX_DEPTH {
        return Err(format!("modules: folders nest more than {MAX_DEPTH} deep"));
    }
    let said = |file: &str, reason: &dyn Display| format!("modules: {prefix}{file}: {reason}");
    for file in names(dir).map_err(|error| said("", &error))? {
        if let Some(name) = file.strip_suffix(".lua") {
            if depth == 0 && file == main {
                continue;
            }
            let text = read_file(dir, &file, MAX_SOURCE).map_err(|reason| said(&file, &reason))?;
            modules.insert(format!("{prefix}{name}"), text);
            if modules.len() > Bundle::MAX_MODULES {
                return Err(format!("modules: more than {}", Bundle::MAX_MODULES));
            }
            continue;
        }
        match dir.open_dir(&file) {
            Ok(inside) => read_modules(&inside, &format!("{prefix}{file}."), main, depth + 1, modules)?,
            // A file that is not a script is not a module.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(said(&file, &error)),
        }
    }
    Ok(())
}

/// The location of the script of an existing attachment.
pub(super) fn script_of(dir: &Dir, name: &str) -> Option<String> {
    let text = String::from_utf8(read_file(dir, &format!("{name}.toml"), MAX_FILE).ok()?).ok()?;
    AttachmentFile::parse(&text).ok().map(|written| written.script)
}

/// Names in a folder, sorted; those that are not UTF-8 are ignored.
pub(super) fn names(dir: &Dir) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in dir.entries()? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// Reads a file of at most `most` bytes.
pub(super) fn read_file(dir: &Dir, name: &str, most: usize) -> Result<Vec<u8>, String> {
    // A link within the folder is allowed; the handle prevents one that leads out. A pipe in a file's place does not
    // block.
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed();
    let file = dir.open_with(name, OpenOptions::new().read(true).custom_flags(flags)).map_err(|e| e.to_string())?;
    if !file.metadata().map_err(|e| e.to_string())?.is_file() {
        return Err("expected a file".to_owned());
    }
    let mut bytes = Vec::new();
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    if bytes.len() > most {
        return Err(format!("expected at most {most} bytes"));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    #[test]
    fn a_pipe_in_a_file_s_place_is_not_waited_for() {
        let temp = tempfile::tempdir().expect("a folder");
        rustix::fs::mkfifoat(rustix::fs::CWD, temp.path().join("a.toml"), rustix::fs::Mode::RUSR).expect("a pipe");
        let dir = Dir::open_ambient_dir(temp.path(), ambient_authority()).expect("it is there");
        assert_eq!(read_file(&dir, "a.toml", 10), Err("expected a file".to_owned()));
    }
}
