//! Which script is attached where.
//!
//! ```text
//! Table (one per hook point, read without locks)
//!   └─ Attachment   program × hook point × tenant × policy × order      (attachment.rs)
//!        └─ Image   what its calls start from                            (sandbox/image.rs)
//! Link              what attaching gives; dropping it detaches           (link.rs)
//! ```

mod attachment;
mod link;
mod table;

pub(crate) use attachment::Attachment;
pub(crate) use attachment::MAX_SOURCE;
pub use attachment::{AttachError, AttachmentId, AttachmentInfo, Request};
pub use link::{Gone, Link};
pub(crate) use table::Slot;
