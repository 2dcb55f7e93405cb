//! Names of files in the folder.

/// The prefix of unfinished files.
pub(super) const UNFINISHED: &str = ".tmp-";
/// The number of digits of a script's digest in its name.
pub(super) const DIGITS: usize = 16;
/// The file of the revision.
pub const REVISION: &str = ".revision";

/// The file of an attachment, relative to the folder.
pub fn file_name(tenant: &str, name: &str) -> String {
    format!("{tenant}/{name}.toml")
}

/// Whether the file's name was generated here: a name, 16 hex digits, an ending.
pub(super) fn is_ours(file: &str) -> bool {
    name_of(file).is_some()
}

/// The attachment's name in a generated script name.
pub(super) fn name_of(file: &str) -> Option<&str> {
    parts_of(file).map(|(name, _)| name)
}

/// The digest in such a name: the first digits of the content's SHA-256.
pub(super) fn digest_of(file: &str) -> Option<&str> {
    parts_of(file).map(|(_, digest)| digest)
}

fn parts_of(file: &str) -> Option<(&str, &str)> {
    let stem = file.strip_suffix(".lua").or_else(|| file.strip_suffix(".d"))?;
    let (name, digest) = stem.rsplit_once('.')?;
    let is_digest = digest.len() == DIGITS && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_digest.then_some((name, digest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_made_here_are_removed() {
        for name in ["a.0123456789abcdef.lua", "a.b.0123456789abcdef.d"] {
            assert!(is_ours(name), "{name}");
        }
        for name in
            ["a.lua", "a.toml", "a.0123456789abcde.lua", "a.0123456789abcdeg.lua", "0123456789abcdef.lua", "a.d"]
        {
            assert!(!is_ours(name), "{name}");
        }
    }
}
