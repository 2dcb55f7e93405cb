//! The protection of hook points: the attachments that they require.

use tenterhook_hooks::schema::Required;

use crate::attach::Slot;
use crate::host::Host;

/// The protection of a hook point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Protection {
    /// The hook point.
    pub hook: String,
    /// The attachments that it requires, at least one.
    pub required: Vec<RequiredInfo>,
    /// Whether one of them is missing, so that every invocation gives the closed result.
    pub closed: bool,
    /// The closed result, as a JSON object with every result.
    pub result: serde_json::Value,
    /// Invocations that gave the closed result so far, because an attachment was missing, failed or was denied.
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
    /// Whether it is attached and enabled.
    pub enabled: bool,
    /// Whether it is in quarantine: its calls are denied, and give the closed result.
    pub quarantined: bool,
}

impl Host {
    /// The protection of the hook points that require attachments, by hook point.
    pub fn protection(&self) -> Vec<Protection> {
        self.inner.slots().iter().filter_map(|slot| slot.protection()).collect()
    }
}

impl Slot {
    /// The protection of the hook point; `None` if it requires nothing.
    pub fn protection(&self) -> Option<Protection> {
        let table = self.table();
        let requirement = table.requirement.as_ref()?;
        let info = |of: &Required| {
            let found = self.named(&of.tenant, &of.name);
            let quarantined = found
                .as_ref()
                .map(|entry| &entry.attachment)
                .is_some_and(|attachment| attachment.gate.quarantined().is_some());
            RequiredInfo {
                tenant: of.tenant.clone(),
                name: of.name.clone(),
                attached: found.is_some(),
                enabled: found.is_some_and(|entry| entry.enabled),
                quarantined,
            }
        };
        Some(Protection {
            hook: self.declaration.name.clone(),
            required: requirement.required.iter().map(info).collect(),
            closed: table.closed.is_some(),
            result: self.declaration.answer_to_json(&requirement.closed),
            invocations: self.closed_invocations(),
        })
    }
}
