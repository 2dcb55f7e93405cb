//! `log.trace|debug|info|notice|warn|error(string)`, as in FRR; `print` and `warn` of Lua arrive here too.
//!
//! Bounded in lines and bytes, per call and per tenant and second: what is over is dropped and counted, never an error. Control characters are
//! escaped before anybody sees them, so a script cannot forge lines or move a terminal's cursor.

use std::fmt;
use std::sync::Arc;

use tenterhook_policies::Budget;

use crate::observe::{Event, EventKind, Events};

use super::{Argument, CallError, Caller, Capability, Reply};

/// How important a line is; FRR's levels.
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

/// Functions of the library, in the order of [`LEVELS`].
const NAMES: [&str; 6] = ["trace", "debug", "info", "notice", "warn", "error"];
const LEVELS: [Level; 6] = [Level::Trace, Level::Debug, Level::Info, Level::Notice, Level::Warn, Level::Error];

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(NAMES[*self as usize])
    }
}

/// One line of a script's log.
#[derive(Debug, Clone, Copy)]
pub struct LogLine<'a> {
    /// The tenant.
    pub tenant: &'a str,
    /// The attachment.
    pub attachment: &'a str,
    /// The script.
    pub script: &'a str,
    /// Line of the script, if it is known.
    pub line: Option<u32>,
    /// How important it is.
    pub level: Level,
    /// The text, control characters escaped.
    pub message: &'a str,
}

/// Where scripts' log lines go.
pub trait LogSink: Send + Sync {
    /// Takes a line. Runs during the call: a slow sink is a slow hook point.
    fn line(&self, line: &LogLine<'_>);
}

/// To `tracing`, target `tenterhook::script`; notice becomes info.
#[derive(Debug, Default, Clone, Copy)]
pub struct TracingSink;

impl LogSink for TracingSink {
    fn line(&self, line: &LogLine<'_>) {
        macro_rules! event {
            ($level:ident) => {
                tracing::event!(
                    target: "tenterhook::script",
                    tracing::Level::$level,
                    tenant = line.tenant,
                    attachment = line.attachment,
                    script = line.script,
                    line = line.line,
                    "{}",
                    line.message
                )
            };
        }
        match line.level {
            Level::Trace => event!(TRACE),
            Level::Debug => event!(DEBUG),
            Level::Info | Level::Notice => event!(INFO),
            Level::Warn => event!(WARN),
            Level::Error => event!(ERROR),
        }
    }
}

/// Most bytes of a line that are told to those who listen.
const MAX_TOLD: usize = 8 * 1024;

/// What a call may still log.
#[derive(Debug, Default)]
pub(crate) struct LogBudget {
    lines: u64,
    bytes: u64,
    /// Lines that were written.
    pub written: u64,
    /// Lines that were over the budget.
    pub dropped: u64,
}

impl LogBudget {
    pub fn start(&mut self, budget: &Budget) {
        self.lines = budget.log_lines.get();
        self.bytes = budget.log_bytes.get();
        self.written = 0;
        self.dropped = 0;
    }

    /// Takes a line of that many bytes out of the budget, if it is in it, and in the tenant's rate, which is asked then.
    fn take(&mut self, bytes: u64, rate: impl FnOnce() -> bool) -> bool {
        if self.lines == 0 || self.bytes < bytes || !rate() {
            self.dropped += 1;
            return false;
        }
        self.lines -= 1;
        self.bytes -= bytes;
        self.written += 1;
        true
    }
}

/// The capability.
pub(crate) struct Log {
    sink: Arc<dyn LogSink>,
    events: Arc<Events>,
}

impl Log {
    pub fn new(sink: Arc<dyn LogSink>, events: Arc<Events>) -> Log {
        Log { sink, events }
    }

    /// Tells those who listen.
    #[cold]
    fn tell(&self, caller: &Caller<'_>, level: Level, message: &str) {
        // Events wait for readers; what is cut off is in the log.
        let message = &message[..message.floor_char_boundary(MAX_TOLD)];
        let kind = EventKind::Log { level, script: caller.script.into(), line: caller.line, message: message.into() };
        self.events.emit(Event::new(kind).about(caller.subject.clone()));
    }
}

impl Capability for Log {
    fn library(&self) -> &str {
        "log"
    }

