//! `tenterhook replay`: runs a script over real routes.
//!
//! | hook point | fires for |
//! | --- | --- |
//! | `bgp.route_match` | every announced route |
//! | `bgp.process` | every withdrawn and every announced route, in the order of the file |
//! | `bgp.peer_status` | every change of a session's state |
//!
//! With `--json` it prints one object: `files` (each with what was read of it, what was not, and why), `calls`,
//! `results` (how often each result of the hook point had each value, including the policy's dispositions), `changes`,
//! `faults` and `denied` by cause, `fuel` percentiles.
//!
//! The hook point is fired only for those routes of a file for which a router would fire it:
//! [`LeftOut`](tenterhook_bgp::routes::LeftOut) lists the others. No hook point of the catalog has an argument for the
//! time; `peer.last_readtime`, which is in seconds of a monotonic clock, is the record's time, in seconds since 1970.

mod input;
mod player;
mod report;

use std::io::Write;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use tenterhook_bgp::mrt::Event;

use self::input::{Input, no_mrt};
use self::player::{Player, Records};
use self::report::{Replayed, Report};
use crate::exit::Exit;
use crate::logs::Collector;
use crate::setup::{self, Attaching, Overrides, PolicyArgs, Script};
use crate::text;

/// The most skipped stretches of a file that are listed; all are counted.
const MOST_SKIPPED: usize = 1_000;
/// The most log lines that are shown.
const MOST_LINES: usize = 10;

/// Runs a script over the routes of MRT files
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// Hook point, such as bgp.route_match
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// Lua script with the hook point's handler
    #[arg(long, value_name = "FILE")]
    script: PathBuf,
    /// MRT files in this order, plain or compressed with gzip, bzip2, xz or zstd; - for standard input
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    mrt: Vec<PathBuf>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// Exit with status 3 also if part of a file was skipped, malformed, of an unsupported family, sent by the
    /// collector, or of an unknown peer; without this only if a file is truncated
    #[arg(long)]
    strict: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<Exit> {
    let records = Records::of(&args.hook)?;
    let declaration = setup::catalog_hook_point(&args.hook)?;
    let script = Script::read(&args.script, &declaration.handler)?;
    let inputs = Input::all(&args.mrt, &args.script)?;
    let standing = match args.policy.resolve(&args.hook, &Overrides::default())? {
        Ok(standing) => standing,
        Err(message) => {
            refuse(args.json, "denied", "tenant", &message, out)?;
            return Ok(Exit::Denied);
        }
    };
    let logs = Arc::new(Collector::new(MOST_LINES));
    let host = setup::host(logs.clone())?;
    let (hook, _link) = match script.attach(&host, declaration, &standing)? {
        Attaching::Done { hook, link } => (hook, link),
        Attaching::Fault(fault) => {
            refuse(args.json, "fault", fault.cause().as_str(), &fault.to_string(), out)?;
            return Ok(Exit::Fault);
        }
    };

    let bar = progress(inputs.iter().map(|input| input.bytes).sum());
    let mut player = Player::new(hook, records)?;
    let mut files = Vec::new();
    let mut without_records = None;
    let start = Instant::now();
    for input in inputs {
        let mut reader = input.reader(&bar)?;
        let mut skipped = Vec::new();
        for event in reader.by_ref() {
            match event {
                Event::Record(record) => player.play(&record)?,
                Event::Skipped(stretch) if skipped.len() < MOST_SKIPPED => skipped.push(stretch),
                Event::Skipped(_) => {}
            }
        }
        let summary = reader.summary().clone();
        if summary.records == 0 && without_records.is_none() {
            without_records = Some(no_mrt(&reader, skipped.first()).context(input.about()));
        }
        let (compression, left_out) = (reader.compression(), std::mem::take(&mut player.left_out));
        files.push(Replayed { name: input.name, compression, summary, skipped, left_out });
    }
    let time = start.elapsed();
    bar.finish_and_clear();

    let report = Report { hook: &args.hook, files: &files, player: &player, time, logged: &logs.take() };
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report.json())?;
        writeln!(out)?;
    } else {
        report.print(out)?;
    }
    if let Some(error) = without_records {
        return Err(error);
    }
    let incomplete = files.iter().any(|file| match args.strict {
        true => !file.summary.is_clean(),
        false => file.summary.cut_short.is_some(),
    });
    Ok(player.exit().and(if incomplete { Exit::Fault } else { Exit::Result }))
}

/// Reports that nothing was replayed, and the reason.
fn refuse(as_json: bool, outcome: &str, cause: &str, message: &str, out: &mut dyn Write) -> Result<()> {
    if as_json {
        let report = json!({ "outcome": outcome, outcome: { "cause": cause, "message": message }, "calls": 0 });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        writeln!(out, "{outcome}, {cause}: {}", text::plain(message))?;
    }
    Ok(())
}

/// A progress bar over the files' raw bytes, on terminals only. If their number is unknown, they are only counted.
fn progress(bytes: Option<u64>) -> ProgressBar {
    let (bar, template) = match bytes {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:40} {bytes} of {total_bytes}, {eta} left"),
        None => (ProgressBar::no_length(), "{spinner} {bytes}, {bytes_per_sec}"),
    };
    bar.with_style(ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()))
}
