//! `log.trace|debug|info|notice|warn|error(string)`; `print` and `warn` of Lua arrive here too.
//!
//! Lines and bytes are limited, per call and per tenant and second: what exceeds a limit is dropped and counted, and is
//! never an error. Control characters are escaped before a reader sees them, so a script cannot forge lines or move a
//! terminal's cursor.

use std::sync::Arc;

use crate::observe::{Event, EventKind, Events, Level};

use super::{Argument, CallError, Caller, Capability, Reply};

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
    /// Its severity.
    pub level: Level,
    /// The text, control characters escaped.
    pub message: &'a str,
}

/// Receives scripts' log lines.
pub trait LogSink: Send + Sync {
    /// Receives a line. It runs during the call: a slow sink makes a slow hook point.
    fn line(&self, line: &LogLine<'_>);
}

/// Writes to `tracing`, target `tenterhook::script`; notice becomes info.
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

/// The most bytes of a line that are reported as an event.
const MAX_REPORTED: usize = 8 * 1024;

/// The capability.
pub(crate) struct Log {
    sink: Arc<dyn LogSink>,
    events: Arc<Events>,
}

impl Log {
    pub fn new(sink: Arc<dyn LogSink>, events: Arc<Events>) -> Log {
        Log { sink, events }
    }

    /// Reports the line as an event.
    #[cold]
    fn report(&self, caller: &Caller<'_>, level: Level, message: &str) {
        // Events are queued for readers; what is cut off is in the log.
        let message = &message[..message.floor_char_boundary(MAX_REPORTED)];
        let kind = EventKind::Log { level, script: caller.script.into(), line: caller.line, message: message.into() };
        self.events.emit(Event::new(kind).about(caller.subject.clone()));
    }
}

impl Capability for Log {
    fn library(&self) -> &str {
        "log"
    }

