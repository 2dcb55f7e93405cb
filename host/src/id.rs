//! What attachments are called by, for as long as the process lives.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Names an attachment for as long as the process lives; never used again after it is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentId(NonZeroU64);

impl fmt::Display for AttachmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl AttachmentId {
    /// As a number, for listings and for programs that hand ids on; never 0.
    pub fn number(self) -> u64 {
        self.0.get()
    }

    /// The id of this number; `None` for 0. That there is such an attachment is not said.
    pub fn from_number(number: u64) -> Option<AttachmentId> {
        NonZeroU64::new(number).map(AttachmentId)
    }

    /// One that no attachment has had.
    pub fn next() -> AttachmentId {
        // Counts from 1; 2^64 attachments do not happen, and if they did the first would be reused, not zero.
        AttachmentId(NonZeroU64::new(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MIN))
    }
}
