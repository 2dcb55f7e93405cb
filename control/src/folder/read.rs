//! Reads the folder at start. What is no attachment is reported and left as it is.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Display;
use std::io::{self, Read as _};

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};
use rustix::fs::OFlags;
use tenterhook::operate::Bundle;
use tenterhook::policies::{NameKind, QuotaField};

use super::record::Written;
use super::{Broken, Contents, DIGITS, Folder, Known, REVISION, Record, UNFINISHED, digest_of, is_ours};

/// Most bytes of a script or a module, whatever the policy says.
const MAX_SOURCE: usize = QuotaField::ScriptSize.info().max as usize;
/// Most bytes of an attachment's file.
const MAX_FILE: usize = 64 * 1024;
/// How deep a bundle's folders go: a module's name has 64 bytes, with a dot for each folder.
const MAX_DEPTH: usize = 32;

impl Folder {
    /// Everything in it; an error where it cannot be listed.
    pub fn read(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        match read_revision(&self.root) {
            Ok(revision) => contents.revision = revision,
            Err(reason) => contents.broken("", REVISION.to_owned(), &format!(": {reason}")),
        }
        for tenant in names(&self.root)? {
            if tenant.starts_with('.') {
                // The revision's own, of a process that was killed.
                if tenant.starts_with(UNFINISHED) && self.root.remove_file(&tenant).is_err() {
                    tracing::warn!(target: "tenterhook::control", "{tenant}: cannot be removed");
                }
                continue;
            }
            match self.root.open_dir(&tenant) {
                Ok(dir) if NameKind::Tenant.check(&tenant).is_ok() => read_tenant(&dir, &tenant, &mut contents),
                Ok(_) => contents.broken(&tenant, tenant.clone(), ": not a tenant's name"),
                // A file beside the tenants' folders is nobody's attachment.
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                Err(error) => contents.broken(&tenant, tenant.clone(), &format!(": {error}")),
            }
        }
        // Those of broken ones too: whoever mends one makes a change that nobody has seen.
        let broken = contents.broken.iter().map(|broken| broken.known.revision);
        let highest = contents.records.iter().map(|(_, _, record)| record.revision).chain(broken).max().unwrap_or(0);
        contents.revision = contents.revision.max(highest);
        contents.records.sort_by_key(|(_, _, record)| record.revision);
        // Has its full size from here on, so that nothing that is removed needs space. What is broken is left alone.
        if contents.broken.iter().all(|broken| broken.file != REVISION)
            && let Err(error) = self.keep_revision(contents.revision)
        {
            tracing::warn!(target: "tenterhook::control", "{REVISION}: cannot be written: {error}");
        }
        Ok(contents)
    }
}

impl Contents {
    /// Takes down what is wrong with a file that is no attachment's; `reason` is to be read right after its name.
    fn broken(&mut self, tenant: &str, file: String, reason: &str) {
        let (tenant, reason) = (tenant.to_owned(), format!("{file}{reason}"));
        self.broken.push(Broken { tenant, name: None, reason, file, known: Known::default() });
    }
}

/// The revision that is kept; 0 where none is.
fn read_revision(root: &Dir) -> Result<u64, String> {
    if root.symlink_metadata(REVISION).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(0);
    }
    let text = read_file(root, REVISION, 32)?;
    let number = std::str::from_utf8(&text).ok().and_then(|text| text.trim().parse().ok());
    number.ok_or_else(|| "expected a whole number".to_owned())
}

fn read_tenant(dir: &Dir, tenant: &str, contents: &mut Contents) {
    let mut scripts = HashSet::new();
    let mut whole = true;
    let files = match names(dir) {
        Ok(files) => files,
        // Part of a list tells nothing of what is missing from it, least of all that something may be removed.
        Err(error) => return contents.broken(tenant, tenant.to_owned(), &format!(": {error}")),
    };
    for file in &files {
        let Some(name) = file.strip_suffix(".toml").filter(|_| !file.starts_with('.')) else { continue };
        match read_one(dir, file, Content::AsNamed) {
            Ok((script, record)) => {
                scripts.insert(script.split('/').next().unwrap_or_default().to_owned());
                contents.records.push((tenant.to_owned(), name.to_owned(), record));
            }
            Err(damage) => {
                whole = false;
                contents.broken.push(Broken::attachment(tenant, name, &damage.reason, damage.known));
            }
        }
    }
    // What was begun and not finished. Scripts that nothing names are only known where every file could be read.
    for file in files {
        let left = file.starts_with(UNFINISHED) || (whole && is_ours(&file) && !scripts.contains(&file));
        if left && dir.remove_file(&file).is_err() && dir.remove_dir_all(&file).is_err() {
            tracing::warn!(target: "tenterhook::control", "{tenant}/{file}: cannot be removed");
        }
    }
}

/// Whether a script's content has to be what its file's name says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    AsNamed,
    AsItIs,
}

/// Why a file is no attachment, to be read right after its name, and what is known of it.
struct Damage {
    reason: String,
    known: Known,
}

