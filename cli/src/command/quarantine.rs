//! `tenterhook quarantine`: lists quarantined attachments, and ends a quarantine.

use std::io::Write;

use anyhow::Result;
use clap::{Args, Subcommand};
use hyper::Method;
use serde_json::Value as Json;
use tenterhook_control_api::Quarantines;

use super::changed::report;
use crate::exit::Exit;
use crate::live::{Filter, LiveArgs, Target, print_json, suggest};
use crate::text;

/// Lists attachments in quarantine, or ends a quarantine
#[derive(Debug, Args)]
pub struct QuarantineArgs {
    #[command(subcommand)]
    command: QuarantineCommand,
}

#[derive(Debug, Subcommand)]
enum QuarantineCommand {
    /// Lists attachments in quarantine
    List {
        #[command(flatten)]
        filter: Filter,
        #[command(flatten)]
        live: LiveArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Ends the quarantine of an attachment now
    Lift {
        /// The attachment
        #[arg(value_name = "TENANT/NAME")]
        target: Target,
        #[command(flatten)]
        live: LiveArgs,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
}

/// Runs the command.
pub fn run(args: &QuarantineArgs, out: &mut dyn Write) -> Result<Exit> {
    match &args.command {
        QuarantineCommand::List { filter, live, json } => {
            let client = live.client()?;
            let answer: Json = client.get("/v1/quarantine", &filter.query())?;
            if answer["quarantined"].as_array().is_some_and(Vec::is_empty) {
                filter.known(&client)?;
            }
            if *json { print_json(&answer, out)? } else { list(serde_json::from_value(answer)?, out)? }
        }
        QuarantineCommand::Lift { target, live, json } => {
            let path = target.path().replacen("/v1/attachments/", "/v1/quarantine/", 1);
            let client = live.client()?;
            let answer = client.send(Method::POST, &format!("{path}/lift"), &[], None);
            report("lifted", answer.map_err(|error| suggest(&client, target, error))?, *json, out)?;
        }
    }
    Ok(Exit::Result)
}

fn list(all: Quarantines, out: &mut dyn Write) -> Result<()> {
    if all.quarantined.is_empty() {
        writeln!(out, "nothing is in quarantine")?;
        return Ok(());
    }
    let mut table = text::table(&["attachment", "hook point", "state", "since", "next probe", "cause"]);
    for q in all.quarantined {
        table.add_row([
            format!("{}/{}", q.tenant, q.name),
            q.hook,
            q.quarantine.state,
            text::moment(&q.quarantine.since),
            q.quarantine.until.as_deref().map_or_else(|| "only when lifted".to_owned(), text::moment),
            text::plain(&q.quarantine.cause),
        ]);
    }
    text::print_fitted(table, &[5], &[3, 1, 5, 2, 4], out)?;
    Ok(())
}
