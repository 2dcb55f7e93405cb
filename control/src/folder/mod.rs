//! Attachments as files.
//!
//! ```text
//! attachments/
//!   .lock                            held by the program that uses the folder                (lock.rs)
//!   .revision                        the host's revision when something was detached last
//!   acme/
//!     filter.toml                    one attachment                                         (record.rs)
//!     filter.3f2a9c01d2e45b67.lua    its script
//!     acl.77aa01b2c3d4e5f6.d/        a script with modules: main.lua, and a file per module
//! ```
//!
//! The `.toml` decides: it is written whole, synced, and renamed into place, after the files that it names. A process
//! that is killed at any moment leaves the old attachment or the new one, and at most a script that no `.toml` names,
//! which the next start removes. A script whose content does not match its name was changed by somebody else, and is
//! broken until an operator adopts it (broken.rs). Everything is opened relative to the folder's handle, so no name
//! leads out of it.
//!
//! A failed write leaves nothing behind. Removing an attachment needs no space: `.revision` has its full size from the
//! start and is overwritten in place.

mod broken;
mod disk;
mod files;
mod lock;
mod names;
mod read;
mod record;
mod time;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, MetadataExt as _};
use tenterhook::operate::Bundle;
use tenterhook::policies::NameKind;

use super::options::{ControlError, Fails};
pub(super) use broken::{Broken, Known};
use disk::Disk;
use lock::Lock;
use names::{DIGITS, UNFINISHED, is_ours, name_of};
pub(super) use names::{REVISION, file_name};
pub(super) use record::Record;

/// An unfinished file of the revision.
const UNFINISHED_REVISION: &str = ".tmp-revision";
/// The file that is written to check for room.
const ROOM: &str = ".tmp-room";
/// The script of a bundle.
const MAIN: &str = "main.lua";

/// The folder of attachments. No other program uses it until this is dropped.
pub(super) struct Folder {
    root: Dir,
    disk: Disk,
    /// Whether an unfinished file beside the tenants' folders could not be removed.
    untidy: AtomicBool,
    _lock: Lock,
}

/// A failure to write an attachment.
#[derive(Debug)]
pub(super) struct Unwritten {
    pub error: io::Error,
    /// Whether its file is in place nevertheless, because a later step failed.
    pub placed: bool,
    /// Whether some of its files could not be removed.
    pub left: bool,
}

impl Folder {
    /// Opens and locks the folder; creates it if it does not exist.
    pub fn open(path: &Path, fails: Option<Fails>) -> Result<Folder, ControlError> {
        let wrong = |reason: String| ControlError::Storage { path: path.to_owned(), reason };
        std::fs::create_dir_all(path).map_err(|e| wrong(format!("cannot be made: {e}")))?;
        let root =
            Dir::open_ambient_dir(path, ambient_authority()).map_err(|e| wrong(format!("cannot be opened: {e}")))?;
        let metadata = root.dir_metadata().map_err(|e| wrong(format!("cannot be examined: {e}")))?;
        let (owner, mode) = (metadata.uid(), metadata.mode() & 0o7777);
        if owner != 0 && owner != rustix::process::geteuid().as_raw() {
            return Err(wrong(format!("belongs to uid {owner}, expected root or the program's user")));
        }
        if mode & 0o022 != 0 {
            return Err(wrong(format!("others can write it (mode {mode:o}), expected 755 or less")));
        }
        let lock = Lock::take(&root, path)?;
        Ok(Folder { root, disk: Disk::new(fails), untidy: AtomicBool::new(false), _lock: lock })
    }

    /// The attachment that its file describes now, whatever digest its script's name contains.
    pub fn take(&self, tenant: &str, name: &str) -> Result<Record, Box<Broken>> {
        files::one(&self.root, tenant, name)
    }

    /// The text of an attachment file, and its script, as far as they can be read.
    pub fn look(&self, tenant: &str, name: &str) -> (Option<Vec<u8>>, Option<Bundle>) {
        files::look(&self.root, tenant, name)
    }

    /// Whether there is a file for an attachment of that name, whatever its content.
    pub fn has(&self, tenant: &str, name: &str) -> bool {
        self.has_file(&file_name(tenant, name))
    }

