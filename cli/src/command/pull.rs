//! `tenterhook pull`: writes the attachments of a running program as a folder for `tenterhook apply`.
//!
//! ```text
//! DIR/<tenant>/<name>.toml           hook point, order, state, fingerprint
//! DIR/<tenant>/<name>.lua            the script; with modules instead:
//! DIR/<tenant>/<name>/main.lua, …    the script, and each module where `require` has its name from
//! ```

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::exit::{Exit, warn};
use crate::live::{Attachment, Attachments, Client, Filter, LiveArgs, Target, print_json};
use crate::text;

/// Writes the operators' attachments as a folder for `apply`
#[derive(Debug, Args)]
pub struct PullArgs {
    /// Folder to create; an existing folder must be empty
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// One attachment in full.
#[derive(Debug, Deserialize)]
struct Detail {
    attachment: Attachment,
    source: Source,
    module_sources: BTreeMap<String, Source>,
    asked_state: Option<String>,
    fingerprint: String,
}

/// A script's text, or its bytes in hexadecimal where they are no text.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Source {
    Text(String),
    Bytes { bytes: String },
}

/// A file of the folder and what is in it.
type File = (PathBuf, Vec<u8>);

/// Runs the command.
pub fn run(args: &PullArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    let listed: Attachments = client.get("/v1/attachments", &args.filter.query())?;
    if listed.attachments.is_empty() {
        args.filter.known(&client)?;
    }
    // All of it before anything is written: a program that goes away leaves no part of a folder.
    let mut files: Vec<File> = Vec::new();
    let mut pulled = Vec::new();
    for attachment in &listed.attachments {
        let target = Target { tenant: attachment.tenant.clone(), name: attachment.name.clone() };
        if !attachment.managed {
            warn(&format!("{target} is left out: the program attached it itself"));
            continue;
        }
        files.extend(detail(&client, &target)?.files()?);
        pulled.push(target.to_string());
    }
    write(&args.folder, &files)?;
    if args.json {
        print_json(&json!({ "folder": args.folder.display().to_string(), "attachments": pulled }), out)?;
    } else {
        let folder = text::path(&args.folder);
        writeln!(out, "{} in {folder}; tenterhook apply {folder} restores them", counted(pulled.len()))?;
    }
    Ok(Exit::Result)
}

fn counted(number: usize) -> String {
    text::counted(number as u64, "attachment")
}

fn detail(client: &Client, target: &Target) -> Result<Detail> {
    let json: Json = client.get(&target.path(), &[])?;
    serde_json::from_value(json).with_context(|| format!("the program's description of {target}"))
}

impl Detail {
    /// Its files, from the folder.
    fn files(self) -> Result<Vec<File>> {
        let a = &self.attachment;
        let (tenant, name) = (part(&a.tenant)?, part(&a.name)?);
        let folder = Path::new(tenant);
        let script = if self.module_sources.is_empty() { format!("{name}.lua") } else { format!("{name}/main.lua") };
        let mut toml = toml::Table::new();
        let mut put = |key: &str, value: toml::Value| toml.insert(key.to_owned(), value);
        put("hook", a.hook.clone().into());
        put("script", script.clone().into());
        put("shown_as", a.script.clone().into());
        put("order", a.order.into());
        put("enabled", a.enabled.into());
        if let Some(state) = &self.asked_state {
            put("state", state.clone().into());
        }
        put("fingerprint", self.fingerprint.clone().into());
        let mut files = vec![
            (folder.join(format!("{name}.toml")), toml.to_string().into_bytes()),
            (folder.join(script), self.source.bytes()?),
        ];
        for (module, source) in self.module_sources {
            // Parts of a module's name are folders: none of them may lead anywhere else.
            let parts = module.split('.').map(part).collect::<Result<Vec<_>>>()?;
            files.push((folder.join(name).join(format!("{}.lua", parts.join("/"))), source.bytes()?));
        }
        Ok(files)
    }
}

/// A name that is one part of a path, whatever the program says.
fn part(name: &str) -> Result<&str> {
    let fits = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0']);
    if fits { Ok(name) } else { bail!("the program returned {name:?}, which is not a file name") }
}

impl Source {
    fn bytes(self) -> Result<Vec<u8>> {
        let digits = match self {
            Source::Text(text) => return Ok(text.into_bytes()),
            Source::Bytes { bytes } => bytes,
        };
        let byte = |at: usize| digits.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let bytes: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(byte).collect();
        bytes.context("the program's answer: expected hexadecimal digits")
    }
}

/// Writes the files into a folder that has nothing in it yet.
fn write(folder: &Path, files: &[File]) -> Result<()> {
    let named = || format!("folder {}", text::path(folder));
    std::fs::create_dir_all(folder).with_context(named)?;
    if std::fs::read_dir(folder).with_context(named)?.next().is_some() {
        bail!("{} is not empty; nothing was written", text::path(folder));
    }
    for (path, content) in files {
        let path = folder.join(path);
        let said = || format!("writing {}", text::path(&path));
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).with_context(said)?;
        std::fs::write(&path, content).with_context(said)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        for name in ["", ".", "..", ".x", "a/b", "/a", "a\0"] {
            assert!(part(name).is_err(), "{name:?}");
        }
        assert!(part("a.b-c_1").is_ok());
    }

    #[test]
    fn sources_are_text_or_hexadecimal() -> Result<()> {
        let read = |json: Json| -> Result<Vec<u8>> { serde_json::from_value::<Source>(json)?.bytes() };
        assert_eq!(read(json!("é"))?, "é".as_bytes());
        assert_eq!(read(json!({ "bytes": "ff00" }))?, [255, 0]);
        assert!(read(json!({ "bytes": "f" })).is_err() && read(json!({ "bytes": "zz" })).is_err());
        Ok(())
    }
}
