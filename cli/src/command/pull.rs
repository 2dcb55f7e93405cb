//! `tenterhook pull`: writes the attachments of a running program as a folder for `tenterhook apply`.
//!
//! ```text
//! DIR/<tenant>/<name>.toml           hook point, order, state, fingerprint
//! DIR/<tenant>/<name>.lua            the script; with modules instead:
//! DIR/<tenant>/<name>/main.lua, …    the script, and each module where `require` has its name from
//! ```

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use serde_json::{Value as Json, json};
use tenterhook_control_api::{AttachmentDetail, Attachments, Source};

use crate::exit::{Exit, warn};
use crate::live::{Client, Filter, LiveArgs, Target, print_json};
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

/// A file of the folder and its content.
type File = (PathBuf, Vec<u8>);

/// Runs the command.
pub fn run(args: &PullArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    let listed: Attachments = client.get("/v1/attachments", &args.filter.query())?;
    if listed.attachments.is_empty() {
        args.filter.known(&client)?;
    }
    // Everything is fetched before anything is written: a program that ends meanwhile leaves no partial folder.
    let mut files: Vec<File> = Vec::new();
    let mut pulled = Vec::new();
    for attachment in &listed.attachments {
        let target = Target { tenant: attachment.tenant.clone(), name: attachment.name.clone() };
        if !attachment.managed {
            warn(&format!("{target} is left out: the program attached it"));
            continue;
        }
        files.extend(contents(detail(&client, &target)?)?);
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

fn detail(client: &Client, target: &Target) -> Result<AttachmentDetail> {
    let json: Json = client.get(&target.path(), &[])?;
    serde_json::from_value(json).with_context(|| format!("the program's description of {target}"))
}

/// The files of an attachment, relative to the folder.
fn contents(of: AttachmentDetail) -> Result<Vec<File>> {
    let a = &of.attachment;
    let (tenant, name) = (part(&a.tenant)?, part(&a.name)?);
    let folder = Path::new(tenant);
    let script = if of.module_sources.is_empty() { format!("{name}.lua") } else { format!("{name}/main.lua") };
    let mut toml = toml::Table::new();
    let mut put = |key: &str, value: toml::Value| toml.insert(key.to_owned(), value);
    put("hook", a.hook.clone().into());
    put("script", script.clone().into());
    put("shown_as", a.script.clone().into());
    put("order", a.order.into());
    put("enabled", a.enabled.into());
    if let Some(state) = &of.asked_state {
        put("state", state.clone().into());
    }
    put("fingerprint", of.fingerprint.clone().into());
    let mut files = vec![
        (folder.join(format!("{name}.toml")), toml.to_string().into_bytes()),
        (folder.join(script), bytes(of.source)?),
    ];
    for (module, source) in of.module_sources.iter() {
        // Parts of a module's name are folders, and none of them may lead elsewhere.
        let parts = module.split('.').map(part).collect::<Result<Vec<_>>>()?;
        files.push((folder.join(name).join(format!("{}.lua", parts.join("/"))), bytes(source.clone())?));
    }
    Ok(files)
}

/// A script's bytes; the program's response is not trusted.
fn bytes(source: Source) -> Result<Vec<u8>> {
    source.into_bytes().map_err(anyhow::Error::msg).context("the program's answer")
}

/// A name that is one part of a path; the program's response is not trusted.
fn part(name: &str) -> Result<&str> {
    let fits = !name.is_empty() && !name.starts_with('.') && !name.contains(['/', '\0']);
    if fits { Ok(name) } else { bail!("the program returned {name:?}, which is not a file name") }
}

/// Writes the files into an empty folder.
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
}
