//! The version, and the OpenAPI document.

use axum::http::StatusCode;
use tenterhook::operate::rfc3339;
use tenterhook_control_api::Version;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::rejection::Rejection;

pub(crate) fn version(plane: &Plane, _asked: &Asked) -> Result<Answer, Rejection> {
    let (time, instant) = plane.started;
    Answer::ok(&Version {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        api: 1,
        guest_sha256: tenterhook::GUEST_SHA256.to_owned(),
        pid: u64::from(std::process::id()),
        started: rfc3339(time),
        uptime_seconds: instant.elapsed().as_secs_f64(),
        revision: plane.host.revision(),
    })
}

pub(crate) fn openapi(plane: &Plane, _asked: &Asked) -> Result<Answer, Rejection> {
    Ok(Answer::Json(StatusCode::OK, plane.document.clone()))
}
