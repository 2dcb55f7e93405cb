//! Sends every route through the hook point, on all processors.

use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow};
use indicatif::ProgressBar;
use tenterhook::{CallReport, Hook};
use tenterhook_bgp::catalog::bgp::{RouteAction, RouteMatch, RouteMatchResults};
use tenterhook_bgp::routes::Route;

use super::source::Source;
use super::tenants::Attached;
use crate::stats::Stats;

/// The totals over the routes.
pub struct Driven {
    /// Statistics per attachment, in their order.
    pub stats: Vec<Stats>,
    /// Routes of the source.
    pub routes: u64,
    /// Outcomes returned to the program.
    pub outcomes: u64,
    pub time: Duration,
    pub threads: usize,
}

/// Drives all routes of the source.
pub fn drive(hook: &Hook<RouteMatch>, attached: &[Attached], source: &Source, bar: &ProgressBar) -> Result<Driven> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let start = Instant::now();
    let workers = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(|| work(hook, attached, source, bar))).collect();
        let joined = workers.into_iter().map(|worker| worker.join().map_err(|_| anyhow!("a thread panicked"))?);
        joined.collect::<Result<Vec<Driven>>>()
    })?;
    let mut total = Driven { stats: empty(hook, attached)?, routes: 0, outcomes: 0, time: start.elapsed(), threads };
    for worker in workers {
        total.routes += worker.routes;
        total.outcomes += worker.outcomes;
        for (into, from) in total.stats.iter_mut().zip(&worker.stats) {
            into.merge(from)?;
        }
    }
    Ok(total)
}

fn empty(hook: &Hook<RouteMatch>, attached: &[Attached]) -> Result<Vec<Stats>> {
    attached.iter().map(|_| Stats::new(hook.declaration())).collect()
}

fn work(hook: &Hook<RouteMatch>, attached: &[Attached], source: &Source, bar: &ProgressBar) -> Result<Driven> {
    let mut stats = empty(hook, attached)?;
    let (mut routes, mut outcomes) = (0, 0);
    let start = Instant::now();
    loop {
        let batch = source.batch()?;
        if batch.is_empty() {
            return Ok(Driven { stats, routes, outcomes, time: start.elapsed(), threads: 1 });
        }
        routes += batch.len() as u64;
        for route in &batch {
            let mut since = Instant::now();
            let mut observer = |report: &CallReport<'_>| {
                let time = since.elapsed();
                if let Some(at) = attached.iter().position(|attached| attached.id == report.attachment) {
                    stats[at].add(report.result, report.fuel, time);
                }
                // The time for counting is not part of the next call.
                since = Instant::now();
            };
            // Only the existence of an outcome counts here.
            let _ = route.with_match_args(|args| hook.invoke_observed(args, &mut observer));
            outcomes += 1;
        }
        bar.inc(batch.len() as u64);
    }
}

/// The decision about a route, as far as both ways of running the script express it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    pub action: RouteAction,
    pub metric: Option<u32>,
    pub localpref: Option<u32>,
}

/// The decision about each of these routes, and the time per route.
pub fn decide(hook: &Hook<RouteMatch>, routes: &[Route]) -> (Vec<Decision>, Duration) {
    let decision = |route: &Route| {
        let RouteMatchResults { action, attributes } = route.with_match_args(|args| hook.invoke(args)).results;
        let (metric, localpref) = attributes.map_or((None, None), |changed| (changed.metric, changed.localpref));
        Decision { action, metric, localpref }
    };
    let start = Instant::now();
    let decisions = routes.iter().map(decision).collect();
    (decisions, start.elapsed().div_f64((routes.len() as f64).max(1.0)))
}
