//! The atomics of what threads share without locks: the standard library's here. `tests/models` compiles the files that
//! take them from this module with loom's instead, which tries every order of their steps.

pub(crate) use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
