//! What changes publish to calls: a table that is swapped as a whole, and whether a call has to look at it.

use std::sync::Arc;

use crate::atomic::{ArcSwap, AtomicBool, Guard, Ordering};

/// A table, as calls find it.
pub(crate) struct Published<T> {
    /// Whether a call has to look at the table; what an unused hook point costs is this load.
    active: AtomicBool,
    table: ArcSwap<T>,
}

impl<T> Published<T> {
    /// A table that nobody has to look at.
    pub fn new(table: T) -> Published<T> {
        Published { active: AtomicBool::new(false), table: ArcSwap::from_pointee(table) }
    }

    #[inline]
    pub fn is_active(&self) -> bool {
        // Relaxed: an invocation that runs while something is attached may see either.
        self.active.load(Ordering::Relaxed)
    }

    #[inline]
    pub fn table(&self) -> Guard<Arc<T>> {
        self.table.load()
    }

    /// Another table; gives the one before. Changes do not cross: their callers hold a lock.
    pub fn publish(&self, table: T, active: bool) -> Arc<T> {
        // What closes does so before anything less is attached; what opens does when everything is.
        self.active.store(active, Ordering::Relaxed);
        self.table.swap(Arc::new(table))
    }
}
