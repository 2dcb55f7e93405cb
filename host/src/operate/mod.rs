//! What a plane for operators is built from: the crate `tenterhook-control` is one, over HTTP.
//!
//! A program that attaches scripts itself needs none of it: [`Host::attach`] and its like do. What is here beside them
//!
//! - loads a script without attaching it, and says where it would go ([`Operations::prepare`], [`Operations::can_insert`]), so
//!   that a change can be written down before calls see it;
//! - makes changes on behalf of somebody, against the revision that they have seen, and at a revision that was taken before
//!   ([`Against`]);
//! - lists what is attached, with all that a listing, a folder of attachments or a scrape of metrics wants ([`Slot`], [`Entry`]);
//! - tells and reads events ([`Operations::emit`], [`Operations::history`]).
//!
//! Nothing of it is on the call path. What changes attachments takes the host's lock for a moment and never waits for a
//! script; loading a script takes as long as the script's budget of fuel lets it.
//!
//! ```
//! use tenterhook::operate::Against;
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
//! let loaded = host.operate().prepare(request, AttachmentId::next())?;
//! let planned = host.operate().can_insert(&loaded)?;
//! let made = host.operate().insert(loaded, Against { by: Some("uid 1000"), ..Against::default() })?;
//! assert_eq!((made.order, made.revision), (planned.order, 1));
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

pub use crate::attach::{Against, Attachment, Bundle, Entry, Loaded, Slot};
pub use crate::capability::escaped;
pub use crate::observe::time::rfc3339;
pub use crate::observe::{Sample, Sums};

#[cfg(doc)]
use crate::host::Host;
