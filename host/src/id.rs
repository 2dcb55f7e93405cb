//! Ids of attachments, which are valid as long as the process lives.

use std::fmt;
use std::num::NonZeroU64;
use std::sync::atomic::{AtomicU64, Ordering};

static NEXT: AtomicU64 = AtomicU64::new(1);

/// Identifies an attachment for as long as the process lives; it is never reused after the attachment is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AttachmentId(NonZeroU64);

impl fmt::Display for AttachmentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

impl AttachmentId {
    /// The id as a number, for listings and for programs that pass ids on; never 0.
    pub fn number(self) -> u64 {
        self.0.get()
    }

    /// The id with this number; `None` for 0. Such an attachment may not exist.
    pub fn from_number(number: u64) -> Option<AttachmentId> {
        NonZeroU64::new(number).map(AttachmentId)
    }

    /// An id that no attachment has had.
    pub fn next() -> AttachmentId {
        // Ids count from 1. If they wrapped after 2^64 attachments, the first would be reused, not zero.
        AttachmentId(NonZeroU64::new(NEXT.fetch_add(1, Ordering::Relaxed)).unwrap_or(NonZeroU64::MIN))
    }
}
