//! Values: dynamic ones for programs that know a hook point's types at run time, Rust types for those that know before.
//!
//! ```text
//! Value      any value of any Type        (dynamic.rs)
//! Prefix     an IP prefix                 (prefix.rs)
//! HookValue  Rust types with a Type       (typed.rs; scalars.rs and collections.rs implement it)
//! json       Value to and from JSON       (json.rs, feature "json")
//! ```

mod collections;
mod dynamic;
#[cfg(feature = "json")]
pub(crate) mod json;
mod prefix;
mod scalars;
mod typed;

pub(crate) use dynamic::whole;
pub use dynamic::{Mismatch, Value};
#[cfg(feature = "json")]
pub use json::JsonError;
pub use prefix::{Prefix, PrefixError};
pub(crate) use prefix::{address_from_slot as address_of_slot, address_to_slot as address_slot};
pub use typed::{Bounded, Change, FromValue, HookEnum, HookValue, MAX_LIST, MAX_STRING, ReadOnly, ResultValue};
