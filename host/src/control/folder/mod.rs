//! Attachments as files.
//!
//! ```text
//! attachments/
//!   .revision                        the host's revision when something was detached last
//!   acme/
//!     filter.toml                    one attachment                                         (record.rs)
//!     filter.3f2a9c01d2e45b67.lua    its script
//!     acl.77aa01b2c3d4e5f6.d/        a script with modules: main.lua, and a file per module
//! ```
//!
//! The `.toml` is what counts: it is written whole, synced, and renamed into place, after what it names has been. A
//! process that is killed at any moment leaves the old attachment or the new one, and at most a script that no `.toml`
//! names, which the next start removes. Everything is opened relative to the folder's handle: no name leads out of it.

mod read;
mod record;

use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::PathBuf;

use cap_std::ambient_authority;
use cap_std::fs::{Dir, MetadataExt as _, OpenOptions, OpenOptionsExt as _};
use tenterhook_policies::NameKind;

use super::options::ControlError;
use crate::attach::file_of;
pub(super) use record::Record;

/// What unfinished files begin with.
const UNFINISHED: &str = ".tmp-";
/// The script of a bundle.
const MAIN: &str = "main.lua";
/// Where the revision is kept.
pub(super) const REVISION: &str = ".revision";

/// A file of the folder that is no attachment.
#[derive(Debug, Clone)]
pub(super) struct Broken {
    pub tenant: String,
    /// Within the folder.
    pub file: String,
    pub reason: String,
    /// Whether it is well, and was refused when it was to be attached at start: by the policy, or as the hook point or the
    /// script is another one now. Operators may put something else in its place.
    pub refused: bool,
}

/// The folder of attachments.
pub(super) struct Folder {
    root: Dir,
}

/// What a folder holds.
#[derive(Default)]
pub(super) struct Contents {
    /// Tenant, name, and what it is, in order of their revisions.
    pub records: Vec<(String, String, Record)>,
    pub broken: Vec<Broken>,
    /// The highest revision in it.
    pub revision: u64,
}

impl Folder {
    /// Opens it; makes it if it is not there.
    pub fn open(path: &PathBuf) -> Result<Folder, ControlError> {
        let wrong = |reason: String| ControlError::Storage { path: path.clone(), reason };
        std::fs::create_dir_all(path).map_err(|e| wrong(format!("cannot be made: {e}")))?;
        let root =
            Dir::open_ambient_dir(path, ambient_authority()).map_err(|e| wrong(format!("cannot be opened: {e}")))?;
        let metadata = root.dir_metadata().map_err(|e| wrong(format!("cannot be looked at: {e}")))?;
        let (owner, mode) = (metadata.uid(), metadata.mode() & 0o7777);
        if owner != 0 && owner != rustix::process::geteuid().as_raw() {
            return Err(wrong(format!("belongs to uid {owner}, expected root or the program's user")));
        }
        if mode & 0o022 != 0 {
            return Err(wrong(format!("others can write it (mode {mode:o}), expected 755 or less")));
        }
        Ok(Folder { root })
    }

    /// Whether there is a file for an attachment of that name, whatever is in it.
    pub fn has(&self, tenant: &str, name: &str) -> bool {
        self.has_file(&file_name(tenant, name))
    }

    /// Whether there is a file of that name within the folder. Where that cannot be told, there is.
    pub fn has_file(&self, file: &str) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        !self.root.symlink_metadata(file).is_err_and(gone)
    }

    /// Keeps an attachment, synced to disk, in one step.
    pub fn write(&self, tenant: &str, name: &str, record: &Record) -> io::Result<()> {
        let dir = self.tenant(tenant)?;
        let before = read::script_of(&dir, name);
        let script = write_script(&dir, name, record)?;
        sync(&dir)?;
        let unfinished = format!("{UNFINISHED}{name}.toml");
        write_file(&dir, &unfinished, record.to_toml(&script).as_bytes())?;
        dir.rename(&unfinished, &dir, format!("{name}.toml"))?;
        sync(&dir)?;
        if let Some(before) = before.filter(|before| *before != script) {
            remove_script(&dir, &before);
        }
        Ok(())
    }

    /// Forgets an attachment, in one step. `revision` is the host's from then on.
    pub fn remove(&self, tenant: &str, name: &str, revision: u64) -> io::Result<()> {
        let dir = self.tenant(tenant)?;
        let before = read::script_of(&dir, name);
        // Kept first, so that it never goes back: what is removed says its own no more.
        let unfinished = format!("{UNFINISHED}revision");
        write_file(&self.root, &unfinished, revision.to_string().as_bytes())?;
        self.root.rename(&unfinished, &self.root, REVISION)?;
        sync(&self.root)?;
        match dir.remove_file(format!("{name}.toml")) {
            // Somebody was faster.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
        sync(&dir)?;
        if let Some(before) = before {
            remove_script(&dir, &before);
        }
        Ok(())
    }

    /// The folder of a tenant, made if it is not there.
    fn tenant(&self, tenant: &str) -> io::Result<Dir> {
        // Names were checked long ago; a folder is no place to rely on that.
        NameKind::Tenant.check(tenant).map_err(io::Error::other)?;
        if let Err(error) = self.root.create_dir(tenant)
            && error.kind() != io::ErrorKind::AlreadyExists
        {
            return Err(error);
        }
        let dir = self.root.open_dir(tenant)?;
        sync(&self.root)?;
        Ok(dir)
    }
}

