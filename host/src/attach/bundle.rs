//! A script and its modules.
//!
//! The guest loads one chunk. A script with modules becomes one: it compiles each text under its own name, so that
//! errors and tracebacks name the author's files and lines, and provides a `require` that finds these modules and
//! nothing else. A script without modules is loaded as it is and has no `require`. In both cases, [`lua`] decides which
//! part of a file Lua compiles.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use sha2::{Digest, Sha256};
use tenterhook_sandbox::Fault;

use super::error::AttachError;
use super::text::lua;

/// The script's own name among the files of a bundle.
const MAIN: &str = "main";

/// A script and its modules, by the name that `require` takes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bundle {
    /// The script.
    pub main: Vec<u8>,
    /// The modules.
    pub modules: BTreeMap<String, Vec<u8>>,
}

/// The code before the modules, between them and the script, and after it. It is on one line, so that only the author's
/// text has line numbers above 1.
const HEAD: &str = "local load,error,type,tostring,made,loaded,running=load,error,type,tostring,{},{},{} \
     local function compile(text,name) local f,e=load(text,name,'t') if not f then error(e,0) end return f end ";
const REQUIRE: &str = "function require(name) local module=loaded[name] if module~=nil then return module end \
     local f=made[name] if not f then error('no module '..(type(name)=='string' and \"'\"..name..\"'\" or \
     tostring(name))..' in the bundle',2) end \
     if running[name] then error(\"module '\"..name..\"' requires itself\",2) end \
     running[name]=true module=f(name) running[name]=nil if module==nil then module=true end \
     loaded[name]=module return module end ";

impl Bundle {
    /// The most modules of a bundle.
    pub const MAX_MODULES: usize = 64;

    /// The size of a disk block in bytes, used by [`Bundle::disk_size`].
    pub const BLOCK: usize = 4096;

    /// The size of script and modules in bytes.
    pub(crate) fn size(&self) -> usize {
        self.main.len() + self.modules.values().map(Vec::len).sum::<usize>()
    }

    /// The size on disk in bytes, including the attachment file, in whole blocks.
    pub fn disk_size(&self) -> usize {
        let blocks = |text: &Vec<u8>| text.len().div_ceil(Bundle::BLOCK).max(1);
        let folders = self.modules.keys().map(|name| name.matches('.').count()).sum::<usize>();
        let folders = folders + usize::from(!self.modules.is_empty());
        (blocks(&self.main) + self.modules.values().map(blocks).sum::<usize>() + folders + 1) * Bundle::BLOCK
    }

