//! What is written down of a change.

use crate::asked::Asked;
use crate::audit::Entry;
use crate::plane::{Found, Plane};

/// Writes a change down.
pub(super) fn done(plane: &Plane, asked: &Asked, action: &str, found: &Found, from: Option<u64>) {
    let attachment = &found.entry.attachment;
    let entry = Entry {
        action,
        tenant: Some(attachment.tenant()),
        name: Some(attachment.name()),
        hook: Some(found.hook()),
        from_revision: from,
        revision: Some(found.entry.revision),
        unsaved: found.unsaved.as_deref(),
        ..Entry::default()
    };
    plane.audit(asked.caller, &entry);
}
