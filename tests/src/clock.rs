//! A clock that goes when it is told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tenterhook::Clock;

/// Stands still until it is told otherwise.
#[derive(Debug, Default)]
pub struct HandClock(AtomicU64);

impl HandClock {
    /// One that shows a time like any other.
    pub fn new() -> Arc<HandClock> {
        Arc::new(HandClock(AtomicU64::new(1_000_000_000_000)))
    }

    /// Goes on by so much.
    pub fn pass(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Jumps to that time.
    pub fn jump(&self, to: Duration) {
        self.0.store(u64::try_from(to.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Clock for HandClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}
