//! The report of a replay, for people and as JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Map, Value as Json, json};
use tenterhook_bgp::mrt::{Compression, Skipped, Summary};
use tenterhook_bgp::routes::LeftOut;

use super::player::Player;
use crate::logs::Line;
use crate::text;

/// One file after it was read.
pub struct Replayed {
    pub name: String,
    pub compression: Compression,
    pub summary: Summary,
    /// The first skipped stretches.
    pub skipped: Vec<Skipped>,
    /// Routes for which the hook point was not fired.
    pub left_out: BTreeMap<LeftOut, u64>,
}

/// Everything to report.
pub struct Report<'a> {
    pub hook: &'a str,
    pub files: &'a [Replayed],
    pub player: &'a Player,
    pub time: Duration,
    /// The first logged lines, and the number of all.
    pub logged: &'a (Vec<Line>, u64),
}

impl Replayed {
    fn json(&self) -> Json {
        let Summary { records, announced, withdrawn, bytes, skipped, skipped_bytes, .. } = self.summary;
        let Summary { sent, multicast, unknown_peers, unlabelled, .. } = self.summary;
        let stretch = |one: &Skipped| json!({ "offset": one.offset, "bytes": one.bytes, "reason": one.reason });
        let mut malformed = Map::new();
        for (kind, count) in &self.summary.malformed {
            malformed.entry(kind.attribute()).or_insert_with(|| json!({}))[kind.flaw.to_string()] = json!(count);
        }
        let left_out: Map<String, Json> =
            self.left_out.iter().map(|(why, count)| (why.name().to_owned(), json!(count))).collect();
        json!({
            "file": self.name,
            "compression": self.compression.name(),
            "records": records,
            "announced": announced,
            "withdrawn": withdrawn,
            "bytes": bytes,
            "cut_short": self.summary.cut_short,
            "skipped": self.skipped.iter().map(stretch).collect::<Vec<_>>(),
            "skipped_count": skipped,
            "skipped_bytes": skipped_bytes,
            "malformed": malformed,
            "families_not_read": self.summary.families.iter().collect::<BTreeMap<_, _>>(),
            "sent_by_collector": sent,
            "multicast": multicast,
            "unknown_peers": unknown_peers,
            "unlabelled_add_path": unlabelled,
            "left_out": left_out,
        })
    }

    /// Remarks about the file, one line for each kind.
    fn remarks(&self) -> Vec<String> {
        let summary = &self.summary;
        let mut remarks = Vec::new();
        if let Some(reason) = &summary.cut_short {
            let bytes = text::counted(summary.bytes - summary.skipped_bytes, "byte");
            remarks.push(format!("truncated after {bytes} of records: {reason}"));
        }
        for (kind, count) in &summary.malformed {
            let count = text::counted(*count, "time");
            remarks.push(format!("malformed {} ({}), {count}", kind.attribute(), kind.flaw));
        }
        for (family, count) in summary.families.iter() {
            remarks.push(format!("routes of {family} are not supported: {}", text::counted(count, "list")));
        }
        let mut remark = |count: u64, noun: &str, what: &str| {
            if count > 0 {
                remarks.push(format!("{} {what}", text::counted(count, noun)));
            }
        };
        remark(summary.sent, "record", "sent by the collector, not received");
        remark(summary.multicast, "route", "of multicast tables");
        remark(summary.unknown_peers, "route", "of peers missing from the peer index table, shown as AS 0 at 0.0.0.0");
        remark(
            summary.unlabelled,
            "record",
            "with add-path identifiers but without the label; the identifiers were read",
        );
        let left_out = self.left_out.iter().map(|(why, count)| {
            let why = match why {
                LeftOut::SentByCollector => "sent by the collector",
                LeftOut::Multicast => "of multicast tables",
                LeftOut::Malformed => "that a router treats as withdrawn because of malformed attributes",
            };
            format!("left out {} {why}", text::counted(*count, "route"))
        });
        remarks.extend(left_out);
        remarks
    }
}

