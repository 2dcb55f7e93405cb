//! Conversions from the host's types to the types of responses: one shape for each thing.
//!
//! | what | shape | where |
//! | --- | --- | --- |
//! | an attachment, whole | [`attachment`] | lists, one hook point, one attachment, the answer to every change |
//! | what would be attached | some of the same keys | `/v1/check` |
//! | the subject of an event or count | `tenant`, `name`, `hook`, and `id` where it is loaded | statistics, events, quarantine, changes of `apply` |
//! | one that a request names | the text `tenant/name` | `before`, `after`, `attachment` |
//!
//! `tests/tests/operator/shapes.rs` holds the command's output against each other.

mod events;
mod stats;

use std::time::SystemTime;

use tenterhook::operate::{Bundle, rfc3339};
use tenterhook::{AttachmentInfo, QuarantinePhase, Quarantined};
use tenterhook_control_api::{Attachment, Broken as BrokenFile, Changed, Named, Quarantine, Source, Unsaved};

use super::folder::Broken;
use super::plane::{Found, Plane};
pub(super) use events::event;
pub(super) use stats::stats;

/// The sources of a bundle's modules, by name.
pub(super) fn modules(bundle: &Bundle) -> Named<Source> {
    bundle.modules.iter().map(|(name, text)| (name.as_str(), Source::of(text))).collect()
}

/// An attachment, as lists show it.
pub(super) fn attachment(info: AttachmentInfo) -> Attachment {
    Attachment {
        id: info.id.number(),
        tenant: info.tenant,
        name: info.name,
        hook: info.hook,
        script: info.script,
        modules: info.modules,
        order: info.order,
        position: info.position as u64,
        enabled: info.enabled,
        managed: info.managed,
        state: info.state.as_str().to_owned(),
        quarantine: info.quarantine.as_ref().map(quarantine),
        revision: info.revision,
        changed: rfc3339(info.changed),
        by: info.by,
        sha256: info.sha256,
        image_bytes: info.image_bytes as u64,
        memory_bytes: info.memory_bytes as u64,
    }
}

/// A quarantine.
pub(super) fn quarantine(of: &Quarantined) -> Quarantine {
    let now = SystemTime::now();
    let state = match of.phase {
        QuarantinePhase::Waiting => "quarantined",
        QuarantinePhase::Probing => "probing",
    };
    Quarantine {
        state: state.to_owned(),
        cause: format!("{} faults", of.faults),
        since: rfc3339(now.checked_sub(of.since).unwrap_or(now)),
        until: now.checked_add(of.until).map(rfc3339),
    }
}

/// A file that is not attached, as lists show it; `position` is its reserved place in the chain.
pub(super) fn broken(of: &Broken, position: Option<usize>) -> BrokenFile {
    let known = of.known.clone();
    BrokenFile {
        tenant: of.tenant.clone(),
        name: of.name.clone(),
        file: of.file.clone(),
        reason: of.reason.clone(),
        hook: known.hook,
        script: known.script,
        order: known.order,
        position: position.map(|position| position as u64),
        enabled: known.enabled,
        revision: known.revision,
    }
}

/// An attachment that was found.
pub(super) fn found(found: &Found) -> Attachment {
    let position = found.slot.position(found.id()).unwrap_or(0);
    attachment(found.entry.info(found.hook(), position))
}

/// The response to a change.
pub(super) fn changed(found: &Found) -> Changed {
    Changed { revision: found.entry.revision, attachment: Some(self::found(found)), unsaved: found.unsaved.clone() }
}

/// Unsaved changes to those tenants' attachments.
pub(super) fn unsaved(plane: &Plane, wanted: impl Fn(&str) -> bool) -> Vec<Unsaved> {
    let shown = plane.unsaved.list().into_iter().filter(|unsaved| wanted(&unsaved.tenant));
    let unsaved = shown.map(|unsaved| Unsaved {
        tenant: unsaved.tenant,
        name: unsaved.name,
        change: unsaved.what.to_owned(),
        since: rfc3339(unsaved.since),
        reason: unsaved.reason,
        failures: u64::from(unsaved.failures),
    });
    unsaved.collect()
}
