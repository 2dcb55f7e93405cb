//! What threads share: atomics, what is built on them, and the one lock beside. The standard library's and other crates'
//! here. `tests/models` compiles the files that take them from this module with loom's instead, which tries every order of
//! their steps.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

pub(crate) use arc_swap::{ArcSwap, Guard};
pub(crate) use crossbeam_queue::ArrayQueue;
pub(crate) use parking_lot::Mutex;
