//! The encoding of values: arguments into the guest, answers out of it.
//!
//! ```text
//! arguments ──Encoder──▶ Encoded ──▶ flat buffer (layout in types/layout.rs) ──guest──▶ views
//! Answer ◀──check.rs── against the declaration; refusal.rs says why not ◀──wire.rs── tagged bytes ◀──guest
//! ```
//!
//! The bytes that come out are written by a hostile guest: every tag, length and count is checked, and nothing is
//! allocated for a number that was only claimed.

mod answer;
mod arguments;
mod check;
mod encoded;
mod encoder;
#[cfg(feature = "json")]
mod json;
mod refusal;
mod wire;

pub use answer::{Answer, AnswerError};
pub use arguments::ArgumentReader;
pub use encoded::Encoded;
pub use encoder::{EncodeError, Encoder, Items};
pub use wire::{Tag, Wire};
