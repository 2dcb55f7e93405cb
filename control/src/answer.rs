//! What is answered.

use axum::http::StatusCode;
use serde::Serialize;

use super::problem::Problem;
use super::stream::Wanted;

/// What is answered.
pub(super) enum Answer {
    /// JSON, as text.
    Json(StatusCode, String),
    Text(&'static str, String),
    Stream(Box<Wanted>),
}

impl Answer {
    /// A request that is done.
    pub fn ok(answer: &impl Serialize) -> Result<Answer, Problem> {
        Answer::json(StatusCode::OK, answer)
    }

    /// Something was made.
    pub fn created(answer: &impl Serialize) -> Result<Answer, Problem> {
        Answer::json(StatusCode::CREATED, answer)
    }

    fn json(status: StatusCode, answer: &impl Serialize) -> Result<Answer, Problem> {
        let text = serde_json::to_string(answer).map_err(|error| Problem::new(500, "host", error.to_string()))?;
        Ok(Answer::Json(status, text))
    }
}
