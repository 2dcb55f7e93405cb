//! `tenterhook stats`: shows statistics of the calls in a running program.

use std::io::Write;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Args;
use serde_json::Value as Json;
use tenterhook::policies::Bytes;
use tenterhook_control_api::{AllStats, Counts, Stats};

use crate::exit::Exit;
use crate::live::{Filter, LiveArgs, Target, present, print_json, protection};
use crate::text;

/// Shows statistics of the calls in a running program, by attachment
#[derive(Debug, Args)]
pub struct StatsArgs {
    /// Show only this attachment, in full
    #[arg(value_name = "TENANT/NAME")]
    target: Option<Target>,
    #[command(flatten)]
    filter: Filter,
    /// Count only calls since the script was last replaced
    #[arg(long)]
    since_replace: bool,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(args: &StatsArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut query = args.filter.query();
    if let Some(target) = &args.target {
        query.retain(|(key, _)| *key != "tenant");
        query.push(("tenant", target.tenant.clone()));
    }
    let client = args.live.client()?;
    let mut answer: Json = client.get("/v1/stats", &query)?;
    if let Some(target) = &args.target {
        let attachments = answer["attachments"].as_array_mut();
        let found = attachments.map(|all| {
            all.retain(|stats| stats["name"] == target.name.as_str());
            all.len()
        });
        if found == Some(0) {
            args.filter.known(&client)?;
            let there = present(&client, target)?;
            bail!("{target} is attached at {}, not at the hook point of --hook", there.hook);
        }
    } else if answer["attachments"].as_array().is_some_and(Vec::is_empty) {
        args.filter.known(&client)?;
    }
    if args.since_replace {
        present_scripts(&mut answer);
    }
    if args.json {
        print_json(&answer, out)?;
        return Ok(Exit::Result);
    }
    let stats: AllStats = serde_json::from_value(answer)?;
    match (&args.target, stats.attachments.first()) {
        (Some(_), Some(one)) => detail(&one.counts, out)?,
        (None, None) => writeln!(out, "nothing is attached")?,
        _ => table(&stats, out)?,
    }
    for of in stats.protection.iter().filter(|_| args.target.is_none()) {
        writeln!(out, "{}", protection(of))?;
    }
    Ok(Exit::Result)
}

/// Statistics of the scripts that are attached now, without those of replaced scripts.
pub fn present_scripts(answer: &mut Json) {
    answer["attachments"].as_array_mut().into_iter().flatten().for_each(since_replace);
}

/// Replaces the totals with the counts since the last replacement, if there was one.
pub fn since_replace(stats: &mut Json) {
    let Json::Object(counts) = stats["since_replace"].take() else { return };
    for (key, value) in counts {
        stats[key] = value;
    }
}

fn table(stats: &AllStats, out: &mut dyn Write) -> Result<()> {
    let mut table = text::table(&["attachment", "calls", "answers", "failures", "fuel p50", "p99", "time p50", "p99"]);
    for s in &stats.attachments {
        let counts = &s.counts;
        table.add_row([
            format!("{}/{}", s.tenant, s.name).into(),
            text::right(text::grouped(counts.calls)),
            text::counts(&counts.results).into(),
            failures(s),
            text::right(text::grouped(counts.fuel.p50)),
            text::right(text::grouped(counts.fuel.p99)),
            text::right(ns(counts.latency_ns.p50)),
            text::right(ns(counts.latency_ns.p99)),
        ]);
    }
    text::print_fitted(table, &[2, 3], &[5, 7, 4, 6, 2], out)?;
    Ok(())
}

/// Faults and denials by cause.
fn failures(s: &Stats) -> comfy_table::Cell {
    let denied = (s.denial_count() > 0).then(|| format!("denied: {}", text::counts(&s.counts.denials)));
    let faults = (s.fault_count() > 0).then(|| text::counts(&s.counts.faults));
    let parts: Vec<String> = faults.into_iter().chain(denied).collect();
    comfy_table::Cell::new(if parts.is_empty() { "none".to_owned() } else { parts.join("; ") })
}

/// All counts of an attachment.
pub fn detail(s: &Counts, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "calls      {} since {}", text::grouped(s.calls), text::moment(&s.since))?;
    let changed =
        if s.changed > 0 { format!("; {} changed an argument", text::grouped(s.changed)) } else { String::new() };
    writeln!(out, "answers    {}{changed}", text::counts(&s.results))?;
    writeln!(out, "faults     {}", text::counts(&s.faults))?;
    writeln!(out, "denied     {}", text::counts(&s.denials))?;
    let (fuel, time) = (&s.fuel, &s.latency_ns);
    let quantiles = |of: &dyn Fn(u64) -> String, q: [u64; 4]| {
        format!("p50 {}, p90 {}, p99 {}, max {}", of(q[0]), of(q[1]), of(q[2]), of(q[3]))
    };
    writeln!(out, "fuel       {}", quantiles(&text::grouped, [fuel.p50, fuel.p90, fuel.p99, fuel.max]))?;
    writeln!(out, "time       {}", quantiles(&ns, [time.p50, time.p90, time.p99, time.max]))?;
    writeln!(out, "memory     {} at most", Bytes::new(s.memory_peak_bytes))?;
    writeln!(
        out,
        "log        {} written, {} dropped",
        text::counted(s.log_lines, "line"),
        text::grouped(s.log_lines_dropped)
    )?;
    if let Some(fault) = &s.last_fault {
        writeln!(out, "last fault {}, {}: {}", text::moment(&fault.time), fault.cause, text::plain(&fault.message))?;
        for line in fault.traceback.iter().flat_map(|traceback| traceback.lines()) {
            writeln!(out, "           {}", text::plain(line))?;
        }
    }
    Ok(())
}

fn ns(time: u64) -> String {
    text::duration(Duration::from_nanos(time))
}