    /// Whether there is a file of that name within the folder. If that cannot be determined, it is assumed.
    pub fn has_file(&self, file: &str) -> bool {
        let gone = |error: io::Error| error.kind() == io::ErrorKind::NotFound;
        !self.root.symlink_metadata(file).is_err_and(gone)
    }

    /// Saves an attachment, synced to disk, in one step. If that fails, nothing of it is left.
    pub fn write(&self, tenant: &str, name: &str, record: &Record) -> Result<(), Unwritten> {
        self.tidy();
        let unmade = |error| Unwritten { error, placed: false, left: false };
        let (dir, made) = self.tenant(tenant).map_err(unmade)?;
        let mut placed = false;
        self.write_into(&dir, name, record, &mut placed).map_err(|error| {
            // The first error is the one to report.
            let left = self.sweep(tenant, name).is_err();
            if made {
                // A folder that is not empty is not removed; an empty one does no harm.
                let _ = self.root.remove_dir(tenant);
            }
            Unwritten { error, placed, left }
        })
    }

    fn write_into(&self, dir: &Dir, name: &str, record: &Record, placed: &mut bool) -> io::Result<()> {
        let before = files::script_of(dir, name);
        let script = self.write_script(dir, name, record)?;
        self.disk.sync(dir)?;
        let unfinished = format!("{UNFINISHED}{name}.toml");
        self.disk.write(dir, &unfinished, record.to_toml(&script).as_bytes())?;
        self.disk.rename(dir, &unfinished, &format!("{name}.toml"))?;
        *placed = true;
        self.disk.sync(dir)?;
        if let Some(before) = before.filter(|before| *before != script) {
            self.remove_script(dir, &before);
        }
        Ok(())
    }

