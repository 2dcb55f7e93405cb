//! A script with its modules, from a file or a folder.
//!
//! | given | script | modules |
//! | --- | --- | --- |
//! | `route_match.lua` | the file | those of `--module` |
//! | `-` | standard input, under the handler's name | those of `--module` |
//! | `filters/` | `filters/route_match.lua` (the handler's name), else `main.lua`, else the only one | every other `.lua` below: `lib/a.lua` is `require "lib.a"`; none that begins with `---@meta` |

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use tenterhook_control_api::Source;

use crate::{input, text};

/// The deepest folder in which modules are searched.
const MOST_DEPTH: usize = 32;

/// The beginning of files that only editors read, such as those of `tenterhook types`: they do not belong to a bundle.
const DEFINITIONS: &[u8] = b"---@meta";

/// Files by their modules' names: location and content.
type Files = BTreeMap<String, (PathBuf, Vec<u8>)>;

/// A script with its modules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bundle {
    /// The script's file name.
    pub script: String,
    pub source: Vec<u8>,
    /// The modules, by the name that `require` takes.
    pub modules: BTreeMap<String, Vec<u8>>,
}

impl Bundle {
    /// Reads a file, or a folder with a handler of that name.
    pub fn read(path: &Path, handler: &str) -> Result<Bundle> {
        if !path.is_dir() {
            return Bundle::alone(path, handler);
        }
        let files = all(path)?;
        let main = [handler, "main"].into_iter().find(|name| files.contains_key(*name)).map(str::to_owned);
        let Some(main) = main.or_else(|| only(&files)) else {
            bail!("{}: expected {handler}.lua or main.lua in it", text::path(path));
        };
        Bundle::of(files, &main)
    }

    /// Reads a file, or a folder with one of these handlers.
    pub fn read_of_any(path: &Path, handlers: &[&str]) -> Result<Bundle> {
        if !path.is_dir() {
            return Bundle::alone(path, "stdin");
        }
        let files = all(path)?;
        let there: Vec<&str> = handlers.iter().copied().filter(|name| files.contains_key(*name)).collect();
        let main = match there[..] {
            _ if files.contains_key("main") => "main".to_owned(),
            [handler] => handler.to_owned(),
            [] => only(&files).with_context(|| {
                format!(
                    "{}: expected main.lua or a handler's file in it; use --hook NAME to select the handler",
                    text::path(path)
                )
            })?,
            _ => bail!(
                "{}: more than one handler in it ({}.lua); use --hook NAME to select one",
                text::path(path),
                there.join(".lua, ")
            ),
        };
        Bundle::of(files, &main)
    }

    /// One file; a script from standard input gets a default name.
    fn alone(path: &Path, otherwise: &str) -> Result<Bundle> {
        let source = input::read(path, "script")?;
        let script = if input::is_standard(path) { format!("{otherwise}.lua") } else { file_name(path) };
        Ok(Bundle { script, source, modules: BTreeMap::new() })
    }

    /// Reads the script at a location below a folder, such as `filter.lua`; in a folder of its own (`filter/main.lua`)
    /// with the modules there. Nothing outside of `within` is read, whatever the location says.
    pub fn below(within: &Dir, place: &str) -> Result<Bundle> {
        let source = input::read_in(within, place).with_context(|| place.to_owned())?;
        let mut modules = BTreeMap::new();
        if let Some((folder, main)) = place.rsplit_once('/') {
            let mut files = Files::new();
            let inside = within.open_dir(folder).with_context(|| folder.to_owned())?;
            collect(&inside, Path::new(folder), &mut Vec::new(), &mut files)?;
            files.retain(|_, (file, _)| file != &Path::new(folder).join(main));
            modules = sources(files);
        }
        Ok(Bundle { script: file_name(Path::new(place)), source, modules })
    }

    fn of(mut files: Files, main: &str) -> Result<Bundle> {
        let (file, source) = files.remove(main).context("the script is missing")?;
        Ok(Bundle { script: file_name(&file), source, modules: sources(files) })
    }

    /// Adds a module that was given as `NAME=FILE`.
    pub fn module(&mut self, given: &str) -> Result<()> {
        let Some((name, file)) = given.split_once('=') else {
            bail!("--module {given}: expected NAME=FILE, such as lib.prefixes=lib/prefixes.lua");
        };
        self.modules.insert(name.to_owned(), input::read(Path::new(file), "module")?);
        Ok(())
    }

