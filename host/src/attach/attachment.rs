//! An attachment: a loaded script at a hook point, on behalf of a tenant, under a policy.

use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{Rules, State};
use tenterhook_sandbox::Image;

use super::bundle::Bundle;
use crate::admit::{Claim, Gate, Quarantined};
use crate::capability::Context;
use crate::id::AttachmentId;
use crate::observe::{Lineage, Stats};
use crate::verdict::Verdicts;

/// A loaded script at a hook point.
pub struct Attachment {
    pub(crate) id: AttachmentId,
    pub(crate) name: String,
    pub(crate) context: Arc<Context>,
    pub(crate) image: Image,
    pub(crate) rules: Rules,
    pub(crate) state: State,
    /// The `state` of the request; if it has none, the policy decides.
    pub(crate) asked_state: Option<State>,
    pub(crate) verdicts: Verdicts,
    /// The checks that its calls have to pass.
    pub(crate) gate: Gate,
    /// The source that it was loaded from, and its digest.
    pub(crate) bundle: Bundle,
    pub(crate) sha256: String,
    /// The counts of its calls, including those of its earlier scripts.
    pub(crate) lineage: Arc<Lineage>,
    pub(crate) stats: Arc<Stats>,
    /// Whether it had no earlier script.
    pub(crate) is_first: bool,
    /// What the tenant is charged for this attachment.
    pub(crate) claim: Claim,
}

impl Drop for Attachment {
    /// Shared executors go to other attachments.
    fn drop(&mut self) {
        self.gate.close(&self.image);
    }
}

impl Attachment {
    /// Its id.
    pub fn id(&self) -> AttachmentId {
        self.id
    }

    /// The tenant.
    pub fn tenant(&self) -> &str {
        &self.context.tenant
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The script's name in errors.
    pub fn script(&self) -> &str {
        &self.context.script
    }

    /// The source that it was loaded from.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The rules that it was attached under.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether its state lasts from call to call.
    pub fn state(&self) -> State {
        self.state
    }

    /// The `state` of the request; if it has none, the policy decides.
    pub fn asked_state(&self) -> Option<State> {
        self.asked_state
    }

    /// The memory that its image takes in the host, in bytes.
    pub fn image_bytes(&self) -> usize {
        self.image.footprint()
    }

    /// The linear memory at the start of a call, in bytes.
    pub fn memory_bytes(&self) -> usize {
        self.image.memory_size()
    }
}

/// An attachment, as listings show it.
#[derive(Debug, Clone)]
pub struct AttachmentInfo {
    /// Its id.
    pub id: AttachmentId,
    /// The hook point.
    pub hook: String,
    /// Its name.
    pub name: String,
    /// The tenant.
    pub tenant: String,
    /// The script's name.
    pub script: String,
    /// Names of its modules.
    pub modules: Vec<String>,
    /// Lower runs earlier.
    pub order: i32,
    /// Its place in the chain, from 1.
    pub position: usize,
    /// Whether it is called.
    pub enabled: bool,
    /// Whether operators attached it, rather than the program.
    pub managed: bool,
    /// The host's revision at its last change.
    pub revision: u64,
    /// When the last change was made.
    pub changed: SystemTime,
    /// Who made the last change, such as `uid 1000`; `None`: the program itself.
    pub by: Option<String>,
    /// Whether state lasts from call to call.
    pub state: State,
    /// SHA-256 of script and modules, in hexadecimal.
    pub sha256: String,
    /// Budget, dispositions and grants.
    pub rules: Rules,
    /// Its quarantine, if it is in one.
    pub quarantine: Option<Quarantined>,
    /// The memory that its image takes in the host, in bytes.
    pub image_bytes: usize,
    /// The linear memory at the start of a call, in bytes.
    pub memory_bytes: usize,
}
