//! What a hook point is: its types, arguments, results and the rules of its chain.
//!
//! ```text
//! Declaration ── arguments ──▶ Argument ──▶ Type ◀── fields ── RecordType
//!      │        └─ results ───▶ ResultField ──┘ ▲ └── what text a string must be ── Syntax
//!      ├─ constants, handler, chain            └── variants ── EnumType
//!      ├─ forbidden   what policies may not make of failures        (forbidden.rs)
//!      ├─ closed      what applies while protection is missing       (closed.rs)
//!      ├─ layout      where each field lies in the argument buffer   (layout.rs)
//!      ├─ descriptor  the same, as bytes for the guest               (descriptor.rs)
//!      ├─ json        listings, and arguments and answers by hand   (json.rs, read.rs, summary.rs, feature "json")
//!      └─ fingerprint and difference between two versions            (fingerprint.rs)
//! ```

mod closed;
mod declaration;
mod descriptor;
mod fingerprint;
mod forbidden;
#[cfg(feature = "json")]
mod json;
mod layout;
#[cfg(feature = "json")]
mod read;
#[cfg(feature = "json")]
mod summary;
mod syntax;
mod types;

pub use closed::{Closed, Required};
pub(crate) use declaration::MAX_HEAD;
pub use declaration::{Argument, Chain, Constant, Declaration, DeclarationBuilder, DeclarationError, ResultField};
pub use fingerprint::Fingerprint;
pub use forbidden::Forbidden;
pub use syntax::Syntax;
pub use types::{EnumType, Field, RecordType, Type, Variant};
