//! What threads share in the pool. `tests/models` compiles the files that take it from this module with loom's instead,
//! which tries every order of their steps.

pub(crate) use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) use parking_lot::{Mutex, MutexGuard};
