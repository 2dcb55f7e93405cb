//! The file of one attachment.

use std::fmt::Write as _;
use std::time::SystemTime;

use serde::Deserialize;
use tenterhook::hooks::schema::{Declaration, Fingerprint};
use tenterhook::operate::{Bundle, Entry, rfc3339};
use tenterhook::policies::State;

use super::time::parse_rfc3339;

/// The most bytes in the name of the user who made a change.
const MAX_BY: usize = 64;

/// The saved properties of an attachment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Record {
    pub hook: String,
    /// The script's name in errors.
    pub script: String,
    pub order: i32,
    /// Its rank among equal orders; a hand-written file has none.
    pub rank: Option<u128>,
    pub enabled: bool,
    /// The policy decides if there is none.
    pub state: Option<State>,
    /// The host's revision at its last change.
    pub revision: u64,
    /// When the last change was made, and by whom; a hand-written file may contain neither.
    pub changed: Option<SystemTime>,
    pub by: Option<String>,
    /// The fingerprint of the hook point at that time; a hand-written file may contain none.
    pub fingerprint: Option<Fingerprint>,
    pub bundle: Bundle,
}

/// The file's keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AttachmentFile {
    pub hook: String,
    pub script: String,
    #[serde(default)]
    pub shown_as: Option<String>,
    #[serde(default)]
    pub order: i32,
    #[serde(default)]
    pub rank: Option<String>,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default)]
    pub state: Option<String>,
    #[serde(default)]
    pub revision: u64,
    #[serde(default)]
    pub changed: Option<String>,
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub fingerprint: Option<String>,
}

fn yes() -> bool {
    true
}

impl Record {
    /// The record of an existing attachment.
    pub fn of(entry: &Entry, at: &Declaration) -> Record {
        Record {
            hook: at.name.clone(),
            script: entry.attachment.script().to_owned(),
            order: entry.order,
            rank: Some(entry.rank),
            enabled: entry.enabled,
            state: entry.attachment.asked_state(),
            revision: entry.revision,
            changed: Some(entry.changed),
            by: entry.by.as_deref().map(str::to_owned),
            fingerprint: Some(at.fingerprint()),
            bundle: entry.attachment.bundle().clone(),
        }
    }

    /// The file's text; `script` is the location of the script within the tenant's folder.
    pub fn to_toml(&self, script: &str) -> String {
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = writeln!(text, "hook = {}", quoted(&self.hook));
        let _ = writeln!(text, "script = {}", quoted(script));
        let _ = writeln!(text, "shown_as = {}", quoted(&self.script));
        let _ = writeln!(text, "order = {}", self.order);
        if let Some(rank) = self.rank {
            let _ = writeln!(text, "rank = \"{rank:032x}\"");
        }
        let _ = writeln!(text, "enabled = {}", self.enabled);
        if let Some(state) = self.state {
            let _ = writeln!(text, "state = \"{state}\"");
        }
        let _ = writeln!(text, "revision = {}", self.revision);
        if let Some(changed) = self.changed {
            let _ = writeln!(text, "changed = \"{}\"", rfc3339(changed));
        }
        if let Some(by) = &self.by {
            let _ = writeln!(text, "by = {}", quoted(by));
        }
        if let Some(fingerprint) = self.fingerprint {
            let _ = writeln!(text, "fingerprint = \"{fingerprint}\"");
        }
        text
    }
}

impl AttachmentFile {
    /// Parses the text; an error contains line and column.
    pub fn parse(text: &str) -> Result<AttachmentFile, String> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let before = text.get(..at).unwrap_or_default();
            let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            format!("{line}:{column}: {}", error.message())
        })
    }

    /// Adds the script that it names.
    pub fn with(self, bundle: Bundle) -> Result<Record, String> {
        let rank = match &self.rank {
            None => None,
            Some(hex) => {
                let rank = u128::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 32);
                Some(rank.ok_or_else(|| format!("rank: expected 32 hex digits, found {hex:?}"))?)
            }
        };
        let state = self.state.map(|word| word.parse().map_err(|e| format!("state: {e}"))).transpose()?;
        let changed = self.changed.map(|text| {
            let expected = || format!("changed: expected a time such as 2026-01-31T23:59:59Z, found {text:?}");
            parse_rfc3339(&text).ok_or_else(expected)
        });
        if self.by.as_ref().is_some_and(|by| by.len() > MAX_BY || by.contains(char::is_control)) {
            return Err(format!("by: expected at most {MAX_BY} bytes without control characters"));
        }
        let fingerprint = self.fingerprint.map(|digits| digits.parse().map_err(|e| format!("fingerprint: {e}")));
        let file = self.script.rsplit('/').next().unwrap_or(&self.script).to_owned();
        Ok(Record {
            hook: self.hook,
            script: self.shown_as.unwrap_or(file),
            order: self.order,
            rank,
            enabled: self.enabled,
            state,
            revision: self.revision,
            changed: changed.transpose()?,
            by: self.by,
            fingerprint: fingerprint.transpose()?,
            bundle,
        })
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn what_is_written_reads_back() {
        let record = Record {
            hook: "demo.greet".into(),
            script: "a \"b\"\\\n\u{7f}é.lua".into(),
            order: -3,
            rank: Some(1 << 127),
            enabled: false,
            state: Some(State::Kept),
            revision: 17,
            changed: Some(SystemTime::UNIX_EPOCH + Duration::from_micros(1_790_000_000_000_001)),
            by: Some("uid 1000".into()),
            fingerprint: Some("0f".repeat(32).parse().expect("64 digits")),
            bundle: Bundle::default(),
        };
        let read = AttachmentFile::parse(&record.to_toml("x.lua")).expect("it was written so").with(Bundle::default());
        assert_eq!(read, Ok(record));
        let least = AttachmentFile::parse("hook = \"h\"\nscript = \"d/x.lua\"\n").expect("the least there is");
        let least = least.with(Bundle::default()).expect("the least there is");
        assert_eq!((least.script.as_str(), least.order, least.enabled, least.rank), ("x.lua", 0, true, None));
        assert_eq!(least.fingerprint, None, "as files were written before there was one in them");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, error) in [
            ("hook = 1", "1:8: "),
            ("hook = \"h\"\nscirpt = \"x\"", "2:1: unknown field `scirpt`"),
            ("hook = \"h\"\nscript = \"x\"\norder = 3000000000", "3:9: "),
            ("\n\nhook", "3:5: "),
        ] {
            let got = AttachmentFile::parse(text).err().unwrap_or_default();
            assert!(got.starts_with(error), "{text:?}: {got}");
        }
        let with = |line: &str| {
            let written =
                AttachmentFile::parse(&format!("hook = \"h\"\nscript = \"x\"\n{line}\n")).expect("it is TOML");
            written.with(Bundle::default()).expect_err("must be rejected")
        };
        assert!(with("rank = \"xyz\"").starts_with("rank: expected 32 hex digits"));
        assert!(with("fingerprint = \"0f\"").starts_with("fingerprint: expected 64 hexadecimal digits"));
        assert!(with("changed = \"yesterday\"").starts_with("changed: expected a time such as 2026-01-31T23:59:59Z"));
        for (by, fits) in [("x".repeat(64), true), ("x".repeat(65), false), ("\\n".to_owned(), false)] {
            let text = format!("hook = \"h\"\nscript = \"x\"\nby = \"{by}\"\n");
            let read = AttachmentFile::parse(&text).expect("it is TOML").with(Bundle::default());
            assert_eq!(read.is_ok(), fits, "{by}");
        }
        assert!(with("state = \"warm\"").contains("expected \"fresh\" or \"kept\""));
    }
}
