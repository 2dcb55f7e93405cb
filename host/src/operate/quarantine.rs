//! Lists attachments in quarantine, and lifts quarantines.

use std::sync::Arc;

use super::operations::Operations;
use crate::admit::Quarantined;
use crate::attach::{Attachment, Gone, Inner};
use crate::host::Host;
use crate::id::AttachmentId;

/// An attachment in quarantine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuarantineInfo {
    /// The attachment.
    pub id: AttachmentId,
    /// Its hook point.
    pub hook: String,
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Since when, until when, and why.
    pub state: Quarantined,
}

impl Host {
    /// The attachments in quarantine, by hook point and in the order they run in.
    pub fn quarantined(&self) -> Vec<QuarantineInfo> {
        self.operate().quarantined(|_, _| true)
    }

    /// Puts an attachment in quarantine back into its chain, and forgets its faults. `false` if it is not in
    /// quarantine.
    ///
    /// # Errors
    /// [`Gone`] if there is no such attachment.
    pub fn lift_quarantine(&self, id: AttachmentId) -> Result<bool, Gone> {
        self.operate().lift_quarantine(id, None)
    }
}

impl Operations<'_> {
    /// As [`Host::quarantined`], for the tenants and hook points for which `wanted(tenant, hook)` returns true. Others
    /// are not inspected.
    pub fn quarantined(&self, wanted: impl Fn(&str, &str) -> bool) -> Vec<QuarantineInfo> {
        let mut found = Vec::new();
        for slot in self.slots() {
            for attachment in slot.attachments(|tenant| wanted(tenant, &slot.declaration.name)) {
                let Some(state) = attachment.gate.quarantined() else { continue };
                found.push(QuarantineInfo {
                    id: attachment.id,
                    hook: slot.declaration.name.clone(),
                    tenant: attachment.tenant().to_owned(),
                    name: attachment.name.clone(),
                    state,
                });
            }
        }
        found
    }

    /// As [`Host::lift_quarantine`], on behalf of a user, such as `uid 1000`.
    ///
    /// # Errors
    /// [`Gone`] if there is no such attachment.
    pub fn lift_quarantine(&self, id: AttachmentId, by: Option<&str>) -> Result<bool, Gone> {
        let attachment = attachment(self.inner, id).ok_or(Gone(id))?;
        Ok(attachment.gate.lift(by))
    }
}

/// The attachment with this id.
pub(super) fn attachment(inner: &Inner, id: AttachmentId) -> Option<Arc<Attachment>> {
    inner.slot_of(id)?.find(id).map(|entry| entry.attachment)
}
