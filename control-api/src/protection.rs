//! The protection of hook points.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The protection of a hook point that requires attachments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Protection {
    /// The hook point.
    pub hook: String,
    /// Whether one of them is missing, so that every invocation gives the closed result.
    pub closed: bool,
    /// The required attachments that the caller is authorised to see.
    pub required: Vec<Required>,
    /// The closed result, with every result of the hook point.
    #[schemars(with = "Map<String, Json>")]
    pub result: Json,
    /// Invocations that gave the closed result so far.
    pub invocations: u64,
}

/// An attachment that a hook point requires.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Required {
    /// The attachment, as `tenant/name`.
    pub attachment: String,
    /// Every status except `enabled` causes the closed result.
    #[schemars(extend("enum" = ["enabled", "disabled", "quarantined", "broken", "missing"]))]
    pub status: String,
    /// Why it is broken.
    pub reason: Option<String>,
}
