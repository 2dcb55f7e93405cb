//! Rates, and the clock for them.
//!
//! ```text
//! Clock ─▶ Bucket   a rate with a burst: calls, fuel, loads, log lines, events   (clock.rs, bucket.rs)
//! ```

mod bucket;
mod clock;

pub(crate) use bucket::Bucket;
pub use clock::Clock;
#[cfg(test)]
pub(crate) use clock::Still;
pub(crate) use clock::{Monotonic, nanos};
