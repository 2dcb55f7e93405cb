//! `tenterhook apply`: a running program's attachments become those of a folder. The difference is shown first.

mod folder;

use std::io::{BufRead, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Result, bail};
use clap::Args;
use hyper::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use self::folder::Wanted;
use crate::exit::Exit;
use crate::live::{Client, LiveArgs, Problem, Refusal, Unsaved, print_json};
use crate::text;

/// Makes a running program's attachments equal to a folder
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// Folder with a folder for each tenant: <tenant>/<name>.toml beside its script
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only this tenant's; detaches what a tenant without a folder has. May be given again
    #[arg(long = "tenant", value_name = "NAME")]
    tenants: Vec<String>,
    /// Only show what would change
    #[arg(long, group = "decided")]
    dry_run: bool,
    /// Do not ask
    #[arg(long, short, group = "decided")]
    yes: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// As JSON; nobody is asked
    #[arg(long, requires = "decided")]
    json: bool,
}

#[derive(Debug, Deserialize)]
struct Applied {
    revision: u64,
    changes: Vec<Change>,
    #[serde(default)]
    unsaved: Vec<Unsaved>,
}

#[derive(Debug, Deserialize)]
struct Change {
    action: String,
    tenant: String,
    name: String,
    hook: String,
    reason: String,
    error: Option<Json>,
}

impl Change {
    /// Why it cannot be made.
    fn broken(&self) -> Option<anyhow::Error> {
        let error = self.error.as_ref()?;
        let whose = text::plain(&format!("{}/{}", self.tenant, self.name));
        Some(anyhow::Error::from(refusal(error)).context(whose))
    }
}

fn refusal(error: &Json) -> Refusal {
    Refusal { status: 200, problem: Problem::of_json(error) }
}

/// Runs the command.
pub fn run(args: &ApplyArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut wanted = Wanted::read(&args.folder)?;
    if !args.tenants.is_empty() {
        wanted.attachments.retain(|request| args.tenants.iter().any(|tenant| request["tenant"] == tenant.as_str()));
        wanted.tenants.clone_from(&args.tenants);
    }
    let client = args.live.client()?;
    let answer = send(&client, &wanted, None)?;
    let mut difference: Applied = serde_json::from_value(answer.clone())?;
    difference.changes.retain(|change| change.action != "keep");
    let broken = difference.changes.iter().find_map(Change::broken);
    if args.json && (args.dry_run || broken.is_some()) {
        print_json(&answer, out)?;
    } else if !args.json {
        show(&difference, out)?;
    }
    if let Some(broken) = broken {
        return Err(broken.context("nothing was changed"));
    }
    if args.dry_run || (difference.changes.is_empty() && !args.json) {
        return Ok(Exit::Result);
    }
    if !args.yes && !is_agreed(out)? {
        writeln!(out, "nothing was changed")?;
        return Ok(Exit::Result);
    }
    // What was shown, and nothing else: a program that has gone on since refuses.
    let answer = send(&client, &wanted, Some(difference.revision))?;
    if args.json {
        print_json(&answer, out)?;
    } else {
        let applied: Applied = serde_json::from_value(answer)?;
        writeln!(out, "done; the program is at revision {}", applied.revision)?;
        for unsaved in &applied.unsaved {
            writeln!(out, "{unsaved}")?;
        }
    }
    Ok(Exit::Result)
}

/// Asks for the difference, or makes the one that there was at a revision.
fn send(client: &Client, wanted: &Wanted, revision: Option<u64>) -> Result<Json> {
    let request = json!({
        "dry_run": revision.is_none(),
        "revision": revision,
        "tenants": wanted.tenants,
        "attachments": wanted.attachments,
    });
    client.send(Method::POST, "/v1/apply", &[], Some(&request))
}

/// The changes, a line each.
fn show(difference: &Applied, out: &mut dyn Write) -> Result<()> {
    if difference.changes.is_empty() {
        writeln!(out, "nothing differs")?;
    }
    let coloured = text::is_coloured();
    for change in &difference.changes {
        let (sign, style) = match change.action.as_str() {
            "attach" => ("+", "32"),
            "detach" => ("-", "31"),
            _ => ("~", "33"),
        };
        let reason = if change.reason.is_empty() { String::new() } else { format!(": {}", change.reason) };
        let line = format!("{sign} {:<8} {}/{} at {}{reason}", change.action, change.tenant, change.name, change.hook);
        writeln!(out, "{}", text::styled(&text::plain(&line), style, coloured))?;
        if let Some(error) = &change.error {
            writeln!(out, "    {}", refusal(error).to_string().replace('\n', "\n    "))?;
        }
    }
    Ok(())
}

/// Asks whoever sits at the terminal.
fn is_agreed(out: &mut dyn Write) -> Result<bool> {
    if !std::io::stdin().is_terminal() {
        bail!("nobody to ask: --yes applies this, --dry-run only shows it");
    }
    write!(out, "apply? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