impl Report<'_> {
    /// The report as JSON.
    pub fn json(&self) -> Json {
        let Report { player, time, logged, .. } = self;
        json!({
            "files": self.files.iter().map(Replayed::json).collect::<Vec<_>>(),
            "calls": player.stats.calls,
            "results": player.outcomes.json(),
            "changes": player.outcomes.changes_json(),
            "faults": player.stats.faults,
            "fault_examples": player.examples,
            "denied": player.stats.denied,
            "unknown_states": player.unknown_states,
            "fuel": player.stats.fuel_json(),
            "seconds": time.as_secs_f64(),
            "calls_per_second": self.per_second(),
            "log_lines": logged.1,
            "logs": logged.0,
        })
    }

    /// The report for people.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        self.print_files(out)?;
        writeln!(out)?;
        self.print_calls(out)?;
        writeln!(out)?;
        let Report { player, time, logged: (lines, logged), .. } = self;
        let stats = &player.stats;
        writeln!(
            out,
            "fuel     p50 {}, p99 {}, at most {}",
            text::grouped(stats.fuel(50.0)),
            text::grouped(stats.fuel(99.0)),
            text::grouped(stats.most_fuel())
        )?;
        let rate = text::grouped(self.per_second());
        writeln!(
            out,
            "time     {} in total, {rate} calls per second, including reading the files",
            text::duration(*time)
        )?;
        if player.unknown_states > 0 {
            writeln!(
                out,
                "left out {}",
                text::counted(player.unknown_states, "change of state with an unknown number")
            )?;
        }
        for line in lines {
            let number = line.line.map(|number| format!("line {number}: ")).unwrap_or_default();
            writeln!(out, "log      {:<6} {number}{}", line.level, line.message)?;
        }
        if *logged > lines.len() as u64 {
            writeln!(out, "         {} in total", text::counted(*logged, "log line"))?;
        }
        Ok(())
    }

    fn per_second(&self) -> u64 {
        (self.player.stats.calls as f64 / self.time.as_secs_f64().max(1e-9)) as u64
    }

    fn print_files(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut table = text::table(&["file", "records", "announced", "withdrawn", "skipped"]);
        for file in self.files {
            let summary = &file.summary;
            let numbers = [summary.records, summary.announced, summary.withdrawn, summary.skipped];
            let mut row = vec![comfy_table::Cell::new(&file.name)];
            row.extend(numbers.map(|number| text::right(text::grouped(number))));
            table.add_row(row);
        }
        text::print(&table, out)?;
        for file in self.files {
            for stretch in &file.skipped {
                let bytes = text::counted(stretch.bytes, "byte");
                writeln!(out, " skipped {bytes} at {} of {}: {}", stretch.offset, file.name, stretch.reason)?;
            }
            let more = file.summary.skipped - file.skipped.len() as u64;
            if more > 0 {
                writeln!(out, " and {} more of {}", text::grouped(more), file.name)?;
            }
            for remark in file.remarks() {
                writeln!(out, " {}: {remark}", file.name)?;
            }
        }
        Ok(())
    }

    fn print_calls(&self, out: &mut dyn Write) -> io::Result<()> {
        let Report { player, hook, .. } = self;
        let mut table = text::table(&[hook, "", "calls", ""]);
        let mut row = |what: &str, value: &str, count: u64, note: &str| {
            table.add_row([what.into(), value.into(), text::right(text::grouped(count)), text::plain(note).into()]);
        };
        for (result, value, count) in player.outcomes.rows() {
            row(result, &value, count, "");
        }
        for (argument, count) in player.outcomes.changes() {
            row(argument, "changed", count, "");
        }
        for (cause, count) in &player.stats.faults {
            let example = player.examples.get(cause).map(String::as_str).unwrap_or_default();
            row("fault", cause, *count, example.lines().next().unwrap_or_default());
        }
        for (cause, count) in &player.stats.denied {
            row("denied", cause, *count, "");
        }
        row("all", "", player.stats.calls, "");
        text::print(&table, out)
    }
}