    /// Removes an attachment, in one step that needs no space. `revision` is the host's new one.
    pub fn remove(&self, tenant: &str, name: &str, revision: u64) -> io::Result<()> {
        self.tidy();
        // The revision is saved first, so that it never goes back: the removed file no longer contains one. A failure
        // does not prevent the removal.
        let kept = self.keep_revision(revision);
        match self.root.open_dir(tenant) {
            Ok(dir) => {
                let before = files::script_of(&dir, name);
                match self.disk.remove_file(&dir, &format!("{name}.toml")) {
                    // Another process has removed it already.
                    Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                    removed => removed?,
                }
                self.disk.sync(&dir)?;
                if let Some(before) = before {
                    self.remove_script(&dir, &before);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        // The removal has freed some space.
        kept.or_else(|_| self.keep_revision(revision))
    }

    /// Removes what a failed write or removal left of an attachment: unfinished files, scripts that its file does not
    /// name.
    pub fn sweep(&self, tenant: &str, name: &str) -> io::Result<()> {
        let dir = match self.root.open_dir(tenant) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            dir => dir?,
        };
        let script = files::script_of(&dir, name);
        // A file that cannot be read may name any of them.
        let known = script.is_some() || dir.symlink_metadata(format!("{name}.toml")).is_err();
        let script = script.as_deref().and_then(|script| script.split('/').next());
        for file in files::names(&dir)? {
            let left = match file.strip_prefix(UNFINISHED) {
                Some(whole) => name_of(whole) == Some(name) || whole.strip_suffix(".toml") == Some(name),
                None => known && name_of(&file) == Some(name) && script != Some(&file),
            };
            if left {
                self.disk.remove(&dir, &file)?;
            }
        }
        Ok(())
    }

    /// Checks whether this many bytes can be written, by writing and removing them.
    pub fn try_room(&self, bytes: usize) -> io::Result<()> {
        let written = self.disk.write(&self.root, ROOM, &vec![0; bytes]);
        let tried = written.and_then(|()| self.disk.remove_file(&self.root, ROOM));
        tried.inspect_err(|_| self.untidy.store(true, Ordering::Relaxed))
    }

    /// Removes what a failure left beside the tenants' folders.
    fn tidy(&self) {
        if self.untidy.swap(false, Ordering::Relaxed) {
            let removed = [ROOM, UNFINISHED_REVISION].map(|file| self.disk.remove(&self.root, file).is_ok());
            self.untidy.fetch_or(removed.contains(&false), Ordering::Relaxed);
        }
    }

    /// Saves the host's revision, in place if it was saved before.
    fn keep_revision(&self, revision: u64) -> io::Result<()> {
        // The number is padded to the largest size, so that the file never grows. A few bytes within one block are
        // written atomically.
        let text = format!("{revision:020}\n");
        let metadata = self.root.symlink_metadata(REVISION);
        if metadata.is_ok_and(|metadata| metadata.is_file() && metadata.len() == text.len() as u64) {
            return self.disk.overwrite(&self.root, REVISION, text.as_bytes());
        }
        let written = self
            .disk
            .write(&self.root, UNFINISHED_REVISION, text.as_bytes())
            .and_then(|()| self.disk.rename(&self.root, UNFINISHED_REVISION, REVISION));
        written.inspect_err(|_| self.untidy.store(true, Ordering::Relaxed))?;
        self.disk.sync(&self.root)
    }

    /// The folder of a tenant, created if necessary; and whether it was created.
    fn tenant(&self, tenant: &str) -> io::Result<(Dir, bool)> {
        // Names were checked before; a folder does not rely on that.
        NameKind::Tenant.check(tenant).map_err(io::Error::other)?;
        let made = match self.disk.create_dir(&self.root, tenant) {
            Ok(()) => true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
            // An existing folder is opened, whatever the error was.
            Err(error) => self.root.open_dir(tenant).map(|_| false).map_err(|_| error)?,
        };
        let open = || {
            let dir = self.root.open_dir(tenant)?;
            self.disk.sync(&self.root)?;
            Ok(dir)
        };
        let opened: io::Result<Dir> = open();
        if made && opened.is_err() {
            let _ = self.root.remove_dir(tenant);
        }
        opened.map(|dir| (dir, made))
    }

    /// Writes the script and its modules under a name derived from their content, and returns that name. An existing
    /// file is kept only if it has that content too, because somebody may have changed it.
    fn write_script(&self, dir: &Dir, name: &str, record: &Record) -> io::Result<String> {
        let digest = record.bundle.sha256();
        let stem = format!("{name}.{}", &digest[..DIGITS]);
        let alone = record.bundle.modules.is_empty();
        let script = if alone { format!("{stem}.lua") } else { format!("{stem}.d") };
        let main = if alone { script.clone() } else { format!("{script}/{MAIN}") };
        if !files::holds(dir, &main, &record.bundle) {
            let unfinished = format!("{UNFINISHED}{script}");
            match alone {
                true => self.disk.write(dir, &unfinished, &record.bundle.main)?,
                false => self.write_bundle(dir, &unfinished, record)?,
            }
            // A folder cannot be renamed over another one, so a folder with this name but other content is removed
            // first.
            if !alone && dir.symlink_metadata(&script).is_ok() {
                self.disk.remove_dir_all(dir, &script)?;
            }
            self.disk.rename(dir, &unfinished, &script)?;
        }
        Ok(main)
    }

    /// Writes a script with modules into a folder.
    fn write_bundle(&self, dir: &Dir, folder: &str, record: &Record) -> io::Result<()> {
        if dir.symlink_metadata(folder).is_ok() {
            self.disk.remove_dir_all(dir, folder)?;
        }
        self.disk.create_dir(dir, folder)?;
        let inside = dir.open_dir(folder)?;
        self.disk.write(&inside, MAIN, &record.bundle.main)?;
        let mut made = BTreeSet::new();
        for (module, text) in &record.bundle.modules {
            let file = Bundle::file_of(module);
            for (at, _) in file.match_indices('/') {
                if made.insert(file[..at].to_owned()) {
                    self.disk.create_dir(&inside, &file[..at])?;
                }
            }
            self.disk.write(&inside, &file, text)?;
        }
        // A synced file is lost if its folder is not synced.
        for folder in &made {
            self.disk.sync(&inside.open_dir(folder)?)?;
        }
        self.disk.sync(&inside)
    }

    /// Removes the script that an attachment no longer names. What cannot be removed is removed at the next start.
    fn remove_script(&self, dir: &Dir, script: &str) {
        let removed = match script.split_once('/') {
            Some((folder, _)) if is_ours(folder) => self.disk.remove_dir_all(dir, folder),
            None if is_ours(script) => self.disk.remove_file(dir, script),
            // An operator wrote it under another name; it is not removed.
            _ => Ok(()),
        };
        if let Err(error) = removed {
            tracing::warn!(target: "tenterhook::control", "{script}: cannot be removed: {error}");
        }
    }
}
