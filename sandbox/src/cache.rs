//! The compiled interpreter on disk, so that a program starts in milliseconds.
//!
//! Compiled code is machine code, so running a forged entry would run the forger's program. An entry is therefore used
//! only if it is a regular file of this user that nobody else can write, in a directory of this user that nobody else
//! can write, and if its header matches: format, engine, interpreter, and the SHA-256 of what follows. Anything else is
//! rebuilt. The check is made on the bytes that are then loaded, not on the file.
//!
//! An attacker who can write as this user can run code as this user anyway.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use cap_std::ambient_authority;
use cap_std::fs::{Dir, MetadataExt, OpenOptions, OpenOptionsExt};
use sha2::{Digest, Sha256};
use thiserror::Error;
use wasmtime::{Engine, Module};

/// First bytes of an entry; changes with the format.
const MAGIC: &[u8; 16] = b"tenterhook-wasm1";
const HEADER: usize = 16 + 32;
/// The largest entry that is read; real ones are far smaller.
const MAX_ENTRY: u64 = 64 << 20;

/// Why the cache could not be used. The interpreter was compiled instead, so this is not an error.
#[derive(Debug, Error)]
pub enum CacheError {
    /// The directory or the entry could not be read or written.
    #[error("{path}: {source}")]
    Io {
        /// The path.
        path: PathBuf,
        /// The error of the system.
        source: std::io::Error,
    },
    /// The entry, or its directory, is not trusted.
    #[error("{path}: {reason}; compiled anew")]
    Untrusted {
        /// The path.
        path: PathBuf,
        /// The reason.
        reason: &'static str,
    },
}

/// `$XDG_CACHE_HOME/tenterhook`, else `~/.cache/tenterhook`.
pub(crate) fn default_directory() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("XDG_CACHE_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("tenterhook"))
}

/// Returns the module from the cache if that can be trusted. Otherwise it is compiled, and stored for the next start.
pub(crate) fn module(engine: &Engine, wasm: &[u8], directory: &Path) -> (wasmtime::Result<Module>, Option<CacheError>) {
    let name = entry_name(engine, wasm);
    let cache = match open(directory) {
        Ok(cache) => cache,
        Err(problem) => return (Module::new(engine, wasm), Some(problem)),
    };
    let path = directory.join(&name);
    let problem = match read(&cache, &name, &path) {
        Ok(Some(compiled)) => {
            // SAFETY: a process of this same user made `compiled` with `Module::serialize` (owner and mode were checked
            // on the open file) for this engine and this module (both are in the name and wasmtime checks the engine
            // again), and its digest matches.
            #[expect(unsafe_code, reason = "loads code that was compiled and checked here")]
            match unsafe { Module::deserialize(engine, compiled) } {
                Ok(module) => return (Ok(module), None),
                Err(_) => Some(CacheError::Untrusted { path: path.clone(), reason: "made by another engine" }),
            }
        }
        Ok(None) => None,
        Err(problem) => Some(problem),
    };
    let module = Module::new(engine, wasm);
    let written = module.as_ref().map(|module| write(&cache, &name, &path, module));
    let problem = problem.or(written.ok().and_then(Result::err));
    (module, problem)
}

/// The name contains content and engine, so an entry is only ever replaced by an equal one.
fn entry_name(engine: &Engine, wasm: &[u8]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut compatible = DefaultHasher::new();
    engine.precompile_compatibility_hash().hash(&mut compatible);
    let content: String = Sha256::digest(wasm).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("{content}-{:016x}.cwasm", compatible.finish())
}

fn open(directory: &Path) -> Result<Dir, CacheError> {
    let io = |source| CacheError::Io { path: directory.to_owned(), source };
    create(directory).map_err(io)?;
    let dir = Dir::open_ambient_dir(directory, ambient_authority()).map_err(io)?;
    let metadata = dir.dir_metadata().map_err(io)?;
    trusted(metadata.uid(), metadata.mode())
        .map_err(|reason| CacheError::Untrusted { path: directory.to_owned(), reason })?;
    Ok(dir)
}

fn create(directory: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

fn trusted(owner: u32, mode: u32) -> Result<(), &'static str> {
    if owner != rustix::process::geteuid().as_raw() {
        return Err("belongs to another user");
    }
    if mode & 0o022 != 0 {
        return Err("can be written by others");
    }
    Ok(())
}

/// Returns the compiled module in the entry; `Ok(None)` if there is no entry.
fn read(cache: &Dir, name: &str, path: &Path) -> Result<Option<Vec<u8>>, CacheError> {
    use std::io::Read;
    let io = |source| CacheError::Io { path: path.to_owned(), source };
    let untrusted = |reason| CacheError::Untrusted { path: path.to_owned(), reason };
    let mut options = OpenOptions::new();
    // The file is not opened through a link, and a pipe in its place does not block.
    options.read(true).custom_flags((rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK).bits() as i32);
    let file = match cache.open_with(name, &options) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(io(e)),
    };
    let metadata = file.metadata().map_err(io)?;
    if !metadata.is_file() || metadata.len() > MAX_ENTRY {
        return Err(untrusted("not an entry"));
    }
    trusted(metadata.uid(), metadata.mode()).map_err(untrusted)?;
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    file.take(MAX_ENTRY).read_to_end(&mut bytes).map_err(io)?;
    let header =
        bytes.get(..HEADER).filter(|header| header.starts_with(MAGIC)).ok_or_else(|| untrusted("not an entry"))?;
    if header[MAGIC.len()..] != Sha256::digest(&bytes[HEADER..])[..] {
        return Err(untrusted("damaged"));
    }
    Ok(Some(bytes.split_off(HEADER)))
}

/// Writes a temporary file and renames it, so that no process reads half an entry.
fn write(cache: &Dir, name: &str, path: &Path, module: &Module) -> Result<(), CacheError> {
    let io = |source| CacheError::Io { path: path.to_owned(), source };
    let compiled = module.serialize().map_err(|e| io(std::io::Error::other(format!("{e:#}"))))?;
    static WRITES: AtomicU32 = AtomicU32::new(0);
    let aside = format!("{name}.{}.{}", std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed));
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600);
    // A process with the same pid may have died here and left it behind.
    let _ = cache.remove_file(&aside);
    let mut file = cache.open_with(&aside, &options).map_err(io)?;
    let written = file
        .write_all(MAGIC)
        .and_then(|()| file.write_all(&Sha256::digest(&compiled)))
        .and_then(|()| file.write_all(&compiled))
        .and_then(|()| cache.rename(&aside, cache, name));
    if written.is_err() {
        let _ = cache.remove_file(&aside);
    }
    written.map_err(io)
}
