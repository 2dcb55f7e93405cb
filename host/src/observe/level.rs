//! Severities of scripts' log lines.

use std::fmt;

/// The severity of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For debugging the script line by line.
    Trace,
    /// For debugging the script.
    Debug,
    /// Normal information.
    Info,
    /// Something significant.
    Notice,
    /// Something unexpected.
    Warn,
    /// An error.
    Error,
}

impl Level {
    pub(crate) const ALL: [Level; 6] =
        [Level::Trace, Level::Debug, Level::Info, Level::Notice, Level::Warn, Level::Error];
    /// Their names, in that order.
    pub(crate) const NAMES: [&str; Level::ALL.len()] = ["trace", "debug", "info", "notice", "warn", "error"];
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Level::NAMES[*self as usize])
    }
}
