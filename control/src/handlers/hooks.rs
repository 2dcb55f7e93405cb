//! Hook points, and what is attached to them.

use serde_json::{Value as Json, json};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::problem::Problem;
use crate::protection;
use crate::views;

pub(crate) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slots = plane.operate().slots();
    let hooks: Vec<Json> = slots
        .iter()
        .map(|slot| {
            let seen = slot.count(|entry| asked.rights.see(entry.attachment.tenant()));
            let mut summary = slot.declaration.summary();
            summary["attachments"] = seen.into();
            summary["protection"] = protection::view(plane, asked, slot);
            summary
        })
        .collect();
    Answer::ok(json!({ "hooks": hooks }))
}

pub(crate) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slot = plane.operate().slot(asked.path.first().map_or("", String::as_str))?;
    let mut json = slot.declaration.to_json();
    let seen = slot.infos().into_iter().filter(|info| asked.rights.see(&info.tenant));
    json["protection"] = protection::view(plane, asked, &slot);
    json["attachments"] = seen.map(|info| views::attachment(&info)).collect();
    Answer::ok(json)
}
