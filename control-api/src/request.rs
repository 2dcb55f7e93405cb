//! Bodies of requests. A null field means the same as a missing one.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::source::Source;

/// An attachment to make. A null field means the same as a missing one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// The hook point.
    pub hook: String,
    /// The tenant.
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub tenant: String,
    /// 1 to 64 letters, digits, '_', '.' or '-', not beginning with '.'; the default is the handler's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub name: Option<String>,
    /// The script's file name, for tracebacks; the default is the name with `.lua`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub script: Option<String>,
    /// The script.
    pub source: Source,
    /// Lua modules by the name that `require` takes (dots for folders). Script and modules together have at most the
    /// policy's `script_size`, and less than a request's 4 MiB; no module is called `main`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Source>,
    /// The order in the chain; the default is 0, or the nearest order that the policy allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name` of an attachment at the same hook point, directly before which it is placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// As `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
    /// Whether state lasts from call to call; the default is the policy's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub state: Option<String>,
    /// Whether it is called; the default is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The fingerprint of the hook point that the script was written against; another one is rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[0-9a-fA-F]{64}$"))]
    pub fingerprint: Option<String>,
}

impl Attach {
    /// The attachment's name, by default the handler's.
    pub fn name(&self) -> String {
        let handler = self.hook.rsplit('.').next().unwrap_or(&self.hook);
        self.name.clone().unwrap_or_else(|| handler.to_owned())
    }
}

/// The replacement of a script. Name, hook point and order stay. A null field means the same as a missing one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The script's file name, for tracebacks; the default is that of the old script.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub script: Option<String>,
    /// The script.
    pub source: Source,
    /// Its modules, as when attaching.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Source>,
    /// Whether state lasts from call to call; the default is the policy's.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub state: Option<String>,
    /// The fingerprint of the hook point that the script was written against; another one is rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[0-9a-fA-F]{64}$"))]
    pub fingerprint: Option<String>,
}

/// Exactly one of the three. A null field means the same as a missing one.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The new order; the attachment is the last among equal orders.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name` of the attachment before which it is placed, with the same order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// `tenant/name` of the attachment after which it is placed, with the same order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
}

/// The destination of a copy. A null field means the same as a missing one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// Another hook point.
    pub hook: String,
    /// The new name; the default is the other hook point's handler. A tenant's names are unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub name: Option<String>,
    /// The order in the chain; the default is 0, or the nearest order that the policy allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name` of an attachment at the same hook point, directly before which it is placed.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// As `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
}

/// The desired attachments of the named tenants.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// Only report what would change.
    pub dry_run: bool,
    /// The host's revision at which the difference was computed, as returned by a dry run; rejected as stale if the
    /// host has changed since. By default any revision is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// The tenants whose attachments are made equal to the list; those of other tenants are left alone.
    #[schemars(length(max = 256), inner(regex(pattern = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$")))]
    pub tenants: Vec<String>,
    /// Whether attachments that are not in the list are detached. By default they stay, and are reported as `unlisted`.
    #[serde(default)]
    pub prune: bool,
    /// The desired attachments. In a dry run, 16 that cannot be attached are tried; the rest is then rejected as busy.
    #[schemars(length(max = 4096))]
    pub attachments: Vec<Attach>,
}

/// A manual call.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The hook point.
    pub hook: String,
    /// Arguments by name, as for `tenterhook call`; optional ones may be left out.
    #[schemars(with = "Map<String, Json>")]
    pub arguments: Json,
    /// `tenant/name`: only this attachment is called. Without it the whole chain is called, which requires
    /// authorisation for everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub attachment: Option<String>,
}
