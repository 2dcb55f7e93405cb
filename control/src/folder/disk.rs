//! The operations that change the disk. Tests make any of them fail.

use std::io::{self, Write as _};

use cap_std::fs::{Dir, OpenOptions, OpenOptionsExt as _};

use crate::options::Fails;

/// The disk.
#[derive(Default)]
pub(super) struct Disk {
    fails: Option<Fails>,
}

impl Disk {
    pub fn new(fails: Option<Fails>) -> Disk {
        Disk { fails }
    }

    fn step(&self, name: &'static str) -> io::Result<()> {
        self.fails.as_ref().map_or(Ok(()), |fails| (fails.0)(name))
    }

    /// Writes a new file and syncs it. If that fails, the file does not exist afterwards.
    pub fn write(&self, dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.step("create")?;
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let mut file = dir.open_with(name, &options)?;
        let written = self
            .step("write")
            .and_then(|()| file.write_all(bytes))
            .and_then(|()| self.step("sync"))
            .and_then(|()| file.sync_all());
        if written.is_err() {
            // The first error is reported; a file that cannot be removed is removed at the next start.
            let _ = self.remove_file(dir, name);
        }
        written
    }

    /// Overwrites the beginning of a file and syncs it, which needs no space.
    pub fn overwrite(&self, dir: &Dir, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.step("write")?;
        let mut file = dir.open_with(name, OpenOptions::new().write(true))?;
        file.write_all(bytes)?;
        self.step("sync")?;
        file.sync_all()
    }

    pub fn create_dir(&self, dir: &Dir, name: &str) -> io::Result<()> {
        self.step("create")?;
        dir.create_dir(name)
    }

    pub fn rename(&self, dir: &Dir, from: &str, to: &str) -> io::Result<()> {
        self.step("rename")?;
        dir.rename(from, dir, to)
    }

    pub fn remove_file(&self, dir: &Dir, name: &str) -> io::Result<()> {
        self.step("remove")?;
        dir.remove_file(name)
    }

    pub fn remove_dir_all(&self, dir: &Dir, name: &str) -> io::Result<()> {
        self.step("remove")?;
        dir.remove_dir_all(name)
    }

    /// Removes a file, or a folder with its content. It is not an error if there is none.
    pub fn remove(&self, dir: &Dir, name: &str) -> io::Result<()> {
        match self.remove_file(dir, name) {
            Ok(()) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => self.remove_dir_all(dir, name).map_err(|_| error),
        }
    }

    /// Syncs a folder, so that the names in it survive a power failure.
    pub fn sync(&self, dir: &Dir) -> io::Result<()> {
        self.step("sync")?;
        // The handle is opened for lookups; syncing needs one opened for reading.
        dir.open(".")?.sync_all()
    }
}
