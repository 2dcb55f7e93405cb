//! Hook points.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::attachment::Attachment;
use crate::protection::Protection;

/// The hook points.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Hooks {
    /// By name.
    pub hooks: Vec<HookSummary>,
}

/// A hook point in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HookSummary {
    /// Its name.
    pub name: String,
    /// Version of its shape.
    #[schemars(range(min = 1))]
    pub version: u64,
    /// 64 hex digits; differs when anything differs that a script can notice.
    pub fingerprint: String,
    /// What it is about.
    pub doc: String,
    /// The Lua function that is called.
    pub handler: String,
    /// Whether the first answer decides, or all are asked and none decides.
    #[schemars(extend("enum" = ["first", "observe"]))]
    pub chain: String,
    /// As one line, such as `admit(client, path, bytes) -> { verdict }`.
    pub signature: String,
    /// How many are there that the caller may see.
    pub attachments: u64,
    /// What protects it; null where it requires nothing.
    pub protection: Option<Protection>,
}

/// A hook point: the whole declaration, as `tenterhook hooks --json` prints it (name, version, fingerprint, doc, handler,
/// chain, arguments, constants, results), and what is attached to it.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Hook {
    /// The declaration.
    #[serde(flatten)]
    pub declaration: Map<String, Json>,
    /// What protects it; null where it requires nothing.
    pub protection: Option<Protection>,
    /// Those that the caller may see, in the order they run in.
    pub attachments: Vec<Attachment>,
}
