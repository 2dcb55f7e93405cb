//! The result of a hook point while its protection is missing, and the attachments that protect it.

use std::fmt;

use crate::dynamic::Value;

/// The results that apply while protection is missing: while a required attachment is not attached or does not answer,
/// and wherever a policy says `"closed"`.
#[derive(Debug, Clone, PartialEq)]
pub struct Closed {
    pub(super) results: Vec<(usize, Value)>,
}

impl Closed {
    /// The results that were given, by position; the others are at their defaults.
    pub fn results(&self) -> &[(usize, Value)] {
        &self.results
    }
}

/// An attachment that a hook point requires.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Required {
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
}

impl fmt::Display for Required {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tenant, self.name)
    }
}
