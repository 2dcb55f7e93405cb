//! Two tenants on two threads, one of them attacking.
//!
//! Time is divided into alternating slices: in one, the other tenant's neighbour attacks with the next cases; in the
//! other, it uses the same CPU harmlessly. The other tenant's latencies in both are compared, so that a slow machine or
//! a busy moment affects both.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, anyhow, bail};
use hdrhistogram::Histogram;
use serde_json::json;

use super::case::Case;
use super::stand::Stand;

/// The length of a slice.
const SLICE: Duration = Duration::from_millis(500);

/// A neighbour that uses as much CPU as an attacker, and is harmless.
const PEACEFUL: &str = "--! about = works\n--! hook = survive.run\n--! budget = fuel=100M\n--! expect = result {}\n\
    function run(n)\n    local sum = 0\n    for i = 1, 300000 do sum = sum + i % 7 end\n    return { integer = sum }\nend\n";

/// The result of a stress run.
#[derive(Debug)]
pub struct Stress {
    /// The other tenant's calls beside an attacker: latencies in nanoseconds.
    pub attacked: Histogram<u64>,
    /// The same beside a peaceful neighbour.
    pub peaceful: Histogram<u64>,
    /// Cases that the attacker ran.
    pub cases: u64,
    /// Cases that did not hold meanwhile.
    pub problems: Vec<String>,
}

impl Stress {
    /// Median beside an attacker over median beside a peaceful neighbour.
    pub fn ratio(&self) -> f64 {
        self.attacked.value_at_quantile(0.5) as f64 / (self.peaceful.value_at_quantile(0.5) as f64).max(1.0)
    }
}

/// Runs for this long. All of the other tenant's calls must return the same answer with the same fuel.
///
/// # Errors
/// The host cannot be created, or a call of the other tenant differs.
pub fn stress(stand: &Stand, cases: &[Case], time: Duration) -> Result<Stress> {
    if cases.is_empty() {
        bail!("no case to attack with");
    }
    let peaceful = Case::parse("peaceful", PEACEFUL.as_bytes()).map_err(|problem| anyhow!(problem))?;
    let mut done = Stress { attacked: histogram()?, peaceful: histogram()?, cases: 0, problems: Vec::new() };
    let start = Instant::now();
    let mut next = 0;
    while start.elapsed() < time {
        slice(stand, &mut done.attacked, |stop| {
            while !stop.load(Ordering::Relaxed) {
                let case = &cases[next % cases.len()];
                let report = stand.run(case);
                done.problems.extend(report.problems.into_iter().map(|problem| format!("{}: {problem}", case.name)));
                next += 1;
            }
        })?;
        slice(stand, &mut done.peaceful, |stop| work(stand, &peaceful, stop))?;
    }
    done.cases = next as u64;
    Ok(done)
}

fn histogram() -> Result<Histogram<u64>> {
    Ok(Histogram::new_with_bounds(1, 60_000_000_000, 3)?)
}

/// The harmless neighbour's slice.
fn work(stand: &Stand, case: &Case, stop: &AtomicBool) {
    let Ok(attached) = stand.attach_well(&case.script) else { return };
    let Ok(args) = stand.arguments(&attached.hook, &json!({})) else { return };
    while !stop.load(Ordering::Relaxed) {
        let _ = stand.call(&attached, &args);
    }
}

/// Makes the other tenant's calls on this thread for the length of a slice, `beside` on another thread.
fn slice(stand: &Stand, into: &mut Histogram<u64>, beside: impl FnOnce(&AtomicBool) + Send) -> Result<()> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let beside = scope.spawn(|| beside(&stop));
        let start = Instant::now();
        let mut result = Ok(());
        // A case that takes longer than a slice is waited for, and attacks all the while.
        while result.is_ok()
            && (start.elapsed() < SLICE || !(stop.swap(true, Ordering::Relaxed) && beside.is_finished()))
        {
            result = stand
                .neighbour()
                .map_err(|problem| anyhow!(problem))
                .and_then(|time| into.record(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)).map_err(Into::into));
        }
        stop.store(true, Ordering::Relaxed);
        beside.join().map_err(|_| anyhow!("the neighbour panicked"))?;
        result
    })
}