    /// Checks the limits that apply to loading.
    pub(crate) fn check(&self) -> Result<(), AttachError> {
        if self.modules.len() > Bundle::MAX_MODULES {
            let reason = format!("{} modules, expected at most {}", self.modules.len(), Bundle::MAX_MODULES);
            return Err(AttachError::Module { name: "modules".to_owned(), reason });
        }
        // In the folder of attachments it would overwrite the script.
        if self.modules.contains_key(MAIN) {
            let reason = "this is the name of the script's own file; expected a different one".to_owned();
            return Err(AttachError::Module { name: MAIN.to_owned(), reason });
        }
        let part = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        };
        match self.modules.keys().find(|name| name.len() > 64 || !name.split('.').all(part)) {
            None => Ok(()),
            Some(name) => Err(AttachError::Module {
                name: name.clone(),
                reason: "expected 1 to 64 letters, digits, '_' or '-', with single dots between".to_owned(),
            }),
        }
    }

    /// The chunk that the guest loads; `script` is the script's name in errors.
    ///
    /// # Errors
    /// A fault `load` if a file is not text.
    pub(crate) fn chunk(&self, script: &str) -> Result<Cow<'_, [u8]>, Fault> {
        let main = text_of(script, &self.main)?;
        if self.modules.is_empty() {
            return Ok(Cow::Borrowed(main));
        }
        let mut chunk = HEAD.as_bytes().to_vec();
        for (name, text) in &self.modules {
            let text = text_of(&Bundle::file_of(name), text)?;
            chunk.extend_from_slice(format!("made[\"{name}\"]=compile(").as_bytes());
            quote(&mut chunk, text);
            chunk.extend_from_slice(format!(",\"@{}\") ", Bundle::file_of(name)).as_bytes());
        }
        chunk.extend_from_slice(REQUIRE.as_bytes());
        chunk.extend_from_slice(b"return compile(");
        quote(&mut chunk, main);
        chunk.push(b',');
        quote(&mut chunk, format!("@{script}").as_bytes());
        chunk.extend_from_slice(b")(...)");
        Ok(chunk.into())
    }

    /// A chunk that compiles `text` as the script and ends with the compiler's error; it never runs the text.
    pub(crate) fn trial(text: &[u8], script: &str) -> Vec<u8> {
        let mut chunk = b"local f,e=load(".to_vec();
        quote(&mut chunk, text);
        chunk.push(b',');
        quote(&mut chunk, format!("@{script}").as_bytes());
        chunk.extend_from_slice(b",'t') error(e or '',0)");
        chunk
    }

    /// The file in which a module is saved, and by which errors name it: `lib/prefixes.lua` for `lib.prefixes`.
    pub fn file_of(module: &str) -> String {
        format!("{}.lua", module.replace('.', "/"))
    }

    /// SHA-256 over names, lengths and texts, in hexadecimal.
    pub fn sha256(&self) -> String {
        let mut hasher = Sha256::new();
        let mut text = |text: &[u8]| {
            hasher.update((text.len() as u64).to_le_bytes());
            hasher.update(text);
        };
        text(&self.main);
        for (name, module) in &self.modules {
            text(name.as_bytes());
            text(module);
        }
        hasher.finalize().iter().fold(String::new(), |mut hex, byte| {
            // Writing to a string does not fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// The part of a file of that name that Lua compiles.
fn text_of<'a>(name: &str, file: &'a [u8]) -> Result<&'a [u8], Fault> {
    lua(file).map_err(|kind| Fault::Load {
        message: format!("{name}:1: the file is {kind}, expected the text of a Lua script"),
        traceback: None,
    })
}

/// `text` as a string in long brackets, which its content cannot end.
fn quote(chunk: &mut Vec<u8>, text: &[u8]) {
    // The closing brackets in the text, by their number of equal signs, are found in one pass, so that a text full of
    // them costs no more than another.
    let mut has = BTreeSet::new();
    let mut signs = None;
    for byte in text {
        signs = match (byte, signs) {
            (b'=', Some(signs)) => Some(signs + 1),
            (b']', before) => {
                has.extend(before);
                Some(0_usize)
            }
            _ => None,
        };
    }
    // The end of the text could form a closing bracket together with the real one.
    has.extend(signs);
    // A text of n bytes cannot contain every bracket of up to n + 1 equal signs.
    let level = (1..).find(|level| !has.contains(level)).unwrap_or(1);
    let signs = b"=".repeat(level);
    for part in [b"[".as_slice(), &signs, b"[\n", text, b"]", &signs, b"]"] {
        chunk.extend_from_slice(part);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_are_longer_than_any_in_the_text() {
        for (text, level) in [
            ("x", 1),
            ("]]", 1),
            ("a]=]b", 2),
            ("]=]]==]", 3),
            ("]=", 2),
            ("]", 1),
            ("a]==", 1),
            ("]=]x]==", 3),
            ("=]=", 2),
        ] {
            let mut chunk = Vec::new();
            quote(&mut chunk, text.as_bytes());
            let signs = "=".repeat(level);
            assert_eq!(String::from_utf8(chunk).expect("text"), format!("[{signs}[\n{text}]{signs}]"));
        }
    }

    #[test]
    fn names_of_modules_stay_within_the_bundle() {
        let with = |name: &str| Bundle { main: Vec::new(), modules: BTreeMap::from([(name.to_owned(), Vec::new())]) };
        for name in ["util", "acl.net", "a-b_c", "9", "main.x", "Main"] {
            assert!(with(name).check().is_ok(), "{name}");
        }
        for name in ["main", "", ".", "..", "a..b", ".a", "a.", "a/b", "a\\b", "a b", "é", "a\"b", &"a".repeat(65)] {
            assert!(with(name).check().is_err(), "{name}");
        }
        assert_eq!(Bundle::file_of("acl.net"), "acl/net.lua");
    }

    #[test]
    fn size_counts_script_and_modules() {
        let modules = BTreeMap::from([("a".to_owned(), vec![b' '; 90]), ("b".to_owned(), vec![b' '; 3])]);
        assert_eq!(Bundle { main: vec![b' '; 10], modules }.size(), 103);
    }

    #[test]
    fn the_digest_tells_where_one_text_ends() {
        let bundle = |main: &str, name: &str, text: &str| {
            Bundle { main: main.into(), modules: BTreeMap::from([(name.to_owned(), text.into())]) }.sha256()
        };
        assert_ne!(bundle("ab", "c", "d"), bundle("a", "bc", "d"));
        assert_ne!(bundle("a", "b", "cd"), bundle("a", "bc", "d"));
        assert_eq!(bundle("a", "b", "c"), bundle("a", "b", "c"));
    }
}
