//! Saves changes that are in force, on a thread of its own, until the folder has them.

use tenterhook::{Event, EventKind, Subject};

use super::audit::Entry;
use super::plane::Plane;
use super::unsaved::{Ended, InForce, Key};

/// Saves what is noted, until it is time to stop.
pub(super) fn run(plane: &Plane) {
    while let Some((key, ticket)) = plane.unsaved.next() {
        let result = plane.save(&key.0, &key.1).map_err(|error| error.to_string());
        let reason = result.clone().err().unwrap_or_default();
        match plane.unsaved.ended(&key, ticket, result) {
            Ended::Again => {}
            // The disk works: so it may for the others.
            Ended::Saved => plane.unsaved.retry(),
            Ended::Failed(change) => {
                let (tenant, name) = &key;
                tracing::warn!(target: "tenterhook::control", "{tenant}/{name}: {}, not saved: {reason}", change.what);
                let kind = EventKind::Unsaved { change: change.what.into(), message: reason.into() };
                tell(plane, &key, &change, kind);
            }
            Ended::SavedLate(change) => {
                let entry = Entry {
                    action: "save",
                    tenant: Some(&key.0),
                    name: Some(&key.1),
                    hook: Some(&change.hook),
                    ..Entry::default()
                };
                plane.audit(change.by, &entry);
                let kind = EventKind::Saved { change: change.what.into() };
                tell(plane, &key, &change, kind);
                plane.unsaved.retry();
            }
        }
    }
}

fn tell(plane: &Plane, (tenant, name): &Key, change: &InForce, kind: EventKind) {
    let subject = Subject {
        tenant: tenant.as_str().into(),
        attachment: name.as_str().into(),
        hook: change.hook.as_str().into(),
        id: None,
    };
    plane.operate().emit(Event::new(kind).about(subject).by(Some(&change.by.to_string())));
}
