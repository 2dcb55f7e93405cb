//! `tenterhook survive`: the survival suite on this machine, case by case; or two tenants, one of them attacking.
//!
//! With `--json` one object:
//!
//! | key | |
//! | --- | --- |
//! | `cases` | per case: `case`, `about`, `expected`, `outcome`, `fuel`, `ns`, `ns_per_fuel` of its heaviest call, `within_promise`, `holds`, `problems`, and all `calls` |
//! | `held`, `total` | how many cases hold, and how many there are |
//! | `ns_per_fuel` | `median` and `max` over the cases, and `max_case` |

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, anyhow, bail};
use clap::Args;
use comfy_table::Cell;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value as Json, json};

use crate::exit::Exit;
use crate::survive::{Case, Expected, Made, Report, Stand, Stress, cases, cases_in, stress};
use crate::text::{self, counted, duration, grouped, right};

/// The fuel below which a call's time says nothing about fuel.
const LEAST_FUEL: u64 = 100_000;

/// Runs the survival suite of hostile scripts, inputs and programs, and reports whether each is contained
#[derive(Debug, Args)]
pub struct SurviveArgs {
    /// Run only the cases whose names contain this, such as cpu/ or redis
    #[arg(value_name = "FILTER")]
    filter: Option<String>,
    /// Run every .lua file of this folder instead of the built-in cases
    #[arg(long, value_name = "FOLDER")]
    cases: Option<PathBuf>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Run an attacking tenant beside another one for this long, and report the effect on the other
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    stress: Option<u64>,
}

/// Runs the command.
pub fn run(args: &SurviveArgs, out: &mut dyn Write) -> Result<Exit> {
    let cases = args.cases.as_ref().map_or_else(cases, |folder| cases_in(folder));
    let mut cases = cases.map_err(|problem| anyhow!(problem))?;
    if let Some(filter) = &args.filter {
        cases.retain(|case| case.name.contains(filter.as_str()));
        if cases.is_empty() {
            bail!("no case has '{filter}' in its name");
        }
    }
    if cases.is_empty() {
        bail!("expected cases, found none");
    }
    let stand = Stand::new(None)?;
    match args.stress {
        Some(seconds) => under_stress(&stand, &cases, seconds, args.json, out),
        None => one_by_one(&stand, &cases, args.json, out),
    }
}

/// A case and its result.
struct Row<'a> {
    case: &'a Case,
    report: Report,
}

fn one_by_one(stand: &Stand, cases: &[Case], json: bool, out: &mut dyn Write) -> Result<Exit> {
    let style = ProgressStyle::with_template("{bar:40} {pos} of {len} cases  {msg}");
    let bar = ProgressBar::new(cases.len() as u64);
    let bar = bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    let mut rows = Vec::with_capacity(cases.len());
    for case in cases {
        bar.set_message(case.name.clone());
        rows.push(Row { case, report: stand.run(case) });
        bar.inc(1);
    }
    bar.finish_and_clear();
    if json {
        serde_json::to_writer_pretty(&mut *out, &summary(&rows))?;
        writeln!(out)?;
    } else {
        print(&rows, out)?;
    }
    Ok(if rows.iter().all(Row::holds) { Exit::Result } else { Exit::Fault })
}

impl Row<'_> {
    fn holds(&self) -> bool {
        self.report.problems.is_empty()
    }

    fn expected(&self) -> String {
        let mut kinds: Vec<String> = self.case.script.calls.iter().map(|call| expected(&call.expected)).collect();
        kinds.dedup();
        kinds.join(", ")
    }

    fn outcome(&self) -> String {
        let mut kinds: Vec<String> = self.report.calls.iter().map(|made| made.observed.outcome.kind()).collect();
        kinds.dedup();
        if kinds.is_empty() { "none".to_owned() } else { kinds.join(", ") }
    }

    /// Nanoseconds per unit of fuel, if the call used enough fuel to tell.
    fn rate(&self) -> Option<f64> {
        self.report.heaviest().and_then(rate)
    }

    fn json(&self) -> Json {
        let heaviest = self.report.heaviest();
        let call = |made: &Made| {
            json!({
                "outcome": made.observed.outcome.kind(),
                "fuel": made.observed.fuel,
                "ns": ns(made),
                "memory_bytes": made.observed.memory,
            })
        };
        json!({
            "case": self.case.name,
            "about": self.case.about(),
            "expected": self.expected(),
            "outcome": self.outcome(),
            "fuel": heaviest.map_or(0, |made| made.observed.fuel),
            "ns": heaviest.map_or(0, ns),
            "ns_per_fuel": self.rate(),
            "within_promise": self.report.within_promise(),
            "holds": self.holds(),
            "problems": self.report.problems,
            "calls": self.report.calls.iter().map(call).collect::<Vec<_>>(),
        })
    }
}

fn expected(expected: &Expected) -> String {
    match expected {
        Expected::Result(_) => "result".to_owned(),
        Expected::Fault(cause) => format!("fault:{cause}"),
        Expected::Refused(cause) => format!("refused:{cause}"),
        Expected::Denied(cause) => format!("denied:{cause}"),
        Expected::Unknown => "unknown".to_owned(),
    }
}

