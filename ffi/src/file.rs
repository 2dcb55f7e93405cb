//! Files that configuration names: scripts and the policy.
//!
//! They are read on the caller's thread, which mostly is the one that everything hangs on: what is no file, such as a
//! pipe that nobody writes to, is refused rather than waited for.

use std::fs::OpenOptions;
use std::io::{Error, Read, Result};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// What a file holds, but for what is beyond `most` bytes and one more, which tells that it is larger.
pub(crate) fn read(path: &Path, most: u64) -> Result<Vec<u8>> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits() as i32;
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    if !file.metadata()?.is_file() {
        return Err(Error::other("not a file"));
    }
    let mut bytes = Vec::new();
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}
