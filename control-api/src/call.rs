//! The result of a manual call.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The outcome.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Called {
    /// Every result, including defaults, and changed arguments.
    #[schemars(with = "Map<String, Json>")]
    pub results: Json,
    /// The attachment that decided, as `tenant/name`.
    pub decided_by: Option<String>,
    /// Why no attachment was called: one that the hook point requires is missing.
    pub closed: Option<Failure>,
    /// Each call, in order.
    pub calls: Vec<OneCall>,
}

/// The call of one attachment.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OneCall {
    /// The attachment, as `tenant/name`.
    pub attachment: String,
    /// The answer; null if the call failed.
    #[schemars(with = "Option<Map<String, Json>>")]
    pub answer: Json,
    /// Why the call failed.
    pub failure: Option<Failure>,
    /// Fuel that it used.
    pub fuel: u64,
    /// Linear memory at the end of the call.
    pub memory_bytes: u64,
    /// Log lines that exceeded its budget.
    pub log_lines_dropped: u64,
}

/// Why a call returned no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Failure {
    /// Whether the script failed, or the policy denied the call.
    #[schemars(extend("enum" = ["fault", "denied"]))]
    pub kind: String,
    /// The cause.
    pub cause: String,
    /// The description.
    pub message: String,
    /// Lua's traceback, if there is one.
    pub traceback: Option<String>,
}
