//! Hook points, and what is attached to them.

use serde_json::{Value as Json, json};
use tenterhook_hooks::schema::{Chain, Declaration};

use super::ok;
use crate::control::plane::Plane;
use crate::control::problem::Problem;
use crate::control::routes::{Answer, Asked};
use crate::control::views;

pub(in crate::control) fn list(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slots: Vec<_> = plane.inner().hooks.read().values().cloned().collect();
    let hooks: Vec<Json> = slots
        .iter()
        .map(|slot| {
            let seen = slot.look(|entries| entries.iter().filter(|e| asked.rights.see(e.attachment.tenant())).count());
            let declaration = &slot.declaration;
            json!({
                "name": declaration.name,
                "version": declaration.version,
                "fingerprint": declaration.fingerprint().to_string(),
                "doc": declaration.doc,
                "handler": declaration.handler,
                "chain": match declaration.chain { Chain::First => "first", Chain::Observe => "observe" },
                "signature": signature(declaration),
                "attachments": seen,
            })
        })
        .collect();
    ok(json!({ "hooks": hooks }))
}

pub(in crate::control) fn one(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let slot = plane.inner().slot(asked.path.first().map_or("", String::as_str))?;
    let mut json = slot.declaration.to_json();
    let seen = slot.infos().into_iter().filter(|info| asked.rights.see(&info.tenant));
    json["attachments"] = seen.map(|info| views::attachment(&info)).collect();
    ok(json)
}

/// A declaration in one line.
fn signature(of: &Declaration) -> String {
    let arguments: Vec<&str> = of.arguments.iter().map(|argument| argument.name.as_str()).collect();
    let mut results: Vec<&str> = of.results.iter().map(|result| result.name.as_str()).collect();
    results.extend(of.arguments.iter().filter(|a| a.inout).map(|a| a.name.as_str()));
    match results.is_empty() {
        true => format!("{}({})", of.handler, arguments.join(", ")),
        false => format!("{}({}) -> {{ {} }}", of.handler, arguments.join(", "), results.join(", ")),
    }
}
