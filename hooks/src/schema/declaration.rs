//! A hook point's declaration.

use thiserror::Error;

use super::closed::{Closed, Required};
use super::forbidden::Forbidden;
use crate::dynamic::Value;
use crate::types::Type;

/// A typed place where the host calls scripts.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Full name: parts joined by dots, such as `web.request`.
    pub name: String,
    /// Incremented when the meaning changes; the [fingerprint](Declaration::fingerprint) identifies the shape.
    pub version: u32,
    /// What it is about.
    pub doc: String,
    /// The name of the Lua function that is called: the last part of `name`.
    pub handler: String,
    /// The arguments of the handler, in order.
    pub arguments: Vec<Argument>,
    /// Integers that follow the arguments in each call, and that scripts find as globals too.
    pub constants: Vec<Constant>,
    /// The results that the handler may return.
    pub results: Vec<ResultField>,
    /// How several attachments share the hook point.
    pub chain: Chain,
    /// What policies may not turn faults and denials into. It is not part of the fingerprint: scripts do not notice it.
    pub forbidden: Forbidden,
    /// The result while protection is missing, if the hook point has one. It is not part of the fingerprint.
    pub closed: Option<Closed>,
    /// The attachments without which the hook point is closed. They are not part of the fingerprint.
    pub required: Vec<Required>,
}

/// One argument of a hook point.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its name; also the key under which an answer returns its changes.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether the answer may change it.
    pub inout: bool,
    /// What it is.
    pub doc: String,
}

/// A named integer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Its name in scripts.
    pub name: String,
    /// Its value.
    pub value: i64,
}

/// One result of a hook point.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultField {
    /// The key in the answer.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What a missing key means.
    pub default: Value,
    /// What it means.
    pub doc: String,
}

/// How several attachments share a hook point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// They are called in order, until one returns something other than the default.
    First,
    /// All of them are called; their answers are checked and discarded.
    Observe,
}

/// What is wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("hook point {hook}: {reason}")]
pub struct DeclarationError {
    /// The hook point's name as given.
    pub hook: String,
    /// What is wrong, and what was expected.
    pub reason: String,
}

impl Declaration {
    /// Offset of each argument in the argument buffer, in order.
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        self.arguments.iter().scan(0, |at, argument| {
            let offset = *at;
            *at += argument.ty.slot();
            Some(offset)
        })
    }

    /// Offset of the argument at `position`: the sum of the slots before it.
    pub fn offset(&self, position: usize) -> usize {
        self.arguments.iter().take(position).map(|argument| argument.ty.slot()).sum()
    }

    /// Size of the fixed part of the argument buffer, in bytes.
    pub fn head(&self) -> usize {
        self.arguments.iter().map(|a| a.ty.slot()).sum()
    }

    /// Position of the result of this name.
    pub fn result_position(&self, name: &[u8]) -> Option<usize> {
        self.results.iter().position(|r| r.name.as_bytes() == name)
    }

    /// Position of the `inout` argument of this name.
    pub fn inout_position(&self, name: &[u8]) -> Option<usize> {
        self.arguments.iter().position(|a| a.inout && a.name.as_bytes() == name)
    }
}
