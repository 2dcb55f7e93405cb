//! The totals of all of a tenant's calls, including those of detached attachments. They never decrease.

use std::array::from_fn;
use std::sync::atomic::Ordering::Relaxed;

use parking_lot::Mutex;
use tenterhook_policies::{DenialCause, FaultCause};

use super::snapshot::AttachmentStats;
use super::stats::{Shard, Stats};

/// Counts over several attachments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sums {
    /// Calls, including failed and denied ones.
    pub calls: u64,
    /// Fuel of the calls.
    pub fuel: u64,
    /// Faults, by the cause's number.
    pub faults: [u64; FaultCause::ALL.len()],
    /// Denials, likewise.
    pub denials: [u64; DenialCause::ALL.len()],
}

/// A tenant's totals.
#[derive(Debug, Default)]
pub(crate) struct Totals(Mutex<Counted>);

#[derive(Debug, Default)]
struct Counted {
    /// The counts of detached attachments.
    gone: Sums,
    /// The totals that were reported last.
    reported: Sums,
}

impl Sums {
    /// Combines each count of both by a function.
    fn merge(&mut self, other: &Sums, by: impl Fn(u64, u64) -> u64) {
        self.calls = by(self.calls, other.calls);
        self.fuel = by(self.fuel, other.fuel);
        let faults = self.faults.iter_mut().zip(&other.faults);
        for (count, more) in faults.chain(self.denials.iter_mut().zip(&other.denials)) {
            *count = by(*count, *more);
        }
    }

    /// Adds one attachment's counts.
    pub fn add(&mut self, of: &AttachmentStats) {
        let mut sums = Sums { calls: of.calls, fuel: of.fuel.total, ..Sums::default() };
        of.faults.iter().for_each(|(cause, count)| sums.faults[*cause as usize] = *count);
        of.denials.iter().for_each(|(cause, count)| sums.denials[*cause as usize] = *count);
        self.merge(&sums, u64::wrapping_add);
    }
}

impl Totals {
    /// Keeps the counts of an attachment that is detached.
    pub fn keep(&self, of: &Sums) {
        self.0.lock().gone.merge(of, u64::wrapping_add);
    }

    /// The totals, given the sums over the present attachments. An attachment that is being detached right now may be
    /// in neither: its counts are reported the next time, and nothing decreases until then.
    pub fn with(&self, there: &Sums) -> Sums {
        let mut counted = self.0.lock();
        let mut now = counted.gone.clone();
        now.merge(there, u64::wrapping_add);
        counted.reported.merge(&now, u64::max);
        counted.reported.clone()
    }
}

impl Stats {
    /// What was counted so far.
    pub(super) fn sums(&self) -> Sums {
        let shards: Vec<&Shard> = self.shards.iter().filter_map(|shard| shard.get().map(|shard| &**shard)).collect();
        let outside = self.outside.load(Relaxed);
        let mut faults = from_fn(|cause| shards.iter().map(|shard| shard.faults[cause].load(Relaxed)).sum());
        faults[FaultCause::Host as usize] += outside;
        let denials: [u64; DenialCause::ALL.len()] = from_fn(|cause| self.denials[cause].load(Relaxed));
        let made: u64 = shards.iter().map(|shard| shard.calls.load(Relaxed)).sum();
        let fuel = shards.iter().fold(0u64, |sum, shard| sum.wrapping_add(shard.fuel.total()));
        Sums { calls: made + outside + denials.iter().sum::<u64>(), fuel, faults, denials }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::lineage::Lineage;
    use super::*;

    #[test]
    fn what_went_is_counted_and_nothing_goes_back() {
        let totals = Arc::new(Totals::default());
        let lineage = Lineage::new(Arc::clone(&totals));
        let stats = lineage.begin(1);
        stats.denied(DenialCause::Rate);
        stats.denied(DenialCause::Rate);
        stats.failed_outside();
        let there = stats.sums();
        assert_eq!((there.calls, there.denials[DenialCause::Rate as usize]), (3, 2));
        assert_eq!(there.faults[FaultCause::Host as usize], 1);
        assert_eq!(totals.with(&there), there);
        assert_eq!(totals.with(&Sums::default()), there, "it is going, and in neither sum");
        drop((stats, lineage));
        assert_eq!(totals.with(&Sums::default()), there, "it is gone");
        let mut twice = there.clone();
        twice.merge(&there, u64::wrapping_add);
        assert_eq!(totals.with(&there), twice, "another one has as much");
    }
}
