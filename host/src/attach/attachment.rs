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
    /// What the request said of it; the policy decides where it said nothing.
    pub(crate) asked_state: Option<State>,
    pub(crate) verdicts: Verdicts,
    /// What its calls have to pass.
    pub(crate) gate: Gate,
    /// What it was loaded from, and its digest.
    pub(crate) bundle: Bundle,
    pub(crate) sha256: String,
    /// Its calls' counts, beside those of the scripts that it had before.
    pub(crate) lineage: Arc<Lineage>,
    pub(crate) stats: Arc<Stats>,
    /// Whether it had none before.
    pub(crate) is_first: bool,
    /// What the tenant is charged for this attachment.
    pub(crate) claim: Claim,
}

impl Drop for Attachment {
    /// Executors that are shared go to others.
    fn drop(&mut self) {
        self.gate.close(&self.image);
    }
}

impl Attachment {
    /// Its id.
    pub fn id(&self) -> AttachmentId {
        self.id
    }

    /// Whom it is for.
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

    /// What it was loaded from.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// The rules that it was attached under.
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Whether its state lasts.
    pub fn state(&self) -> State {
        self.state
    }

    /// What the request said of that; the policy decided where it said nothing.
    pub fn asked_state(&self) -> Option<State> {
        self.asked_state
    }

    /// Bytes that its image takes in the host.
    pub fn image_bytes(&self) -> usize {
        self.image.footprint()
    }

    /// Bytes of linear memory that a call starts with.
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
    /// Whether calls reach it.
    pub enabled: bool,
    /// Whether operators attached it, rather than the program.
    pub managed: bool,
    /// The host's revision at its last change.
    pub revision: u64,
    /// When that was.
    pub changed: SystemTime,
    /// Who made it, such as `uid 1000`; `None`: the program itself.
    pub by: Option<String>,
    /// Whether state lasts.
    pub state: State,
    /// SHA-256 of script and modules, in hexadecimal.
    pub sha256: String,
    /// Budget, dispositions and grants.
    pub rules: Rules,
    /// Its quarantine, if it is in one.
    pub quarantine: Option<Quarantined>,
    /// Bytes that its image takes in the host.
    pub image_bytes: usize,
    /// Bytes of linear memory that a call starts with.
    pub memory_bytes: usize,
}
