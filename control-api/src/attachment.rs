//! Attachments, whole ones and broken ones, and what changes to them come to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::named::Named;
use crate::policy::Rules;
use crate::protection::Protection;
use crate::quarantine::Quarantine;
use crate::source::Source;
use crate::stats::Stats;

/// An attachment. It is this object wherever it is answered whole; elsewhere `tenant`, `name`, `hook` and `id` are what they
/// are here, and `tenant/name` is how a request names one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attachment {
    /// For as long as the process lives.
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
    /// Names that `require` finds.
    pub modules: Vec<String>,
    /// Lower runs earlier. -2147483648 to 2147483647.
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: i32,
    /// Place in the hook point's chain, from 1, disabled ones counted.
    #[schemars(range(min = 1))]
    pub position: u64,
    /// Whether calls reach it.
    pub enabled: bool,
    /// Whether operators attached it and it is kept in the folder; false: the program attached it.
    pub managed: bool,
    /// Whether its state lasts.
    #[schemars(extend("enum" = ["fresh", "kept"]))]
    pub state: String,
    /// While it is in quarantine.
    pub quarantine: Option<Quarantine>,
    /// Of its last change; a change has to name it.
    pub revision: u64,
    /// When, RFC 3339.
    pub changed: String,
    /// Who made the last change, such as `uid 1000`; null: the program itself.
    pub by: Option<String>,
    /// Of script and modules.
    pub sha256: String,
    /// What its image takes in the host.
    pub image_bytes: u64,
    /// Linear memory that a call starts with.
    pub memory_bytes: u64,
}

/// Attachments, by hook point and place.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Attachments {
    /// Of the host.
    pub revision: u64,
    /// Those that the caller may see.
    pub attachments: Vec<Attachment>,
    /// Files of the folder that were skipped.
    pub broken: Vec<Broken>,
    /// Changes that are in force and not in the folder yet.
    pub unsaved: Vec<Unsaved>,
    /// Hook points that require attachments.
    pub protection: Vec<Protection>,
}

/// A file of the folder that could not be attached. It stays as it is, and keeps its place, until it is adopted, discarded or
/// replaced. What could not be read of it is null.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Broken {
    /// Empty where the file lies in no tenant's folder.
    pub tenant: String,
    /// The attachment's name; null for what is no attachment's file.
    pub name: Option<String>,
    /// Within the folder.
    pub file: String,
    /// File, line, key, what was expected.
    pub reason: String,
    /// The hook point.
    pub hook: Option<String>,
    /// The script's name.
    pub script: Option<String>,
    /// Its order in the chain.
    #[schemars(range(min = -2147483648, max = 2147483647))]
    pub order: Option<i32>,
    /// The place in the chain that is kept for it, from 1.
    #[schemars(range(min = 1))]
    pub position: Option<u64>,
    /// Whether it was enabled.
    pub enabled: Option<bool>,
    /// To name when it is adopted, discarded or replaced; 0 where none could be read.
    pub revision: u64,
}

impl Broken {
    /// `acme/limit`, or the file where it is no attachment's.
    pub fn title(&self) -> String {
        match &self.name {
            Some(name) => format!("{}/{name}", self.tenant),
            None => self.file.clone(),
        }
    }
}

/// A change that is in force and not in the folder yet: until it is, a restart takes it back. The program tries again until it
/// can be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Unsaved {
    /// The attachment's tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// What is in force; `not made`: a change that failed, and the folder still has it.
    #[schemars(extend("enum" = ["detached", "disabled", "not made"]))]
    pub change: String,
    /// RFC 3339.
    pub since: String,
    /// Why the last try failed.
    pub reason: String,
    /// Tries that failed.
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
    /// By name.
    pub module_sources: Named<Source>,
    /// What was asked for when it was attached; null where the policy decides.
    #[schemars(extend("enum" = ["fresh", "kept", null]))]
    pub asked_state: Option<String>,
    /// Of the hook point, 64 hexadecimal digits.
    pub fingerprint: String,
    /// The rules that it was attached under.
    pub rules: Rules,
    /// What its calls came to.
    pub stats: Stats,
}

/// A broken attachment, and what its file and its script hold now.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct BrokenDetail {
    /// What is wrong, and what is known of it.
    pub broken: Broken,
    /// The text of its file; null where it cannot be read.
    pub record: Option<Source>,
    /// Its script; null where it cannot be read.
    pub source: Option<Source>,
    /// Its modules, by name.
    pub module_sources: Named<Source>,
}

/// A change was made.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Changed {
    /// The new one.
    pub revision: u64,
    /// As it is now; null when it was detached.
    pub attachment: Option<Attachment>,
    /// Why the change, which is in force, is not in the folder yet: until it is, a restart takes it back. The program tries
    /// again until it can be kept.
    pub unsaved: Option<String>,
}

/// The script loads.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Checked {
    /// What attaching would give.
    pub attachment: Candidate,
    /// The rules that it would have.
    pub rules: Rules,
}

/// An attachment that would be one.
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
    /// Whether its state would last.
    pub state: String,
    /// What its image would take in the host.
    pub image_bytes: u64,
    /// Linear memory that a call would start with.
    pub memory_bytes: u64,
}

/// An attachment in full, or what is left of one that is broken.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
#[schemars(inline)]
pub enum Detail {
    /// One that is attached.
    Whole(Box<AttachmentDetail>),
    /// One that is broken.
    Broken(Box<BrokenDetail>),
}
