//! Log lines of scripts, kept until they are reported.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use tenterhook::{LogLine, LogSink};

/// One line that a script logged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// `trace` to `error`.
    pub level: String,
    /// The line of the script, if it is known.
    pub line: Option<u32>,
    /// The text; the host has escaped its control characters.
    pub message: String,
}

/// Keeps the first lines and counts all of them.
#[derive(Debug)]
pub struct Collector {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    lines: Vec<Line>,
    count: u64,
}

impl Collector {
    /// Makes a collector that keeps at most this many lines until they are taken.
    pub fn new(most: usize) -> Collector {
        Collector { most, kept: Mutex::default() }
    }

    /// Takes the lines so far, and their number; starts anew.
    pub fn take(&self) -> (Vec<Line>, u64) {
        let kept = std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner));
        (kept.lines, kept.count)
    }
}

impl LogSink for Collector {
    fn line(&self, line: &LogLine<'_>) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.count += 1;
        if kept.lines.len() < self.most {
            kept.lines.push(Line { level: line.level.to_string(), line: line.line, message: line.message.to_owned() });
        }
    }
}
