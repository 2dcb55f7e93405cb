//! Rates: what a bucket has is given out once, what was earned is put in once, and no charge is lost.

use std::time::Duration;

use loom::sync::Arc;
use loom::thread;

use crate::rate::bucket::Bucket;
use crate::rate::clock::Clock;

/// Units earned per nanosecond are then one.
const PER_SECOND: u64 = 1_000_000_000;

/// A clock that shows one time for as long as threads run.
struct At(u64);

impl Clock for At {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0)
    }
}

/// A bucket of that burst in which so much is left.
fn with(burst: u64, left: u64) -> Arc<Bucket> {
    let bucket = Bucket::new(PER_SECOND, burst, &At(0));
    bucket.charge(burst - left);
    Arc::new(bucket)
}

/// Runs both at once, and gives what each came to.
fn both<A: 'static, B>(first: impl FnOnce() -> A + 'static, second: impl FnOnce() -> B) -> (A, B) {
    let first = thread::spawn(first);
    let second = second();
    (first.join().expect("no panic"), second)
}

/// Two threads that try twice each, from `left` units on.
fn taken(burst: u64, left: u64, now: u64) {
    let bucket = with(burst, left);
    let take = |bucket: Arc<Bucket>| move || (0..2).filter(|_| bucket.take_one(&At(now))).count() as u64;
    let (first, second) = both(take(bucket.clone()), take(bucket.clone()));
    let there = (left + now).min(burst);
    if now == 0 {
        assert_eq!(first + second, there.min(4), "{there} were there");
    }
    // A thread may be denied while the other one is about to put in what both earned; it is there for the next call.
    assert_eq!(bucket.left(&At(now)), there as i64 - (first + second) as i64);
    assert!(first + second <= there);
}

/// Exactly as many are taken as there are, near the end of a bucket.
pub fn the_last_units_are_given_once() {
    for left in [0, 1, 3] {
        loom::model(move || taken(8, left, 0));
    }
}

/// Nor are any lost or given twice at the level below which threads look at the clock: 30 of 32.
pub fn nothing_is_lost_where_threads_begin_to_look_at_the_clock() {
    for left in [30, 31, 32] {
        loom::model(move || taken(32, left, 0));
    }
}

/// Two threads that look at once put in what was earned once.
pub fn what_was_earned_is_put_in_once() {
    for now in [1, 3] {
        loom::model(move || taken(8, 0, now));
    }
}

/// A charge while another thread puts in what was earned.
pub fn no_charge_is_lost() {
    loom::model(|| {
        let bucket = with(100, 0);
        let charged = bucket.clone();
        both(move || charged.charge(3), || bucket.has_any(&At(5)));
        assert_eq!(bucket.left(&At(5)), 2);
    });
}

/// Another rate while a thread takes: no call is given more than the larger of both bursts, and at the end there is no
/// more than the new one.
pub fn another_rate_holds_whoever_takes_meanwhile() {
    loom::model(|| {
        let bucket = with(8, 8);
        let taking = bucket.clone();
        let (taken, ()) = both(move || taking.take_one(&At(0)), || bucket.set(PER_SECOND, 2, &At(0)));
        assert!(taken, "both bursts have one");
        let left = bucket.left(&At(0));
        assert!((1..=2).contains(&left), "{left}");
    });
}
