//! Wall time per unit of fuel over the survival suite and the golden scripts: median, largest, and whose that is.
//!
//! Writes `<target>/bench/fuel_honesty.json`; fails if a script is over. A word of the command line chooses the scripts that have it in their names;
//! with `--test` a few scripts run.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::json;
use tenterhook_benches::honesty::{Pace, Stand, subjects};
use tenterhook_benches::row::nanoseconds;

/// Most nanoseconds per unit of fuel that a script may get.
const MOST: f64 = 1.0;
/// And over the median.
const MOST_OVER_MEDIAN: f64 = 5.0;
/// Calls that used less fuel, some microsecond of work, say little of a unit: a message, a name that is looked up in vain
/// weigh more. They are held to the promise as it is made, by the fixed cost that it would need.
const LEAST_FUEL: f64 = 10_000.0;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let small = arguments.iter().any(|argument| argument == "--test");
    let filter = arguments.iter().find(|argument| !argument.starts_with('-')).map_or("", |word| word);
    let stand = Stand::new()?;
    let mut paces = Vec::new();
    let mut uncalled = 0;
    for (number, subject) in subjects()?.iter().filter(|subject| subject.name.contains(filter)).enumerate() {
        if small && number % 50 != 0 {
            continue;
        }
        let measured = stand.measure(subject).with_context(|| subject.name.clone())?;
        uncalled += usize::from(measured.is_empty());
        paces.extend(measured);
    }
    let calls = paces.len();
    paces.retain(|pace| !pace.waits);
    let over = |pace: &Pace| (pace.ns - pace.fuel * MOST).max(0.0);
    let slowest = paces.iter().max_by(|a, b| over(a).total_cmp(&over(b))).cloned();
    paces.retain(|pace| pace.fuel >= LEAST_FUEL);
    ensure!(!paces.is_empty(), "no call to measure");
    paces.sort_by(|a, b| b.per_unit().total_cmp(&a.per_unit()));

    let (max, median) = (paces[0].per_unit(), paces[paces.len() / 2].per_unit());
    println!("{}\n", table(&paces[..paces.len().min(12)]));
    println!(
        "{calls} calls; {} of them of at least {LEAST_FUEL} units of fuel, and none that calls a capability function which \
         waits; {uncalled} scripts are not called here",
        paces.len()
    );
    println!(
        "ns per unit of fuel: median {median:.3}, max {max:.3} ({}), max / median {:.1}",
        paces[0].name,
        max / median
    );
    if let Some(slowest) = &slowest {
        let (over, name) = (nanoseconds(over(slowest)), &slowest.name);
        println!("no call at all took longer than {MOST} ns per unit and {over} ns ({name})");
    }
    let verdict = |met: bool| if met { "met    " } else { "NOT MET" };
    println!("{}  at most {MOST} ns per unit: {max:.3}", verdict(max <= MOST));
    println!(
        "{}  max / median at most {MOST_OVER_MEDIAN}: {:.1}",
        verdict(max / median <= MOST_OVER_MEDIAN),
        max / median
    );
    if !small && filter.is_empty() {
        write(&paces, median, max, slowest.as_ref().map_or(0.0, over))?;
        ensure!(max <= MOST, "{} takes more than {MOST} ns per unit of fuel: {max:.3}", paces[0].name);
        ensure!(max / median <= MOST_OVER_MEDIAN, "{} takes {:.1} times the median", paces[0].name, max / median);
    }
    Ok(())
}

fn table(paces: &[Pace]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["call", "outcome", "fuel", "time", "of it fixed", "ns per unit"]);
    for pace in paces {
        table.add_row([
            pace.name.clone(),
            pace.outcome.clone(),
            format!("{:.0}", pace.fuel),
            nanoseconds(pace.ns),
            nanoseconds(pace.fixed_ns),
            format!("{:.3}", pace.per_unit()),
        ]);
    }
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}

fn write(paces: &[Pace], median: f64, max: f64, fixed: f64) -> Result<()> {
    let calls: Vec<_> = paces
        .iter()
        .map(|pace| {
            json!({
                "call": pace.name,
                "outcome": pace.outcome,
                "fuel": pace.fuel,
                "ns": pace.ns,
                "fixed_ns": pace.fixed_ns,
                "ns_per_unit": pace.per_unit(),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({
        "median_ns_per_unit": median,
        "max_ns_per_unit": max,
        "max_call": paces[0].name,
        "fixed_ns": fixed,
        "targets": [
            { "target": "at most 1 ns per unit of fuel", "value": max, "met": max <= MOST },
            { "target": "max / median at most 5", "value": max / median, "met": max / median <= MOST_OVER_MEDIAN },
        ],
        "calls": calls,
    }))?;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    std::fs::create_dir_all(&folder)?;
    let path = folder.join("fuel_honesty.json");
    std::fs::write(&path, text)?;
    println!("\n{}", path.display());
    Ok(())
}
