//! Fires a hook point manually.

use std::fmt::Display;

use serde_json::Value as Json;
use tenterhook::hooks::schema::Declaration;
use tenterhook::{AttachmentId, CallReport, Closed, FailureKind};
use tenterhook_control_api::{Call, Called, Failure, OneCall};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::audit::AuditLine;
use crate::plane::Plane;
use crate::rejection::Rejection;

pub(crate) fn call(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let body: Call = asked.json()?;
    let slot = plane.operate().slot(&body.hook)?;
    let declaration = std::sync::Arc::clone(&slot.declaration);
    let target = match &body.attachment {
        None if asked.rights.all() => None,
        None => {
            let message =
                "only a user who is authorised for everything may call the whole chain; expected `attachment`";
            return Err(Rejection::forbidden(message).field("attachment"));
        }
        Some(target) => {
            let wrong = || Rejection::bad_request("attachment: expected tenant/name").field("attachment");
            let (tenant, name) = target.split_once('/').ok_or_else(wrong)?;
            asked.may_change(tenant)?;
            Some(plane.find(tenant, name, Some(&body.hook))?)
        }
    };
    let arguments = declaration
        .arguments_from_json(&body.arguments)
        .map_err(|error| Rejection::bad_request(error.to_string()).field(format!("arguments.{}", error.path)))?;
    let mut calls: Vec<(AttachmentId, OneCall)> = Vec::new();
    let mut observer = |report: &CallReport<'_>| calls.push((report.attachment, one_call(report, &declaration)));
    let hook = plane.operate().hook(&slot);
    let outcome = match &target {
        None => hook.invoke(&arguments, &mut observer),
        Some(found) => hook.invoke_one(&found.entry.attachment, &arguments, &mut observer),
    };
    let name = |id: AttachmentId| calls.iter().find(|(of, _)| *of == id).map(|(_, call)| call.attachment.clone());
    let closed = outcome.failures.iter().find_map(|failure| match &failure.kind {
        FailureKind::Closed(closed) => Some(refusal(closed)),
        _ => None,
    });
    let decided_by = outcome.decided_by.and_then(name);
    let (tenant, of) = match &target {
        Some(found) => (Some(found.entry.attachment.tenant()), Some(found.entry.attachment.name())),
        None => (None, None),
    };
    plane.audit(
        asked.caller,
        &AuditLine { action: "call", tenant, name: of, hook: Some(&body.hook), ..AuditLine::default() },
    );
    Answer::ok(&Called {
        results: declaration.answer_to_json(&outcome.answer),
        decided_by,
        closed,
        calls: calls.into_iter().map(|(_, call)| call).collect(),
    })
}

/// Why no attachment was called.
fn refusal(closed: &Closed) -> Failure {
    failure("denied", "closed", closed, None)
}

fn failure(kind: &str, cause: &str, message: &impl Display, traceback: Option<&str>) -> Failure {
    Failure {
        kind: kind.to_owned(),
        cause: cause.to_owned(),
        message: message.to_string(),
        traceback: traceback.map(str::to_owned),
    }
}

/// The report of one call.
fn one_call(report: &CallReport<'_>, of: &Declaration) -> OneCall {
    let (answer, failure) = match report.result {
        Ok(answer) => (of.answer_to_json(answer), None),
        Err(FailureKind::Fault(fault)) => {
            (Json::Null, Some(failure("fault", fault.cause().as_str(), fault, fault.traceback())))
        }
        Err(FailureKind::Denied(denied)) => {
            (Json::Null, Some(failure("denied", denied.cause().as_str(), denied, None)))
        }
        Err(FailureKind::Closed(closed)) => (Json::Null, Some(refusal(closed))),
    };
    OneCall {
        attachment: format!("{}/{}", report.tenant, report.name),
        answer,
        failure,
        fuel: report.fuel,
        memory_bytes: report.memory_bytes,
        log_lines_dropped: report.log_lines_dropped,
    }
}
