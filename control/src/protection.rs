//! The protection of hook points, in responses.

use tenterhook::operate::{Protection, RequiredInfo, Slot};
use tenterhook_control_api as api;

use super::asked::Asked;
use super::folder::Broken;
use super::plane::Plane;

/// The protection of a hook point, as far as the caller is authorised to see it; `None` if it requires nothing.
pub(super) fn view(plane: &Plane, asked: &Asked, slot: &Slot) -> Option<api::Protection> {
    slot.protection().map(|protection| seen(plane, asked, protection))
}

/// The protection of each requested hook point that requires attachments.
pub(super) fn views(plane: &Plane, asked: &Asked) -> Vec<api::Protection> {
    let wanted = |of: &Protection| asked.query("hook").is_none_or(|hook| hook == of.hook);
    let all = plane.host.protection().into_iter().filter(wanted);
    all.map(|protection| seen(plane, asked, protection)).collect()
}

fn seen(plane: &Plane, asked: &Asked, of: Protection) -> api::Protection {
    let required = of.required.iter().filter(|required| asked.rights.see(&required.tenant));
    let required = required.map(|required| {
        let broken = plane.broken_one(&required.tenant, &required.name).filter(|_| !required.attached);
        api::Required {
            attachment: format!("{}/{}", required.tenant, required.name),
            status: status(required, broken.as_ref()).to_owned(),
            reason: broken.map(|broken| broken.reason),
        }
    });
    api::Protection {
        required: required.collect(),
        hook: of.hook,
        closed: of.closed,
        result: of.result,
        invocations: of.invocations,
    }
}

fn status(of: &RequiredInfo, broken: Option<&Broken>) -> &'static str {
    match of {
        RequiredInfo { attached: false, .. } if broken.is_some() => "broken",
        RequiredInfo { attached: false, .. } => "missing",
        RequiredInfo { enabled: false, .. } => "disabled",
        RequiredInfo { quarantined: true, .. } => "quarantined",
        RequiredInfo { .. } => "enabled",
    }
}
