//! Fires a hook point by hand.

use serde::Deserialize;
use serde_json::{Value as Json, json};
use tenterhook::hooks::schema::Declaration;
use tenterhook::{AttachmentId, CallReport, Closed, FailureKind};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::audit::Entry;
use crate::plane::Plane;
use crate::problem::Problem;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    hook: String,
    arguments: Json,
    #[serde(default)]
    attachment: Option<String>,
}

pub(crate) fn call(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let body: Call = asked.json()?;
    let slot = plane.operate().slot(&body.hook)?;
    let declaration = std::sync::Arc::clone(&slot.declaration);
    let target = match &body.attachment {
        None if asked.rights.all() => None,
        None => {
            let message =
                "only a user who is authorised for everything may call the whole chain; expected `attachment`";
            return Err(Problem::forbidden(message).with("field", "attachment"));
        }
        Some(target) => {
            let wrong = || Problem::bad_request("attachment: expected tenant/name").with("field", "attachment");
            let (tenant, name) = target.split_once('/').ok_or_else(wrong)?;
            asked.may_change(tenant)?;
            Some(plane.find(tenant, name, Some(&body.hook))?)
        }
    };
    let arguments = declaration
        .arguments_from_json(&body.arguments)
        .map_err(|error| Problem::bad_request(error.to_string()).with("field", format!("arguments.{}", error.path)))?;
    let mut calls: Vec<(AttachmentId, Json)> = Vec::new();
    let mut observer = |report: &CallReport<'_>| calls.push((report.attachment, told(report, &declaration)));
    let hook = plane.operate().hook(&slot);
    let outcome = match &target {
        None => hook.invoke(&arguments, &mut observer),
        Some(found) => hook.invoke_one(&found.entry.attachment, &arguments, &mut observer),
    };
    let name = |id: AttachmentId| calls.iter().find(|(of, _)| *of == id).map(|(_, call)| call["attachment"].clone());
    let closed = outcome.failures.iter().find_map(|failure| match &failure.kind {
        FailureKind::Closed(closed) => Some(refusal(closed)),
        _ => None,
    });
    let decided_by = outcome.decided_by.and_then(name);
    let (tenant, of) = match &target {
        Some(found) => (Some(found.entry.attachment.tenant()), Some(found.entry.attachment.name())),
        None => (None, None),
    };
    plane.audit(asked.caller, &Entry { action: "call", tenant, name: of, hook: Some(&body.hook), ..Entry::default() });
    Answer::ok(json!({
        "results": declaration.answer_to_json(&outcome.answer),
        "decided_by": decided_by,
        "closed": closed,
        "calls": calls.into_iter().map(|(_, call)| call).collect::<Vec<_>>(),
    }))
}

/// Why nobody was called.
fn refusal(closed: &Closed) -> Json {
    json!({ "kind": "denied", "cause": "closed", "message": closed.to_string(), "traceback": null })
}

/// One call of it.
fn told(report: &CallReport<'_>, of: &Declaration) -> Json {
    let (answer, failure) = match report.result {
        Ok(answer) => (of.answer_to_json(answer), Json::Null),
        Err(FailureKind::Fault(fault)) => (
            Json::Null,
            json!({
                "kind": "fault",
                "cause": fault.cause().as_str(),
                "message": fault.to_string(),
                "traceback": fault.traceback(),
            }),
        ),
        Err(FailureKind::Denied(denied)) => (
            Json::Null,
            json!({
                "kind": "denied",
                "cause": denied.cause().as_str(),
                "message": denied.to_string(),
                "traceback": null,
            }),
        ),
        Err(FailureKind::Closed(closed)) => (Json::Null, refusal(closed)),
    };
    json!({
        "attachment": format!("{}/{}", report.tenant, report.name),
        "answer": answer,
        "failure": failure,
        "fuel": report.fuel,
        "memory_bytes": report.memory_bytes,
        "log_lines_dropped": report.log_lines_dropped,
    })
}
