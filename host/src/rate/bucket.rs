//! A rate with a burst, without a lock, a background thread or, most of the time, a read of the clock.
//!
//! ```text
//! burst ┬───────────────  full after a pause
//!       │  ample          above this the clock is not read: one load, one subtraction
//!       ├───────────────
//!       │                 below, what was earned since the last reading is added first
//!     0 ┼───────────────  nothing left: denied
//!       │  debt           what calls in flight took beyond it; earned back before anything else
//! ```
//!
//! Only the thread that advances `stamp` adds earnings, so no two threads add the same ones; what is taken is
//! subtracted in one atomic step, so nothing that was taken is lost. The fraction of a unit that a reading of the clock
//! leaves over stays in `stamp` for the next.
//!
//! Since the clock is not read above `ample`, a pause may be counted up to 1/16 of a burst late: within any time `t`,
//! at most `burst × 17/16 + rate × t` are given out, plus what calls in flight overdraw.

use super::clock::{Clock, nanos};
use crate::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::atomic::{AtomicI64, AtomicU64};

const SECOND: u64 = 1_000_000_000;
/// More than any policy grants at once, and far from where a level would wrap.
const MOST: u64 = 1 << 60;

/// A rate with a burst.
#[derive(Debug)]
#[repr(align(128))]
pub(crate) struct Bucket {
    /// The remaining amount; negative when calls in flight took more than there was.
    level: AtomicI64,
    ample: AtomicI64,
    /// The time up to which earnings are included in `level`, in nanoseconds.
    stamp: AtomicU64,
    per_second: AtomicU64,
    burst: AtomicI64,
}

impl Bucket {
    /// Makes a full bucket.
    pub fn new(per_second: u64, burst: u64, clock: &dyn Clock) -> Bucket {
        let (burst, ample) = bounds(burst);
        Bucket {
            level: AtomicI64::new(burst),
            ample: AtomicI64::new(ample),
            stamp: AtomicU64::new(nanos(clock)),
            per_second: AtomicU64::new(per_second.min(MOST)),
            burst: AtomicI64::new(burst),
        }
    }

    /// Sets another rate from now on. The remaining amount stays, as far as it fits; so does debt.
    pub fn set(&self, per_second: u64, burst: u64, clock: &dyn Clock) {
        self.earn(clock);
        let (burst, ample) = bounds(burst);
        self.per_second.store(per_second.min(MOST), Relaxed);
        self.burst.store(burst, Relaxed);
        self.ample.store(ample, Relaxed);
        self.level.fetch_min(burst, Relaxed);
    }

    /// The remaining amount; if negative, the debt.
    pub fn left(&self, clock: &dyn Clock) -> i64 {
        self.earn(clock);
        self.level.load(Relaxed)
    }

    /// Whether anything is left. [`Bucket::charge`] subtracts what is used later.
    #[inline]
    pub fn has_any(&self, clock: &dyn Clock) -> bool {
        self.level.load(Relaxed) > self.ample.load(Relaxed) || self.look(clock)
    }

    #[cold]
    fn look(&self, clock: &dyn Clock) -> bool {
        self.earn(clock);
        self.level.load(Relaxed) > 0
    }

    /// Takes an amount, whether it is available or not.
    #[inline]
    pub fn charge(&self, amount: u64) {
        self.level.fetch_sub(amount.min(MOST) as i64, Relaxed);
    }

    /// Takes one, if there is one: exactly as many attempts succeed as there are, however many threads try.
    #[inline]
    pub fn take_one(&self, clock: &dyn Clock) -> bool {
        let ample = self.ample.load(Relaxed);
        if self.level.load(Relaxed) > ample {
            if self.level.fetch_sub(1, Relaxed) > ample {
                return true;
            }
            self.level.fetch_add(1, Relaxed);
        }
        self.take_last(clock)
    }

    #[cold]
    fn take_last(&self, clock: &dyn Clock) -> bool {
        self.earn(clock);
        self.level.fetch_update(Relaxed, Relaxed, |level| (level > 0).then(|| level - 1)).is_ok()
    }

    /// Whether it is full.
    pub fn is_full(&self, clock: &dyn Clock) -> bool {
        self.left(clock) >= self.burst.load(Relaxed)
    }

