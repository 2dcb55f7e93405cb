//! Histograms: no count is lost, and no snapshot shows more than was recorded.

use loom::sync::Arc;
use loom::thread;

use super::histogram::{Histogram, Merged};
use crate::executor::Living;
use crate::image::Image;
use crate::sandbox::pool::Pool;

fn counted(of: &Histogram) -> (u64, u64, u64) {
    let mut merged = Merged::new();
    merged.merge(of);
    (merged.count, merged.total, merged.max)
}

/// Two snapshots while one thread records: each shows counts that were there, and none goes back.
pub fn a_snapshot_shows_no_more_than_was_recorded_and_never_less_than_before() {
    loom::model(|| {
        let histogram = Arc::new(Histogram::new());
        // The group of buckets is there from here on; loom does not see how it is made (`OnceLock`).
        histogram.record(3);
        let read = histogram.clone();
        // The reader is the thread that is spawned, so that loom runs the writer first. It takes a store back before the
        // loads of another thread only if those come after it: a load of the storing thread hides earlier ones.
        let reader = thread::spawn(move || (counted(&read), counted(&read)));
        [3, 3].into_iter().for_each(|value| histogram.record(value));
        let (first, second) = reader.join().expect("no panic");
        for (count, total, max) in [first, second] {
            assert!((1..=3).contains(&count) && total <= 9 && max == 3, "{count} {total} {max}");
            assert!(total % 3 == 0, "a sum of what was recorded: {total}");
        }
        assert!(first.0 <= second.0 && first.1 <= second.1, "{first:?}, then {second:?}");
        assert_eq!(counted(&histogram), (3, 9, 3), "the writer is through");
    });
}

/// Threads that count while they hold the same shelf, one after the other: nothing is locked for counting, and nothing is
/// lost.
pub fn no_count_is_lost_where_threads_hold_the_shelf_in_turn() {
    loom::model(|| {
        let shared = Arc::new((Pool::new(1), Histogram::new()));
        let call = |shared: Arc<(Pool, Histogram)>, value: u64| {
            move || {
                let Some((_, mut held)) = shared.0.enter() else { return 0 };
                held.admit(&Image::of(value), || Ok::<_, ()>(Living::default().executor())).expect("it is made");
                shared.1.record(value);
                1
            }
        };
        let other = thread::spawn(call(shared.clone(), 1));
        let own = call(shared.clone(), 2)();
        let other = other.join().expect("no panic");
        assert!(own + other > 0, "one of them found the shelf free");
        assert_eq!(counted(&shared.1), (own + other, own * 2 + other, if own > 0 { 2 } else { 1 }));
    });
}
