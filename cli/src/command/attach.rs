//! `tenterhook attach` and `tenterhook replace`: put a script into a running program.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use hyper::Method;
use serde_json::Value as Json;
use tenterhook::policies::State;
use tenterhook_control_api::{Attach, Changed, Replace};

use super::changed::report_line;
use super::check::Finding;
use super::place::Place;
use super::preflight::{Candidate, Force, Preflight};
use super::wait::{Wait, wait};
use crate::exit::Exit;
use crate::live::{Bundle, Client, LiveArgs, Target, print_json, revision};
use crate::{input, setup};

/// What precedes the change.
pub const CHECKED_FIRST: &str = "The command checks the script first, as `tenterhook check` does, and reports its \
    warnings. It also calls the script once with sample arguments, in a sandbox of its own. If that call ends in a \
    fault, nothing is changed and the exit code is 3, unless --force is given.";

/// Attaches a script to a hook point of a running program
#[derive(Debug, Args)]
#[command(after_help = CHECKED_FIRST)]
pub struct AttachArgs {
    /// Lua script, a folder with a script and the modules that it requires, or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    path: PathBuf,
    /// Hook point, such as bgp.route_match
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// Tenant that the script runs for
    #[arg(long, value_name = "NAME")]
    tenant: String,
    /// Name of the attachment; by default the handler's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    place: Place,
    #[command(flatten)]
    script: ScriptArgs,
    /// Attach the script disabled: no call reaches it until it is enabled
    #[arg(long)]
    disabled: bool,
    /// Load the script without attaching it, and report the result
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    wait: Wait,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Replaces the script of an attachment atomically
#[derive(Debug, Args)]
#[command(after_help = CHECKED_FIRST)]
pub struct ReplaceArgs {
    /// The attachment
    #[arg(value_name = "TENANT/NAME")]
    target: Target,
    /// Lua script, a folder with a script and the modules that it requires, or - for standard input
    #[arg(value_name = "FILE|DIR|-")]
    path: PathBuf,
    /// Revision that the change is made against; by default the current one
    #[arg(long, value_name = "N")]
    revision: Option<u64>,
    #[command(flatten)]
    script: ScriptArgs,
    #[command(flatten)]
    force: Force,
    #[command(flatten)]
    wait: Wait,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Further properties of a script.
#[derive(Debug, Args)]
pub struct ScriptArgs {
    /// Additional module that the script requires
    #[arg(long = "module", value_name = "NAME=FILE")]
    modules: Vec<String>,
    /// Whether globals persist between calls; overrides the policy
    #[arg(long, value_name = "fresh|kept")]
    state: Option<State>,
    /// Fingerprint of the hook point that the script was written against; any other is rejected
    #[arg(long, value_name = "HEX")]
    fingerprint: Option<String>,
}

impl ScriptArgs {
    fn read(&self, path: &Path, hook: &str) -> Result<Bundle> {
        let mut bundle = Bundle::read(path, setup::handler(hook))?;
        for module in &self.modules {
            bundle.module(module)?;
        }
        Ok(bundle)
    }
}

/// Runs `attach`.
pub fn attach(args: &AttachArgs, out: &mut dyn Write) -> Result<Exit> {
    let bundle = args.script.read(&args.path, &args.hook)?;
    let (source, modules) = bundle.sources();
    let (order, before, after) = args.place.parts();
    let request = serde_json::to_value(Attach {
        hook: args.hook.clone(),
        tenant: args.tenant.clone(),
        name: args.name.clone(),
        script: Some(bundle.script.clone()),
        source,
        modules,
        order,
        before,
        after,
        state: args.script.state.map(|state| state.to_string()),
        enabled: args.disabled.then_some(false),
        fingerprint: args.script.fingerprint.clone(),
    })?;
    let client = args.live.client()?;
    let candidate = Candidate {
        path: &args.path,
        script: bundle.into(),
        hook: &args.hook,
        tenant: &args.tenant,
        state: args.script.state,
    };
    let findings = Preflight::new(&client, args.force)?.look(&candidate, args.json)?;
    let path = if args.dry_run { "/v1/check" } else { "/v1/attachments" };
    let mut answer: Json = client.send(Method::POST, path, &[], Some(&request))?;
    if args.dry_run {
        if args.json {
            answer["findings"] = serde_json::to_value(findings)?;
            print_json(&answer, out)?;
        } else {
            writeln!(out, "{} loads at {}; nothing was attached", input::name(&args.path), args.hook)?;
        }
        return Ok(Exit::Result);
    }
    done(&Done { what: "attached", client: &client, findings, wait: args.wait, json: args.json }, answer, out)
}

/// Runs `replace`.
pub fn replace(args: &ReplaceArgs, out: &mut dyn Write) -> Result<Exit> {
    let client = args.live.client()?;
    let (hook, current) = revision(&client, &args.target)?;
    let hook = hook.with_context(|| {
        format!("{} is broken, and its file does not name its hook point; attach the script instead", args.target)
    })?;
    let bundle = args.script.read(&args.path, &hook)?;
    let (source, modules) = bundle.sources();
    let request = serde_json::to_value(Replace {
        script: Some(bundle.script.clone()),
        source,
        modules,
        state: args.script.state.map(|state| state.to_string()),
        fingerprint: args.script.fingerprint.clone(),
    })?;
    let candidate = Candidate {
        path: &args.path,
        script: bundle.into(),
        hook: &hook,
        tenant: &args.target.tenant,
        state: args.script.state,
    };
    let findings = Preflight::new(&client, args.force)?.look(&candidate, args.json)?;
    let query = [("revision", args.revision.unwrap_or(current).to_string())];
    let answer: Json = client.send(Method::PUT, &args.target.path(), &query, Some(&request))?;
    done(&Done { what: "replaced", client: &client, findings, wait: args.wait, json: args.json }, answer, out)
}

/// What was done, and the text about it.
struct Done<'a> {
    what: &'a str,
    client: &'a Client,
    findings: Vec<Finding>,
    wait: Wait,
    json: bool,
}

/// Reports what was done, and the script's calls if `--wait` is given.
fn done(done: &Done<'_>, mut answer: Json, out: &mut dyn Write) -> Result<Exit> {
    let changed: Changed = serde_json::from_value(answer.clone())?;
    let attachment = changed.attachment.clone();
    if !done.json {
        report_line(done.what, changed, out)?;
        out.flush()?;
    }
    let mut exit = Exit::Result;
    if let Some((time, attachment)) = done.wait.wait.zip(attachment) {
        let seen = wait(done.client, &attachment, time)?;
        exit = seen.exit();
        if done.json {
            answer["seen"] = seen.json();
        } else {
            seen.print(time, out)?;
        }
    }
    if done.json {
        answer["findings"] = serde_json::to_value(&done.findings)?;
        print_json(&answer, out)?;
    }
    Ok(exit)
}
