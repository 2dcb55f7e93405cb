//! `tenterhook detach`, `enable`, `disable`, `move` and `copy`.

use std::io::Write;

use anyhow::{Error, Result, anyhow, bail};
use clap::Args;
use hyper::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::attach::{Place, tell};
use crate::exit::Exit;
use crate::live::{Attachment, Attachments, Client, LiveArgs, Refusal, Target, print_json};
use crate::text;

/// Attachments to change, each on its own.
#[derive(Debug, Args)]
pub struct ManageArgs {
    /// The attachments
    #[arg(value_name = "TENANT/NAME", required = true)]
    targets: Vec<Target>,
    /// Only if this is its revision still; the present one unless given
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON: a line for each
    #[arg(long)]
    json: bool,
}

/// Moves an attachment within its chain
#[derive(Debug, Args)]
pub struct MoveArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    #[command(flatten)]
    place: Place,
    /// Only if this is its revision still; the present one unless given
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Attaches an attachment's script at another hook point too
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// The other hook point
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// The copy's name; a tenant's names are unique
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// What to do with an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Detach,
    Enable,
    Disable,
}

impl Change {
    fn done(self) -> &'static str {
        match self {
            Change::Detach => "detached",
            Change::Enable => "enabled",
            Change::Disable => "disabled",
        }
    }
}

/// Runs `detach`, `enable` or `disable`.
pub fn change(change: Change, args: &ManageArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.revision.is_some() && args.targets.len() > 1 {
        bail!("--revision is one attachment's; name one attachment");
    }
    let client = args.live.client()?;
    for target in &args.targets {
        let revision = match args.revision {
            Some(revision) => revision,
            None => present(&client, target)?.1,
        };
        let query = [("revision", revision.to_string())];
        let (method, path) = match change {
            Change::Detach => (Method::DELETE, target.path()),
            Change::Enable => (Method::POST, format!("{}/enable", target.path())),
            Change::Disable => (Method::POST, format!("{}/disable", target.path())),
        };
        let answer: Json = client.send(method, &path, &query, None)?;
        if args.json {
            serde_json::to_writer(&mut *out, &answer)?;
            writeln!(out)?;
        } else if change == Change::Detach {
            tell(&format!("detached {target}"), serde_json::from_value(answer)?, out)?;
        } else {
            tell(change.done(), serde_json::from_value(answer)?, out)?;
        }
    }
    Ok(Exit::Result)
}

/// Runs `move`.
pub fn reorder(args: &MoveArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.place.is_empty() {
        bail!("where to? --before TENANT/NAME, --after TENANT/NAME or --order N");
    }
    let client = args.live.client()?;
    let revision = match args.revision {
        Some(revision) => revision,
        None => present(&client, &args.target)?.1,
    };
    let mut request = Map::new();
    args.place.add_to(&mut request);
    let query = [("revision", revision.to_string())];
    let path = format!("{}/order", args.target.path());
    let answer = client.send(Method::POST, &path, &query, Some(&request.into()))?;
    report("moved", answer, args.json, out)
}

/// Runs `copy`.
pub fn copy(args: &CopyArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut request = Map::new();
    request.insert("hook".to_owned(), args.hook.clone().into());
    if let Some(name) = &args.name {
        request.insert("name".to_owned(), name.clone().into());
    }
    args.place.add_to(&mut request);
    let path = format!("{}/copy", args.target.path());
    let answer = args.live.client()?.send(Method::POST, &path, &[], Some(&request.into()))?;
    report("attached", answer, args.json, out)
}

fn report(what: &str, answer: Json, json: bool, out: &mut dyn Write) -> Result<Exit> {
    if json {
        print_json(&answer, out)?;
    } else {
        tell(what, serde_json::from_value(answer)?, out)?;
    }
    Ok(Exit::Result)
}

/// Where an attachment is, and its revision.
pub fn present(client: &Client, target: &Target) -> Result<(String, u64)> {
    #[derive(Deserialize)]
    struct Detail {
        attachment: Attachment,
    }
    let detail: Detail = client.get(&target.path(), &[]).map_err(|error| suggest(client, target, error))?;
    Ok((detail.attachment.hook, detail.attachment.revision))
}

/// Adds the nearest name to what is said of an attachment that is not there.
fn suggest(client: &Client, target: &Target, error: Error) -> Error {
    let is_missing = error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.status == 404);
    let listed = is_missing.then(|| client.get::<Attachments>("/v1/attachments", &[]).ok()).flatten();
    let names: Vec<String> =
        listed.iter().flat_map(|listed| &listed.attachments).map(|a| format!("{}/{}", a.tenant, a.name)).collect();
    match tenterhook::hooks::nearest(&target.to_string(), names.iter().map(String::as_str)) {
        Some(near) => anyhow!("{error}; did you mean {}?", text::plain(near)),
        None => error,
    }
}
