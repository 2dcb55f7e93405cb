//! Reads the folder at start. Files that are not valid attachments are reported and left as they are.

use std::collections::HashSet;
use std::io;

use cap_std::fs::Dir;
use tenterhook::policies::NameKind;

use super::Folder;
use super::broken::{Broken, Known};
use super::files::{Content, names, read_file, read_one};
use super::names::{REVISION, UNFINISHED, is_ours};
use super::record::Record;

/// The content of a folder.
#[derive(Default)]
pub struct Contents {
    /// Tenant, name and attachment, in the order of their revisions.
    pub records: Vec<(String, String, Record)>,
    pub broken: Vec<Broken>,
    /// The highest revision in it.
    pub revision: u64,
}

impl Folder {
    /// Reads the whole folder; fails if it cannot be listed.
    pub fn read(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        match read_revision(&self.root) {
            Ok(revision) => contents.revision = revision,
            Err(reason) => contents.broken("", REVISION.to_owned(), &format!(": {reason}")),
        }
        for tenant in names(&self.root)? {
            if tenant.starts_with('.') {
                // An unfinished revision of a process that was killed.
                if tenant.starts_with(UNFINISHED) && self.root.remove_file(&tenant).is_err() {
                    tracing::warn!(target: "tenterhook::control", "{tenant}: cannot be removed");
                }
                continue;
            }
            match self.root.open_dir(&tenant) {
                Ok(dir) if NameKind::Tenant.check(&tenant).is_ok() => read_tenant(&dir, &tenant, &mut contents),
                Ok(_) => contents.broken(&tenant, tenant.clone(), ": not a tenant's name"),
                // A file beside the tenants' folders is not an attachment.
                Err(error) if error.kind() == io::ErrorKind::NotADirectory => {}
                Err(error) => contents.broken(&tenant, tenant.clone(), &format!(": {error}")),
            }
        }
        // Revisions of broken attachments count too: adopting one is a change with a new revision.
        let broken = contents.broken.iter().map(|broken| broken.known.revision);
        let highest = contents.records.iter().map(|(_, _, record)| record.revision).chain(broken).max().unwrap_or(0);
        contents.revision = contents.revision.max(highest);
        contents.records.sort_by_key(|(_, _, record)| record.revision);
        // The file gets its full size now, so that removals need no space. A broken one is left alone.
        if contents.broken.iter().all(|broken| broken.file != REVISION)
            && let Err(error) = self.keep_revision(contents.revision)
        {
            tracing::warn!(target: "tenterhook::control", "{REVISION}: cannot be written: {error}");
        }
        Ok(contents)
    }
}

impl Contents {
    /// Notes what is wrong with a file that is not an attachment file; `reason` is appended to its name.
    fn broken(&mut self, tenant: &str, file: String, reason: &str) {
        let (tenant, reason) = (tenant.to_owned(), format!("{file}{reason}"));
        self.broken.push(Broken { tenant, name: None, reason, file, known: Known::default() });
    }
}

/// The saved revision; 0 if there is none.
fn read_revision(root: &Dir) -> Result<u64, String> {
    if root.symlink_metadata(REVISION).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(0);
    }
    let text = read_file(root, REVISION, 32)?;
    let number = std::str::from_utf8(&text).ok().and_then(|text| text.trim().parse().ok());
    number.ok_or_else(|| "expected a whole number".to_owned())
}

fn read_tenant(dir: &Dir, tenant: &str, contents: &mut Contents) {
    let mut scripts = HashSet::new();
    let mut whole = true;
    let files = match names(dir) {
        Ok(files) => files,
        // A partial list does not show what is missing, so nothing may be removed because of it.
        Err(error) => return contents.broken(tenant, tenant.to_owned(), &format!(": {error}")),
    };
    for file in &files {
        let Some(name) = file.strip_suffix(".toml").filter(|_| !file.starts_with('.')) else { continue };
        match read_one(dir, file, Content::AsNamed) {
            Ok((script, record)) => {
                scripts.insert(script.split('/').next().unwrap_or_default().to_owned());
                contents.records.push((tenant.to_owned(), name.to_owned(), record));
            }
            Err(damage) => {
                whole = false;
                contents.broken.push(Broken::attachment(tenant, name, &damage.reason, damage.known));
            }
        }
    }
    // Unfinished files. Scripts that no file names are only known if every file could be read.
    for file in files {
        let left = file.starts_with(UNFINISHED) || (whole && is_ours(&file) && !scripts.contains(&file));
        if left && dir.remove_file(&file).is_err() && dir.remove_dir_all(&file).is_err() {
            tracing::warn!(target: "tenterhook::control", "{tenant}/{file}: cannot be removed");
        }
    }
}

#[cfg(test)]
mod tests {
    use cap_std::ambient_authority;

    use super::*;

    #[test]
    fn a_folder_that_cannot_be_listed_is_broken_and_not_an_empty_one() {
        let temp = tempfile::tempdir().expect("a folder");
        std::fs::write(temp.path().join("file"), "").expect("it is ours");
        // A handle of a file instead of a folder: every listing fails.
        let file = std::fs::File::open(temp.path().join("file")).expect("it is there");
        let mut contents = Contents::default();
        read_tenant(&Dir::from_std_file(file), "acme", &mut contents);
        assert_eq!(contents.broken.len(), 1);
        assert!(contents.broken[0].reason.starts_with("acme: "), "{:?}", contents.broken);

        std::fs::create_dir(temp.path().join("folder")).expect("it is ours");
        let folder = Dir::open_ambient_dir(temp.path().join("folder"), ambient_authority()).expect("it is there");
        let mut contents = Contents::default();
        read_tenant(&folder, "acme", &mut contents);
        assert!(contents.broken.is_empty() && contents.records.is_empty());
    }
}
