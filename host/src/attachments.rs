//! What a program does with attachments.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use crate::attach::{Against, AttachError, AttachmentInfo, Gone, Intent, Link, Position, Request};
use crate::host::Host;
use crate::id::AttachmentId;

impl Host {
    /// Loads a script and attaches it. Callers see it from one invocation to the next; nobody waits for the load.
    ///
    /// The load takes as long as the budget of fuel lets the script run. After it, the call waits for the host's control lock
    /// alone. Every change holds that lock while it swaps a hook point's table, and no change holds it while a script runs or
    /// while the operators' plane writes to its folder: no disk delays a program's own changes.
    ///
    /// # Errors
    /// [`AttachError`] says what was wrong; nothing changed.
    pub fn attach(&self, request: Request) -> Result<Link, AttachError> {
        let loaded = self.inner.load_for(request, AttachmentId::next())?;
        let id = loaded.attachment.id;
        self.inner.change(Intent::Attach(loaded), Against::default())?;
        Ok(Link::new(&self.inner, id))
    }

    /// Loads a script and puts it in the place of another, in one step. It keeps the id, and the order unless the request
    /// gives one; calls in flight finish on what they began with.
    ///
    /// # Errors
    /// As [`Host::attach`]; [`AttachError::Gone`] where there is nothing to replace. The old one stays then.
    pub fn replace(&self, id: AttachmentId, request: Request) -> Result<(), AttachError> {
        self.inner.slot(&request.hook)?.find(id).ok_or(Gone(id))?;
        let loaded = self.inner.load_for(request, id)?;
        self.inner.change(Intent::Replace(loaded), Against::default()).map(drop)
    }

    /// Detaches. Calls in flight finish on what they began with.
    ///
    /// # Errors
    /// [`Gone`] where there is no such attachment.
    pub fn detach(&self, id: AttachmentId) -> Result<(), Gone> {
        self.inner.detach(id)
    }

    /// Lets calls reach the attachment, or keeps them from it; it stays where it is.
    ///
    /// # Errors
    /// [`Gone`] where there is no such attachment.
    pub fn enable(&self, id: AttachmentId, enabled: bool) -> Result<(), Gone> {
        self.inner.change(Intent::Enable(id, enabled), Against::default()).map(drop).map_err(|_| Gone(id))
    }

    /// Moves the attachment within its chain.
    ///
    /// # Errors
    /// [`AttachError::Gone`] where it or the other one is not there, [`AttachError::Order`] where the policy does not let
    /// the tenant there, [`AttachError::NoRoom`] where the others leave no room.
    pub fn reorder(&self, id: AttachmentId, position: Position) -> Result<(), AttachError> {
        self.inner.change(Intent::Reorder(id, position), Against::default()).map(drop)
    }

    /// The attachments of a hook point, in the order they run in, disabled ones among them; empty where there is no such
    /// hook point.
    pub fn attachments(&self, hook: &str) -> Vec<AttachmentInfo> {
        self.inner.slot(hook).map(|slot| slot.infos()).unwrap_or_default()
    }

    /// The host's revision: how many changes there were, in this run and in earlier ones that it goes on from.
    pub fn revision(&self) -> u64 {
        self.inner.revision.load(Ordering::Relaxed)
    }

    /// Loads a script and throws it away: what attaching would say.
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
