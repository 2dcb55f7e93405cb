//! What protects hook points, as JSON.

use serde_json::{Value as Json, json};
use tenterhook::operate::{Protection, RequiredInfo, Slot};

use super::asked::Asked;
use super::folder::Broken;
use super::plane::Plane;

/// What protects a hook point, as far as the caller may see it; null where nothing is required.
pub(super) fn view(plane: &Plane, asked: &Asked, slot: &Slot) -> Json {
    slot.protection().map_or(Json::Null, |protection| to_json(plane, asked, &protection))
}

/// What protects each hook point that requires anything, of those that the caller asks for.
pub(super) fn views(plane: &Plane, asked: &Asked) -> Vec<Json> {
    let wanted = |of: &Protection| asked.query("hook").is_none_or(|hook| hook == of.hook);
    let all = plane.host.protection();
    all.iter().filter(|of| wanted(of)).map(|protection| to_json(plane, asked, protection)).collect()
}

fn to_json(plane: &Plane, asked: &Asked, of: &Protection) -> Json {
    let required = of.required.iter().filter(|required| asked.rights.see(&required.tenant));
    let required: Vec<Json> = required
        .map(|required| {
            let broken = plane.broken_one(&required.tenant, &required.name).filter(|_| !required.attached);
            json!({
                "attachment": format!("{}/{}", required.tenant, required.name),
                "status": status(required, broken.as_ref()),
                "reason": broken.map(|broken| broken.reason),
            })
        })
        .collect();
    json!({
        "hook": of.hook,
        "closed": of.closed,
        "required": required,
        "result": of.result,
        "invocations": of.invocations,
    })
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
