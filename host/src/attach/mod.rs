//! Attachments and their hook points.
//!
//! ```text
//! Slot (one per hook point)                                              (table.rs)
//!   ├─ Table            the enabled ones, read without locks; and whether the hook point is closed (published.rs)
//!   ├─ Requirement      attachments without which it is closed         (requirement.rs)
//!   └─ Entry            order, enabled, revision, who changed it last    (last_change.rs)
//!        └─ Attachment   script × hook point × tenant × policy          (attachment.rs)
//!             ├─ Image   what its calls start from                       (tenterhook-sandbox)
//!             └─ Bundle  script and modules                              (bundle.rs)
//!                  └─ which part of a file Lua compiles                  (text.rs)
//! from a request to an attachment                                        (request.rs, position.rs, load.rs)
//! hints where a script uses what Lua has elsewhere                       (hint.rs)
//! from an attachment to its place in a chain                             (loaded.rs)
//! attach, replace, detach, enable, disable, reorder                      (change.rs, changes.rs, error.rs)
//! Inner                 the parts of a host                                (inner.rs)
//! Link                  the result of attaching; dropping it detaches     (link.rs)
//! ```

mod attachment;
mod bundle;
mod change;
mod changes;
mod error;
mod hint;
mod inner;
mod last_change;
mod link;
mod load;
mod loaded;
mod position;
mod published;
mod request;
mod requirement;
mod table;
mod text;

pub use attachment::{Attachment, AttachmentInfo};
pub use bundle::Bundle;
pub use change::{Against, Change, ChangeKind, Earlier, Intent};
pub use error::{AttachError, Gone};
pub(crate) use inner::Inner;
pub use last_change::LastChange;
pub use link::Link;
pub use loaded::Loaded;
pub use position::Position;
pub use request::Request;
pub(crate) use requirement::Requirement;
pub use requirement::{Closed, Missing};
pub use table::{Entry, Slot};