    /// Script and modules in the form of requests.
    pub fn sources(&self) -> (Source, BTreeMap<String, Source>) {
        let modules = self.modules.iter().map(|(name, text)| (name.clone(), Source::of(text)));
        (Source::of(&self.source), modules.collect())
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn sources(files: Files) -> BTreeMap<String, Vec<u8>> {
    files.into_iter().map(|(name, (_, source))| (name, source)).collect()
}

/// The files of a folder.
fn all(path: &Path) -> Result<Files> {
    let folder = Dir::open_ambient_dir(path, ambient_authority());
    let folder = folder.with_context(|| format!("folder {}", text::path(path)))?;
    let mut files = Files::new();
    collect(&folder, path, &mut Vec::new(), &mut files)?;
    Ok(files)
}

/// The only one of the files.
fn only(files: &Files) -> Option<String> {
    files.keys().next().filter(|_| files.len() == 1).cloned()
}

/// Every Lua file below the folder, which is shown as `path`, by its module's name. Symbolic links are not followed.
fn collect(folder: &Dir, path: &Path, parts: &mut Vec<String>, files: &mut Files) -> Result<()> {
    if parts.len() > MOST_DEPTH {
        bail!("{}: folders nest deeper than {MOST_DEPTH}", text::path(path));
    }
    let entries = folder.entries().with_context(|| format!("folder {}", text::path(path)))?;
    for entry in entries {
        let entry = entry?;
        let kind = entry.file_type()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = path.join(&name);
        if name.starts_with('.') {
            continue;
        }
        if kind.is_dir() {
            let inside = folder.open_dir(&name).with_context(|| format!("folder {}", text::path(&path)))?;
            parts.push(name);
            collect(&inside, &path, parts, files)?;
            parts.pop();
        } else if let (true, Some(stem)) = (kind.is_file(), name.strip_suffix(".lua")) {
            let module: Vec<&str> = parts.iter().map(String::as_str).chain([stem]).collect();
            let source = input::read_in(folder, &name).with_context(|| format!("module {}", text::path(&path)))?;
            if source.starts_with(DEFINITIONS) {
                continue;
            }
            let module = module.join(".");
            if let Some((other, _)) = files.get(&module) {
                bail!("{} and {}: both are the module {module}", text::path(other), text::path(&path));
            }
            files.insert(module, (path, source));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_a_script_and_its_modules() -> Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir_all(folder.path().join("lib/deep"))?;
        for (name, text) in [("route_match.lua", "1"), ("lib/a.lua", "2"), ("lib/deep/b.lua", "3"), ("notes.txt", "4")]
        {
            std::fs::write(folder.path().join(name), text)?;
        }
        let bundle = Bundle::read(folder.path(), "route_match")?;
        assert_eq!((bundle.script.as_str(), bundle.source.as_slice()), ("route_match.lua", &b"1"[..]));
        let modules: Vec<&str> = bundle.modules.keys().map(String::as_str).collect();
        assert_eq!(modules, ["lib.a", "lib.deep.b"]);
        let error = Bundle::read(folder.path(), "process").expect_err("which one?").to_string();
        assert!(error.ends_with("expected process.lua or main.lua in it"), "{error}");
        let text = |text: &str| Source::Text(text.to_owned());
        let modules = BTreeMap::from([("lib.a".to_owned(), text("2")), ("lib.deep.b".to_owned(), text("3"))]);
        assert_eq!(bundle.sources(), (text("1"), modules));
        Ok(())
    }

    #[test]
    fn folders_nest_as_deep_as_they_may_and_no_deeper() -> Result<()> {
        for (deep, fits) in [(MOST_DEPTH - 1, true), (MOST_DEPTH, true), (MOST_DEPTH + 1, false)] {
            let folder = tempfile::tempdir()?;
            let inside = folder.path().join("d/".repeat(deep));
            std::fs::create_dir_all(&inside)?;
            std::fs::write(folder.path().join("main.lua"), "1")?;
            std::fs::write(inside.join("m.lua"), "2")?;
            assert_eq!(Bundle::read(folder.path(), "main").is_ok(), fits, "{deep}");
        }
        Ok(())
    }

    #[test]
    fn definitions_are_no_modules_and_no_module_is_there_twice() -> Result<()> {
        let folder = tempfile::tempdir()?;
        std::fs::create_dir_all(folder.path().join("a"))?;
        for (name, text) in [("main.lua", "1"), ("types.lua", "---@meta\n"), ("a/b.lua", "2")] {
            std::fs::write(folder.path().join(name), text)?;
        }
        let bundle = Bundle::read(folder.path(), "main")?;
        assert_eq!(bundle.modules.keys().collect::<Vec<_>>(), ["a.b"]);
        std::fs::write(folder.path().join("a.b.lua"), "3")?;
        let error = Bundle::read(folder.path(), "main").expect_err("which one?").to_string();
        for part in ["/a.b.lua", "/a/b.lua", "both are the module a.b"] {
            assert!(error.contains(part), "{error}");
        }
        Ok(())
    }
}
