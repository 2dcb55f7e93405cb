//! Answers as JSON, for listings and for manual calls.

use serde_json::{Map, Value as Json};

use super::answer::Answer;
use crate::schema::Declaration;

impl Declaration {
    /// The meaning of an answer as a table: every result, including defaults, and what changed.
    pub fn answer_to_json(&self, answer: &Answer) -> Json {
        let mut object = Map::new();
        for (position, result) in self.results.iter().enumerate() {
            let value = answer.result(position).unwrap_or(&result.default);
            object.insert(result.name.clone(), value.to_json(&result.ty));
        }
        for (position, argument) in self.arguments.iter().enumerate() {
            if let Some(change) = answer.change(position) {
                object.insert(argument.name.clone(), change.to_json(&argument.ty));
            }
        }
        Json::Object(object)
    }
}
