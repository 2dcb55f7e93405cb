//! The result of applying a list.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::attachment::Unsaved;
use crate::error::Problem;

/// What changed, or would change.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Applied {
    /// Whether anything was changed; a dry run changes nothing.
    pub applied: bool,
    /// The host's revision; after a dry run, the one that the difference was computed at.
    pub revision: u64,
    /// The change that each attachment needs.
    pub changes: Vec<Change>,
    /// Changes that are in force and not saved in the folder yet.
    pub unsaved: Vec<Unsaved>,
}

/// One difference.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Change {
    /// The kind of change.
    #[schemars(extend("enum" = ["attach", "replace", "detach", "move", "reorder", "enable", "disable", "keep", "unlisted", "refused"]))]
    pub action: String,
    /// The attachment's tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// What differs.
    pub reason: String,
    /// Why it is rejected, as in Error.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Problem")]
    pub error: Option<Problem>,
}