    fn functions(&self) -> &[&str] {
        &Level::NAMES
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
            let (level, message) = (Level::ALL[function], escaped(message));
            if self.events.is_listened_to() {
                self.report(caller, level, &message);
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

/// Text that is safe to print on one line: what is not UTF-8, and every control or direction character, is escaped. A
/// script pays the same for each byte of its log, so no byte may take much longer than another: plain text is copied in
/// pieces, an escape is one word.
pub fn escaped(bytes: &[u8]) -> String {
    let others = bytes.iter().filter(|byte| !is_plain(**byte)).count();
    // At most six bytes replace one; and the piece that is written at once is longer than what remains.
    let mut out: Vec<u8> = Vec::with_capacity(bytes.len() + 5 * others + 8);
    // What lies between is plain, and was not copied yet.
    let (mut from, mut at) = (0, 0);
    while let Some(first) = bytes.get(at) {
        let (length, escape) = match *first {
            0x20..0x7f => {
                at += plain(&bytes[at..]);
                continue;
            }
            control @ (..0x20 | 0x7f) => (1, &CONTROLS[usize::from(control & 0x3f)]),
            0x80.. => match character(&bytes[at..]) {
                Some(c) if deceives(c) => (c.len_utf8(), &Escape::character(c)),
                Some(c) => {
                    at += c.len_utf8();
                    continue;
                }
                None => (1, &Escape::byte(*first)),
            },
        };
        if from < at {
            out.extend_from_slice(&bytes[from..at]);
        }
        out.extend_from_slice(&escape.0);
        out.truncate(out.len() - (escape.0.len() - escape.1));
        at += length;
        from = at;
    }
    out.extend_from_slice(&bytes[from..]);
    // Only whole characters and escapes were copied, so nothing is replaced.
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Whether it is a printable character of ASCII.
#[inline]
fn is_plain(byte: u8) -> bool {
    byte.wrapping_sub(0x20) < 0x5f
}

/// The number of plain ASCII bytes at the beginning; it looks at pieces, so it may stop before the last of them.
fn plain(bytes: &[u8]) -> usize {
    let mut plain = bytes.iter().take(16).take_while(|byte| is_plain(**byte)).count();
    if plain == 16 {
        for piece in bytes[16..].chunks_exact(16) {
            if !piece.iter().fold(true, |all, byte| all & is_plain(*byte)) {
                break;
            }
            plain += piece.len();
        }
    }
    plain
}

/// The character that begins a slice with more than ASCII; `None` if it is not UTF-8.
fn character(bytes: &[u8]) -> Option<char> {
    let first = *bytes.first()?;
    let (length, least) = match first {
        0xc2..=0xdf => (2, 0x80),
        0xe0..=0xef => (3, 0x800),
        0xf0..=0xf4 => (4, 0x1_0000),
        _ => return None,
    };
    let mut code = u32::from(first & (0x7f >> length));
    for byte in bytes.get(1..length)? {
        if byte & 0xc0 != 0x80 {
            return None;
        }
        code = code << 6 | u32::from(byte & 0x3f);
    }
    char::from_u32(code).filter(|_| code >= least)
}

/// The escape of a character or a byte: at most eight bytes, and their number.
struct Escape([u8; 8], usize);

/// The escapes of control characters: those below the space, and, as the last one, 0x7f.
const CONTROLS: [Escape; 64] = {
    let mut all = [const { Escape([0; 8], 0) }; 64];
    let mut code = 0;
    while code < 64 {
        all[code] = match code as u8 {
            b'\t' => Escape(*b"\\t\0\0\0\0\0\0", 2),
            b'\n' => Escape(*b"\\n\0\0\0\0\0\0", 2),
            b'\r' => Escape(*b"\\r\0\0\0\0\0\0", 2),
            low @ ..0x20 => Escape::code(low as u16),
            _ => Escape::code(0x7f),
        };
        code += 1;
    }
    all
};

impl Escape {
    /// `\u{…}`; escaped characters are below 2^16.
    const fn code(code: u16) -> Escape {
        let digits = ((code | 1).ilog2() / 4 + 1) as usize;
        let mut text = *b"\\u{\0\0\0\0\0";
        let mut at = 0;
        while at < digits {
            text[3 + at] = digit((code >> (4 * (digits - 1 - at))) as u8);
            at += 1;
        }
        if digits < 5 {
            text[3 + digits] = b'}';
        }
        Escape(text, digits + 4)
    }

    fn character(c: char) -> Escape {
        // Deceptive characters are below 2^16.
        Escape::code(u32::from(c) as u16)
    }

    fn byte(byte: u8) -> Escape {
        Escape([b'\\', b'x', digit(byte >> 4), digit(byte), 0, 0, 0, 0], 4)
    }
}

/// Whether a character may move a cursor or deceive readers, as line and paragraph separators and the marks that
/// reorder text do.
fn deceives(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}' | '\u{feff}')
}

/// The hexadecimal digit of the lowest four bits.
const fn digit(number: u8) -> u8 {
    b"0123456789abcdef"[(number & 15) as usize]
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
        assert_eq!(escaped(b"0123456789abcdef\x010123456789abcde\x01"), "0123456789abcdef\\u{1}0123456789abcde\\u{1}");
        assert_eq!(escaped(b"\xe2\x80\xed\xa0\x80\xf4\x90\x80\x80\xc2"), r"\xe2\x80\xed\xa0\x80\xf4\x90\x80\x80\xc2");
    }

    /// Compares every character and byte with what the standard library makes of it.
    #[test]
    fn every_character_is_escaped_or_is_itself() {
        for c in '\0'..=char::MAX {
            let expected = match c {
                '\t' => "\\t".to_owned(),
                '\n' => "\\n".to_owned(),
                '\r' => "\\r".to_owned(),
                c if deceives(c) => format!("\\u{{{:x}}}", u32::from(c)),
                c => c.to_string(),
            };
            assert_eq!(escaped(c.to_string().as_bytes()), expected, "{:x}", u32::from(c));
        }
        for byte in 0x80..=0xff {
            assert_eq!(escaped(&[byte]), format!("\\x{byte:02x}"));
        }
    }
}
