//! Lines of streams.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// One line of a stream. Its fields depend on `kind`. The attachment is given by `tenant`, `name`, `hook` and, while it
/// is loaded, `id`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Event {
    /// Ascending number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub seq: Option<u64>,
    /// When it happened, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub time: Option<String>,
    /// What happened.
    #[schemars(extend("enum" = EVENT_KINDS))]
    pub kind: String,
    /// The host's revision, if the event changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub revision: Option<u64>,
    /// The attachment's tenant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub tenant: Option<String>,
    /// The attachment's name.
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
    /// The user who caused it, such as `uid 1000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub by: Option<String>,
    /// With `attached` and `reordered`: the place in the chain.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "i32", range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// With `policy`, `broken` and `discarded`: the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub file: Option<String>,
    /// With `unsaved` and `saved`: the change, such as `detached`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub change: Option<String>,
    /// With `quarantined`, `fault` and `denied`: the cause.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub cause: Option<String>,
    /// With `quarantined`: when it is probed, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub until: Option<String>,
    /// With `log`: the level.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub level: Option<String>,
    /// With `log`: the script's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub script: Option<String>,
    /// With `log`: the line, if it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64", range(min = 1))]
    pub line: Option<u64>,
    /// The description.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub message: Option<String>,
    /// With `fault`: Lua's traceback.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "String")]
    pub traceback: Option<String>,
    /// Faults of the attachment that were not reported since the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub suppressed: Option<u64>,
    /// With `call`: the arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Map<String, Json>")]
    pub arguments: Option<Json>,
    /// With `call`: the answer; null if the call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Map<String, Json>>")]
    pub answer: Option<Json>,
    /// With `call`: fuel used.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub fuel: Option<u64>,
    /// With `call`: latency.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub latency_ns: Option<u64>,
    /// With `lost`: the number of events that this reader lost because it was too slow.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "u64")]
    pub count: Option<u64>,
}

/// Every kind.
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
