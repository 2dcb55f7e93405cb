//! An exclusively locked file.

use std::fs::File;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

/// Holds an exclusive lock on an open file until it is dropped.
pub(crate) struct Locked(File);

impl Locked {
    /// Locks the file without waiting.
    ///
    /// # Errors
    /// `WOULDBLOCK` if it is locked already; any other error of the system.
    pub fn take(file: File) -> Result<Locked, Errno> {
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive)?;
        Ok(Locked(file))
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        // Closing the file would be enough, unless a child process that is just being started has a copy of it: such a
        // copy holds the lock until the child executes another program.
        let _ = rustix::fs::flock(&self.0, FlockOperation::Unlock);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_of_the_file_does_not_hold_the_lock() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let open = || File::create(folder.path().join("lock")).expect("a file");
        let file = open();
        let copy = file.try_clone().expect("a copy");
        let locked = Locked::take(file).expect("nobody holds it");
        assert!(matches!(Locked::take(open()), Err(Errno::WOULDBLOCK)));
        drop(locked);
        assert!(Locked::take(open()).is_ok());
        drop(copy);
    }
}