    fn functions(&self) -> &[&str] {
        &NAMES
    }

    fn call(&self, function: usize, arguments: &[Argument<'_>], caller: &mut Caller<'_>) -> Result<Reply, CallError> {
        let number;
        let message = match arguments {
            [Argument::String(bytes)] => *bytes,
            [Argument::Integer(v)] => {
                number = v.to_string();
                number.as_bytes()
            }
            [Argument::Float(v)] => {
                number = v.to_string();
                number.as_bytes()
            }
            [Argument::TooLarge] => return Err(CallError::Refused("expected at most 65500 bytes".into())),
            [_] => return Err(CallError::Refused("expected a string".into())),
            many => return Err(CallError::Refused(format!("expected one string, got {} arguments", many.len()))),
        };
        let bytes = message.len() as u64;
        if caller.log.take(bytes, || caller.account.take_log(bytes)) {
            let (level, message) = (LEVELS[function], escaped(message));
            if self.events.is_listened_to() {
                self.tell(caller, level, &message);
            }
            self.sink.line(&LogLine {
                tenant: caller.tenant,
                attachment: caller.attachment,
                script: caller.script,
                line: caller.line,
                level,
                message: &message,
            });
        }
        Ok(Reply::Nothing)
    }
}

/// Text safe to print on one line: what is not UTF-8, and every control or direction character, is escaped. In runs and from
/// tables, since a script pays for a byte of its log what a plain one costs.
pub fn escaped(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() + bytes.len() / 4);
    for chunk in bytes.utf8_chunks() {
        let valid = chunk.valid();
        let mut plain = 0;
        for (at, c) in valid.char_indices().filter(|(_, c)| deceives(*c)) {
            out.push_str(&valid[plain..at]);
            plain = at + c.len_utf8();
            match c {
                '\t' => out.push_str("\\t"),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                c => {
                    out.push_str("\\u{");
                    let digits = (u32::from(c) | 1).ilog2() / 4 + 1;
                    (0..digits).rev().for_each(|digit| out.push(hexadecimal(u32::from(c) >> (4 * digit))));
                    out.push('}');
                }
            }
        }
        out.push_str(&valid[plain..]);
        for byte in chunk.invalid() {
            out.push_str("\\x");
            out.push(hexadecimal(u32::from(*byte) >> 4));
            out.push(hexadecimal(u32::from(*byte)));
        }
    }
    out
}

/// Whether a character may move a cursor, or deceive readers: line and paragraph separators, and the marks that reorder text,
/// do just as well.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

/// The digit of the lowest four bits.
fn hexadecimal(number: u32) -> char {
    char::from(b"0123456789abcdef"[(number & 15) as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_moves_a_cursor_or_starts_a_line_survives() {
        assert_eq!(escaped(b"a\nb\x1b[2J\xff\0"), "a\\nb\\u{1b}[2J\\xff\\u{0}");
        assert_eq!(escaped("x\u{202e}y\u{2028}".as_bytes()), "x\\u{202e}y\\u{2028}");
        assert_eq!(escaped("päth".as_bytes()), "päth");
        assert_eq!(escaped(b"\x0f\x10\x7f\x80x\xf0\x9f"), "\\u{f}\\u{10}\\u{7f}\\x80x\\xf0\\x9f");
        assert_eq!(escaped("\u{85}\u{feff}".as_bytes()), "\\u{85}\\u{feff}");
    }

    #[test]
    fn lines_and_bytes_are_bounded_apart() {
        let mut budget = LogBudget { lines: 2, bytes: 10, ..LogBudget::default() };
        assert!(budget.take(4, || true));
        assert!(!budget.take(7, || true), "7 bytes do not fit in 6");
        assert!(budget.take(6, || true));
        assert!(!budget.take(0, || true), "no line is left");
        assert_eq!((budget.written, budget.dropped), (2, 2));
    }
}
