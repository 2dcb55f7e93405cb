//! Models of what the host's threads share without locks.
//!
//! ```text
//! host/src/rate/bucket.rs  ─┬─ compiled here, over loom's atomics ──▶ buckets.rs   nothing is given twice, nothing is lost
//! host/src/rate/clock.rs   ─┘
//! ```
//!
//! These are the host's own files, not copies. They take their atomics from `crate::atomic`, which is the standard
//! library's in the host and loom's here. loom runs a model once for each order in which the steps of its threads can
//! interleave, and for each value that a relaxed load may see.

#![forbid(unsafe_code)]

mod atomic;
pub mod buckets;
mod rate;
