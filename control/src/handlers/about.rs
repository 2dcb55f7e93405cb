//! Who answers, and how to ask.

use axum::http::StatusCode;
use serde_json::json;
use tenterhook::operate::rfc3339;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::plane::Plane;
use crate::problem::Problem;

/// The description of this interface.
pub(crate) const OPENAPI: &str = include_str!("../../openapi.json");

pub(crate) fn version(plane: &Plane, _asked: &Asked) -> Result<Answer, Problem> {
    let (time, instant) = plane.started;
    Answer::ok(json!({
        "version": env!("CARGO_PKG_VERSION"),
        "api": 1,
        "guest_sha256": tenterhook::GUEST_SHA256,
        "pid": std::process::id(),
        "started": rfc3339(time),
        "uptime_seconds": instant.elapsed().as_secs_f64(),
        "revision": plane.host.revision(),
    }))
}

pub(crate) fn openapi(_plane: &Plane, _asked: &Asked) -> Result<Answer, Problem> {
    // The document is part of the binary, and a test reads it.
    let document = serde_json::from_str(OPENAPI).map_err(|e| Problem::new(500, "host", e.to_string()))?;
    Ok(Answer::Json(StatusCode::OK, document))
}
