//! Lines of streams.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One line of a stream. `kind` decides which fields there are. Which attachment it is about is said as everywhere: `tenant`,
/// `name`, `hook` and, while it is loaded, `id`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Event {
    /// Ascending.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub seq: Option<u64>,
    /// RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub time: Option<String>,
    /// What happened.
    #[schemars(extend("enum" = EVENT_KINDS))]
    pub kind: String,
    /// The host's, where it changed something.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub revision: Option<u64>,
    /// The attachment's tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tenant: Option<String>,
    /// The attachment's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub name: Option<String>,
    /// Its hook point.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub hook: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", range(min = 1))]
    pub id: Option<u64>,
    /// Who, such as `uid 1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub by: Option<String>,
    /// With `attached` and `reordered`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i32", range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// With `policy`, `broken` and `discarded`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub file: Option<String>,
    /// With `unsaved` and `saved`: the change, such as `detached`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub change: Option<String>,
    /// With `quarantined`, `fault` and `denied`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cause: Option<String>,
    /// With `quarantined`: when it is tried again, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub until: Option<String>,
    /// With `log`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub level: Option<String>,
    /// With `log`: the script's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub script: Option<String>,
    /// With `log`: the line, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", range(min = 1))]
    pub line: Option<u64>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub message: Option<String>,
    /// With `fault`: Lua's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub traceback: Option<String>,
    /// Faults of the attachment that were not told since the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub suppressed: Option<u64>,
    /// With `call`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Map<String, Json>")]
    pub arguments: Option<Json>,
    /// Null where the call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Map<String, Json>>")]
    pub answer: Option<Json>,
    /// With `call`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub fuel: Option<u64>,
    /// With `call`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub latency_ns: Option<u64>,
    /// With `lost`: how many events this reader was too slow for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub count: Option<u64>,
}

/// Every kind that there is.
pub const EVENT_KINDS: [&str; 23] = [
    "attached",
    "replaced",
    "detached",
    "enabled",
    "disabled",
    "reordered",
    "policy",
    "broken",
    "discarded",
    "closed",
    "opened",
    "refused",
    "quarantined",
    "probing",
    "left_quarantine",
    "lifted",
    "unsaved",
    "saved",
    "fault",
    "denied",
    "log",
    "call",
    "lost",
];
