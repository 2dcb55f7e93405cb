//! A program's operations on attachments.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::attach::{Against, AttachError, AttachmentInfo, Gone, Intent, Link, Position, Request};
use crate::host::Host;
use crate::id::AttachmentId;

impl Host {
    /// Loads a script and attaches it. Calls see it from one invocation to the next; no call waits for the load.
    ///
    /// The load takes as long as the fuel budget lets the script run. After it, this function waits only for the host's
    /// control lock. Every change holds that lock while it swaps a hook point's table, and no change holds it while a
    /// script runs or while the operators' plane writes to its folder: no disk delays a program's own changes.
    ///
    /// # Errors
    /// [`AttachError`] describes the error; nothing changed.
    pub fn attach(&self, request: Request) -> Result<Link, AttachError> {
        let loaded = self.inner.load_for(request, AttachmentId::next())?;
        let id = loaded.attachment.id;
        self.inner.change(Intent::Attach(loaded), Against::default())?;
        Ok(Link::new(&self.inner, id))
    }

    /// Loads a script and replaces another one with it in one step. The id stays the same, and so does the order unless
    /// the request sets one; calls in flight finish with what they began with.
    ///
    /// # Errors
    /// As [`Host::attach`]; [`AttachError::Gone`] if there is nothing to replace. The old script then stays.
    pub fn replace(&self, id: AttachmentId, request: Request) -> Result<(), AttachError> {
        self.inner.slot(&request.hook)?.find(id).ok_or(Gone(id))?;
        let loaded = self.inner.load_for(request, id)?;
        self.inner.change(Intent::Replace(loaded), Against::default()).map(drop)
    }

    /// Detaches. Calls in flight finish with what they began with.
    ///
    /// # Errors
    /// [`Gone`] if there is no such attachment.
    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        self.inner.detach(id)
    }

    /// Enables or disables the attachment; a disabled one stays in its place.
    ///
    /// # Errors
    /// [`Gone`] if there is no such attachment.
    pub fn enable(&self, id: AttachmentId, enabled: bool) -> Result<(), Gone> {
        self.inner.change(Intent::Enable(id, enabled), Against::default()).map(drop).map_err(|_| Gone(id))
    }

    /// Moves the attachment within its chain.
    ///
    /// # Errors
    /// [`AttachError::Gone`] if it or the other attachment does not exist, [`AttachError::Order`] if the policy does
    /// not allow the position, [`AttachError::NoRoom`] if there is no room beside the other one.
    pub fn reorder(&self, id: AttachmentId, position: Position) -> Result<(), AttachError> {
        self.inner.change(Intent::Reorder(id, position), Against::default()).map(drop)
    }

    /// The attachments of a hook point, in the order in which they run, including disabled ones; empty if there is no
    /// such hook point.
    pub fn attachments(&self, hook: &str) -> Vec<AttachmentInfo> {
        self.inner.slot(hook).map(|slot| slot.infos()).unwrap_or_default()
    }

    /// The host's revision: the number of changes, in this run and in earlier ones that it continues.
    pub fn revision(&self) -> u64 {
        self.inner.revision.load(Ordering::Relaxed)
    }

    /// Loads a script and discards it: reports what attaching would report.
    ///
    /// # Errors
    /// As [`Host::attach`].
    pub fn check(&self, request: Request) -> Result<AttachmentInfo, AttachError> {
        let loaded = self.inner.load_for(request, AttachmentId::next())?;
        let slot = Arc::clone(&loaded.slot);
        let entry = slot.look(|entries| self.inner.entry(&loaded, entries))?;
        Ok(entry.info(&slot.declaration.name, 0))
    }
}
