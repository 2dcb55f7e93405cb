//! Attachments, broken attachments, and the results of changes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::named::Named;
use crate::policy::Rules;
use crate::protection::Protection;
use crate::quarantine::Quarantine;
use crate::source::Source;
use crate::stats::Stats;

/// An attachment. Every response that contains a whole attachment contains this object; elsewhere `tenant`, `name`,
/// `hook` and `id` have the same meaning as here. Requests name an attachment as `tenant/name`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attachment {
    /// Its id, which is valid as long as the process lives.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// The script's name, as tracebacks show it.
    pub script: String,
    /// Names under which `require` finds its modules.
    pub modules: Vec<String>,
    /// Lower runs earlier. -2147483648 to 2147483647.
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: i32,
    /// Place in the hook point's chain, from 1; disabled attachments are counted.
    #[schemars(range(min = 1))]
    pub position: u64,
    /// Whether it is called.
    pub enabled: bool,
    /// Whether operators attached it and it is saved in the folder; false: the program attached it.
    pub managed: bool,
    /// Whether its state lasts.
    #[schemars(extend("enum" = ["fresh", "kept"]))]
    pub state: String,
    /// Its quarantine; null if it is not in quarantine.
    pub quarantine: Option<Quarantine>,
    /// The revision of its last change, which a change has to name.
    pub revision: u64,
    /// When the last change was made, RFC 3339.
    pub changed: String,
    /// Who made the last change, such as `uid 1000`; null: the program itself.
    pub by: Option<String>,
    /// SHA-256 of script and modules.
    pub sha256: String,
    /// Memory that its image takes in the host.
    pub image_bytes: u64,
    /// Linear memory at the start of a call.
    pub memory_bytes: u64,
}

/// Attachments, by hook point and place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attachments {
    /// The host's revision.
    pub revision: u64,
    /// The attachments that the caller is authorised to see.
    pub attachments: Vec<Attachment>,
    /// Files of the folder that could not be attached.
    pub broken: Vec<Broken>,
    /// Changes that are in force and not saved in the folder yet.
    pub unsaved: Vec<Unsaved>,
    /// Hook points that require attachments.
    pub protection: Vec<Protection>,
}

/// A file of the folder that could not be attached. It stays as it is, and its place in the chain is reserved, until it
/// is adopted, discarded or replaced. What could not be read from it is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Broken {
    /// The tenant; empty if the file is not in a tenant's folder.
    pub tenant: String,
    /// The attachment's name; null if the file is not an attachment file.
    pub name: Option<String>,
    /// The file, relative to the folder.
    pub file: String,
    /// File, line, key, and what was expected.
    pub reason: String,
    /// The hook point.
    pub hook: Option<String>,
    /// The script's name.
    pub script: Option<String>,
    /// Its order in the chain.
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// Its reserved place in the chain, from 1.
    #[schemars(range(min = 1))]
    pub position: Option<u64>,
    /// Whether it was enabled.
    pub enabled: Option<bool>,
    /// The revision to name when it is adopted, discarded or replaced; 0 if none could be read.
    pub revision: u64,
}

impl Broken {
    /// `acme/limit`, or the file if it is not an attachment file.
    pub fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{}/{name}", self.tenant),
            None => self.file.clone(),
        }
    }
}

/// A change that is in force and not saved in the folder yet; until it is, a restart reverts it. The program retries
/// until it is saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Unsaved {
    /// The attachment's tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// The change; `not made`: a change that failed and that the folder still contains.
    #[schemars(extend("enum" = ["detached", "disabled", "not made"]))]
    pub change: String,
    /// Since when, RFC 3339.
    pub since: String,
    /// Why the last attempt failed.
    pub reason: String,
    /// Failed attempts.
    pub failures: u64,
}

/// An attachment, its source, rules and statistics.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AttachmentDetail {
    /// The attachment.
    pub attachment: Attachment,
    /// Its script.
    pub source: Source,
    /// Its modules, by name.
    pub module_sources: Named<Source>,
    /// The `state` that was requested when it was attached; null: the policy decides.
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub asked_state: Option<String>,
    /// The hook point's fingerprint, 64 hexadecimal digits.
    pub fingerprint: String,
    /// The rules that it was attached under.
    pub rules: Rules,
    /// The statistics of its calls.
    pub stats: Stats,
}

/// A broken attachment, and the current content of its file and its script.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BrokenDetail {
    /// What is wrong, and what is known about it.
    pub broken: Broken,
    /// The text of its file; null if it cannot be read.
    pub record: Option<Source>,
    /// Its script; null if it cannot be read.
    pub source: Option<Source>,
    /// Its modules, by name.
    pub module_sources: Named<Source>,
}

/// The response to a change.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Changed {
    /// The new revision.
    pub revision: u64,
    /// The attachment as it is now; null if it was detached.
    pub attachment: Option<Attachment>,
    /// Why the change, which is in force, is not saved in the folder yet; until it is, a restart reverts it. The
    /// program retries until it is saved.
    pub unsaved: Option<String>,
}

/// The response for a script that loads.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Checked {
    /// The attachment that would be made.
    pub attachment: Candidate,
    /// The rules that it would have.
    pub rules: Rules,
}

/// An attachment that would be made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Candidate {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// The script's name.
    pub script: String,
    /// Whether its state would last from call to call.
    pub state: String,
    /// Memory that its image would take in the host.
    pub image_bytes: u64,
    /// Linear memory at the start of a call.
    pub memory_bytes: u64,
}

/// An attachment in full, or what is known of a broken one.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Detail {
    /// An attachment.
    Whole(Box<AttachmentDetail>),
    /// A broken attachment.
    Broken(Box<BrokenDetail>),
}
