//! The clock for rates, quarantine and deadlines.

use std::time::{Duration, Instant};

/// A clock. Tests provide their own; programs have no reason to.
///
/// It should be monotonic. The effect of one that jumps is limited: a jump forward is worth at most one burst of each
/// rate and ends a quarantine's wait; a jump back is worth nothing, and the wait begins anew. While the clock stands
/// still, nothing is earned and no wait ends.
pub trait Clock: Send + Sync {
    /// The time since some fixed moment. It must not block.
    fn now(&self) -> Duration;
}

/// The system's monotonic clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Monotonic(Instant);

impl Monotonic {
    pub fn new() -> Monotonic {
        Monotonic(Instant::now())
    }
}

impl Clock for Monotonic {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }
}

/// The clock's time in nanoseconds; 584 years fit.
#[inline]
pub(crate) fn nanos(clock: &dyn Clock) -> u64 {
    u64::try_from(clock.now().as_nanos()).unwrap_or(u64::MAX)
}

/// A clock that stands still until it is set.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Still(std::sync::atomic::AtomicU64);

#[cfg(test)]
impl Still {
    /// Sets the time.
    pub fn set(&self, nanos: u64) {
        self.0.store(nanos, std::sync::atomic::Ordering::Relaxed);
    }
}

#[cfg(test)]
impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(std::sync::atomic::Ordering::Relaxed))
    }
}
