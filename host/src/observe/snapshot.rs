//! Statistics at one moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::SystemTime;

use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{DenialCause, FaultCause};

use super::histogram::Merged;
use super::stats::{LastFault, Shard, Stats, VALUES, value_name};
use crate::id::AttachmentId;

/// How a quantity is spread over calls. Percentiles are at most 6.25 % off; the rest is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Distribution {
    /// How many values there are.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// Half of them do not exceed this.
    pub p50: u64,
    /// Nine of ten do not.
    pub p90: u64,
    /// Ninety-nine of a hundred do not.
    pub p99: u64,
    /// None does.
    pub max: u64,
    /// How many do not exceed each of [`Distribution::BOUNDS`]; exact.
    pub up_to: [u64; POWERS.len()],
}

/// The bounds of [`Distribution::up_to`], as powers of two that values are less than.
const POWERS: [u32; 11] = [8, 10, 12, 14, 16, 18, 20, 22, 24, 27, 30];

impl Distribution {
    /// Up to which values [`Distribution::up_to`] counts: 255, 1,023, … 1,073,741,823 units of fuel, or nanoseconds.
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

/// What an attachment's calls came to since it was attached, whatever scripts it had.
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
    /// Whether calls reach it.
    pub enabled: bool,
    /// Since when these are counted.
    pub since: SystemTime,
    /// Calls, failed and refused ones too.
    pub calls: u64,
    /// Answers by value of the first result where that is an enum or a boolean, else `default` and `other`.
    pub results: Vec<(String, u64)>,
    /// Answers that changed an argument.
    pub changed: u64,
    /// Faults that happened, by cause.
    pub faults: Vec<(FaultCause, u64)>,
    /// Denials that happened, by cause.
    pub denials: Vec<(DenialCause, u64)>,
    /// Fuel per call.
    pub fuel: Distribution,
    /// Nanoseconds per call, of the first 64 calls of a thread and one in 16 of the others.
    pub latency_ns: Distribution,
    /// Most linear memory at the end of a call, in bytes.
    pub memory_peak_bytes: u64,
    /// How often what a call could have touched was restored, the executor holding the image already.
    pub restores_touched: u64,
    /// How often all memory was written.
    pub restores_all: u64,
    /// Fuel that restores took, for images that are larger than the interpreter's own size; part of `fuel`.
    pub restore_fuel: u64,
    /// Log lines written.
    pub log_lines: u64,
    /// Log lines over the budget.
    pub log_lines_dropped: u64,
    /// The last fault.
    pub last_fault: Option<LastFault>,
    /// The same of the present script alone; `None` where it is the first one.
    pub since_replace: Option<Box<AttachmentStats>>,
}

/// What statistics are of.
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

/// Everything that these counted so far.
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
    /// Faults of all causes.
    pub fn faults_in_all(&self) -> u64 {
        self.faults.iter().map(|(_, count)| count).sum()
    }

    /// Denials of all causes.
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
