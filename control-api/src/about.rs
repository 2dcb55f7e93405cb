//! The server's version and state.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The program that answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Version {
    /// Version of the library.
    pub version: String,
    /// Version of this interface; 1.
    #[schemars(range(min = 1))]
    pub api: u64,
    /// SHA-256 of the interpreter.
    pub guest_sha256: String,
    /// The program's process.
    #[schemars(range(min = 1))]
    pub pid: u64,
    /// When the control plane started, RFC 3339.
    pub started: String,
    /// Time since then.
    #[schemars(range(min = 0))]
    pub uptime_seconds: f64,
    /// The host's revision: that of the last change.
    pub revision: u64,
}