/// An attachment's file, within the folder.
pub(super) fn file_name(tenant: &str, name: &str) -> String {
    format!("{tenant}/{name}.toml")
}

/// Writes the script, and its modules, under a name of their content; says which.
fn write_script(dir: &Dir, name: &str, record: &Record) -> io::Result<String> {
    let digest = record.bundle.sha256();
    let stem = format!("{name}.{}", &digest[..16]);
    if record.bundle.modules.is_empty() {
        let script = format!("{stem}.lua");
        if dir.symlink_metadata(&script).is_err() {
            let unfinished = format!("{UNFINISHED}{script}");
            write_file(dir, &unfinished, &record.bundle.main)?;
            dir.rename(&unfinished, dir, &script)?;
        }
        return Ok(script);
    }
    let folder = format!("{stem}.d");
    if dir.symlink_metadata(&folder).is_err() {
        let unfinished = format!("{UNFINISHED}{folder}");
        if dir.symlink_metadata(&unfinished).is_ok() {
            dir.remove_dir_all(&unfinished)?;
        }
        dir.create_dir(&unfinished)?;
        let inside = dir.open_dir(&unfinished)?;
        write_file(&inside, MAIN, &record.bundle.main)?;
        let mut made = BTreeSet::new();
        for (module, text) in &record.bundle.modules {
            let file = file_of(module);
            for (at, _) in file.match_indices('/') {
                if made.insert(file[..at].to_owned()) {
                    inside.create_dir(&file[..at])?;
                }
            }
            write_file(&inside, &file, text)?;
        }
        // A synced file is of no use in a folder that is not.
        for folder in &made {
            sync(&inside.open_dir(folder)?)?;
        }
        sync(&inside)?;
        dir.rename(&unfinished, dir, &folder)?;
    }
    Ok(format!("{folder}/{MAIN}"))
}

/// Removes what an attachment no longer names. What stays is removed at the next start.
fn remove_script(dir: &Dir, script: &str) {
    let removed = match script.split_once('/') {
        Some((folder, _)) if is_ours(folder) => dir.remove_dir_all(folder),
        None if is_ours(script) => dir.remove_file(script),
        // Written by hand, under a name of its own: not ours to remove.
        _ => Ok(()),
    };
    if let Err(error) = removed {
        tracing::warn!(target: "tenterhook::control", "{script}: cannot be removed: {error}");
    }
}

/// Whether the file's name is one of those made here: a name, 16 hex digits, an ending.
fn is_ours(file: &str) -> bool {
    let stem = file.strip_suffix(".lua").or_else(|| file.strip_suffix(".d"));
    let digest = stem.and_then(|stem| stem.rsplit_once('.')).map(|(_, digest)| digest);
    digest.is_some_and(|digest| digest.len() == 16 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
}

/// Writes a new file, or over an unfinished one, and syncs it.
fn write_file(dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    let mut file = dir.open_with(name, &options)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn sync(dir: &Dir) -> io::Result<()> {
    // The handle itself is for finding things; syncing takes one that is for reading.
    dir.open(".")?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_made_here_are_removed() {
        for name in ["a.0123456789abcdef.lua", "a.b.0123456789abcdef.d"] {
            assert!(is_ours(name), "{name}");
        }
        for name in
            ["a.lua", "a.toml", "a.0123456789abcde.lua", "a.0123456789abcdeg.lua", "0123456789abcdef.lua", "a.d"]
        {
            assert!(!is_ours(name), "{name}");
        }
    }
}