fn ns(made: &Made) -> u64 {
    u64::try_from(made.time.as_nanos()).unwrap_or(u64::MAX)
}

fn rate(made: &Made) -> Option<f64> {
    (made.observed.fuel >= LEAST_FUEL).then(|| made.time.as_nanos() as f64 / made.observed.fuel as f64)
}

/// Median and maximum of nanoseconds per unit of fuel, and the case with the maximum.
fn rates<'a>(rows: &'a [Row<'_>]) -> Option<(f64, f64, &'a str)> {
    let mut rates: Vec<(f64, &str)> =
        rows.iter().filter_map(|row| row.rate().map(|rate| (rate, row.case.name.as_str()))).collect();
    rates.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (median, _) = rates.get(rates.len() / 2)?;
    let (max, case) = rates.last()?;
    Some((*median, *max, case))
}

fn summary(rows: &[Row<'_>]) -> Json {
    let rates = rates(rows).map(|(median, max, case)| json!({ "median": median, "max": max, "max_case": case }));
    json!({
        "cases": rows.iter().map(Row::json).collect::<Vec<_>>(),
        "held": rows.iter().filter(|row| row.holds()).count(),
        "total": rows.len(),
        "ns_per_fuel": rates,
        "guest_sha256": tenterhook::GUEST_SHA256,
    })
}

fn print(rows: &[Row<'_>], out: &mut dyn Write) -> Result<()> {
    let mut table = text::table(&["case", "outcome", "fuel", "wall time", "ns/fuel", "promise", ""]);
    for row in rows {
        let heaviest = row.report.heaviest();
        let mut cells: Vec<Cell> = vec![(&row.case.name).into(), row.outcome().into()];
        cells.push(right(grouped(heaviest.map_or(0, |made| made.observed.fuel))));
        cells.push(right(heaviest.map_or_else(String::new, |made| duration(made.time))));
        cells.push(right(row.rate().map_or_else(String::new, |rate| format!("{rate:.2}"))));
        cells.push(if row.report.within_promise() { "" } else { "over" }.into());
        cells.push(if row.holds() { "holds" } else { "DOES NOT HOLD" }.into());
        table.add_row(cells);
    }
    text::print(&table, out)?;
    for row in rows.iter().filter(|row| !row.holds()) {
        writeln!(out, "\n{}: {}", row.case.name, row.case.about())?;
        for problem in &row.report.problems {
            writeln!(out, "  {}", text::plain(problem))?;
        }
    }
    let held = rows.iter().filter(|row| row.holds()).count();
    writeln!(out, "\n{held} of {} hold.", counted(rows.len() as u64, "case"))?;
    if let Some((median, max, case)) = rates(rows) {
        writeln!(out, "Wall time per unit of fuel: median {median:.2} ns, at most {max:.2} ns ({case}).")?;
    }
    let over = rows.iter().filter(|row| !row.report.within_promise()).count();
    if over > 0 {
        writeln!(
            out,
            "Longer than a nanosecond per unit of fuel and half a millisecond: {}.",
            counted(over as u64, "case")
        )?;
    }
    Ok(())
}

fn under_stress(stand: &Stand, cases: &[Case], seconds: u64, json: bool, out: &mut dyn Write) -> Result<Exit> {
    let done = stress(stand, cases, Duration::from_secs(seconds))?;
    let Stress { attacked, peaceful, problems, .. } = &done;
    let [median, tail] = [0.5, 0.99].map(|q| [attacked, peaceful].map(|of| of.value_at_quantile(q)));
    if json {
        let report = json!({
            "seconds": seconds,
            "cases": done.cases,
            "problems": problems,
            "attacked": { "calls": attacked.len(), "median_ns": median[0], "p99_ns": tail[0], "max_ns": attacked.max() },
            "peaceful": { "calls": peaceful.len(), "median_ns": median[1], "p99_ns": tail[1], "max_ns": peaceful.max() },
            "ratio": done.ratio(),
        });
        serde_json::to_writer_pretty(&mut *out, &report)?;
        writeln!(out)?;
    } else {
        let mut table = text::table(&["the other tenant's calls", "calls", "median", "p99", "max"]);
        for (name, of, at) in [("beside an attacker", attacked, 0), ("beside a peaceful neighbour", peaceful, 1)] {
            let times = [median[at], tail[at], of.max()].map(|ns| right(duration(Duration::from_nanos(ns))));
            let mut row = vec![name.into(), right(grouped(of.len()))];
            row.extend(times);
            table.add_row(row);
        }
        text::print(&table, out)?;
        for problem in problems {
            writeln!(out, "  {}", text::plain(problem))?;
        }
        writeln!(
            out,
            "\n{} attacked with. Each call of the other tenant had the same answer and the same fuel.\n\
             Median beside an attacker: {:.2} times that beside a peaceful neighbour.",
            counted(done.cases, "case"),
            done.ratio()
        )?;
    }
    Ok(if problems.is_empty() { Exit::Result } else { Exit::Fault })
}
