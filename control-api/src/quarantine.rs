//! Attachments in quarantine.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An attachment that is kept out of its chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Quarantine {
    /// `quarantined` or `probing`.
    #[schemars(extend("enum" = ["quarantined", "probing"]))]
    pub state: String,
    /// What it was put there for.
    pub cause: String,
    /// RFC 3339.
    pub since: String,
    /// When it is tried again, RFC 3339; null: not by itself.
    pub until: Option<String>,
}

/// Attachments in quarantine.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Quarantines {
    /// Those that the caller may see.
    pub quarantined: Vec<Quarantined>,
}

/// One of them.
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
