//! `tenterhook replay`: real routes through a script.
//!
//! | hook point | fires for |
//! | --- | --- |
//! | `bgp.route_match` | every announced route |
//! | `bgp.process` | every withdrawn and every announced route, in the order of the file |
//! | `bgp.peer_status` | every change of a session's state |
//!
//! With `--json` one object: `files` (each with `records`, `announced`, `withdrawn`, `skipped`), `calls`, `results` (how
//! often each result of the hook point had each value, policy's choices included), `changes`, `faults` and `denied` by
//! cause, `fuel` percentiles.

mod player;

use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use self::player::{Player, Records};
use crate::exit::Exit;
use crate::logs::{Collector, Line};
use crate::mrt::{Event, Reader, Skipped, Summary};
use crate::setup::{self, Attaching, Overrides, PolicyArgs, Script};
use crate::text;

/// Most skipped stretches of a file that are listed; all are counted.
const MOST_SKIPPED: usize = 1_000;
/// Most log lines that are shown.
const MOST_LINES: usize = 10;

/// Sends the routes of MRT files through a script
#[derive(Debug, Args)]
pub struct ReplayArgs {
    /// Hook point, such as bgp.route_match
    #[arg(long, value_name = "NAME")]
    hook: String,
    /// Lua script with the hook point's handler
    #[arg(long, value_name = "FILE")]
    script: PathBuf,
    /// MRT files, plain or gzip, in this order
    #[arg(long, value_name = "FILE", required = true, num_args = 1..)]
    mrt: Vec<PathBuf>,
    #[command(flatten)]
    policy: PolicyArgs,
    /// One object of JSON
    #[arg(long)]
    json: bool,
}

/// One file, once it is read.
struct Replayed {
    name: String,
    summary: Summary,
    skipped: Vec<Skipped>,
}

/// Runs the command.
pub fn run(args: &ReplayArgs, out: &mut dyn Write) -> Result<Exit> {
    let records = Records::of(&args.hook)?;
    let declaration = setup::catalog_hook_point(&args.hook)?;
    let script = Script::read(&args.script, &declaration.handler)?;
    // All files first: a name that is wrong should not cost a replay of the others.
    let files = args.mrt.iter().map(|path| Ok((path, open(path)?))).collect::<Result<Vec<_>>>()?;
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

    let bar = progress(files.iter().map(|(_, file)| file.metadata().map_or(0, |metadata| metadata.len())).sum());
    let mut player = Player::new(hook, records)?;
    let mut replayed = Vec::new();
    let start = Instant::now();
    for (path, file) in files {
        let name = path.display().to_string();
        let mut reader = Reader::new(bar.wrap_read(file)).with_context(|| format!("MRT file {name}"))?;
        let mut skipped = Vec::new();
        for event in reader.by_ref() {
            match event {
                Event::Record(record) => player.play(&record)?,
                Event::Skipped(stretch) if skipped.len() < MOST_SKIPPED => skipped.push(stretch),
                Event::Skipped(_) => {}
            }
        }
        replayed.push(Replayed { name, summary: reader.summary(), skipped });
    }
    let time = start.elapsed();
    bar.finish_and_clear();

    let logged = logs.take();
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &json_report(&replayed, &player, time, &logged))?;
        writeln!(out)?;
    } else {
        print(args, &replayed, &player, time, &logged, out)?;
    }
    if let Some(empty) = replayed.iter().find(|file| file.summary.records == 0) {
        let what = format!("{} were skipped", text::counted(empty.summary.skipped_bytes, "byte"));
        bail!("MRT file {}: expected MRT records, found none ({what})", empty.name);
    }
    Ok(player.exit())
}

fn open(path: &Path) -> Result<File> {
    File::open(path).with_context(|| format!("MRT file {}", path.display()))
}

/// Reports that nothing was replayed, and why.
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

