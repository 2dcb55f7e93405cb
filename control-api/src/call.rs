//! What a call by hand came to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// What came of it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Called {
    /// Every result, defaults filled in, and changed arguments.
    #[schemars(with = "Map<String, Json>")]
    pub results: Json,
    /// `tenant/name`
    pub decided_by: Option<String>,
    /// Why nobody was called: an attachment that the hook point requires is missing.
    pub closed: Option<Failure>,
    /// Each call, in order.
    pub calls: Vec<OneCall>,
}

/// One call.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct OneCall {
    /// `tenant/name`
    pub attachment: String,
    /// What it answered; null where it failed.
    #[schemars(with = "Option<Map<String, Json>>")]
    pub answer: Json,
    /// Why it did not.
    pub failure: Option<Failure>,
    /// Fuel it used.
    pub fuel: u64,
    /// Linear memory at its end.
    pub memory_bytes: u64,
    /// Log lines that were over its budget.
    pub log_lines_dropped: u64,
}

/// Why there was no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Failure {
    /// Whether the script failed, or the policy refused the call.
    #[schemars(extend("enum" = ["fault", "denied"]))]
    pub kind: String,
    /// By cause.
    pub cause: String,
    /// In words.
    pub message: String,
    /// Lua's, where there is one.
    pub traceback: Option<String>,
}
