//! A handler's answer, checked against the declaration.
//!
//! The accepted values:
//!
//! | declared | accepted |
//! | --- | --- |
//! | integer | integers in range, and floats with such a value |
//! | float | floats and integers |
//! | enum | a variant's name or its integer |
//! | address, prefix | the value or its text |
//! | list | a table with the keys 1..n |
//! | record as result | a table with all fields that are not optional, and no other key |
//! | map | a table with string keys |
//! | optional | what its type accepts, or nil |
//! | record as `inout` argument | the argument itself, or a table with any of its fields; read-only ones unchanged |
//!
//! The answer as a whole is a table of results and changed `inout` arguments; a missing key means default or unchanged.
//! A value equal to the given one is not a change. Where every attachment only observes, returning nothing is an answer
//! too.
//!
//! Everything else is an [`AnswerError`] that names the path, such as
//! `result.attributes.metric: expected integer 0..4294967295, got string`.

use thiserror::Error;

use super::check::Check;
use super::encoded::Encoded;
use super::refusal::expected;
use crate::dynamic::Value;
use crate::schema::Declaration;

/// Results and changes of one call, as declared.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Answer {
    results: Vec<Option<Value>>,
    changes: Vec<(usize, Value)>,
}

/// An error in an answer.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct AnswerError {
    /// The path, starting with `result`.
    pub path: String,
    /// What was expected and what was found.
    pub reason: String,
}

impl Answer {
    /// Checks `bytes`, an answer of at most `limit` bytes to a call with the encoded arguments `given`.
    ///
    /// # Errors
    /// The first part of it that does not match the declaration.
    pub fn read<'a>(
        of: &Declaration,
        bytes: &'a [u8],
        given: impl Into<Encoded<'a>>,
        limit: usize,
    ) -> Result<Answer, AnswerError> {
        match Check::new(bytes, given.into(), limit).answer(of) {
            Ok((results, changes)) => Ok(Answer { results, changes }),
            Err(refusal) => {
                let (path, reason) = refusal.into_parts();
                Err(AnswerError { path, reason })
            }
        }
    }

    /// The empty answer: every result at its default, no changes.
    pub fn empty() -> Answer {
        Answer::default()
    }

    /// An answer made of values known at run time (a policy's named result).
    ///
    /// # Errors
    /// A position that is not declared, or a value that does not fit.
    pub fn from_values(of: &Declaration, values: Vec<(usize, Value)>) -> Result<Answer, AnswerError> {
        let mut results = vec![None; of.results.len()];
        for (position, value) in values {
            let (Some(slot), Some(field)) = (results.get_mut(position), of.results.get(position)) else {
                let reason = format!("expected one of {} results, got position {position}", of.results.len());
                return Err(AnswerError { path: "result".to_owned(), reason });
            };
            if !value.fits(&field.ty) {
                let reason = format!("expected {}, got {}", expected(&field.ty), value.kind());
                return Err(AnswerError { path: format!("result.{}", field.name), reason });
            }
            *slot = Some(value);
        }
        Ok(Answer { results, changes: Vec::new() })
    }

    /// The result at `position`, if the answer contains it.
    pub fn result(&self, position: usize) -> Option<&Value> {
        self.results.get(position).and_then(Option::as_ref)
    }

    /// Takes the result at `position` out, if the answer contains it.
    pub fn take_result(&mut self, position: usize) -> Option<Value> {
        self.results.get_mut(position).and_then(Option::take)
    }

    /// What changed in the `inout` argument at `position`.
    pub fn change(&self, position: usize) -> Option<&Value> {
        self.changes.iter().find(|(at, _)| *at == position).map(|(_, value)| value)
    }

    /// Takes the change of the `inout` argument at `position` out.
    pub fn take_change(&mut self, position: usize) -> Option<Value> {
        let at = self.changes.iter().position(|(at, _)| *at == position)?;
        Some(self.changes.swap_remove(at).1)
    }

    /// Whether it changes an argument.
    pub fn changes_anything(&self) -> bool {
        !self.changes.is_empty()
    }

    /// Whether the answer means the same as no answer.
    pub fn is_default(&self, of: &Declaration) -> bool {
        self.changes.is_empty()
            && self
                .results
                .iter()
                .zip(&of.results)
                .all(|(got, field)| got.as_ref().is_none_or(|v| v.same(&field.default)))
    }
}
