//! The last change of an attachment.

use std::fmt;
use std::time::SystemTime;

use crate::observe::time::rfc3339;

/// Who made the last change of an attachment, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// When.
    pub at: SystemTime,
    /// Who, such as `uid 1000`; `None`: the program itself.
    pub by: Option<String>,
}

impl fmt::Display for LastChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let by = self.by.as_deref().unwrap_or("the program");
        write!(f, "{by} changed it at {}", rfc3339(self.at))
    }
}
