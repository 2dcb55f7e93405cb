//! `tenterhook apply`: makes a running program's attachments equal to a folder, and shows the difference first.

mod folder;

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use hyper::Method;
use serde_json::Value as Json;
use tenterhook_control_api::{Applied, Apply, Change, Problem};

use self::folder::Wanted;
use super::attach::CHECKED_FIRST;
use super::preflight::{Candidate, Force, Preflight};
use crate::exit::{Exit, ScriptFails, warn};
use crate::live::{Client, Filter, LiveArgs, Refusal, not_kept, print_json};
use crate::text;

/// Makes a running program's attachments equal to a folder
#[derive(Debug, Args)]
#[command(after_help = CHECKED_FIRST)]
pub struct ApplyArgs {
    /// Folder with one folder per tenant: <tenant>/<name>.toml beside its script
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Apply only this tenant's folder; may be repeated
    #[arg(long = "tenant", value_name = "NAME")]
    tenants: Vec<String>,
    /// Detach attachments that the folder does not contain; without this they are kept
    #[arg(long)]
    prune: bool,
    #[command(flatten)]
    force: Force,
    /// Show the changes without making them
    #[arg(long, group = "decided")]
    dry_run: bool,
    /// Apply without asking for confirmation
    #[arg(long, group = "decided")]
    yes: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON, without asking for confirmation
    #[arg(long, requires = "decided")]
    json: bool,
}

/// Why a change cannot be made.
fn impossible(change: &Change) -> Option<anyhow::Error> {
    let error = change.error.clone()?;
    let whose = text::plain(&format!("{}/{}", change.tenant, change.name));
    Some(anyhow::Error::from(refusal(error)).context(whose))
}

fn refusal(problem: Problem) -> Refusal {
    Refusal { status: 200, problem }
}

/// Runs the command.
pub fn run(args: &ApplyArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut wanted = Wanted::read(&args.folder)?;
    let client = args.live.client()?;
    for file in &wanted.unused {
        let shown = text::path(file);
        warn(&match file.parent() {
            Some(parent) if parent == args.folder => format!("{shown}: not attached: it is in no tenant's folder"),
            _ => format!("{shown}: not attached: no .toml of its tenant's folder names it"),
        });
    }
    if !args.tenants.is_empty() {
        only(&args.tenants, &mut wanted, &client)?;
    }
    let answer = send(&client, &wanted, args.prune, None)?;
    let mut difference: Applied = serde_json::from_value(answer.clone())?;
    difference.changes.retain(|change| change.action != "keep");
    let broken = difference.changes.iter().find_map(impossible);
    if args.json && (args.dry_run || broken.is_some()) {
        print_json(&answer, out)?;
    } else if !args.json {
        show(&difference, out)?;
    }
    if let Some(broken) = broken {
        return Err(broken.context("nothing was changed"));
    }
    look(args, &client, &wanted, &difference)?;
    difference.changes.retain(|change| change.action != "unlisted");
    if args.dry_run || (difference.changes.is_empty() && !args.json) {
        return Ok(Exit::Result);
    }
    if !args.yes && !is_agreed(out)? {
        writeln!(out, "nothing was changed")?;
        return Ok(Exit::Result);
    }
    // Only the shown changes are made: the program rejects them if it has changed since.
    let answer = send(&client, &wanted, args.prune, Some(difference.revision))?;
    if args.json {
        print_json(&answer, out)?;
    } else {
        let applied: Applied = serde_json::from_value(answer)?;
        writeln!(out, "done; the program is at revision {}", applied.revision)?;
        for unsaved in &applied.unsaved {
            writeln!(out, "{}", not_kept(unsaved))?;
        }
    }
    Ok(Exit::Result)
}

/// Restricts the folder to these tenants; each has a folder, or attachments in the program.
fn only(tenants: &[String], wanted: &mut Wanted, client: &Client) -> Result<()> {
    for tenant in tenants.iter().filter(|tenant| !wanted.tenants.contains(tenant)) {
        if let Some(near) = tenterhook::hooks::nearest(tenant, wanted.tenants.iter().map(String::as_str)) {
            bail!("--tenant {tenant}: no folder of that name; did you mean {near}?");
        }
        Filter { tenant: Some(tenant.clone()), hook: None }.known(client)?;
    }
    wanted.attachments.retain(|attach| tenants.contains(&attach.request.tenant));
    wanted.tenants = tenants.to_vec();
    Ok(())
}

/// Checks each script that the program is to get.
fn look(args: &ApplyArgs, client: &Client, wanted: &Wanted, difference: &Applied) -> Result<()> {
    let mut preflight = None;
    let mut faulted = Vec::new();
    for attach in &wanted.attachments {
        let is_new = |change: &&Change| {
            change.tenant == attach.request.tenant
                && change.name == attach.request.name()
                && matches!(change.action.as_str(), "attach" | "replace" | "move")
        };
        let Some(change) = difference.changes.iter().find(is_new) else { continue };
        let preflight = match &preflight {
            Some(preflight) => preflight,
            None => preflight.insert(Preflight::new(client, args.force)?),
        };
        let candidate = Candidate {
            path: &attach.file,
            script: attach.script.clone(),
            hook: &change.hook,
            tenant: &change.tenant,
            state: attach.state,
        };
        match preflight.look(&candidate, args.json) {
            Err(error) if error.downcast_ref::<ScriptFails>().is_some() => {
                faulted.push(text::plain(&format!("{}/{}", change.tenant, change.name)));
            }
            looked => drop(looked?),
        }
    }
    if faulted.is_empty() {
        return Ok(());
    }
    let message = format!(
        "a call with sample arguments ends in a fault of {}: nothing was changed; use --force to continue",
        faulted.join(", ")
    );
    Err(ScriptFails(message).into())
}

/// Requests the difference, or applies the one that was computed at a revision.
fn send(client: &Client, wanted: &Wanted, prune: bool, revision: Option<u64>) -> Result<Json> {
    let request = Apply {
        dry_run: revision.is_none(),
        revision,
        tenants: wanted.tenants.clone(),
        prune,
        attachments: wanted.attachments.iter().map(|attach| attach.request.clone()).collect(),
    };
    client.send(Method::POST, "/v1/apply", &[], Some(&serde_json::to_value(request)?))
}

/// The changes, one line each.
fn show(difference: &Applied, out: &mut dyn Write) -> Result<()> {
    if difference.changes.iter().all(|change| change.action == "unlisted") {
        writeln!(out, "nothing differs")?;
    }
    let coloured = text::is_coloured();
    for change in &difference.changes {
        if change.action == "unlisted" {
            let line = format!("  kept     {}/{} at {}", change.tenant, change.name, change.hook);
            writeln!(out, "{}: not in the folder; --prune detaches it", text::plain(&line))?;
            continue;
        }
        let (sign, style) = match change.action.as_str() {
            "attach" => ("+", "32"),
            "detach" => ("-", "31"),
            _ => ("~", "33"),
        };
        let reason = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
        let line = format!("{sign} {:<8} {}/{} at {}{reason}", change.action, change.tenant, change.name, change.hook);
        writeln!(out, "{}", text::styled(&text::plain(&line), style, coloured))?;
        if let Some(error) = &change.error {
            writeln!(out, "    {}", refusal(error.clone()).to_string().replace('\n', "\n    "))?;
        }
    }
    Ok(())
}

/// Asks the user at the terminal for confirmation.
fn is_agreed(out: &mut dyn Write) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("cannot ask for confirmation without a terminal: use --yes to apply this, or --dry-run to only show it");
    }
    write!(out, "apply? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
