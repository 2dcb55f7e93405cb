//! Reads the folder at start. What is no attachment is reported and left as it is.

use std::collections::{BTreeMap, HashSet};
use std::io::Read as _;

use cap_std::fs::Dir;
use tenterhook_policies::NameKind;

use super::record::Written;
use super::{Broken, Contents, Folder, REVISION, Record, UNFINISHED, is_ours};
use crate::attach::{Bundle, MAX_MODULES, MAX_SOURCE};

/// Most bytes of an attachment's file.
const MAX_FILE: usize = 64 * 1024;
/// How deep a bundle's folders go: a module's name has 64 bytes, with a dot for each folder.
const MAX_DEPTH: usize = 32;

impl Folder {
    /// Everything in it.
    pub fn read(&self) -> Contents {
        let mut contents = Contents::default();
        let revision = read_file(&self.root, REVISION, 32).ok().and_then(|text| String::from_utf8(text).ok());
        contents.revision = revision.and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        for tenant in names(&self.root) {
            if tenant.starts_with('.') {
                continue;
            }
            match self.root.open_dir(&tenant) {
                Ok(dir) if NameKind::Tenant.check(&tenant).is_ok() => read_tenant(&dir, &tenant, &mut contents),
                Ok(_) => contents.broken.push(Broken {
                    reason: "not a tenant's name".to_owned(),
                    file: tenant.clone(),
                    tenant,
                }),
                // A file beside the tenants' folders is nobody's attachment.
                Err(_) => {}
            }
        }
        let highest = contents.records.iter().map(|(_, _, record)| record.revision).max().unwrap_or(0);
        contents.revision = contents.revision.max(highest);
        contents.records.sort_by_key(|(_, _, record)| record.revision);
        contents
    }
}

fn read_tenant(dir: &Dir, tenant: &str, contents: &mut Contents) {
    let mut scripts = HashSet::new();
    let mut whole = true;
    let files = names(dir);
    for file in &files {
        let Some(name) = file.strip_suffix(".toml").filter(|_| !file.starts_with('.')) else { continue };
        match read_one(dir, file) {
            Ok((script, record)) => {
                scripts.insert(script.split('/').next().unwrap_or_default().to_owned());
                contents.records.push((tenant.to_owned(), name.to_owned(), record));
            }
            Err(reason) => {
                whole = false;
                contents.broken.push(Broken {
                    tenant: tenant.to_owned(),
                    reason: format!("{tenant}/{file}{reason}"),
                    file: format!("{tenant}/{file}"),
                });
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

/// The script's place and the attachment of one file; what is wrong, to be read right after the file's name.
fn read_one(dir: &Dir, file: &str) -> Result<(String, Record), String> {
    let said = |reason: String| format!(": {reason}");
    let text = read_file(dir, file, MAX_FILE).map_err(said)?;
    let text = String::from_utf8(text).map_err(|_| said("expected UTF-8 text".to_owned()))?;
    let written = Written::parse(&text).map_err(|reason| format!(":{reason}"))?;
    let script = written.script.clone();
    let main = read_file(dir, &script, MAX_SOURCE).map_err(|reason| said(format!("script: {script}: {reason}")))?;
    let mut modules = BTreeMap::new();
    if let Some((folder, main)) = script.rsplit_once('/') {
        let inside = dir.open_dir(folder).map_err(|e| said(format!("script: {folder}: {e}")))?;
        read_modules(&inside, "", main, 0, &mut modules).map_err(said)?;
    }
    Ok((script, written.with(Bundle { main, modules }).map_err(said)?))
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
    for file in names(dir) {
        if let Some(name) = file.strip_suffix(".lua") {
            if depth == 0 && file == main {
                continue;
            }
            let text =
                read_file(dir, &file, MAX_SOURCE).map_err(|reason| format!("modules: {prefix}{file}: {reason}"))?;
            modules.insert(format!("{prefix}{name}"), text);
            if modules.len() > MAX_MODULES {
                return Err(format!("modules: more than {MAX_MODULES}"));
            }
        } else if let Ok(inside) = dir.open_dir(&file) {
            read_modules(&inside, &format!("{prefix}{file}."), main, depth + 1, modules)?;
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
fn names(dir: &Dir) -> Vec<String> {
    let entries = dir.entries().into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// A file of at most so many bytes.
fn read_file(dir: &Dir, name: &str, most: usize) -> Result<Vec<u8>, String> {
    // A link within the folder is fine; what it may not do is lead out, which the handle sees to.
    let file = dir.open(name).map_err(|e| e.to_string())?;
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
