//! The statistics of each attachment's calls, which are always counted, at a few nanoseconds per call.
//!
//! ```text
//! Lineage (one per attachment)                                       lineage.rs
//!   └─ Stats (one per script that it had, while calls of it may run)
//!        └─ Shard (one per shelf of the pool, made at its first call)   written by the holder of the shelf only
//! ```
//!
//! A call is counted while it holds its shelf in the pool of executors. A shard therefore has one writer at a time,
//! counters need no locked instructions, and threads share no cache lines. Readers add the shards up; they may see a
//! call half counted, but never a count that decreases.
//!
//! Everything except latency is counted for every call. Reading a clock twice costs more than all the counting, so the
//! first 64 calls of a shard are timed and then one in 16, drawn at random.

use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Instant, SystemTime};

use parking_lot::Mutex;
use tenterhook_hooks::codec::Answer;
use tenterhook_hooks::schema::{Declaration, Type};
use tenterhook_hooks::value::Value;
use tenterhook_policies::{DenialCause, FaultCause};
use tenterhook_sandbox::{Fault, Metered, Restored};

use super::histogram::{Histogram, add, raise};

/// The values of an enum that are counted separately; the others are counted together.
pub(super) const VALUES: usize = 16;
/// The number of first calls of a shard that are all timed.
const TIMED_AT_FIRST: u64 = 64;
/// After those, one call in this many is timed; a power of two.
const TIMED_ONE_IN: u64 = 16;

/// The counter of an answer: one for answers without results, one per value of the first result, one for the rest.
const GIVEN_DEFAULT: usize = 0;
const OTHER: usize = VALUES + 1;

/// Whether anything is counted, for benches of one host with and without statistics.
#[cfg(feature = "measure")]
pub(crate) static COUNTING: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(true);

/// The last call that failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastFault {
    /// When.
    pub time: SystemTime,
    /// Why.
    pub fault: Fault,
}

pub(crate) struct Stats {
    pub(super) since: SystemTime,
    pub(super) shards: Box<[OnceLock<Box<Shard>>]>,
    pub(super) denials: [AtomicU64; DenialCause::ALL.len()],
    /// Faults outside of the sandbox, in calls without a shelf.
    pub(super) outside: AtomicU64,
    pub(super) last_fault: Mutex<Option<LastFault>>,
    started: Instant,
    /// When the next fault or denial may be reported, in milliseconds after `started`, and how many were not.
    tell_after: AtomicU64,
    suppressed: AtomicU64,
}

/// One shelf's counters.
#[repr(align(128))]
pub(crate) struct Shard {
    pub(super) calls: AtomicU64,
    pub(super) results: [AtomicU64; VALUES + 2],
    pub(super) changed: AtomicU64,
    pub(super) faults: [AtomicU64; FaultCause::ALL.len()],
    pub(super) memory_peak: AtomicU64,
    pub(super) restored_touched: AtomicU64,
    pub(super) restored_all: AtomicU64,
    pub(super) restore_fuel: AtomicU64,
    pub(super) log_lines: AtomicU64,
    pub(super) log_dropped: AtomicU64,
    pub(super) fuel: Histogram,
    pub(super) latency: Histogram,
}

impl Shard {
    fn new() -> Shard {
        let zero = || AtomicU64::new(0);
        Shard {
            calls: zero(),
            results: [const { AtomicU64::new(0) }; VALUES + 2],
            changed: zero(),
            faults: [const { AtomicU64::new(0) }; FaultCause::ALL.len()],
            memory_peak: zero(),
            restored_touched: zero(),
            restored_all: zero(),
            restore_fuel: zero(),
            log_lines: zero(),
            log_dropped: zero(),
            fuel: Histogram::new(),
            latency: Histogram::new(),
        }
    }

    /// Adds the counts of another one. The caller must be the only writer.
    fn absorb(&self, other: &Shard) {
        let more = |into: &AtomicU64, from: &AtomicU64| add(into, from.load(Ordering::Relaxed));
        more(&self.calls, &other.calls);
        self.results.iter().zip(&other.results).for_each(|(into, from)| more(into, from));
        more(&self.changed, &other.changed);
        self.faults.iter().zip(&other.faults).for_each(|(into, from)| more(into, from));
        raise(&self.memory_peak, other.memory_peak.load(Ordering::Relaxed));
        more(&self.restored_touched, &other.restored_touched);
        more(&self.restored_all, &other.restored_all);
        more(&self.restore_fuel, &other.restore_fuel);
        more(&self.log_lines, &other.log_lines);
        more(&self.log_dropped, &other.log_dropped);
        self.fuel.absorb(&other.fuel);
        self.latency.absorb(&other.latency);
    }

    /// Starts timing the next call, if it is one that is timed.
    #[inline]
    pub fn start(&self) -> Option<Instant> {
        let timed = self.calls.load(Ordering::Relaxed) < TIMED_AT_FIRST || draw().is_multiple_of(TIMED_ONE_IN);
        timed.then(Instant::now)
    }

