//! Writes changes to the audit log.

use crate::asked::Asked;
use crate::audit::AuditLine;
use crate::plane::{Found, Plane};

/// Writes a change to the audit log.
pub(super) fn done(plane: &Plane, asked: &Asked, action: &str, found: &Found, from: Option<u64>) {
    let attachment = &found.entry.attachment;
    let entry = AuditLine {
        action,
        tenant: Some(attachment.tenant()),
        name: Some(attachment.name()),
        hook: Some(found.hook()),
        from_revision: from,
        revision: Some(found.entry.revision),
        unsaved: found.unsaved.as_deref(),
        ..AuditLine::default()
    };
    plane.audit(asked.caller, &entry);
}