/// The script's place and the attachment of one file.
fn read_one(dir: &Dir, file: &str, content: Content) -> Result<(String, Record), Box<Damage>> {
    let damage = |reason: String, known: Known| Box::new(Damage { reason, known });
    let text = read_file(dir, file, MAX_FILE).map_err(|reason| damage(format!(": {reason}"), Known::default()))?;
    let text = String::from_utf8(text).map_err(|error| {
        let known = Known::of_text(&String::from_utf8_lossy(error.as_bytes()));
        damage(": expected UTF-8 text".to_owned(), known)
    })?;
    let written = Written::parse(&text).map_err(|reason| damage(format!(":{reason}"), Known::of_text(&text)))?;
    let known = Known::of_written(&written, &text);
    read_record(dir, written, content).map_err(|reason| damage(format!(": {reason}"), known))
}

fn read_record(dir: &Dir, written: Written, content: Content) -> Result<(String, Record), String> {
    let script = written.script.clone();
    let bundle = read_bundle(dir, &script)?;
    // A name that an operator gave it says nothing of what is in it.
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

/// A script, and the modules that lie in its folder.
fn read_bundle(dir: &Dir, script: &str) -> Result<Bundle, String> {
    let main = read_file(dir, script, MAX_SOURCE).map_err(|reason| format!("script: {script}: {reason}"))?;
    let mut modules = BTreeMap::new();
    if let Some((folder, main)) = script.rsplit_once('/') {
        let inside = dir.open_dir(folder).map_err(|e| format!("script: {folder}: {e}"))?;
        read_modules(&inside, "", main, 0, &mut modules)?;
    }
    Ok(Bundle { main, modules })
}

/// Whether a script lies there that is this one.
pub(super) fn holds(dir: &Dir, script: &str, bundle: &Bundle) -> bool {
    read_bundle(dir, script).is_ok_and(|found| found == *bundle)
}

/// One attachment as its file is now, whatever its script's name says.
pub(super) fn one(root: &Dir, tenant: &str, name: &str) -> Result<Record, Box<Broken>> {
    let broken = |Damage { reason, known }| Box::new(Broken::attachment(tenant, name, &reason, known));
    let dir = root.open_dir(tenant);
    let dir = dir.map_err(|error| broken(Damage { reason: format!(": {error}"), known: Known::default() }))?;
    let read = read_one(&dir, &format!("{name}.toml"), Content::AsItIs);
    read.map(|(_, record)| record).map_err(|damage| broken(*damage))
}

/// The text of an attachment's file, and its script, as far as they can be read.
pub(super) fn look(root: &Dir, tenant: &str, name: &str) -> (Option<Vec<u8>>, Option<Bundle>) {
    let Ok(dir) = root.open_dir(tenant) else { return (None, None) };
    let script = script_of(&dir, name);
    let bundle = script.and_then(|script| read_bundle(&dir, &script).ok());
    (read_file(&dir, &format!("{name}.toml"), MAX_FILE).ok(), bundle)
}

/// The modules below a bundle's folder: every `.lua` but the script itself.
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
            // A file that is no script is no module.
            Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
            Err(error) => return Err(said(&file, &error)),
        }
    }
    Ok(())
}

/// Where the script of an attachment lies that is there already.
pub(super) fn script_of(dir: &Dir, name: &str) -> Option<String> {
    let text = String::from_utf8(read_file(dir, &format!("{name}.toml"), MAX_FILE).ok()?).ok()?;
    Written::parse(&text).ok().map(|written| written.script)
}

/// Names in a folder, sorted; those that are not UTF-8 are nobody's.
pub(super) fn names(dir: &Dir) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in dir.entries()? {
        names.extend(entry?.file_name().into_string());
    }
    names.sort();
    Ok(names)
}

/// A file of at most so many bytes.
fn read_file(dir: &Dir, name: &str, most: usize) -> Result<Vec<u8>, String> {
    // A link within the folder is fine; what it may not do is lead out, which the handle sees to.
    // Nor is a pipe in a file's place waited for.
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

    #[test]
    fn a_folder_that_cannot_be_listed_is_broken_and_not_an_empty_one() {
        let temp = tempfile::tempdir().expect("a folder");
        std::fs::write(temp.path().join("file"), "").expect("it is ours");
        // A handle of what is no folder: every listing fails.
        let file = std::fs::File::open(temp.path().join("file")).expect("it is there");
        let mut contents = Contents::default();
        read_tenant(&Dir::from_std_file(file), "acme", &mut contents);
        assert_eq!(contents.broken.len(), 1);
        assert!(contents.broken[0].reason.starts_with("acme: "), "{:?}", contents.broken);

        std::fs::create_dir(temp.path().join("folder")).expect("it is ours");
        let folder = Dir::open_ambient_dir(temp.path().join("folder"), ambient_authority()).expect("it is there");
        let mut contents = Contents::default();
        read_tenant(&folder, "acme", &mut contents);
        assert!(contents.broken.is_empty() && contents.records.is_empty());
    }
}
