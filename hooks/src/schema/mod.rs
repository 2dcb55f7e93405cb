//! What a hook point is: its types, arguments, results and the rules of its chain.
//!
//! ```text
//! Declaration ── arguments, results ──▶ Type                   (declaration.rs; ../types)
//!      ├─ constants, handler, chain
//!      ├─ forbidden   what policies may not make of failures        (forbidden.rs)
//!      ├─ closed      what applies while protection is missing       (closed.rs)
//!      │              both held against policies                     (protection.rs)
//!      ├─ builder     collects a declaration and checks it           (builder.rs, forbids.rs, closes.rs, check.rs)
//!      ├─ descriptor  where each field lies, as bytes for the guest  (descriptor.rs)
//!      ├─ json        listings, and arguments by hand               (json.rs, read.rs, summary.rs, feature "json")
//!      └─ fingerprint and difference between two versions            (fingerprint.rs)
//! ```

mod builder;
mod check;
mod closed;
mod closes;
mod declaration;
mod descriptor;
mod fingerprint;
mod forbidden;
mod forbids;
#[cfg(feature = "json")]
mod json;
mod protection;
#[cfg(feature = "json")]
mod read;
#[cfg(feature = "json")]
mod summary;

pub use crate::types::{EnumType, Field, RecordType, Syntax, Type, Variant};
pub use builder::DeclarationBuilder;
pub(crate) use check::MAX_HEAD;
pub use closed::{Closed, Required};
pub use declaration::{Argument, Chain, Constant, Declaration, DeclarationError, ResultField};
pub use fingerprint::Fingerprint;
pub use forbidden::Forbidden;