    /// Adds what was earned up to now.
    fn earn(&self, clock: &dyn Clock) {
        // The stamp is read before the clock, so that a thread that is held up in between does not see a time before
        // the stamp.
        let stamp = self.stamp.load(Acquire);
        let now = nanos(clock);
        if now <= stamp {
            if now < stamp {
                // The clock went back. Nothing is earned; waiting for it to catch up would deny calls without end.
                let _ = self.stamp.compare_exchange(stamp, now, Release, Relaxed);
            }
            return;
        }
        let per_second = self.per_second.load(Relaxed);
        let elapsed = now - stamp;
        let earned = scaled(elapsed, per_second, SECOND);
        if earned == 0 {
            return;
        }
        // The time that it took to earn these, rounded up: the rest of `elapsed` counts the next time.
        let until = if earned >= MOST { now } else { stamp + time_of(earned, per_second).min(elapsed) };
        if self.stamp.compare_exchange(stamp, until, Release, Relaxed).is_err() {
            // Another thread added these.
            return;
        }
        let burst = self.burst.load(Relaxed);
        let filled = |level: i64| level.saturating_add(earned.min(MOST) as i64).min(burst.max(level));
        let _ = self.level.fetch_update(Relaxed, Relaxed, |level| Some(filled(level)));
    }
}

/// The burst, and the level above which the clock is not read.
fn bounds(burst: u64) -> (i64, i64) {
    let burst = burst.min(MOST) as i64;
    (burst, burst - burst / 16)
}

/// `a × b / divisor`, at most [`MOST`].
fn scaled(a: u64, b: u64, divisor: u64) -> u64 {
    match a.checked_mul(b) {
        Some(product) => (product / divisor.max(1)).min(MOST),
        None => {
            let product = u128::from(a) * u128::from(b) / u128::from(divisor.max(1));
            u64::try_from(product).unwrap_or(MOST).min(MOST)
        }
    }
}

