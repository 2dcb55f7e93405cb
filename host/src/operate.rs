//! What operators ask of a running host: who is in quarantine, who is to be let out, and what tenants use.

use std::sync::Arc;

use tenterhook_hooks::schema::Required;

use crate::admit::{Quarantined, TenantUsage, announce};
use crate::attach::{Attachment, AttachmentId, Gone, Slot};
use crate::host::Host;

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

/// What protects a hook point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The hook point.
    pub hook: String,
    /// What it requires, at least one.
    pub required: Vec<RequiredInfo>,
    /// Whether one of them is missing, so that every invocation gives the closed result.
    pub closed: bool,
    /// The closed result, as a JSON object with every result.
    pub result: serde_json::Value,
    /// Invocations that came to the closed result so far, by one that was missing, failed or was denied.
    pub invocations: u64,
}

/// An attachment that a hook point requires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequiredInfo {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Whether it is attached.
    pub attached: bool,
    /// Whether it is enabled too.
    pub enabled: bool,
    /// Whether it is in quarantine: calls of it are denied, and come to the closed result.
    pub quarantined: bool,
}

impl Host {
    /// What protects the hook points that require attachments, by hook point.
    pub fn protection(&self) -> Vec<Protection> {
        let slots = self.slots();
        slots.iter().filter_map(|slot| protection(slot)).collect()
    }

    /// The attachments in quarantine, by hook point and in the order they run in.
    pub fn quarantined(&self) -> Vec<QuarantineInfo> {
        self.quarantined_of(|_, _| true)
    }

    /// Those of tenants and hook points that are wanted; at the others nothing is looked.
    pub(crate) fn quarantined_of(&self, wanted: impl Fn(&str, &str) -> bool) -> Vec<QuarantineInfo> {
        let mut found = Vec::new();
        for slot in self.slots() {
            for attachment in slot.attachments(|tenant| wanted(tenant, &slot.declaration.name)) {
                let Some(state) = attachment.quarantine.state(attachment.account.clock()) else { continue };
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

    /// Puts an attachment in quarantine back into its chain, its faults forgotten. `false` where it is in none.
    ///
    /// # Errors
    /// [`Gone`] where there is no such attachment.
    pub fn lift_quarantine(&self, id: AttachmentId) -> Result<bool, Gone> {
        self.lift(id, None)
    }

    /// As [`Host::lift_quarantine`], said to be done by somebody.
    pub(crate) fn lift(&self, id: AttachmentId, by: Option<&str>) -> Result<bool, Gone> {
        let attachment = self.attachment(id).ok_or(Gone(id))?;
        let change = attachment.quarantine.lift();
        if let Some(change) = change {
            announce(&self.inner, &attachment, change, None, by);
        }
        Ok(change.is_some())
    }

    /// What a tenant uses of its quota; `None` where it never attached anything.
    pub fn usage(&self, tenant: &str) -> Option<TenantUsage> {
        self.inner.tenants.usage(tenant)
    }

    /// Whether calls are counted from now on, in all hosts of the process. For benches.
    #[cfg(feature = "measure")]
    #[doc(hidden)]
    pub fn measure_statistics(on: bool) {
        crate::observe::COUNTING.store(on, std::sync::atomic::Ordering::Relaxed);
    }

    /// Admitting a call of the attachment and settling it, without making it; and, to compare, the place in the pool
    /// alone. For benches.
    #[cfg(any(feature = "inspect", feature = "measure"))]
    #[doc(hidden)]
    pub fn inspect_admission(&self, id: AttachmentId) -> Option<(impl Fn() -> bool, impl Fn() -> bool)> {
        let attachment = self.attachment(id)?;
        let (inner, pool) = (Arc::clone(&self.inner), Arc::clone(&attachment.pool));
        let whole = move || match crate::admit::admit(&inner, &attachment) {
            Ok(mut permit) => {
                permit.entry.settle(&inner, 1000, None);
                true
            }
            Err(_) => false,
        };
        Some((whole, move || pool.enter().is_some()))
    }

    fn attachment(&self, id: AttachmentId) -> Option<Arc<Attachment>> {
        self.inner.slot_of(id)?.find(id).map(|entry| entry.attachment)
    }

    fn slots(&self) -> Vec<Arc<Slot>> {
        self.inner.hooks.read().values().cloned().collect()
    }
}

/// What protects a hook point, if it requires anything.
pub(crate) fn protection(slot: &Slot) -> Option<Protection> {
    let table = slot.table();
    let requirement = table.requirement.as_ref()?;
    let info = |of: &Required| {
        let found = slot.look(|entries| entries.find(entries.named(&of.tenant, &of.name)?).cloned());
        let quarantined = found
            .as_ref()
            .map(|entry| &entry.attachment)
            .is_some_and(|attachment| attachment.quarantine.state(attachment.account.clock()).is_some());
        RequiredInfo {
            tenant: of.tenant.clone(),
            name: of.name.clone(),
            attached: found.is_some(),
            enabled: found.is_some_and(|entry| entry.enabled),
            quarantined,
        }
    };
    Some(Protection {
        hook: slot.declaration.name.clone(),
        required: requirement.required.iter().map(info).collect(),
        closed: table.closed.is_some(),
        result: slot.declaration.answer_to_json(&requirement.closed),
        invocations: slot.closed_invocations(),
    })
}
