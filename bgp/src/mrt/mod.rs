//! Reads real BGP routes from MRT files (RFC 6396, add-path RFC 8050) as a neutral stream.
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
//! Archives are long, old and sometimes damaged, so reports about a file have to hold for damaged ones too: every byte
//! of the decompressed stream belongs to exactly one event, in order. A record that does not decode costs that record;
//! an implausible header costs the bytes up to the next plausible one.
//!
//! Attributes are decoded here and not by a crate: `bgpkit-parser` is silently lenient (it guesses add-path when a
//! prefix list begins with a default route, keeps the RIB entries before a damaged one, drops the rest of an attribute
//! section that is cut short), and here every error has to be counted by its kind.

// Tests use `unwrap` to assert that a value is present.
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
    Announced, Attributes, FsmState, Origin, PeerInfo, Prefix, Record, RecordKind, Safi, Timestamp, Withdrawn,
};
pub use summary::Summary;
