//! Counts of values in buckets that grow with the values, one writer at a time, any number of readers.
//!
//! Values under 16 have a bucket each; from there on every power of two is divided into 8. A percentile, which is the
//! middle of its bucket, is therefore at most 6.25 % off, from 0 to 2^40 (18 minutes in nanoseconds, a trillion units
//! of fuel).
//!
//! The calls of one attachment resemble each other, so only a few of the powers of two are used: each gets its buckets
//! with its first value, because there are many attachments.

use std::sync::OnceLock;

use crate::atomic::{AtomicU64, Ordering};

/// The number of buckets of single values.
const EXACT: usize = 16;
/// The divisions of a power of two, as a power of two.
const CUTS: u32 = 3;
/// The powers of two from 2^4 up to below 2^40.
const OCTAVES: usize = 36;
const BUCKETS: usize = EXACT + (OCTAVES << CUTS);
/// The number of buckets that are allocated at once: a power of two, or half of the exact ones.
const GROUP: usize = 1 << CUTS;
const GROUPS: usize = BUCKETS / GROUP;

/// Adds to a counter that only this thread writes, without a locked instruction.
#[inline]
pub(super) fn add(counter: &AtomicU64, more: u64) {
    counter.store(counter.load(Ordering::Relaxed).wrapping_add(more), Ordering::Relaxed);
}

/// Raises a maximum that only this thread writes.
#[inline]
pub(super) fn raise(maximum: &AtomicU64, value: u64) {
    if value > maximum.load(Ordering::Relaxed) {
        maximum.store(value, Ordering::Relaxed);
    }
}

/// The counts of one writer.
pub(super) struct Histogram {
    total: AtomicU64,
    max: AtomicU64,
    groups: [OnceLock<Box<[AtomicU64; GROUP]>>; GROUPS],
}

impl Histogram {
    pub fn new() -> Histogram {
        let groups = [const { OnceLock::new() }; GROUPS];
        Histogram { total: AtomicU64::new(0), max: AtomicU64::new(0), groups }
    }

    /// The sum of the values.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Adds the counts of another one. The caller must be the only writer.
    pub fn absorb(&self, other: &Histogram) {
        add(&self.total, other.total.load(Ordering::Relaxed));
        raise(&self.max, other.max.load(Ordering::Relaxed));
        for (at, count) in other.counts() {
            add(self.count_of(at), count);
        }
    }

    /// Counts a value. The caller must be the only writer.
    #[inline]
    pub fn record(&self, value: u64) {
        add(self.count_of(bucket(value)), 1);
        add(&self.total, value);
        raise(&self.max, value);
    }

    /// The bucket with this number, which is below [`BUCKETS`].
    #[inline]
    fn count_of(&self, bucket: usize) -> &AtomicU64 {
        let group = self.groups[bucket / GROUP].get_or_init(|| Box::new(std::array::from_fn(|_| AtomicU64::new(0))));
        &group[bucket % GROUP]
    }

    /// The allocated buckets, by number.
    fn counts(&self) -> impl Iterator<Item = (usize, u64)> {
        let groups = self.groups.iter().enumerate().filter_map(|(at, group)| Some((at, group.get()?)));
        groups.flat_map(|(at, group)| {
            (0..).zip(&**group).map(move |(within, count)| (at * GROUP + within, count.load(Ordering::Relaxed)))
        })
    }
}

#[inline]
fn bucket(value: u64) -> usize {
    if value < EXACT as u64 {
        return value as usize;
    }
    let octave = 63 - value.leading_zeros();
    let cut = (value >> (octave - CUTS)) & ((1 << CUTS) - 1);
    let at = EXACT + (((octave - 4) as usize) << CUTS) + cut as usize;
    at.min(BUCKETS - 1)
}

/// The middle of a bucket.
fn middle(bucket: usize) -> u64 {
    if bucket < EXACT {
        return bucket as u64;
    }
    let octave = ((bucket - EXACT) >> CUTS) as u32 + 4;
    let cut = ((bucket - EXACT) & ((1 << CUTS) - 1)) as u64;
    let width = 1u64 << (octave - CUTS);
    (1u64 << octave) + cut * width + width / 2
}

/// The counts of several writers, added up.
pub(super) struct Merged {
    pub count: u64,
    pub total: u64,
    pub max: u64,
    buckets: Box<[u64; BUCKETS]>,
}

impl Merged {
    pub fn new() -> Merged {
        Merged { count: 0, total: 0, max: 0, buckets: Box::new([0; BUCKETS]) }
    }

    pub fn merge(&mut self, of: &Histogram) {
        for (at, count) in of.counts() {
            self.buckets[at] += count;
            self.count += count;
        }
        self.total = self.total.wrapping_add(of.total.load(Ordering::Relaxed));
        self.max = self.max.max(of.max.load(Ordering::Relaxed));
    }

    /// The number of values below that power of two, which is 16 or more: a bucket begins there, so the count is exact.
    pub fn below(&self, power: u32) -> u64 {
        self.buckets[..bucket(1 << power)].iter().sum()
    }

    /// The value that this many of a thousand do not exceed; 0 if there are none.
    pub fn per_mille(&self, of_thousand: u64) -> u64 {
        let rank = (self.count * of_thousand).div_ceil(1000).max(1);
        let mut seen = 0;
        for (bucket, count) in self.buckets.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return middle(bucket).min(self.max);
            }
        }
        self.max
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_follow_each_other_and_hold_their_middle() {
        let mut last = 0;
        let mut value = 0u64;
        while value < 1 << 40 {
            let at = bucket(value);
            assert!(at == last || at == last + 1, "{value} is in bucket {at} after {last}");
            last = at;
            let reported = middle(at);
            assert_eq!(bucket(reported), at, "{value}");
            assert!(reported.abs_diff(value) * 16 <= value.max(1), "{value} is reported as {reported}");
            value += (value / 64).max(1);
        }
        assert_eq!(bucket(u64::MAX), BUCKETS - 1);
        assert_eq!(bucket((1 << 40) - 1), BUCKETS - 1);
    }

    #[test]
    fn counts_below_a_power_of_two_are_exact_at_the_bound() {
        for power in [4, 8, 10, 30] {
            let of = Histogram::new();
            let bound = 1u64 << power;
            [0, bound - 1, bound - 1, bound, bound + 1].into_iter().for_each(|value| of.record(value));
            let mut all = Merged::new();
            all.merge(&of);
            assert_eq!(all.below(power), 3, "{power}");
        }
    }

    #[test]
    fn percentiles_are_near_those_of_the_values() {
        let (a, b) = (Histogram::new(), Histogram::new());
        for value in 1..=10_000u64 {
            if value % 2 == 0 { a.record(value) } else { b.record(value) }
        }
        let mut all = Merged::new();
        all.merge(&a);
        all.merge(&b);
        assert_eq!((all.count, all.total, all.max), (10_000, 50_005_000, 10_000));
        for (of_thousand, true_value) in [(500, 5_000u64), (900, 9_000), (990, 9_900), (1000, 10_000)] {
            let reported = all.per_mille(of_thousand);
            assert!(reported.abs_diff(true_value) * 16 <= true_value, "{of_thousand}: {reported}");
        }
        assert_eq!(Merged::new().per_mille(990), 0);
    }
}
