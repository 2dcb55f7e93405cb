//! Positions in a chain.

use crate::id::AttachmentId;

/// The position of an attachment in its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// The last of that order.
    Order(i32),
    /// Directly before another attachment of the hook point, with its order.
    Before(AttachmentId),
    /// Directly after another attachment of the hook point, with its order.
    After(AttachmentId),
}
