//! What threads share: atomics, types built on them, and one lock. Here they are those of the standard library and of other
//! crates. `tests/models` compiles the files that use this module with loom's instead, which explores every order of their
//! steps.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

pub(crate) use arc_swap::{ArcSwap, Guard};
pub(crate) use crossbeam_queue::ArrayQueue;
pub(crate) use parking_lot::Mutex;