/// The nanoseconds that it takes to earn this amount, rounded up.
fn time_of(earned: u64, per_second: u64) -> u64 {
    let time = scaled(earned, SECOND, per_second);
    time + u64::from(u128::from(time) * u128::from(per_second) < u128::from(earned) * u128::from(SECOND))
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::super::clock::Still;
    use super::*;

    fn take(bucket: &Bucket, clock: &Still, tries: usize) -> usize {
        (0..tries).filter(|_| bucket.take_one(clock)).count()
    }

    #[test]
    fn a_burst_and_not_one_more_while_the_clock_stands_still() {
        let clock = Still::default();
        for burst in [1, 2, 15, 16, 17, 1000] {
            let bucket = Bucket::new(10, burst as u64, &clock);
            assert_eq!(take(&bucket, &clock, burst - 1), burst - 1);
            assert!(bucket.take_one(&clock), "the last of {burst}");
            assert!(!bucket.take_one(&clock), "one more than {burst}");
            assert_eq!(take(&bucket, &clock, 100), 0, "and none ever after");
        }
    }

    #[test]
    fn a_rate_gives_one_when_one_was_earned_and_not_a_nanosecond_before() {
        let clock = Still::default();
        let bucket = Bucket::new(10, 1, &clock);
        assert!(bucket.take_one(&clock));
        for time in [1, 50_000_000, 99_999_999] {
            clock.set(time);
            assert!(!bucket.take_one(&clock), "{time}");
        }
        clock.set(100_000_000);
        assert!(bucket.take_one(&clock));
        assert!(!bucket.take_one(&clock));
    }

    #[test]
    fn what_a_look_leaves_over_counts_the_next_time() {
        let clock = Still::default();
        // One per 2½ ms, with a reading every millisecond; and one per 3⅓ ms, whose thirds of a nanosecond are not
        // given out.
        for (rate, expected) in [(400, 4000), (300, 2999)] {
            clock.set(0);
            let bucket = Bucket::new(rate, 1000, &clock);
            assert_eq!(take(&bucket, &clock, 2000), 1000);
            let mut taken = 0;
            for millis in 1..=10_000_u64 {
                clock.set(millis * 1_000_000);
                taken += take(&bucket, &clock, 10);
            }
            assert_eq!(taken, expected, "{rate} per second over 10 seconds");
        }
    }

    #[test]
    fn no_more_than_a_burst_is_saved_up() {
        let clock = Still::default();
        let bucket = Bucket::new(1000, 50, &clock);
        assert_eq!(take(&bucket, &clock, 100), 50);
        clock.set(3600 * SECOND);
        assert_eq!(take(&bucket, &clock, 100), 50);
    }

    #[test]
    fn debt_is_earned_back_before_anything_else() {
        let clock = Still::default();
        let bucket = Bucket::new(1000, 500, &clock);
        assert!(bucket.has_any(&clock));
        bucket.charge(499);
        assert!(bucket.has_any(&clock), "one is left");
        bucket.charge(2001);
        assert!(!bucket.has_any(&clock));
        clock.set(2 * SECOND);
        assert!(!bucket.has_any(&clock), "2,000 are earned back, and 2,000 were owed");
        clock.set(2 * SECOND + 1_000_000);
        assert!(bucket.has_any(&clock));
    }

    #[test]
    fn a_clock_that_goes_back_gives_nothing_and_denies_nothing_for_long() {
        let clock = Still::default();
        clock.set(1_000_000 * SECOND);
        let bucket = Bucket::new(10, 10, &clock);
        assert_eq!(take(&bucket, &clock, 20), 10);
        clock.set(5);
        assert_eq!(take(&bucket, &clock, 20), 0, "nothing for going back");
        clock.set(SECOND / 10 + 5);
        assert_eq!(take(&bucket, &clock, 20), 1, "but from there on it earns as ever");
    }

    #[test]
    fn a_clock_that_jumps_forward_gives_a_burst_at_most() {
        let clock = Still::default();
        let bucket = Bucket::new(1 << 59, 10, &clock);
        assert_eq!(take(&bucket, &clock, 20), 10);
        for jump in [SECOND, 1 << 40, u64::MAX - 1, u64::MAX] {
            clock.set(jump);
            assert!(take(&bucket, &clock, 20) <= 10);
        }
    }

    #[test]
    fn another_rate_holds_at_once_and_keeps_debt() {
        let clock = Still::default();
        let bucket = Bucket::new(1, 1000, &clock);
        bucket.set(100, 20, &clock);
        assert_eq!(take(&bucket, &clock, 100), 20, "no more is left than the new burst");
        bucket.charge(100);
        bucket.set(1000, 5000, &clock);
        assert!(!bucket.has_any(&clock), "a larger burst is not a gift");
        clock.set(SECOND / 10 + 1_000_000);
        assert!(bucket.has_any(&clock));
        assert_eq!(bucket.left(&clock), 1);
    }

    #[test]
    fn many_threads_take_exactly_what_there_is() {
        let clock = Still::default();
        for burst in [1_usize, 1000, 20_000] {
            let bucket = Bucket::new(1, burst as u64, &clock);
            let taken: usize = thread::scope(|scope| {
                let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| take(&bucket, &clock, 10_000))).collect();
                threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
            });
            assert_eq!(taken, burst.min(40_000));
        }
    }

    /// Each reading is a nanosecond later than all earlier ones.
    #[derive(Default)]
    struct Ticking(AtomicU64);

    impl Clock for Ticking {
        fn now(&self) -> Duration {
            Duration::from_nanos(self.0.fetch_add(1, Relaxed))
        }
    }

    #[test]
    fn many_threads_earn_each_nanosecond_once_and_lose_no_charge() {
        let clock = Ticking::default();
        let bucket = Bucket::new(SECOND, 1 << 40, &clock);
        let owed = (1 << 40) + 1_000_000;
        bucket.charge(owed);
        let before = bucket.stamp.load(Relaxed);
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..20_000 {
                        bucket.has_any(&clock);
                        bucket.charge(3);
                    }
                });
            }
        });
        // At one unit per nanosecond, the earnings equal the progress of the stamp.
        let earned = bucket.stamp.load(Relaxed) - before;
        assert!(earned > 20_000, "{earned}");
        assert_eq!(bucket.level.load(Relaxed), (1_i64 << 40) - owed as i64 - 4 * 20_000 * 3 + earned as i64);
    }
}
