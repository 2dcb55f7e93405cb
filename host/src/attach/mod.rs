//! Which script is attached where.
//!
//! ```text
//! Slot (one per hook point)                                              (table.rs)
//!   ├─ Table            the enabled ones, read without locks; and whether the hook point is closed
//!   ├─ Requirement      attachments without which it is                (requirement.rs)
//!   └─ Entry            order, enabled, revision, who changed it last    (last_change.rs)
//!        └─ Attachment   program × hook point × tenant × policy          (attachment.rs)
//!             ├─ Image   what its calls start from                       (sandbox/image.rs)
//!             └─ Bundle  script and modules                              (bundle.rs)
//!                  └─ what Lua is to compile of a file                   (text.rs)
//! from a request to an attachment                                        (load.rs)
//! what to say where it uses what Lua has elsewhere                       (hint.rs)
//! attach, replace, detach, enable, disable, reorder                      (changes.rs)
//! Link                  what attaching gives; dropping it detaches       (link.rs)
//! ```

mod attachment;
mod bundle;
mod changes;
mod hint;
mod last_change;
mod link;
mod load;
mod requirement;
mod table;
mod text;

pub(crate) use attachment::Attachment;
#[cfg(feature = "control")]
pub(crate) use attachment::MAX_SOURCE;
pub use attachment::{AttachError, AttachmentId, AttachmentInfo, Request};
#[cfg(feature = "control")]
pub(crate) use bundle::BLOCK;
pub(crate) use bundle::Bundle;
#[cfg(feature = "control")]
pub(crate) use bundle::{MAX_MODULES, file_of};
pub use changes::Position;
#[cfg(feature = "control")]
pub(crate) use changes::{Against, Loaded};
pub use last_change::LastChange;
pub use link::{Gone, Link};
pub(crate) use requirement::Requirement;
pub use requirement::{Closed, Missing};
#[cfg(feature = "control")]
pub(crate) use table::Entry;
pub(crate) use table::Slot;
#[cfg(feature = "control")]
pub(crate) use text::lua;
