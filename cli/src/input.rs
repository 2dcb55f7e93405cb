//! The inputs that the user names: files, files below a folder, standard input (`-`).
//!
//! Only regular files are read. A pipe would block, a device may act when it is opened, a folder has no text: each is
//! rejected by name. Nothing is read beyond [`MOST`] bytes.

use std::fs::{File, FileType, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, Result, bail};
use cap_std::fs::{Dir, FileTypeExt as _, OpenOptionsExt as _};
use rustix::fs::OFlags;
use tenterhook::policies::Bytes;

use crate::text;

/// The most bytes that are read from a script or a policy; both have lower limits of their own, with better messages.
const MOST: u64 = 4 << 20;

/// Whether the path stands for standard input.
pub fn is_standard(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// A path as messages show it, on one line whatever it contains.
pub fn name(path: &Path) -> String {
    if is_standard(path) { "standard input".to_owned() } else { text::path(path) }
}

/// The bytes of a file that the user named, or of standard input.
pub fn read(path: &Path, what: &str) -> Result<Vec<u8>> {
    let bytes = if is_standard(path) { standard() } else { open(path).and_then(limited) };
    bytes.with_context(|| format!("{what} {}", name(path)))
}

/// All of standard input, which can be read only once: named again it would look like an empty file.
fn standard() -> Result<Vec<u8>> {
    static READ: AtomicBool = AtomicBool::new(false);
    if READ.swap(true, Ordering::Relaxed) {
        bail!("standard input is already in use; - can stand for only one file");
    }
    limited(io::stdin().lock())
}

/// Opens a file that the user named.
pub fn open(path: &Path) -> Result<File> {
    // The type is checked before the file is opened, because opening alone makes some devices act.
    refuse(kind(std::fs::metadata(path)?.file_type()))?;
    let file = OpenOptions::new().read(true).custom_flags(flags()).open(path)?;
    // Another file may have taken its place since.
    refuse(kind(file.metadata()?.file_type()))?;
    Ok(file)
}

/// The bytes of a file in a folder: no name and no link leads out of it.
pub fn read_in(folder: &Dir, name: &str) -> Result<Vec<u8>> {
    let kind = |of: cap_std::fs::FileType| match () {
        () if of.is_dir() => Some("a folder"),
        () if of.is_fifo() => Some("a pipe"),
        () if of.is_file() => None,
        () => Some("a device or a socket"),
    };
    refuse(kind(folder.metadata(name)?.file_type()))?;
    let mut options = cap_std::fs::OpenOptions::new();
    let file = folder.open_with(name, options.read(true).custom_flags(flags()))?;
    refuse(kind(file.metadata()?.file_type()))?;
    limited(file)
}

/// A pipe that has taken the file's place does not block.
fn flags() -> i32 {
    (OFlags::NONBLOCK | OFlags::NOCTTY).bits().cast_signed()
}

fn kind(of: FileType) -> Option<&'static str> {
    match () {
        () if of.is_file() => None,
        () if of.is_dir() => Some("a folder"),
        () if of.is_fifo() => Some("a pipe"),
        () if of.is_socket() => Some("a socket"),
        () => Some("a device"),
    }
}

fn refuse(kind: Option<&str>) -> Result<()> {
    match kind {
        None => Ok(()),
        Some("a pipe") => bail!("expected a file, found a pipe; - reads standard input"),
        Some(kind) => bail!("expected a file, found {kind}"),
    }
}

fn limited(from: impl Read) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST {
        bail!("expected at most {}", Bytes::new(MOST));
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    #[test]
    fn files_are_read_as_long_as_they_may_be() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("f");
        for (bytes, fits) in [(MOST - 1, true), (MOST, true), (MOST + 1, false)] {
            std::fs::write(&path, vec![b'x'; usize::try_from(bytes)?])?;
            assert_eq!(read(&path, "script").is_ok(), fits, "{bytes}");
        }
        Ok(())
    }

    #[test]
    fn nothing_but_files_is_read_and_nothing_is_waited_for() -> Result<()> {
        let folder = tempfile::tempdir()?;
        let pipe = folder.path().join("pi\npe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RUSR)?;
        let error = |path: &Path| format!("{:#}", read(path, "script").expect_err("no file"));
        assert!(error(&pipe).ends_with("pi\\npe: expected a file, found a pipe; - reads standard input"));
        assert_eq!(error(Path::new("/dev/zero")), "script /dev/zero: expected a file, found a device");
        assert!(error(folder.path()).ends_with("expected a file, found a folder"));
        let within = Dir::open_ambient_dir(folder.path(), ambient_authority())?;
        let error = read_in(&within, "pi\npe").expect_err("no file").to_string();
        assert_eq!(error, "expected a file, found a pipe; - reads standard input");
        Ok(())
    }
}
