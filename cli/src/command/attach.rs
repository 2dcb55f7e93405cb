//! `tenterhook attach` and `tenterhook replace`: a script goes into a running program.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use hyper::Method;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tenterhook::policies::State;

use crate::exit::Exit;
use crate::live::{Attachment, Bundle, LiveArgs, TAKEN_BACK, Target, print_json};
use crate::{setup, text};

/// Attaches a script to a hook point of a running program
#[derive(Debug, Args)]
pub struct AttachArgs {
    /// Lua script, or a folder with a script and the modules that it requires
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// Hook point, such as bgp.route_match
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// On whose behalf the script runs
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// The attachment's name; the handler's unless given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    script: ScriptArgs,
    /// Attached, but not called until it is enabled
    #[arg(long)]
    disabled: bool,
    /// Only load it, and say what attaching would give
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Puts another script in the place of an attached one, in one step
#[derive(Debug, Args)]
pub struct ReplaceArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// Lua script, or a folder with a script and the modules that it requires
    #[arg(value_name = "FILE|DIR")]
    path: PathBuf,
    /// Only if this is its revision still; the present one unless given
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    script: ScriptArgs,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Where in the chain.
#[derive(Debug, Default, Args)]
#[group(multiple = false)]
pub struct Place {
    /// Place in the chain: lower runs earlier, equals in order of attaching
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    order: Option<i32>,
    /// Right before this one
    #[arg(long, value_name = "TENANT/NAME")]
    before: Option<Target>,
    /// Right after this one
    #[arg(long, value_name = "TENANT/NAME")]
    after: Option<Target>,
}

/// What else there is to say of a script.
#[derive(Debug, Args)]
pub struct ScriptArgs {
    /// A module that the script requires, beside those of a folder
    #[arg(long = "module", value_name = "NAME=FILE")]
    modules: Vec<String>,
    /// Whether globals last from call to call, instead of what the policy says
    #[arg(long, value_name = "fresh|kept")]
    state: Option<State>,
    /// The hook point's fingerprint that the script was written against; another one is refused
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<String>,
}

/// The answer to a change.
#[derive(Debug, Deserialize)]
pub struct Changed {
    /// The host's, after it.
    pub revision: u64,
    /// As it is now.
    pub attachment: Option<Attachment>,
    /// Why it is not in the program's folder.
    #[serde(default)]
    pub unsaved: Option<String>,
}

impl Place {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        self.order.is_none() && self.before.is_none() && self.after.is_none()
    }

    /// Adds what was said to a request.
    pub fn add_to(&self, request: &mut Map<String, Json>) {
        if let Some(order) = self.order {
            request.insert("order".to_owned(), order.into());
        }
        for (key, target) in [("before", &self.before), ("after", &self.after)] {
            if let Some(target) = target {
                request.insert(key.to_owned(), target.to_string().into());
            }
        }
    }
}

impl ScriptArgs {
    fn request(&self, path: &std::path::Path, hook: &str) -> Result<Map<String, Json>> {
        let mut bundle = Bundle::read(path, setup::handler(hook))?;
        for module in &self.modules {
            bundle.module(module)?;
        }
        let mut request = bundle.json();
        if let Some(state) = self.state {
            request.insert("state".to_owned(), state.to_string().into());
        }
        if let Some(fingerprint) = &self.fingerprint {
            request.insert("fingerprint".to_owned(), fingerprint.clone().into());
        }
        Ok(request)
    }
}

/// Runs `attach`.
pub fn attach(args: &AttachArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut request = args.script.request(&args.path, &args.hook)?;
    request.insert("hook".to_owned(), args.hook.clone().into());
    request.insert("tenant".to_owned(), args.tenant.clone().into());
    if let Some(name) = &args.name {
        request.insert("name".to_owned(), name.clone().into());
    }
    args.place.add_to(&mut request);
    if args.disabled {
        request.insert("enabled".to_owned(), false.into());
    }
    let path = if args.dry_run { "/v1/check" } else { "/v1/attachments" };
    let answer: Json = args.live.client()?.send(Method::POST, path, &[], Some(&request.into()))?;
    if args.json {
        print_json(&answer, out)?;
    } else if args.dry_run {
        writeln!(out, "{} loads at {}; nothing was attached", args.path.display(), args.hook)?;
    } else {
        tell("attached", serde_json::from_value(answer)?, out)?;
    }
    Ok(Exit::Result)
}

/// Runs `replace`.
pub fn replace(args: &ReplaceArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    let (hook, revision) = super::manage::present(&client, &args.target)?;
    let request = args.script.request(&args.path, &hook)?;
    let query = [("revision", args.revision.unwrap_or(revision).to_string())];
    let answer: Json = client.send(Method::PUT, &args.target.path(), &query, Some(&request.into()))?;
    if args.json {
        print_json(&answer, out)?;
    } else {
        tell("replaced", serde_json::from_value(answer)?, out)?;
    }
    Ok(Exit::Result)
}

/// One line about a change.
pub fn tell(what: &str, changed: Changed, out: &mut dyn Write) -> Result<()> {
    match changed.attachment {
        Some(a) => writeln!(
            out,
            "{what} {}/{} at {}: place {} in the chain, order {}{}; revision {}",
            a.tenant,
            a.name,
            a.hook,
            a.position,
            a.order,
            if a.enabled { "" } else { ", disabled" },
            a.revision,
        )?,
        None => writeln!(out, "{what}; the program is at revision {}", changed.revision)?,
    }
    if let Some(reason) = changed.unsaved {
        writeln!(out, "not kept: {}; {TAKEN_BACK}", text::plain(&reason))?;
    }
    Ok(())
}
