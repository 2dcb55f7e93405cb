//! Saves changes that are in force, on a thread of its own, until the folder contains them.

use tenterhook::{Event, EventKind, Subject};

use super::audit::AuditLine;
use super::plane::Plane;
use super::unsaved::{Ended, InForce, Key};

/// Saves noted changes until it is stopped.
pub(super) fn run(plane: &Plane) {
    while let Some((key, ticket)) = plane.unsaved.next() {
        let result = plane.save(&key.0, &key.1).map_err(|error| error.to_string());
        let reason = result.clone().err().unwrap_or_default();
        match plane.unsaved.ended(&key, ticket, result) {
            Ended::Again => {}
            // The disk works, so the other changes are retried.
            Ended::Saved => plane.unsaved.retry(),
            Ended::Failed(change) => {
                let (tenant, name) = &key;
                tracing::warn!(target: "tenterhook::control", "{tenant}/{name}: {}, not saved: {reason}", change.what);
                let kind = EventKind::Unsaved { change: change.what.into(), message: reason.into() };
                report(plane, &key, &change, kind);
            }
            Ended::SavedLate(change) => {
                let entry = AuditLine {
                    action: "save",
                    tenant: Some(&key.0),
                    name: Some(&key.1),
                    hook: Some(&change.hook),
                    ..AuditLine::default()
                };
                plane.audit(change.by, &entry);
                let kind = EventKind::Saved { change: change.what.into() };
                report(plane, &key, &change, kind);
                plane.unsaved.retry();
            }
        }
    }
}

fn report(plane: &Plane, (tenant, name): &Key, change: &InForce, kind: EventKind) {
    let subject = Subject {
        tenant: tenant.as_str().into(),
        attachment: name.as_str().into(),
        hook: change.hook.as_str().into(),
        id: None,
    };
    plane.operate().emit(Event::new(kind).about(subject).by(Some(&change.by.to_string())));
}
