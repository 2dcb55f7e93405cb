//! What each route does.

pub(super) mod about;
pub(super) mod apply;
pub(super) mod attachments;
pub(super) mod broken;
pub(super) mod call;
pub(super) mod hooks;
pub(super) mod policy;
pub(super) mod quarantine;
pub(super) mod stats;
pub(super) mod watch;

use axum::http::StatusCode;
use serde_json::Value as Json;

use super::problem::Problem;
use super::routes::Answer;

fn ok(json: Json) -> Result<Answer, Problem> {
    Ok(Answer::Json(StatusCode::OK, json))
}
