//! What a plane for operators is built from: the crate `tenterhook-control` is one, over HTTP.
//!
//! A program that attaches scripts itself does not need it: [`Host::attach`] and its like are enough. In addition, this
//! module
//!
//! - loads a script without attaching it ([`Operations::load`]);
//! - prepares changes on behalf of a user, against the revision that the user has seen ([`Operations::prepare`], [`Intent`],
//!   [`Against`]), and commits them ([`Operations::commit`]). In between, a [`Change`] can be inspected, dropped, or written
//!   down, so that it is stored before calls see it;
//! - lists the attachments, with all details for a listing, a folder of attachments or a scrape of metrics ([`Slot`], [`Entry`]);
//! - emits and reads events ([`Operations::emit`], [`Operations::history`]).
//!
//! None of it is on the call path. Preparing and committing take the host's control lock for a moment each, and a
//! prepared change holds no lock. However long it takes to write one down, other changes are made meanwhile; if one of
//! them conflicts with it, the commit is rejected. Loading a script takes as long as the script's fuel budget allows.
//!
//! ```
//! use tenterhook::operate::{Against, Intent};
//! use tenterhook::{AttachmentId, Host, Request, hook_point};
//!
//! hook_point! {
//!     /// Decides how often somebody is greeted.
//!     pub Greet = "demo.greet", version 1, chain first {
//!         /// Who is greeted.
//!         arg name: &'a str,
//!         /// How often.
//!         result times: u32 = 1,
//!     }
//! }
//!
//! let host = Host::builder().build()?;
//! host.declare::<Greet>()?;
//! let request = Request::new("demo.greet", "acme", "function greet() return { times = 2 } end");
//! let operate = host.operate();
//! let loaded = operate.load(request, AttachmentId::next())?;
//! let mut change = operate.prepare(Intent::Attach(loaded), Against { by: Some("uid 1000"), ..Against::default() })?;
//! let revision = operate.assign(&mut change);
//! // Here the entry can be stored: the change puts it in exactly as it is now.
//! let stored = change.after().map(|entry| (entry.order, entry.rank, entry.revision));
//! let made = operate.commit(change)?;
//! assert_eq!(stored, Some((made.order, made.rank, revision)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#[cfg(any(feature = "inspect", feature = "measure"))]
mod measure;
mod operations;
mod protection;
mod quarantine;
mod tenants;

pub use operations::Operations;
pub use protection::{Protection, RequiredInfo};
pub use quarantine::QuarantineInfo;
pub use tenants::TenantNumbers;

pub use crate::attach::{Against, Attachment, Bundle, Change, ChangeKind, Earlier, Entry, Intent, Loaded, Slot};
pub use crate::capability::escaped;
pub use crate::observe::time::rfc3339;
pub use crate::observe::{Sample, Sums};

#[cfg(doc)]
use crate::host::Host;
