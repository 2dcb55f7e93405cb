//! loom's atomics, under the names that the host's file uses.

pub(crate) use std::sync::atomic::Ordering;

pub(crate) use loom::sync::atomic::{AtomicI64, AtomicU64};
