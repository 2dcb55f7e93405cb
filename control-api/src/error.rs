//! Errors of requests.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

/// Every response with a status of 400 or more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Error {
    /// The error.
    pub error: Problem,
}

/// An error.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Problem {
    /// Its code, for programs.
    #[schemars(extend("enum" = CODES))]
    pub code: String,
    /// The description, for people: what was expected and what was found.
    pub message: String,
    /// The field of the request, with dots.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub field: Option<String>,
    /// With `not_found`: the nearest known name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub nearest: Option<String>,
    /// With `stale`, `revision_required`, `exists` and `program_owned`: the attachment's current revision; when a list
    /// is applied, the host's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub revision: Option<u64>,
    /// With a revision: when the last change was made, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub changed: Option<String>,
    /// With a revision: who made the last change, such as `uid 1000`; null: the program itself.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub by: Option<Option<String>>,
    /// With `script`: the script's or module's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub script: Option<String>,
    /// With `script`: the line, from 1, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", range(min = 1))]
    pub line: Option<u64>,
    /// With `script`: Lua's traceback, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub traceback: Option<String>,
    /// With `script`: the column in bytes, from 1, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", range(min = 1))]
    pub column: Option<u64>,
    /// With `changed`: how the hook point differs from the one that the script was written against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub difference: Vec<String>,
}

/// Every code.
pub const CODES: [&str; 20] = [
    "bad_request",
    "forbidden",
    "not_found",
    "method_not_allowed",
    "timeout",
    "stale",
    "exists",
    "not_quarantined",
    "not_broken",
    "broken",
    "program_owned",
    "no_room",
    "too_large",
    "script",
    "changed",
    "policy",
    "revision_required",
    "busy",
    "storage",
    "host",
];

/// Distinguishes null from a missing field.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_itself_is_somebody() {
        for text in [
            r#"{"code":"stale","message":"m","revision":3,"by":null}"#,
            r#"{"code":"stale","message":"m","by":"uid 1"}"#,
            r#"{"code":"stale","message":"m"}"#,
        ] {
            let problem: Problem = serde_json::from_str(text).expect("a problem");
            assert_eq!(serde_json::to_string(&problem).expect("it is JSON"), text);
        }
    }
}
