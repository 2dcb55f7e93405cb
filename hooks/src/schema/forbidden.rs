//! What policies may not turn a fault or a denial into at a hook point.

use crate::dynamic::Value;

/// What policies may not turn a fault or a denial into at a hook point; nothing unless the declaration says so.
///
/// A hook point that guards something forbids what would open it when a script fails. A conflict is reported when a
/// policy is loaded, or when a hook point or script is added later: never when a call has failed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forbidden {
    pub(super) skip: bool,
    pub(super) default: bool,
    /// Results by position, and the value that a failure may not become.
    pub(super) results: Vec<(usize, Value)>,
}

impl Forbidden {
    /// Whether nothing is forbidden.
    pub fn is_empty(&self) -> bool {
        !self.skip && !self.default && self.results.is_empty()
    }
}
