//! Real BGP out of MRT files (RFC 6396, add-path RFC 8050) as a neutral stream of routes.
//!
//! ```text
//!  file ──► stream ──► header ──► decode ──► Event::Record
//!           gzip or     known?     │  nlri        (routes, by peer)
//!           plain,      sane       │  attributes ── bgpkit-parser
//!           byte        length?    │
//!           offsets        └──no───┴──► resync ──► Event::Skipped
//!                                                  (offset, bytes, reason)
//! ```
//!
//! Archives are long, old and now and then damaged, so what is said about a file has to hold for damaged ones
//! too: every byte of the decompressed stream belongs to exactly one event, in order. A record that does not
//! decode costs that record; a header that makes no sense costs the bytes up to the next one that does.
//!
//! Framing, sections and prefixes are read here; `attributes` hands the attributes themselves to
//! `bgpkit-parser`. Its own record parser is not used because it is lenient in silence: it guesses at add-path
//! when a prefix list begins with a default route, keeps the RIB entries before one that is damaged, and drops
//! the rest of an attribute section that is cut short, without an error in any of these cases.

// `unwrap` is how tests say that something is there.
#![cfg_attr(test, allow(clippy::unwrap_used))]

mod as_path;
mod attributes;
mod cursor;
mod decode;
mod header;
mod nlri;
mod reader;
mod resync;
mod route;
mod stream;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use as_path::{AsPath, Segment};
pub use reader::{Event, Reader, Skipped, Summary};
pub use route::{
    Announced, Attributes, Origin, PeerInfo, Prefix, Record, RecordKind, Safi, State, Timestamp, Withdrawn,
};
