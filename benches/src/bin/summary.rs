//! Makes a summary of what criterion measured: a table, `summary.json` and `summary.svg` in `<target>/bench`. Fails if a
//! ratio is missed.

use anyhow::{Context, Result, ensure};
use comfy_table::{CellAlignment, Table, presets};
use serde_json::{Value, json};
use tenterhook_benches::machine::Machine;
use tenterhook_benches::row::{Row, Rows, nanoseconds};
use tenterhook_benches::{chart, estimates, target};

fn main() -> Result<()> {
    let directory = estimates::target_directory()?;
    let rows = estimates::read(&directory)?;
    let machine = Machine::here();

    let bench = directory.join("bench");
    std::fs::create_dir_all(&bench).with_context(|| bench.display().to_string())?;
    let mut summary = serde_json::to_string_pretty(&json(&rows, &machine))?;
    summary.push('\n');
    for (name, content) in [("summary.json", summary), ("summary.svg", chart::svg(&rows, &machine.line())?)] {
        let path = bench.join(name);
        std::fs::write(&path, content).with_context(|| path.display().to_string())?;
    }

    println!("{}\n", machine.line());
    println!("{}\n", table(&rows));
    if let Some(empty) = rows.ns("wasm_empty_call") {
        for measured in rows.0.iter().filter(|measured| measured.row.is_denial()) {
            println!("{}: {:.2} × wasm_empty_call", measured.row.id(), measured.ns / empty);
        }
        println!();
    }
    let mut missed = Vec::new();
    for target in target::ALL {
        let reached = target.reached(&rows).context("a target about a row that does not exist")?;
        let (met, unit) = (if reached.met { "met    " } else { "NOT MET" }, target.unit());
        println!("{met}  {}: {:.3} {unit}", target.says, reached.value);
        if target.decides() && !reached.met {
            missed.push(target.says);
        }
    }
    println!("\n{}", bench.join("summary.json").display());
    ensure!(missed.is_empty(), "missed: {}", missed.join("; "));
    println!("every ratio is met");
    Ok(())
}

fn json(rows: &Rows, machine: &Machine) -> Value {
    // Picoseconds are noise.
    let round = |value: f64| (value * 1000.0).round() / 1000.0;
    let list: Vec<Value> = rows.0.iter().map(|m| json!({ "id": m.row.id(), "ns": round(m.ns) })).collect();
    let targets = target::ALL.iter().filter_map(|target| {
        let reached = target.reached(rows)?;
        Some(json!({ "target": target.says, "value": round(reached.value), "unit": target.unit(), "met": reached.met }))
    });
    json!({ "rows": list, "targets": targets.collect::<Vec<Value>>(), "machine": machine.json() })
}

fn table(rows: &Rows) -> Table {
    let mut table = Table::new();
    table.load_style(presets::UTF8_HORIZONTAL_ONLY);
    table.set_header(["row", "ns", "× native Lua", "× FRR's pattern"]);
    for measured in &rows.0 {
        let ratio = |which: fn(&Row) -> bool| {
            rows.ratio(measured, which).map_or_else(String::new, |ratio| {
                if ratio < 0.1 { format!("{ratio:.4}") } else { format!("{ratio:.2}") }
            })
        };
        table.add_row([measured.row.id(), nanoseconds(measured.ns), ratio(Row::is_native), ratio(Row::is_frr)]);
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table
}