    /// Counts a call. The caller holds the shelf that the shard belongs to.
    #[inline]
    pub fn count(&self, took: Option<u64>, result: &Result<Answer, Fault>, metered: &Metered, of: &Declaration) {
        add(&self.calls, 1);
        self.fuel.record(metered.fuel);
        raise(&self.memory_peak, metered.memory);
        match metered.restored {
            Restored::Nothing => {}
            Restored::Touched => add(&self.restored_touched, 1),
            Restored::All => add(&self.restored_all, 1),
        }
        if metered.restore_fuel != 0 {
            add(&self.restore_fuel, metered.restore_fuel);
        }
        if let Some(took) = took {
            self.latency.record(took);
        }
        if metered.log_lines | metered.log_dropped != 0 {
            add(&self.log_lines, metered.log_lines);
            add(&self.log_dropped, metered.log_dropped);
        }
        match result {
            Ok(answer) => {
                add(&self.results[value_of(answer, of)], 1);
                if answer.changes_anything() {
                    add(&self.changed, 1);
                }
            }
            Err(fault) => add(&self.faults[fault.cause() as usize], 1),
        }
    }
}

/// The counter of an answer.
#[inline]
fn value_of(answer: &Answer, of: &Declaration) -> usize {
    let Some(first) = of.results.first() else { return GIVEN_DEFAULT };
    match (&first.ty, answer.result(0)) {
        (Type::Enum(_), Some(Value::Enum(at))) => (*at + 1).min(OTHER),
        (Type::Boolean, Some(Value::Boolean(v))) => 1 + usize::from(*v),
        (Type::Enum(_) | Type::Boolean, None) => GIVEN_DEFAULT,
        _ if answer.is_default(of) => GIVEN_DEFAULT,
        _ => OTHER,
    }
}

/// The counter's name, for listings.
pub(super) fn value_name(counter: usize, of: &Declaration) -> Option<&str> {
    match (counter, of.results.first().map(|first| &first.ty)) {
        (GIVEN_DEFAULT, _) => Some("default"),
        (1, Some(Type::Boolean)) => Some("false"),
        (2, Some(Type::Boolean)) => Some("true"),
        (at, Some(Type::Enum(e))) if at < OTHER => e.variants.get(at - 1).map(|variant| variant.name.as_str()),
        _ => Some("other"),
    }
}

/// A number drawn at random, good enough to choose which calls are timed.
#[inline]
fn draw() -> u64 {
    thread_local! {
        static STATE: Cell<u64> = const { Cell::new(0x9e37_79b9_7f4a_7c15) };
    }
    STATE.with(|state| {
        let mut x = state.get();
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        state.set(x);
        x >> 32
    })
}

impl Stats {
    /// Counters for a pool of this many shelves; none if statistics are off.
    pub fn new(shelves: usize) -> Stats {
        Stats {
            since: SystemTime::now(),
            shards: (0..shelves).map(|_| OnceLock::new()).collect(),
            denials: [const { AtomicU64::new(0) }; DenialCause::ALL.len()],
            outside: AtomicU64::new(0),
            last_fault: Mutex::new(None),
            started: Instant::now(),
            tell_after: AtomicU64::new(0),
            suppressed: AtomicU64::new(0),
        }
    }

    /// Adds the counts of another one, which no call writes any more, to the first shelf of this one, which no call
    /// holds.
    pub(super) fn absorb(&mut self, other: &Stats) {
        for shard in other.shards.iter().filter_map(OnceLock::get) {
            if let Some(into) = self.shards.first() {
                into.get_or_init(|| Box::new(Shard::new())).absorb(shard);
            }
        }
        for (into, from) in self.denials.iter().zip(&other.denials) {
            add(into, from.load(Ordering::Relaxed));
        }
        add(&self.outside, other.outside.load(Ordering::Relaxed));
        let last = other.last_fault.lock().clone();
        let own = self.last_fault.get_mut();
        if last.as_ref().map(|last| last.time) > own.as_ref().map(|own| own.time) {
            *own = last;
        }
    }

    /// The counters of a shelf in the pool.
    #[inline]
    pub fn shard(&self, shelf: usize) -> Option<&Shard> {
        #[cfg(feature = "measure")]
        if !COUNTING.load(Ordering::Relaxed) {
            return None;
        }
        self.shards.get(shelf).map(|shard| &**shard.get_or_init(|| Box::new(Shard::new())))
    }

    /// Keeps the last fault, unless it is being read right now.
    #[cold]
    pub fn fault(&self, fault: &Fault) {
        if let Some(mut last) = self.last_fault.try_lock() {
            *last = Some(LastFault { time: SystemTime::now(), fault: fault.clone() });
        }
    }

    /// Counts a call that failed before it had a shelf.
    #[cold]
    pub fn failed_outside(&self) {
        self.outside.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a call that was denied.
    #[cold]
    pub fn denied(&self, cause: DenialCause) {
        self.denials[cause as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Whether a fault or denial may be reported now: at most ten a second are. If so, returns how many were not since
    /// the last one.
    pub fn may_report(&self) -> Option<u64> {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let after = self.tell_after.load(Ordering::Relaxed);
        let next = now.saturating_add(100);
        if now < after || self.tell_after.compare_exchange(after, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            self.suppressed.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        Some(self.suppressed.swap(0, Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_in_sixteen_is_drawn_about_as_often_as_that() {
        let drawn = (0..160_000).filter(|_| draw().is_multiple_of(TIMED_ONE_IN)).count();
        assert!((9_000..11_000).contains(&drawn), "{drawn}");
    }

    #[test]
    fn faults_are_reported_at_most_ten_times_a_second() {
        let stats = Stats::new(1);
        assert_eq!(stats.may_report(), Some(0));
        let start = Instant::now();
        let reported = (0..50_000).filter(|_| stats.may_report().is_some()).count() as u128;
        assert!(reported <= start.elapsed().as_millis() / 100 + 1, "{reported}");
    }
}
