//! How important a line of a script's log is.

use std::fmt;

/// How important a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Of use to whoever debugs the script line by line.
    Trace,
    /// Of use to whoever debugs the script.
    Debug,
    /// Worth a line.
    Info,
    /// Worth a look.
    Notice,
    /// Something is off.
    Warn,
    /// Something is wrong.
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
