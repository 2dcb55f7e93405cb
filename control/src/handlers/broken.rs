//! Broken attachments: showing, adopting, discarding.

use tenterhook::Request;
use tenterhook_control_api::{BrokenDetail, Changed, Source};

use super::noted::done;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::audit::AuditLine;
use crate::folder::Broken;
use crate::plane::Plane;
use crate::rejection::Rejection;
use crate::views;

/// The broken attachment of that name, if no other attachment has the name.
pub(super) fn known(plane: &Plane, tenant: &str, name: &str) -> Option<Broken> {
    if plane.find(tenant, name, None).is_ok() {
        return None;
    }
    plane.broken_one(tenant, name)
}

/// The broken attachment of that name in full: what is wrong, and the current content of its file and its script.
pub(super) fn one(plane: &Plane, tenant: &str, name: &str) -> Option<Result<Answer, Rejection>> {
    let broken = plane.unattached(tenant, name).ok()?;
    let (record, bundle) = plane.folder.as_ref().map(|folder| folder.look(tenant, name)).unwrap_or_default();
    Some(Answer::ok(&BrokenDetail {
        broken: views::broken(&broken, plane.kept_place(&broken)),
        record: record.as_deref().map(Source::of),
        source: bundle.as_ref().map(|bundle| Source::of(&bundle.main)),
        module_sources: bundle.as_ref().map(views::modules).unwrap_or_default(),
    }))
}

/// The error for a request that only an attached attachment supports.
pub(super) fn instead(plane: &Plane, asked: &Asked, rejection: Rejection) -> Rejection {
    let (tenant, name) = asked.target();
    match plane.broken_one(tenant, name) {
        Some(broken) if rejection.status == 404 => {
            let message = format!("{tenant}/{name} is broken: adopt, replace or discard it ({})", broken.reason);
            Rejection::new(409, "broken", message).revision(broken.known.revision)
        }
        _ => rejection,
    }
}

/// The request that replaces the script of a broken attachment.
pub(super) fn request(broken: &Broken) -> Result<Request, Rejection> {
    let name = broken.name.as_deref().unwrap_or_default();
    let Some(hook) = &broken.known.hook else {
        let message = format!(
            "{}/{name} is broken, and its file does not name its hook point; attach the script instead",
            broken.tenant
        );
        return Err(Rejection::new(409, "broken", message));
    };
    Ok(Request::new(hook, &broken.tenant, Vec::new()).enabled(broken.known.enabled.unwrap_or(true)))
}

/// The revision that the change was made against, which must be that of the file.
pub(super) fn revision(asked: &Asked, broken: &Broken) -> Result<u64, Rejection> {
    let current = broken.known.revision;
    let revision = asked.revision(current)?;
    if revision != current {
        let message = format!("the change was made against revision {revision}, the file is at {current}");
        return Err(Rejection::new(409, "stale", message).revision(current));
    }
    Ok(revision)
}

pub(crate) fn adopt(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let broken = plane.unattached(tenant, name)?;
    let revision = revision(asked, &broken)?;
    let found = plane.adopt(&broken, asked.caller)?;
    done(plane, asked, "adopt", &found, Some(revision));
    Answer::ok(&views::changed(&found))
}

pub(crate) fn discard(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let (tenant, name) = asked.target();
    asked.may_change(tenant)?;
    let broken = plane.unattached(tenant, name)?;
    let from = revision(asked, &broken)?;
    let revision = plane.discard(&broken, asked.caller)?;
    let entry = AuditLine {
        action: "discard",
        tenant: Some(tenant),
        name: Some(name),
        hook: broken.known.hook.as_deref(),
        from_revision: Some(from),
        revision: Some(revision),
        ..AuditLine::default()
    };
    plane.audit(asked.caller, &entry);
    Answer::ok(&Changed { revision, attachment: None, unsaved: None })
}
