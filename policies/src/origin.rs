//! Where something was written.

use std::fmt;
use std::sync::Arc;

/// Where a value was written. Prints as `policy.toml:12`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Origin {
    /// The file, as it was named to [`Policy::parse`](crate::Policy::parse), or `<default preset>` and the like.
    pub file: Arc<str>,
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// The dotted name of the section, such as `tenants.acme` or `defaults.on_fault`.
    pub section: Arc<str>,
    /// The whole dotted key, such as `tenants.acme.fuel`.
    pub key: Arc<str>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A value together with where it was written.
#[derive(Clone, Debug)]
pub(crate) struct Written<T> {
    pub(crate) value: T,
    pub(crate) origin: Origin,
}
