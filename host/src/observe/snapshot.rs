//! Statistics at one moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{DenialCause, FaultCause};

use super::histogram::Merged;
use super::stats::{LastFault, Shard, Stats, VALUES, value_name};
use crate::id::AttachmentId;

/// The distribution of a quantity over calls. Percentiles are at most 6.25 % off; the rest is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Distribution {
    /// The number of values.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// The median.
    pub p50: u64,
    /// The 90th percentile.
    pub p90: u64,
    /// The 99th percentile.
    pub p99: u64,
    /// The maximum.
    pub max: u64,
    /// The number of values up to each of [`Distribution::BOUNDS`]; exact.
    pub up_to: [u64; POWERS.len()],
}

/// The bounds of [`Distribution::up_to`], as exclusive powers of two.
const POWERS: [u32; 11] = [8, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30];

impl Distribution {
    /// The values up to which [`Distribution::up_to`] counts: 255, 1,023, … 1,073,741,823 units of fuel, or
    /// nanoseconds.
    pub const BOUNDS: [u64; POWERS.len()] = {
        let mut bounds = [0; POWERS.len()];
        let mut at = 0;
        while at < POWERS.len() {
            bounds[at] = (1 << POWERS[at]) - 1;
            at += 1;
        }
        bounds
    };
}

/// The statistics of an attachment's calls since it was attached, over all of its scripts.
#[derive(Debug, Clone)]
pub struct AttachmentStats {
    /// The attachment.
    pub id: AttachmentId,
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// Whether it is called.
    pub enabled: bool,
    /// Since when these are counted.
    pub since: SystemTime,
    /// Calls, including failed and denied ones.
    pub calls: u64,
    /// Answers by value of the first result if that is an enum or a boolean, else `default` and `other`.
    pub results: Vec<(String, u64)>,
    /// Answers that changed an argument.
    pub changed: u64,
    /// Faults by cause.
    pub faults: Vec<(FaultCause, u64)>,
    /// Denials by cause.
    pub denials: Vec<(DenialCause, u64)>,
    /// Fuel per call.
    pub fuel: Distribution,
    /// Nanoseconds per call, of the first 64 calls of a thread and one in 16 of the others.
    pub latency_ns: Distribution,
    /// The largest linear memory at the end of a call, in bytes.
    pub memory_peak_bytes: u64,
    /// Restores of the memory that a call can have written, on an executor that held the image already.
    pub restores_touched: u64,
    /// Restores of all memory.
    pub restores_all: u64,
    /// Fuel that restores used, for images larger than the interpreter's own; part of `fuel`.
    pub restore_fuel: u64,
    /// Logged lines.
    pub log_lines: u64,
    /// Log lines that exceeded the budget.
    pub log_lines_dropped: u64,
    /// The last fault.
    pub last_fault: Option<LastFault>,
    /// The statistics of the present script alone; `None` if it is the first one.
    pub since_replace: Option<Box<AttachmentStats>>,
}

/// What the statistics are about.
#[derive(Clone, Copy)]
pub(crate) struct Counted<'a> {
    pub id: AttachmentId,
    pub tenant: &'a str,
    pub name: &'a str,
    pub enabled: bool,
    pub declaration: &'a Declaration,
}

fn distribution(shards: &[&Shard], of: impl Fn(&Shard) -> &super::histogram::Histogram) -> Distribution {
    let mut merged = Merged::new();
    for shard in shards {
        merged.merge(of(shard));
    }
    Distribution {
        count: merged.count,
        total: merged.total,
        p50: merged.per_mille(500),
        p90: merged.per_mille(900),
        p99: merged.per_mille(990),
        max: merged.max,
        up_to: POWERS.map(|power| merged.below(power)),
    }
}

/// All counts so far.
pub(super) fn snapshot(parts: &[&Stats], since: SystemTime, counted: Counted<'_>) -> AttachmentStats {
    let Counted { id, tenant, name, enabled, declaration: of } = counted;
    let shards = parts.iter().flat_map(|part| part.shards.iter());
    let shards: Vec<&Shard> = shards.filter_map(|shard| shard.get().map(|shard| &**shard)).collect();
    let sum = |of: &dyn Fn(&Shard) -> &AtomicU64| -> u64 {
        shards.iter().map(|shard| of(shard).load(Ordering::Relaxed)).sum()
    };
    let outside: u64 = parts.iter().map(|part| part.outside.load(Ordering::Relaxed)).sum();
    let mut results = Vec::new();
    for counter in 0..VALUES + 2 {
        let count = sum(&|shard| &shard.results[counter]);
        if let Some(name) = value_name(counter, of).filter(|_| count > 0) {
            results.push((name.to_owned(), count));
        }
    }
    let faults: Vec<(FaultCause, u64)> = FaultCause::ALL
        .into_iter()
        .map(|cause| {
            let more = if matches!(cause, FaultCause::Host) { outside } else { 0 };
            (cause, sum(&|shard| &shard.faults[cause as usize]) + more)
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let denials: Vec<(DenialCause, u64)> = DenialCause::ALL
        .into_iter()
        .map(|cause| {
            (cause, parts.iter().map(|part| part.denials[cause as usize].load(Ordering::Relaxed)).sum::<u64>())
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let denied: u64 = denials.iter().map(|(_, count)| count).sum();
    AttachmentStats {
        id,
        tenant: tenant.to_owned(),
        name: name.to_owned(),
        hook: of.name.clone(),
        enabled,
        since,
        calls: sum(&|shard| &shard.calls) + denied + outside,
        results,
        changed: sum(&|shard| &shard.changed),
        faults,
        denials,
        fuel: distribution(&shards, |shard| &shard.fuel),
        latency_ns: distribution(&shards, |shard| &shard.latency),
        memory_peak_bytes: shards.iter().map(|s| s.memory_peak.load(Ordering::Relaxed)).max().unwrap_or(0),
        restores_touched: sum(&|shard| &shard.restored_touched),
        restores_all: sum(&|shard| &shard.restored_all),
        restore_fuel: sum(&|shard| &shard.restore_fuel),
        log_lines: sum(&|shard| &shard.log_lines),
        log_lines_dropped: sum(&|shard| &shard.log_dropped),
        last_fault: parts.iter().filter_map(|part| part.last_fault.lock().clone()).max_by_key(|last| last.time),
        since_replace: None,
    }
}

impl AttachmentStats {
    /// The number of faults of all causes.
    pub fn faults_in_all(&self) -> u64 {
        self.faults.iter().map(|(_, count)| count).sum()
    }

    /// The number of denials of all causes.
    pub fn denials_in_all(&self) -> u64 {
        self.denials.iter().map(|(_, count)| count).sum()
    }

    /// Nanoseconds within calls, estimated from those that were timed.
    pub fn busy_ns(&self) -> u64 {
        let timed = self.latency_ns;
        let made = self.fuel.count;
        if timed.count == 0 { 0 } else { (u128::from(timed.total) * u128::from(made) / u128::from(timed.count)) as u64 }
    }
}
