//! A hook point's declaration.

use thiserror::Error;

use super::closed::{Closed, Required};
use super::forbidden::Forbidden;
use crate::dynamic::Value;
use crate::types::Type;

/// A typed place where the host asks scripts.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Full name: parts joined by dots, such as `web.request`.
    pub name: String,
    /// Goes up when the meaning changes; the [fingerprint](Declaration::fingerprint) tells the shape.
    pub version: u32,
    /// What it is about.
    pub doc: String,
    /// Name of the Lua function that is called: the last part of `name`.
    pub handler: String,
    /// What the handler is called with, in order.
    pub arguments: Vec<Argument>,
    /// Integers that follow the arguments in each call, and that scripts find as globals too.
    pub constants: Vec<Constant>,
    /// What the handler may answer.
    pub results: Vec<ResultField>,
    /// How several attachments share the hook point.
    pub chain: Chain,
    /// What policies may not make of faults and denials. No part of the fingerprint: scripts do not notice it.
    pub forbidden: Forbidden,
    /// What applies while protection is missing, if the hook point has such a thing. No part of the fingerprint.
    pub closed: Option<Closed>,
    /// Attachments without which the hook point is closed. No part of the fingerprint.
    pub required: Vec<Required>,
}

/// One argument of a hook point.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its name; also the key under which an answer gives its changes.
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
    /// In order, until one answers with something else than the default.
    First,
    /// Every one of them; answers are checked and then set aside.
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

    /// Offset of the argument at `position`: the slots before it, as far as there are any.
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
