//! Tables: a call finds one of those that were published, and a hook point that always has something attached or is closed
//! never looks unused.

use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;

use super::published::Published;

/// What a call finds, where it looks.
fn found(published: &Published<u32>) -> Option<u32> {
    published.is_active().then(|| **published.table())
}

/// One table after another while a call looks: a replaced script, or a guard that is taken away and closes the hook point.
pub fn a_call_finds_one_table_or_the_next() {
    loom::model(|| {
        let published = Arc::new(Published::new(0));
        published.publish(1, true);
        let changing = published.clone();
        let changes = thread::spawn(move || {
            assert_eq!(*changing.publish(2, true), 1);
            assert_eq!(*changing.publish(3, true), 2);
        });
        let first = found(&published);
        let second = found(&published);
        assert!(first.is_some() && second.is_some(), "it never looks unused");
        assert!(first <= second && second <= Some(3), "{first:?}, then {second:?}");
        changes.join().expect("no panic");
        assert_eq!(found(&published), Some(3));
    });
}

/// Whoever hears of a change calls by it.
pub fn a_change_that_somebody_hears_of_is_in_force() {
    loom::model(|| {
        let shared = Arc::new((Published::new(0), AtomicBool::new(false)));
        let changing = shared.clone();
        let change = thread::spawn(move || {
            changing.0.publish(1, true);
            changing.1.store(true, Ordering::Release);
        });
        if shared.1.load(Ordering::Acquire) {
            assert_eq!(found(&shared.0), Some(1));
        }
        change.join().expect("no panic");
    });
}
