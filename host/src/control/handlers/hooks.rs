//! Hook points, and what is attached to them.

use serde_json::{Value as Json, json};

use super::ok;
use crate::control::plane::Plane;
use crate::control::problem::Problem;
use crate::control::protection;
use crate::control::routes::{Answer, Asked};
use crate::control::views;

pub(in crate::control) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slots: Vec<_> = plane.inner().hooks.read().values().cloned().collect();
    let hooks: Vec<Json> = slots
        .iter()
        .map(|slot| {
            let seen = slot.look(|entries| entries.iter().filter(|e| asked.rights.see(e.attachment.tenant())).count());
            let mut summary = slot.declaration.summary();
            summary["attachments"] = seen.into();
            summary["protection"] = protection::view(plane, asked, slot);
            summary
        })
        .collect();
    ok(json!({ "hooks": hooks }))
}

pub(in crate::control) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slot = plane.inner().slot(asked.path.first().map_or("", String::as_str))?;
    let mut json = slot.declaration.to_json();
    let seen = slot.infos().into_iter().filter(|info| asked.rights.see(&info.tenant));
    json["protection"] = protection::view(plane, asked, &slot);
    json["attachments"] = seen.map(|info| views::attachment(&info)).collect();
    ok(json)
}
