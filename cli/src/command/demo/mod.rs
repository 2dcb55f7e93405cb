//! `tenterhook demo`: three tenants' untrusted scripts decide real or generated routes. One is a policy, one an endless
//! loop, one a memory bomb; the hostile ones run first, on every route.
//!
//! ```text
//! source ──▶ drive ──▶ mallory ─ fault fuel ───▶ skipped ─┐      per route
//!                      bomber ── fault memory ─▶ skipped ─┤
//!                      acme ──── decides ◀───────────────┘
//! frr      the same script as FRR would run it, over some of the same routes
//! report   the results
//! ```

mod args;
mod drive;
mod frr;
mod report;
mod source;
mod tenants;

use std::io::Write;
use std::path::Path;

use anyhow::{Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use tenterhook::Host;
use tenterhook_bgp::catalog::bgp::RouteMatch;

pub use self::args::DemoArgs;
use self::args::ROUTES;
use self::report::Report;
use self::source::Source;
use crate::exit::Exit;
use crate::text;

/// The number of routes in the comparison.
const SAMPLE: usize = 2_000;

/// Runs the command.
pub fn run(args: &DemoArgs, out: &mut dyn Write) -> Result<Exit> {
    let (source, bar) = match &args.mrt {
        Some(path) => (Source::mrt(path, args.routes, SAMPLE)?, args.routes.map_or_else(counter, progress)),
        None => {
            let routes = args.routes.unwrap_or(ROUTES);
            (Source::generated(routes, SAMPLE), progress(routes))
        }
    };
    let host = Host::builder().policy(tenants::policy()?).build()?;
    let hook = host.declare::<RouteMatch>()?;
    let mut attached = tenants::attach(&host)?;
    if !args.json {
        report::introduce(args, &attached, out)?;
        out.flush()?;
    }
    let driven = drive::drive(&hook, &attached, &source, &bar)?;
    bar.finish_and_clear();
    if driven.routes == 0 {
        let file = text::path(args.mrt.as_deref().unwrap_or(Path::new("?")));
        bail!("MRT file {file}: expected announced routes, found none ({} skipped)", source.skipped());
    }
    let skipped = source.skipped();
    let sample = source.into_sample();
    // The good script runs alone, because FRR's way is measured without attackers too.
    attached.iter_mut().filter(|attached| attached.is_hostile()).for_each(tenants::Attached::detach);
    let (decisions, alone) = drive::decide(&hook, &sample);
    let frr_way = frr::measure(tenants::ACME, &sample, &decisions)?;

    let report = Report { args, attached: &attached, driven: &driven, alone, frr_way, skipped };
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &report.json())?;
        writeln!(out)?;
    } else {
        report.print(out)?;
    }
    Ok(match report.verify() {
        Ok(()) => Exit::Result,
        Err(harm) => {
            crate::exit::warn(&format!("unexpected result: {harm:#}"));
            Exit::Fault
        }
    })
}

/// A bar over the routes; on terminals only.
fn progress(routes: u64) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {human_pos} of {human_len} routes, {eta} left");
    ProgressBar::new(routes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// A counter for an unknown number of routes.
fn counter() -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {human_pos} routes");
    ProgressBar::no_length().with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
}
