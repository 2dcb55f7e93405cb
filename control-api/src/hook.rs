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
    /// The hook points, sorted by name.
    pub hooks: Vec<HookSummary>,
}

/// A hook point in a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct HookSummary {
    /// Its name.
    pub name: String,
    /// Its version.
    #[schemars(range(min = 1))]
    pub version: u64,
    /// 64 hexadecimal digits; it changes with anything that a script can notice.
    pub fingerprint: String,
    /// What it is about.
    pub doc: String,
    /// The Lua function that is called.
    pub handler: String,
    /// Whether the first deciding answer counts, or all attachments are called and none decides.
    #[schemars(extend("enum" = ["first", "observe"]))]
    pub chain: String,
    /// The handler on one line, such as `admit(client, path, bytes) -> { verdict }`.
    pub signature: String,
    /// The number of attachments that the caller is authorised to see.
    pub attachments: u64,
    /// What protects it; null if it requires nothing.
    pub protection: Option<Protection>,
}

/// A hook point: the whole declaration, as `tenterhook hooks --json` prints it (name, version, fingerprint, doc,
/// handler, chain, arguments, constants, results), and its attachments.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub struct Hook {
    /// The declaration.
    #[serde(flatten)]
    pub declaration: Map<String, Json>,
    /// What protects it; null if it requires nothing.
    pub protection: Option<Protection>,
    /// The attachments that the caller is authorised to see, in the order of the chain.
    pub attachments: Vec<Attachment>,
}