/// A bar over the files' bytes; on terminals only.
fn progress(bytes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {bytes} of {total_bytes}, {eta} left");
    ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn per_second(calls: u64, time: Duration) -> u64 {
    (calls as f64 / time.as_secs_f64().max(1e-9)) as u64
}

fn json_report(files: &[Replayed], player: &Player, time: Duration, logged: &(Vec<Line>, u64)) -> Json {
    let skipped =
        |stretch: &Skipped| json!({ "offset": stretch.offset, "bytes": stretch.bytes, "reason": stretch.reason });
    let file = |file: &Replayed| {
        json!({
            "file": file.name,
            "records": file.summary.records,
            "announced": file.summary.announced,
            "withdrawn": file.summary.withdrawn,
            "bytes": file.summary.bytes,
            "skipped": file.skipped.iter().map(skipped).collect::<Vec<_>>(),
            "skipped_count": file.summary.skipped,
            "skipped_bytes": file.summary.skipped_bytes,
        })
    };
    json!({
        "files": files.iter().map(file).collect::<Vec<_>>(),
        "calls": player.stats.calls,
        "results": player.outcomes.json(),
        "changes": player.outcomes.changes_json(),
        "faults": player.stats.faults,
        "fault_examples": player.examples,
        "denied": player.stats.denied,
        "unknown_states": player.unknown_states,
        "fuel": player.stats.fuel_json(),
        "seconds": time.as_secs_f64(),
        "calls_per_second": per_second(player.stats.calls, time),
        "log_lines": logged.1,
        "logs": logged.0,
    })
}

fn print(
    args: &ReplayArgs,
    files: &[Replayed],
    player: &Player,
    time: Duration,
    (lines, logged): &(Vec<Line>, u64),
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut table = text::table(&["file", "records", "announced", "withdrawn", "skipped"]);
    for file in files {
        let summary = &file.summary;
        let numbers = [summary.records, summary.announced, summary.withdrawn, summary.skipped];
        let mut row = vec![comfy_table::Cell::new(&file.name)];
        row.extend(numbers.map(|number| text::right(text::grouped(number))));
        table.add_row(row);
    }
    text::print(&table, out)?;
    for file in files {
        for stretch in &file.skipped {
            let bytes = text::counted(stretch.bytes, "byte");
            writeln!(out, " skipped {bytes} at {} of {}: {}", stretch.offset, file.name, stretch.reason)?;
        }
        let more = file.summary.skipped - file.skipped.len() as u64;
        if more > 0 {
            writeln!(out, " and {} more of {}", text::grouped(more), file.name)?;
        }
    }

    let stats = &player.stats;
    writeln!(out)?;
    let mut table = text::table(&[&args.hook, "", "calls", ""]);
    let mut row = |what: &str, value: &str, count: u64, note: &str| {
        table.add_row([what.into(), value.into(), text::right(text::grouped(count)), text::plain(note).into()]);
    };
    for (result, value, count) in player.outcomes.rows() {
        row(result, &value, count, "");
    }
    for (argument, count) in player.outcomes.changes() {
        row(argument, "changed", count, "");
    }
    for (cause, count) in &stats.faults {
        let example = player.examples.get(cause).map(String::as_str).unwrap_or_default();
        row("fault", cause, *count, example.lines().next().unwrap_or_default());
    }
    for (cause, count) in &stats.denied {
        row("denied", cause, *count, "");
    }
    row("all", "", stats.calls, "");
    text::print(&table, out)?;

    let rate = text::grouped(per_second(stats.calls, time));
    writeln!(out)?;
    writeln!(
        out,
        "fuel     p50 {}, p99 {}, at most {}",
        text::grouped(stats.fuel(50.0)),
        text::grouped(stats.fuel(99.0)),
        text::grouped(stats.most_fuel())
    )?;
    writeln!(out, "time     {} in all, {rate} calls per second, reading the files included", text::duration(time))?;
    if player.unknown_states > 0 {
        writeln!(out, "left out {}", text::counted(player.unknown_states, "change of state with an unknown number"))?;
    }
    for line in lines {
        let number = line.line.map(|number| format!("line {number}: ")).unwrap_or_default();
        writeln!(out, "log      {:<6} {number}{}", line.level, line.message)?;
    }
    if *logged > lines.len() as u64 {
        writeln!(out, "         {} in all", text::counted(*logged, "log line"))?;
    }
    Ok(())
}
