//! Real BGP out of MRT files (RFC 6396, add-path RFC 8050) as a neutral stream of routes.
//!
//! ```text
//!  file ──► input ──► compression ──► stream ──► header ──► decode ──► Event::Record
//!           look      gzip, bzip2,    window,    known?     │  nlri        (routes, by peer)
//!           ahead     xz, zstd,       byte       sane       │  attributes ── as_path, malformed
//!                     plain           offsets    length?    │
//!                                                   └──no───┴──► resync ──► Event::Skipped
//!                                                                           (offset, bytes, reason)
//! ```
//!
//! Archives are long, old and now and then damaged, so what is said about a file has to hold for damaged ones
//! too: every byte of the decompressed stream belongs to exactly one event, in order. A record that does not
//! decode costs that record; a header that makes no sense costs the bytes up to the next one that does.
//!
//! Attributes are decoded here and not by a crate: `bgpkit-parser` is lenient in silence (it guesses at add-path when a
//! prefix list begins with a default route, keeps the RIB entries before one that is damaged, drops the rest of an
//! attribute section that is cut short), and what does not decode has to be counted by what is wrong with it.

// `unwrap` is how tests say that something is there.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod as_path;
mod attributes;
mod compression;
mod cursor;
mod decode;
mod family;
mod header;
mod input;
mod looks;
mod malformed;
mod nlri;
mod reader;
mod resync;
mod route;
mod stream;
mod summary;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use as_path::{AsPath, Segment};
pub use compression::Compression;
pub use family::{Family, FamilyCounts};
pub use malformed::{Flaw, Malformed};
pub use reader::{Event, Reader, Skipped};
pub use route::{
    Announced, Attributes, Origin, PeerInfo, Prefix, Record, RecordKind, Safi, State, Timestamp, Withdrawn,
};
pub use summary::Summary;
