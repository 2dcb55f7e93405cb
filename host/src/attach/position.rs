//! Places in a chain.

use crate::id::AttachmentId;

/// Where in its chain an attachment is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// Last of that order.
    Order(i32),
    /// Right before another attachment of the hook point; takes its order.
    Before(AttachmentId),
    /// Right after another attachment of the hook point; takes its order.
    After(AttachmentId),
}
