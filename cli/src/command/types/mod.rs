//! `tenterhook types`: the types of arguments and answers, for editors.
//!
//! ```text
//! hook points ──▶ render ──▶ bgp.lua, demo.lua, …    a file per namespace     (render.rs)
//!                            tenterhook.lua           log, net, their values   (library.lua)
//!                            .luarc.json              which of Lua's own libraries there are
//! ```

mod render;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use clap::Args;
use serde_json::json;
use tenterhook::hooks::schema::Declaration;

use crate::exit::Exit;
use crate::live::LiveArgs;
use crate::{setup, text};

pub use render::head;

/// The libraries that scripts find at every hook point; a test compares them with the sandbox.
pub const LIBRARY: &str = include_str!("library.lua");

/// Writes definitions that give editors (LuaLS, EmmyLua) completion and type checks of scripts
#[derive(Debug, Args)]
pub struct TypesArgs {
    /// Only this hook point; by default all of them
    #[arg(long, value_name = "NAME")]
    hook: Option<String>,
    /// Folder to write the files to; by default standard output
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    live: LiveArgs,
}

/// Runs the command.
pub fn run(args: &TypesArgs, out: &mut dyn Write) -> Result<Exit> {
    let hooks = match &args.hook {
        Some(name) => vec![setup::hook_point(name, &args.live)?],
        None => setup::hook_points(&args.live)?,
    };
    let files = files(&hooks);
    match &args.out {
        Some(folder) => {
            write(folder, &files)?;
            for name in files.keys() {
                writeln!(out, "{}", text::path(&folder.join(name)))?;
            }
            writeln!(out, "\nLet your editor's Lua language server read the folder (workspace.library).")?;
        }
        None => {
            for text in files.iter().filter(|(name, _)| name.ends_with(".lua")).map(|(_, text)| text) {
                writeln!(out, "{text}")?;
            }
        }
    }
    Ok(Exit::Result)
}

/// The files by name.
pub fn files(hooks: &[Arc<Declaration>]) -> BTreeMap<String, String> {
    let mut namespaces: BTreeMap<&str, Vec<&Declaration>> = BTreeMap::new();
    for of in hooks {
        namespaces.entry(render::prefix(of)).or_default().push(of);
    }
    let mut files = BTreeMap::from([
        ("tenterhook.lua".to_owned(), LIBRARY.to_owned()),
        (".luarc.json".to_owned(), configuration(".")),
    ]);
    for (namespace, hooks) in namespaces {
        files.insert(format!("{namespace}.hooks.lua"), render::namespace(&hooks));
    }
    files
}

/// A configuration for LuaLS and EmmyLua: Lua 5.4 without what the sandbox lacks.
pub fn configuration(library: &str) -> String {
    let configuration = json!({
        "$schema": "https://raw.githubusercontent.com/LuaLS/vscode-lua/master/setting/schema.json",
        "runtime.version": "Lua 5.4",
        "runtime.builtin": { "io": "disable", "os": "disable", "package": "disable" },
        "workspace.library": [library],
    });
    format!("{configuration:#}\n")
}

/// Writes the files; existing ones are overwritten.
pub fn write(folder: &Path, files: &BTreeMap<String, String>) -> Result<()> {
    std::fs::create_dir_all(folder).with_context(|| format!("folder {}", text::path(folder)))?;
    for (name, text) in files {
        let path = folder.join(name);
        std::fs::write(&path, text).with_context(|| format!("writing {}", text::path(&path)))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every function of the sandbox's own libraries has a definition, and there are no others.
    #[test]
    fn the_library_is_the_sandbox_s() {
        let list = include_str!("../../../../tests/golden/libraries/functions.lua");
        let header: String = list.lines().take_while(|line| line.starts_with("--!")).collect();
        let is_ours = |name: &&str| name.starts_with("log.") || name.starts_with("net.");
        let mut found: Vec<&str> = header.split('"').skip(1).step_by(2).filter(is_ours).collect();
        let mut defined: Vec<&str> = LIBRARY
            .lines()
            .filter_map(|line| line.strip_prefix("function ")?.split_once('('))
            .map(|(name, _)| name)
            .filter(|name| name.contains('.'))
            .collect();
        found.sort_unstable();
        defined.sort_unstable();
        assert_eq!(defined, found);
    }
}
