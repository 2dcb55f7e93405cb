//! The socket: private from the start, and served by one host at a time.
//!
//! The server holds a lock on `SOCKET.lock` as long as it runs; the kernel releases it when the process ends, however
//! it ends. A socket whose lock is free is therefore stale, and is replaced. Permissions are set before anybody can
//! connect: between binding and listening.

use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};

use rustix::fs::{Gid, Mode, OFlags};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketFlags, SocketType};

use super::locked::Locked;
use super::options::{ControlError, ControlOptions};

/// The most bytes of a socket's path: the size in the kernel's structure minus the final NUL.
const MAX_PATH: usize = 107;
/// Connections that wait to be accepted.
const BACKLOG: i32 = 64;

/// A bound socket. Dropping it removes it.
pub(super) struct Bound {
    pub listener: UnixListener,
    path: PathBuf,
    /// Device and inode, so that no other socket is removed.
    identity: (u64, u64),
    lock: Lock,
}

/// Until it is dropped, no other host serves there or writes the folder.
pub(super) struct Lock(Option<Locked>);

impl Bound {
    pub fn new(options: &ControlOptions) -> Result<Bound, ControlError> {
        let path = options.socket.clone();
        let wrong = |reason: String| ControlError::Socket { path: path.clone(), reason };
        let system = |what: &str, e: &dyn std::fmt::Display| wrong(format!("{what}: {e}"));
        if path.as_os_str().as_bytes().len() > MAX_PATH {
            return Err(wrong(format!("expected a path of at most {MAX_PATH} bytes for the socket")));
        }
        check_parent(&path)?;
        let lock = lock(&path)?;
        remove_stale(&path)?;

        let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
        let socket = rustix::net::socket_with(AddressFamily::UNIX, SocketType::STREAM, flags, None)
            .map_err(|e| system("cannot make a socket", &e))?;
        let address = SocketAddrUnix::new(&path).map_err(|e| system("not an address", &e))?;
        rustix::net::bind(&socket, &address).map_err(|e| system("cannot bind", &e))?;
        let mode = if options.group.is_some() { 0o660 } else { 0o600 };
        // Nobody can connect before it listens.
        let tight = rustix::fs::chmod(&path, Mode::from_raw_mode(mode))
            .map_err(|e| system("cannot set its mode", &e))
            .and_then(|()| match options.group {
                Some(group) => rustix::fs::chown(&path, None, Some(Gid::from_raw(group)))
                    .map_err(|e| system(&format!("cannot give it to group {group}"), &e)),
                None => Ok(()),
            })
            .and_then(|()| rustix::net::listen(&socket, BACKLOG).map_err(|e| system("cannot listen", &e)))
            .and_then(|()| fs::symlink_metadata(&path).map_err(|e| system("cannot be examined", &e)));
        match tight {
            Ok(metadata) => Ok(Bound {
                listener: UnixListener::from(socket),
                identity: (metadata.dev(), metadata.ino()),
                path,
                lock: Lock(Some(lock)),
            }),
            Err(error) => {
                let _ = fs::remove_file(&path);
                Err(error)
            }
        }
    }
}

impl Bound {
    /// Closes and removes the socket; the lock stays.
    pub fn close(mut self) -> Lock {
        Lock(self.lock.0.take())
    }
}

impl Drop for Bound {
    fn drop(&mut self) {
        let ours = |metadata: fs::Metadata| (metadata.dev(), metadata.ino()) == self.identity;
        if fs::symlink_metadata(&self.path).is_ok_and(ours) {
            // What cannot be removed is stale for the next host.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// A user who can write the folder can replace the socket.
fn check_parent(socket: &Path) -> Result<(), ControlError> {
    let parent = match socket.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) => parent,
        None => Path::new("/"),
    };
    let wrong = |reason: String| ControlError::Socket { path: parent.to_owned(), reason };
    let metadata = fs::metadata(parent).map_err(|e| wrong(format!("the socket's folder cannot be examined: {e}")))?;
    if !metadata.is_dir() {
        return Err(wrong("expected a folder for the socket".to_owned()));
    }
    let (owner, mode) = (metadata.uid(), metadata.mode());
    if owner != 0 && owner != rustix::process::geteuid().as_raw() {
        return Err(wrong(format!("the socket's folder belongs to uid {owner}, expected root or the program's user")));
    }
    let sticky = mode & 0o1000 != 0;
    if mode & 0o022 != 0 && !sticky {
        let mode = mode & 0o7777;
        return Err(wrong(format!("others can write the socket's folder (mode {mode:o}), expected 755 or less")));
    }
    Ok(())
}

fn lock(socket: &Path) -> Result<Locked, ControlError> {
    let mut path = socket.as_os_str().to_owned();
    path.push(".lock");
    let path = PathBuf::from(path);
    let wrong = |reason: String| ControlError::Socket { path: path.clone(), reason };
    let flags = OFlags::CREATE | OFlags::RDWR | OFlags::CLOEXEC | OFlags::NOFOLLOW;
    let file = rustix::fs::open(&path, flags, Mode::from_raw_mode(0o600))
        .map_err(|e| wrong(format!("cannot open the lock file: {e}")))?;
    Locked::take(File::from(file)).map_err(|error| match error {
        rustix::io::Errno::WOULDBLOCK => ControlError::InUse { socket: socket.to_owned() },
        error => wrong(format!("cannot lock: {error}")),
    })
}

/// Removes a stale socket. Any other file stays.
fn remove_stale(path: &Path) -> Result<(), ControlError> {
    let wrong = |reason: String| ControlError::Socket { path: path.to_owned(), reason };
    match fs::symlink_metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(wrong(format!("cannot be examined: {e}"))),
        Ok(metadata) if !metadata.file_type().is_socket() => {
            Err(wrong("a file that is not a socket is there".to_owned()))
        }
        // A server that does not use the lock may serve there.
        Ok(_) if UnixStream::connect(path).is_ok() => Err(ControlError::InUse { socket: path.to_owned() }),
        Ok(_) => fs::remove_file(path).map_err(|e| wrong(format!("the stale socket cannot be removed: {e}"))),
    }
}
