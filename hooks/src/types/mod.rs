//! Types of values, syntaxes of strings, and the position of each value in the argument buffer.
//!
//! ```text
//! Type ◀── fields ── RecordType       (ty.rs)
//!  │ ▲ └── variants ── EnumType
//!  │ └── what text a string must be ── Syntax   (syntax.rs)
//!  └─ slot   where a value of it lies in the argument buffer   (layout.rs)
//! ```

mod layout;
mod syntax;
mod ty;

pub use syntax::Syntax;
pub use ty::{EnumType, Field, MAX_LIST, MAX_STRING, RecordType, Type, Variant};
