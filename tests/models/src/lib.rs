//! Models of what the host's threads share without locks.
//!
//! ```text
//! host/src/rate/bucket.rs         ─┐                          ┌▶ buckets.rs           nothing is given twice, nothing is lost
//! host/src/rate/clock.rs           │                          │
//! host/src/observe/histogram.rs    │ compiled here, over      ├▶ observe/counts.rs    no count is lost or made up
//! host/src/observe/lane.rs         ├ loom's atomics and locks ┼▶ observe/events.rs    each event once, or counted as lost
//! host/src/attach/published.rs     │ (atomic.rs)              ├▶ attach/tables.rs     one table or the next, never neither
//! sandbox/src/pool.rs              │                          └▶ pool.rs              one thread on a shelf, no executor
//! sandbox/src/shelf.rs            ─┘                                                  beyond the bound, no room lost
//! ```
//!
//! These are the crates' own files, not copies. They take what threads share from `crate::atomic`, which is the standard
//! library's (and parking_lot's, crossbeam's, arc-swap's) there and loom's here. loom runs a model once for each order in
//! which the steps of its threads can interleave, and for each value that a relaxed load may see.
//!
//! Not modelled: crossbeam's queue and arc-swap themselves. Neither can be compiled over loom, so one step of theirs is one
//! step here, and what they promise (a value once; a whole table) is what their own tests hold. With the real ones,
//! `tests/tests/concurrency.rs` attaches, replaces and detaches while threads call.

#![forbid(unsafe_code)]

mod atomic;
pub mod attach;
pub mod buckets;
mod executor;
mod image;
pub mod observe;
pub mod pool;
mod rate;
mod sandbox;
#[allow(dead_code)]
#[path = "../../../sandbox/src/shelf.rs"]
mod shelf;
