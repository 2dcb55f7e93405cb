//! Who answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who answers.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Version {
    /// Of the library.
    pub version: String,
    /// Version of this interface; 1.
    #[schemars(range(min = 1))]
    pub api: u64,
    /// Of the interpreter.
    pub guest_sha256: String,
    /// The program's process.
    #[schemars(range(min = 1))]
    pub pid: u64,
    /// When, RFC 3339.
    pub started: String,
    /// For how long.
    #[schemars(range(min = 0))]
    pub uptime_seconds: f64,
    /// Of the host: the last change's.
    pub revision: u64,
}
