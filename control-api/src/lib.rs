//! Requests and responses of the operators' plane, shared by the server (`tenterhook-control`) and its clients, such as
//! the command `tenterhook`.
//!
//! ```text
//! request.rs      bodies of requests, with the texts of scripts (source.rs)
//! attachment.rs   attachments and the results of changes; with quarantine.rs, hook.rs, stats.rs
//! applied.rs      the result of applying a list; call.rs: of a manual call; event.rs: lines of streams
//! policy.rs       what a policy says; explain.rs reads it from a policy
//! error.rs        errors
//! ```
//!
//! Each type is written and read by serde, and has a JSON schema, from which the server's OpenAPI document is made: the
//! documentation of a field here is its description there. Keys keep the order of the fields. Clients ignore unknown
//! keys in responses, so that a newer program can add some; requests with unknown keys in their bodies are rejected.

#![forbid(unsafe_code)]

mod about;
mod applied;
mod attachment;
mod call;
mod error;
mod event;
mod explain;
mod hook;
mod named;
mod policy;
mod protection;
mod quarantine;
mod request;
mod source;
mod stats;

pub use about::Version;
pub use applied::{Applied, Change};
pub use attachment::{
    Attachment, AttachmentDetail, Attachments, Broken, BrokenDetail, Candidate, Changed, Checked, Detail, Unsaved,
};
pub use call::{Called, Failure, OneCall};
pub use error::{Error, Problem};
pub use event::{EVENT_KINDS, Event};
pub use explain::{ceilings, explain};
pub use hook::{Hook, HookSummary, Hooks};
pub use named::{Named, Numbers};
pub use policy::{Explained, Grant, Operator, Origin, Placement, Policy, Rule, Rules};
pub use protection::{Protection, Required};
pub use quarantine::{Quarantine, Quarantined, Quarantines};
pub use request::{Apply, Attach, Call, Copy, Order, Replace};
pub use schemars;
pub use source::{Hex, Source};
pub use stats::{AllStats, Counts, Distribution, LastFault, Restores, Stats, Tenant, TenantStats, Tenants};
