//! What the end-to-end tests share.
//!
//! ```text
//! points   the hook points test.*, over every type of value
//! bench    a host to test on: log lines kept, a capability that misbehaves on demand
//! fuzz     what the fuzzer feeds bytes to                            (tests/fuzz)
//! golden   golden scripts: their header, their runs, their blessing      (golden/*.lua, README.md there)
//! http     a client for the control socket
//! mrt      an MRT file made up, for where the real ones are missing
//! ```

#![forbid(unsafe_code)]
// Test support: what is not there is a broken test, and says so by panicking.
#![allow(clippy::unwrap_used)]

pub mod bench;
pub mod clock;
pub mod fuzz;
pub mod golden;
pub mod http;
pub mod mrt;
pub mod points;

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().map_or_else(|| here.to_owned(), Path::to_owned)
}
