//! The result of attaching: a handle of the attachment. Dropping it detaches.

use std::fmt;
use std::sync::{Arc, Weak};

use super::error::Gone;
use super::inner::Inner;
use crate::id::AttachmentId;

/// A handle of an attachment. Dropping it detaches; [`Link::keep`] leaves the attachment to the host.
#[must_use = "dropping a link detaches"]
pub struct Link {
    host: Weak<Inner>,
    id: AttachmentId,
    held: bool,
}

impl Link {
    pub(crate) fn new(host: &Arc<Inner>, id: AttachmentId) -> Link {
        Link { host: Arc::downgrade(host), id, held: true }
    }

    /// The attachment's id.
    pub fn id(&self) -> AttachmentId {
        self.id
    }

    /// Leaves the attachment in place, for as long as the host lives or until it is detached by id.
    pub fn keep(mut self) -> AttachmentId {
        self.held = false;
        self.id
    }

    /// Detaches now. Calls in flight finish with what they began with.
    ///
    /// # Errors
    /// [`Gone`] if it was already detached.
    pub fn detach(mut self) -> Result<(), Gone> {
        self.held = false;
        self.host.upgrade().ok_or(Gone(self.id))?.detach(self.id)
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.held
            && let Some(host) = self.host.upgrade()
        {
            // It does not matter if the attachment is already gone.
            let _ = host.detach(self.id);
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Link({})", self.id)
    }
}
