//! Values for programs that learn a hook point's types at run time.
//!
//! ```text
//! Value   any value of any Type        (value.rs)
//! Prefix  an IP prefix                 (prefix.rs)
//! json    Value to and from JSON       (json.rs, feature "json")
//! ```

#[cfg(feature = "json")]
pub(crate) mod json;
mod prefix;
mod value;

#[cfg(feature = "json")]
pub use json::JsonError;
pub use prefix::{Prefix, PrefixError};
pub(crate) use prefix::{address_from_slot, address_to_slot};
pub(crate) use value::whole;
pub use value::{Mismatch, Value};
