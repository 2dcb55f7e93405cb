//! Values: dynamic ones for programs that learn a hook point's types at run time, Rust types for all others.
//!
//! ```text
//! Value, Prefix, JSON   any value of any Type   (dynamic/)
//! HookValue             Rust types with a Type  (typed.rs; scalars.rs and collections.rs implement it)
//! ```

mod collections;
mod scalars;
mod typed;

#[cfg(feature = "json")]
pub use crate::dynamic::JsonError;
pub use crate::dynamic::{Mismatch, Prefix, PrefixError, Value};
pub use crate::types::{MAX_LIST, MAX_STRING};
pub use typed::{Bounded, Change, FromValue, HookEnum, HookValue, ReadOnly, ResultValue};
