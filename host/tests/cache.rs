//! The compiled interpreter on disk: used when it is what it says, rebuilt in every other case.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use tenterhook::{Host, Request, hook_point};

hook_point! {
    /// Answers.
    pub Run = "test.run", version 1, chain first {
        /// A number.
        arg n: i64,
        /// Twice that.
        result twice: i64 = 0,
    }
}

/// A host over the cache works, whatever the cache holds.
fn works(cache: &Path) {
    let host = Host::builder().cache(Some(cache.to_owned())).build().expect("a host");
    let hook = host.declare::<Run>().expect("a new hook point");
    let request = Request::new("test.run", "acme", "function run(n) return { twice = 2 * n } end");
    let _link = host.attach(request).expect("a good script");
    assert_eq!(hook.invoke(&RunArgs { n: 21 }).results.twice, 42);
}

/// A cache with a good entry in it.
fn filled() -> (TempDir, PathBuf, Vec<u8>) {
    let parent = tempfile::tempdir().expect("a directory");
    let cache = parent.path().join("cache");
    works(&cache);
    let entry = entry(&cache);
    let bytes = fs::read(&entry).expect("the entry");
    (parent, entry, bytes)
}

fn entry(cache: &Path) -> PathBuf {
    let entries: Vec<PathBuf> = fs::read_dir(cache).expect("a cache").map(|e| e.expect("an entry").path()).collect();
    assert_eq!(entries.len(), 1, "one entry, nothing left beside it: {entries:?}");
    entries[0].clone()
}

/// `spoil` does something to the entry; the next host replaces it by a good one.
fn rebuilt(spoil: impl FnOnce(&Path, &[u8])) {
    let (_parent, path, bytes) = filled();
    spoil(&path, &bytes);
    let cache = path.parent().expect("a directory");
    works(cache);
    let metadata = fs::symlink_metadata(entry(cache)).expect("the entry");
    assert!(metadata.is_file(), "a plain file");
    assert_eq!(metadata.permissions().mode() & 0o777, 0o600);
    // Compiling is not bit for bit the same each time; that the entry is whole shows in its being used again.
    let again = fs::read(entry(cache)).expect("the entry");
    works(cache);
    assert_eq!(fs::read(entry(cache)).expect("the entry"), again, "used, not written again");
}

#[test]
fn a_good_entry_is_used() {
    let (_parent, path, bytes) = filled();
    works(path.parent().expect("a directory"));
    assert_eq!(fs::read(&path).expect("the entry"), bytes);
}

#[test]
fn a_damaged_entry_is_rebuilt() {
    rebuilt(|path, bytes| {
        let mut bytes = bytes.to_vec();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        fs::write(path, bytes).expect("written");
    });
}

#[test]
fn a_cut_entry_is_rebuilt() {
    rebuilt(|path, bytes| fs::write(path, &bytes[..bytes.len() - 1]).expect("written"));
    rebuilt(|path, _| fs::write(path, b"").expect("written"));
}

#[test]
fn an_entry_that_others_can_write_is_rebuilt() {
    rebuilt(|path, _| fs::set_permissions(path, fs::Permissions::from_mode(0o666)).expect("changed"));
}

#[test]
fn an_entry_behind_a_link_is_rebuilt() {
    rebuilt(|path, bytes| {
        let elsewhere = path.parent().and_then(Path::parent).expect("a parent").join("elsewhere");
        fs::write(&elsewhere, bytes).expect("written");
        fs::remove_file(path).expect("removed");
        symlink(&elsewhere, path).expect("a link");
    });
}

#[test]
fn a_directory_that_others_can_write_is_not_used() {
    let parent = tempfile::tempdir().expect("a directory");
    let cache = parent.path().join("cache");
    fs::create_dir(&cache).expect("a directory");
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o777)).expect("changed");
    works(&cache);
    assert_eq!(fs::read_dir(&cache).expect("a directory").count(), 0);
}

#[test]
fn no_directory_can_be_made_and_all_is_well() {
    let parent = tempfile::tempdir().expect("a directory");
    let file = parent.path().join("file");
    fs::write(&file, b"").expect("written");
    works(&file.join("cache"));
}
