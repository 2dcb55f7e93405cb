//! What is asked: bodies of requests. A field that is null is as one that is left out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::source::Source;

/// What to attach. A field that is null is as one that is left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attach {
    /// The hook point.
    pub hook: String,
    /// For whom.
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub tenant: String,
    /// 1 to 64 letters, digits, '_', '.' or '-', not beginning with '.'; the handler's name unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub name: Option<String>,
    /// The script's file name, for tracebacks; the name with `.lua` unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub script: Option<String>,
    /// The script.
    pub source: Source,
    /// Lua modules by the name that `require` takes (dots for folders). Script and modules together have at most the
    /// policy's `script_size`, and less than a request's 4 MiB; none is called `main`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Source>,
    /// Default 0, brought into the policy's band.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name` of the attachment at the same hook point that it is to run right before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// As `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
    /// As the policy says unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub state: Option<String>,
    /// True unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The hook point's that the script was written against; another one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[0-9a-fA-F]{64}$"))]
    pub fingerprint: Option<String>,
}

impl Attach {
    /// The attachment's name: the handler's unless given.
    pub fn name(&self) -> String {
        let handler = self.hook.rsplit('.').next().unwrap_or(&self.hook);
        self.name.clone().unwrap_or_else(|| handler.to_owned())
    }
}

/// What to put in its place. Name, hook point and order stay. A field that is null is as one that is left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Replace {
    /// The script's file name, for tracebacks; that of the one before unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 128))]
    pub script: Option<String>,
    /// The script.
    pub source: Source,
    /// Its modules, as where it is attached.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub modules: BTreeMap<String, Source>,
    /// As the policy says unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub state: Option<String>,
    /// The hook point's that the script was written against; another one is refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[0-9a-fA-F]{64}$"))]
    pub fingerprint: Option<String>,
}

/// Exactly one of the three. A field that is null is as one that is left out.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Order {
    /// The new order; last among equals.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name`; takes its order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// `tenant/name`; takes its order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
}

/// Where the copy goes. A field that is null is as one that is left out.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Copy {
    /// Another hook point.
    pub hook: String,
    /// The other hook point's handler unless given; a tenant's names are unique.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub name: Option<String>,
    /// Default 0, brought into the policy's band.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// `tenant/name` of the attachment at the same hook point that it is to run right before.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub before: Option<String>,
    /// As `before`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub after: Option<String>,
}

/// What there is to be, for the tenants named.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Apply {
    /// Only say what would change.
    pub dry_run: bool,
    /// The host's revision that the difference was made at, as a dry run answers it; refused as stale if the host has gone
    /// on since. Whatever it is unless given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<u64>,
    /// Whose attachments are made equal to the list; those of others stay untouched.
    #[schemars(length(max = 256), inner(regex(pattern = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$")))]
    pub tenants: Vec<String>,
    /// Whether what the tenants have and the list has not is detached. Unless given it stays, and is told of as `unlisted`.
    #[serde(default)]
    pub prune: bool,
    /// What there is to be. In a dry run 16 that cannot be attached are tried; the rest is refused as busy then.
    #[schemars(length(max = 4096))]
    pub attachments: Vec<Attach>,
}

/// One call, by hand.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// The hook point.
    pub hook: String,
    /// By name, as `tenterhook call` takes them; optional ones may be left out.
    #[schemars(with = "Map<String, Json>")]
    pub arguments: Json,
    /// `tenant/name`: only this one is called. Without it the whole chain is, which only the owner may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("pattern" = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$"))]
    pub attachment: Option<String>,
}
