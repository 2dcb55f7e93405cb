//! `tenterhook detach`, `enable`, `disable`, `adopt`, `discard`, `move` and `copy`.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Args;
use hyper::Method;
use serde_json::Value as Json;
use tenterhook_control_api::{Changed, Copy, Order};

use super::changed::{report, report_line};
use super::place::Place;
use crate::exit::{Exit, each};
use crate::live::{Client, LiveArgs, Refusal, Target, present, revision};
use crate::setup;

/// Attachments to change, independently of each other.
#[derive(Debug, Args)]
pub struct ManageArgs {
    /// The attachments; if one cannot be changed, the others still are, and the exit code is that of the first failure
    #[arg(value_name = "TENANT/NAME", required = true)]
    targets: Vec<Target>,
    /// Revision that the change is made against; by default the current one
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print one line of JSON for each attachment
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
    /// Revision that the change is made against; by default the current one
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Copies an attachment to another hook point
#[derive(Debug, Args)]
pub struct CopyArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// The other hook point
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// Name of the copy; by default the name of the other hook point's handler
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// A change of an attachment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Detach,
    Enable,
    Disable,
    Adopt,
    Discard,
}

impl Change {
    fn done(self) -> &'static str {
        match self {
            Change::Detach => "detached",
            Change::Enable => "enabled",
            Change::Disable => "disabled",
            Change::Adopt => "adopted",
            Change::Discard => "discarded",
        }
    }
}

/// Runs `detach`, `enable`, `disable`, `adopt` or `discard` for each attachment; a failure does not stop the others.
pub fn change(change: Change, args: &ManageArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.revision.is_some() && args.targets.len() > 1 {
        bail!("--revision requires exactly one attachment");
    }
    let client = args.live.client()?;
    let mut named = Vec::new();
    for target in &args.targets {
        // An attachment that is named twice is changed once.
        if !named.contains(&target) {
            named.push(target);
        }
    }
    each(&named, |target| one(change, target, args, &client, out))?;
    Ok(Exit::Result)
}

fn one(change: Change, target: &Target, args: &ManageArgs, client: &Client, out: &mut dyn Write) -> Result<()> {
    let (_, now) = revision(client, target)?;
    let query = [("revision", args.revision.unwrap_or(now).to_string())];
    let (method, path) = match change {
        Change::Detach => (Method::DELETE, target.path()),
        Change::Enable => (Method::POST, format!("{}/enable", target.path())),
        Change::Disable => (Method::POST, format!("{}/disable", target.path())),
        Change::Adopt => (Method::POST, format!("{}/adopt", target.path())),
        Change::Discard => (Method::POST, format!("{}/discard", target.path())),
    };
    let answer: Json = client.send(method, &path, &query, None)?;
    if args.json {
        serde_json::to_writer(&mut *out, &answer)?;
        writeln!(out)?;
        return Ok(());
    }
    let changed: Changed = serde_json::from_value(answer)?;
    match &changed.attachment {
        None => report_line(&format!("{} {target}", change.done()), changed, out),
        Some(a) if a.revision == now => {
            writeln!(out, "{target} is already {}; nothing was changed", change.done())?;
            Ok(())
        }
        Some(_) => report_line(change.done(), changed, out),
    }
}

/// Runs `move`.
pub fn reorder(args: &MoveArgs, out: &mut dyn Write) -> Result<Exit> {
    if args.place.is_empty() {
        bail!("no position given: use --before TENANT/NAME, --after TENANT/NAME or --order N");
    }
    args.place.of(&args.target)?;
    let client = args.live.client()?;
    let revision = match args.revision {
        Some(revision) => revision,
        None => present(&client, &args.target)?.revision,
    };
    let (order, before, after) = args.place.parts();
    let request = serde_json::to_value(Order { order, before, after })?;
    let query = [("revision", revision.to_string())];
    let path = format!("{}/order", args.target.path());
    let answer = client.send(Method::POST, &path, &query, Some(&request))?;
    report("moved", answer, args.json, out)
}

/// Runs `copy`.
pub fn copy(args: &CopyArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    // The attachment is looked up first, so that a wrong name gets a suggestion.
    let from = present(&client, &args.target)?;
    let (order, before, after) = args.place.parts();
    let copy = Copy { hook: args.hook.clone(), name: args.name.clone(), order, before, after };
    let request = serde_json::to_value(copy)?;
    let path = format!("{}/copy", args.target.path());
    let answer = client.send(Method::POST, &path, &[], Some(&request)).map_err(|error| {
        let (here, there) = (setup::handler(&from.hook), setup::handler(&args.hook));
        let is_script_s = error.downcast_ref::<Refusal>().is_some_and(|refusal| refusal.problem.code == "script");
        match is_script_s && here != there {
            true => error.context(format!("{} calls the function {there}, {} calls {here}", args.hook, from.hook)),
            false => error,
        }
    })?;
    report("attached", answer, args.json, out)
}
