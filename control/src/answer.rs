//! What is answered.

use axum::http::StatusCode;
use serde_json::Value as Json;

use super::problem::Problem;
use super::stream::Wanted;

/// What is answered.
pub(super) enum Answer {
    Json(StatusCode, Json),
    Text(&'static str, String),
    Stream(Box<Wanted>),
}

impl Answer {
    /// A request that is done.
    pub fn ok(json: Json) -> Result<Answer, Problem> {
        Ok(Answer::Json(StatusCode::OK, json))
    }
}
