//! What changes publish to calls: a table that is swapped as a whole, and whether calls need it.

use std::sync::Arc;

use crate::atomic::{ArcSwap, AtomicBool, Guard, Ordering};

/// A table, as calls find it.
pub(crate) struct Published<T> {
    /// Whether calls need the table. An unused hook point costs this load.
    active: AtomicBool,
    table: ArcSwap<T>,
}

impl<T> Published<T> {
    /// A table that no call needs.
    pub fn new(table: T) -> Published<T> {
        Published { active: AtomicBool::new(false), table: ArcSwap::from_pointee(table) }
    }

    #[inline]
    pub fn is_active(&self) -> bool {
        // Relaxed: an invocation that runs while something is attached may see either value.
        self.active.load(Ordering::Relaxed)
    }

    #[inline]
    pub fn table(&self) -> Guard<Arc<T>> {
        self.table.load()
    }

    /// Publishes a table and returns the previous one. Changes do not overlap: their callers hold a lock.
    pub fn publish(&self, table: T, active: bool) -> Arc<T> {
        // What closes the hook point takes effect before an attachment is removed; what opens it, after all are
        // attached.
        self.active.store(active, Ordering::Relaxed);
        self.table.swap(Arc::new(table))
    }
}
