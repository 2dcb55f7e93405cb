//! The report that the demo prints.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::{Value as Json, json};

use super::args::{DemoArgs, ROUTES};
use super::drive::Driven;
use super::frr::FrrWay;
use super::tenants::{Attached, HOOK};
use crate::stats::Stats;
use crate::text::{self, counted, duration, grouped, right};

/// Everything to report.
pub struct Report<'a> {
    pub args: &'a DemoArgs,
    pub attached: &'a [Attached],
    pub driven: &'a Driven,
    /// Time of acme's script per route of the sample, when no other script was attached any more.
    pub alone: Duration,
    pub frr_way: Option<FrrWay>,
    /// Stretches of the MRT file that are not records.
    pub skipped: u64,
}

/// Announces what is about to run.
pub fn introduce(args: &DemoArgs, attached: &[Attached], out: &mut dyn Write) -> io::Result<()> {
    let routes = match (&args.mrt, args.routes) {
        (Some(path), None) => format!("the routes of {}", text::path(path)),
        (Some(path), Some(most)) => format!("at most {} of {}", counted(most, "route"), text::path(path)),
        (None, routes) => format!("{} (generated, always the same)", counted(routes.unwrap_or(ROUTES), "route")),
    };
    writeln!(out, "Three tenants have a script at {HOOK}. They run in this order, for each of {routes}:\n")?;
    for (number, Attached { tenant, budget, .. }) in (1..).zip(attached) {
        writeln!(
            out,
            " {number}. {:<8} {:<12} {} fuel, {}: {}",
            tenant.name, tenant.script, budget.fuel, budget.memory, tenant.about
        )?;
    }
    writeln!(out)
}

/// `fuel 100,000`, or `none`.
fn causes(causes: &BTreeMap<String, u64>) -> String {
    if causes.is_empty() {
        return "none".to_owned();
    }
    causes.iter().map(|(cause, count)| format!("{cause} {}", grouped(*count))).collect::<Vec<_>>().join(", ")
}

fn verdicts(stats: &Stats) -> String {
    let rows = stats.answers.rows();
    if rows.is_empty() {
        return "none".to_owned();
    }
    rows.iter().map(|(_, value, count)| format!("{value} {}", grouped(*count))).collect::<Vec<_>>().join("\n")
}

impl Report<'_> {
    fn rows(&self) -> impl Iterator<Item = (&Attached, &Stats)> {
        self.attached.iter().zip(&self.driven.stats)
    }

    /// Calls of hostile scripts that were stopped.
    fn stopped(&self) -> u64 {
        self.rows().filter(|(attached, _)| attached.is_hostile()).map(|(_, stats)| stats.calls).sum()
    }

    /// Prints the report for people.
    pub fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let header = ["tenant", "script", "calls", "verdicts", "faults", "fuel p50", "p99", "max", "per call"];
        let mut table = text::table(&header);
        for (attached, stats) in self.rows() {
            let fuel = [stats.fuel(50.0), stats.fuel(99.0), stats.most_fuel()];
            let mut row = vec![attached.tenant.name.into(), attached.tenant.script.into(), right(grouped(stats.calls))];
            row.extend([verdicts(stats).into(), causes(&stats.faults).into()]);
            row.extend(fuel.map(|fuel| right(grouped(fuel))));
            row.push(right(duration(stats.mean_time())));
            table.add_row(row);
        }
        text::print(&table, out)?;
        let driven = self.driven;
        let time = duration(driven.time);
        writeln!(
            out,
            "\n{} in {time} on {}.",
            counted(driven.routes, "route"),
            counted(driven.threads as u64, "thread")
        )?;
        if self.skipped > 0 {
            writeln!(out, "Skipped parts of the file that are not records: {}.", grouped(self.skipped))?;
        }
        self.print_frr_way(out)?;
        if self.verify().is_err() {
            return Ok(());
        }
        writeln!(
            out,
            "The host is alive: {} had {}, and {} of hostile scripts were stopped.",
            counted(driven.routes, "route"),
            counted(driven.outcomes, "outcome"),
            counted(self.stopped(), "call")
        )
    }

    fn print_frr_way(&self, out: &mut dyn Write) -> io::Result<()> {
        let Some(frr) = self.frr_way else {
            return writeln!(
                out,
                "FRR's pattern is not compared, because this build has no native Lua (cargo feature `native`)."
            );
        };
        let native = Duration::from_nanos(frr.ns_per_route);
        writeln!(
            out,
            "acme.lua alone takes {1} per route, over {0} of these. FRR's pattern, a new native Lua state per route \
             with the\nlibraries that acme.lua uses and FRR leaves out, without limits, takes {2} per route: {3:.0} \
             times as long. {4} decisions\nare the same.",
            counted(frr.routes, "route"),
            duration(self.alone),
            duration(native),
            native.as_secs_f64() / self.alone.as_secs_f64().max(1e-9),
            grouped(frr.agreeing)
        )
    }

    /// The report for programs.
    pub fn json(&self) -> Json {
        let attachment = |(attached, stats): (&Attached, &Stats)| {
            json!({
                "tenant": attached.tenant.name,
                "script": attached.tenant.script,
                "hook": HOOK,
                "budget": { "fuel": attached.budget.fuel.get(), "memory": attached.budget.memory.get() },
                "calls": stats.calls,
                "results": stats.answers.json(),
                "changes": stats.answers.changes_json(),
                "faults": stats.faults,
                "denied": stats.denied,
                "fuel": stats.fuel_json(),
                "us_per_call": stats.mean_time().as_nanos() as f64 / 1e3,
            })
        };
        let frr_way = self.frr_way.map(|frr| {
            json!({ "routes": frr.routes, "us_per_route": frr.ns_per_route as f64 / 1e3, "same_decisions": frr.agreeing })
        });
        json!({
            "source": self.args.mrt.as_ref().map_or_else(|| "generated".to_owned(), |path| path.display().to_string()),
            "routes": self.driven.routes,
            "skipped": self.skipped,
            "outcomes": self.driven.outcomes,
            "seconds": self.driven.time.as_secs_f64(),
            "threads": self.driven.threads,
            "attachments": self.rows().map(attachment).collect::<Vec<_>>(),
            "us_alone": self.alone.as_nanos() as f64 / 1e3,
            "frr_way": frr_way,
            "harmed": self.verify().is_err(),
        })
    }

    /// Checks that all hostile calls were stopped by their expected cause, and every route was decided.
    pub fn verify(&self) -> Result<()> {
        if self.driven.outcomes != self.driven.routes {
            bail!("{} for {}", counted(self.driven.outcomes, "outcome"), counted(self.driven.routes, "route"));
        }
        for (attached, stats) in self.rows() {
            let name = attached.tenant.name;
            if stats.calls != self.driven.routes || !stats.denied.is_empty() {
                bail!("{name} had {} for {}", counted(stats.calls, "call"), counted(self.driven.routes, "route"));
            }
            let as_promised = match attached.tenant.fault {
                Some(cause) => stats.faults.get(cause) == Some(&stats.calls),
                None => stats.faults.is_empty() && stats.answers.count == stats.calls,
            };
            if !as_promised {
                bail!("{name} had the faults {}", causes(&stats.faults));
            }
        }
        Ok(())
    }
}
