//! A hook point's attachments, in order: one atomic load to read, one atomic swap to change.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use tenterhook_hooks::schema::Declaration;

use super::attachment::{Attachment, AttachmentId};

/// Attachments in the order they run in.
pub(crate) type Table = Vec<Arc<Attachment>>;

/// A declared hook point of a host.
pub(crate) struct Slot {
    pub declaration: Arc<Declaration>,
    /// Whether anything is attached; what an unused hook point costs is this load.
    active: AtomicBool,
    table: ArcSwap<Table>,
}

impl Slot {
    pub fn new(declaration: Arc<Declaration>) -> Slot {
        Slot { declaration, active: AtomicBool::new(false), table: ArcSwap::from_pointee(Vec::new()) }
    }

    #[inline]
    pub fn is_active(&self) -> bool {
        // Relaxed: an invocation that runs while something is attached may see either.
        self.active.load(Ordering::Relaxed)
    }

    #[inline]
    pub fn table(&self) -> Guard<Arc<Table>> {
        self.table.load()
    }

    /// Swaps the table for what `change` makes of it. Callers hold the host's control lock, so changes do not cross.
    pub fn change<T>(&self, change: impl FnOnce(&mut Table) -> T) -> T {
        let mut table = Table::clone(&self.table.load());
        let result = change(&mut table);
        table.sort_by_key(|attachment| (attachment.order, attachment.id));
        self.active.store(!table.is_empty(), Ordering::Relaxed);
        self.table.store(Arc::new(table));
        result
    }

    pub fn find(&self, id: AttachmentId) -> Option<Arc<Attachment>> {
        self.table.load().iter().find(|attachment| attachment.id == id).cloned()
    }
}
