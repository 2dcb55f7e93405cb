//! Files that the configuration names: scripts and the policy.
//!
//! They are read on the caller's thread, which usually runs the program's event loop. What is not a regular file, such
//! as a pipe without a writer, is therefore rejected instead of waited for.

use std::fs::OpenOptions;
use std::io::{Error, Read, Result};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Reads a file, at most `most` bytes and one more, which shows that the file is larger.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(Error::other("not a regular file"));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
