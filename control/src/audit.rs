//! The audit log: who changed what, when, from which revision, in one JSON line each.
//!
//! Text that scripts and clients control is escaped, so that no line can be forged and no terminal be controlled.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::time::{Instant, SystemTime};

use parking_lot::Mutex;
use serde_json::{Map, Value as Json};
use tenterhook::operate::{escaped, rfc3339};

use super::caller::Caller;
use super::options::{ControlError, ControlOptions};

/// The most rejected requests that are logged per second; further ones are only counted.
const REFUSALS: u32 = 20;

/// A change that was made or requested.
#[derive(Debug, Default)]
pub(super) struct AuditLine<'a> {
    pub action: &'a str,
    pub tenant: Option<&'a str>,
    pub name: Option<&'a str>,
    pub hook: Option<&'a str>,
    pub from_revision: Option<u64>,
    pub revision: Option<u64>,
    /// Why the change is not saved in the folder yet.
    pub unsaved: Option<&'a str>,
    /// Status and message, if it was rejected.
    pub refused: Option<(u16, &'a str)>,
}

pub(super) struct Audit {
    file: Option<Mutex<Log>>,
    refusals: Mutex<Refusals>,
}

/// The log file.
struct Log {
    file: File,
    /// Whether the last line was cut off because the disk was full.
    torn: bool,
}

impl Log {
    fn write(&mut self, line: &Json) -> std::io::Result<()> {
        // The rest of a line that was cut off stays a line of its own.
        let start = if self.torn { "\n" } else { "" };
        // Each line is one write, so that lines of several writers do not mix.
        let written = self.file.write_all(format!("{start}{line}\n").as_bytes());
        self.torn = written.is_err();
        written
    }
}

struct Refusals {
    since: Instant,
    written: u32,
    left_out: u64,
}

impl Audit {
    pub fn open(options: &ControlOptions) -> Result<Audit, ControlError> {
        let open = |path: &std::path::PathBuf| {
            let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
            let wrong = |e: std::io::Error| ControlError::Storage { path: path.clone(), reason: e.to_string() };
            file.map(|file| Mutex::new(Log { file, torn: false })).map_err(wrong)
        };
        let file = options.audit.as_ref().map(open).transpose()?;
        let refusals = Refusals { since: Instant::now(), written: 0, left_out: 0 };
        Ok(Audit { file, refusals: Mutex::new(refusals) })
    }

    /// Writes a line, unless too many requests were rejected; returns whether it was written. If the file cannot be
    /// written, `tracing` reports that; the change stands.
    pub fn write(&self, by: Caller, entry: &AuditLine<'_>) -> bool {
        let Some(left_out) = self.admit(entry) else { return false };
        let line = line(by, entry, left_out);
        tracing::info!(target: "tenterhook::audit", "{line}");
        if let Some(file) = &self.file
            && let Err(error) = file.lock().write(&line)
        {
            tracing::error!(target: "tenterhook::control", "the audit file cannot be written: {error}");
        }
        true
    }

    /// Returns the number of rejected requests that were left out before this one, or `None` if this one is left out
    /// too.
    fn admit(&self, entry: &AuditLine<'_>) -> Option<u64> {
        if entry.refused.is_none() {
            return Some(0);
        }
        let mut refusals = self.refusals.lock();
        if refusals.since.elapsed().as_secs() >= 1 {
            (refusals.since, refusals.written) = (Instant::now(), 0);
        }
        if refusals.written >= REFUSALS {
            refusals.left_out += 1;
            return None;
        }
        refusals.written += 1;
        Some(std::mem::take(&mut refusals.left_out))
    }
}

fn line(by: Caller, entry: &AuditLine<'_>, left_out: u64) -> Json {
    let mut line = Map::new();
    let mut put = |key: &str, value: Json| line.insert(key.to_owned(), value);
    put("time", rfc3339(SystemTime::now()).into());
    put("uid", by.uid.into());
    put("gid", by.gid.into());
    if let Some(pid) = by.pid {
        put("pid", pid.into());
    }
    put("action", entry.action.into());
    for (key, text) in [("tenant", entry.tenant), ("name", entry.name), ("hook", entry.hook)] {
        if let Some(text) = text {
            put(key, escaped(text.as_bytes()).into());
        }
    }
    for (key, number) in [("from_revision", entry.from_revision), ("revision", entry.revision)] {
        if let Some(number) = number {
            put(key, number.into());
        }
    }
    match entry.refused {
        None => drop(put("outcome", "done".into())),
        Some((status, message)) => {
            put("outcome", "refused".into());
            put("status", status.into());
            put("message", escaped(message.as_bytes()).into());
        }
    }
    if let Some(reason) = entry.unsaved {
        put("unsaved", escaped(reason.as_bytes()).into());
    }
    if left_out > 0 {
        put("left_out", left_out.into());
    }
    Json::Object(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CALLER: Caller = Caller { uid: 7, gid: 8, pid: Some(9) };

    #[test]
    fn a_line_cannot_be_forged() {
        let entry = AuditLine {
            action: "attach",
            tenant: Some("acme\n{\"uid\":0}"),
            name: Some("\u{1b}[2J\u{2028}\u{85}"),
            refused: Some((403, "no\r\n")),
            ..AuditLine::default()
        };
        let text = line(CALLER, &entry, 3).to_string();
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{2028}'), "{text}");
        let read: Json = serde_json::from_str(&text).expect("JSON");
        assert_eq!(read["uid"], 7);
        assert_eq!(read["tenant"], "acme\\n{\"uid\":0}");
        assert_eq!((&read["outcome"], &read["left_out"]), (&Json::from("refused"), &Json::from(3)));
    }

    #[test]
    fn refusals_are_bounded_and_changes_are_not() {
        let audit = Audit::open(&ControlOptions::new("unused")).expect("no file to open");
        let refused = AuditLine { action: "attach", refused: Some((403, "no")), ..AuditLine::default() };
        let written = (0..1000).filter(|_| audit.admit(&refused).is_some()).count();
        assert!((20..1000).contains(&written), "{written}");
        assert_eq!(audit.admit(&AuditLine { action: "attach", ..AuditLine::default() }), Some(0));
    }
}
