//! Responses.

use axum::http::StatusCode;
use serde::Serialize;

use super::rejection::Rejection;
use super::stream::Wanted;

/// A response.
pub(super) enum Answer {
    /// JSON, as text.
    Json(StatusCode, String),
    Text(&'static str, String),
    Stream(Box<Wanted>),
}

impl Answer {
    /// A response with status 200.
    pub fn ok(answer: &impl Serialize) -> Result<Answer, Rejection> {
        Answer::json(StatusCode::OK, answer)
    }

    /// A response with status 201.
    pub fn created(answer: &impl Serialize) -> Result<Answer, Rejection> {
        Answer::json(StatusCode::CREATED, answer)
    }

    fn json(status: StatusCode, answer: &impl Serialize) -> Result<Answer, Rejection> {
        let text = serde_json::to_string(answer).map_err(|error| Rejection::new(500, "host", error.to_string()))?;
        Ok(Answer::Json(status, text))
    }
}
