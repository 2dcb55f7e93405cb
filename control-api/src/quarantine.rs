//! Attachments in quarantine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The quarantine of an attachment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Quarantine {
    /// `quarantined` or `probing`.
    #[schemars(extend("enum" = ["quarantined", "probing"]))]
    pub state: String,
    /// The cause of the faults.
    pub cause: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// When it is probed, RFC 3339; null: only when an operator lifts it.
    pub until: Option<String>,
}

/// Attachments in quarantine.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Quarantines {
    /// The attachments that the caller is authorised to see.
    pub quarantined: Vec<Quarantined>,
}

/// An attachment in quarantine.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Quarantined {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// Its id.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// Since when, until when, and why.
    pub quarantine: Quarantine,
}
