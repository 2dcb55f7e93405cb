//! Why a request is refused: a status, a code for programs, words for people.

use serde_json::{Map, Value as Json, json};
use tenterhook::operate::rfc3339;
use tenterhook::policies::{QuotaField, UnknownTenant};
use tenterhook::{AttachError, Fault, LastChange};

/// Most bytes of a message that are kept; enough for any of ours.
const MAX_MESSAGE: usize = 4096;

/// A request that is refused.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
    /// What else the answer's `error` holds.
    pub more: Map<String, Json>,
}

impl Problem {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Problem {
        // Messages quote what clients send; events and the audit log keep them.
        let mut message = message.into();
        if message.len() > MAX_MESSAGE {
            message.truncate(message.floor_char_boundary(MAX_MESSAGE));
            message.push('…');
        }
        Problem { status, code, message, more: Map::new() }
    }

    pub fn bad_request(message: impl Into<String>) -> Problem {
        Problem::new(400, "bad_request", message)
    }

    pub fn forbidden(message: impl Into<String>) -> Problem {
        Problem::new(403, "forbidden", message)
    }

    pub fn not_found(message: impl Into<String>) -> Problem {
        Problem::new(404, "not_found", message)
    }

    pub fn busy(message: impl Into<String>) -> Problem {
        Problem::new(429, "busy", message)
    }

    pub fn storage(message: impl std::fmt::Display) -> Problem {
        Problem::new(500, "storage", message.to_string())
    }

    pub fn with(mut self, key: &str, value: impl Into<Json>) -> Problem {
        self.more.insert(key.to_owned(), value.into());
        self
    }

    /// Who changed it last, when, and to which revision.
    pub fn changed(self, revision: u64, last: LastChange) -> Problem {
        self.with("revision", revision).with("changed", rfc3339(last.at)).with("by", last.by)
    }

    pub fn to_json(&self) -> Json {
        let mut error = Map::new();
        error.insert("code".to_owned(), self.code.into());
        error.insert("message".to_owned(), self.message.as_str().into());
        error.extend(self.more.clone());
        json!({ "error": error })
    }
}

impl From<AttachError> for Problem {
    fn from(error: AttachError) -> Problem {
        let message = error.to_string();
        match error {
            AttachError::NoHookPoint { nearest, .. } => {
                let problem = Problem::not_found(message);
                match nearest {
                    Some(nearest) => problem.with("nearest", nearest),
                    None => problem,
                }
            }
            AttachError::Gone(_) => Problem::not_found(message),
            AttachError::Exists { .. } => Problem::new(409, "exists", message),
            AttachError::Stale { current, last, .. } => Problem::new(409, "stale", message).changed(current, last),
            AttachError::NoRoom { .. } => Problem::new(409, "no_room", message),
            AttachError::Quota { field: QuotaField::ScriptSize, .. } => Problem::new(413, "policy", message),
            AttachError::Quota { .. } => Problem::new(422, "policy", message),
            AttachError::Loads { .. } => Problem::new(429, "policy", message),
            AttachError::LittleMemory { .. }
            | AttachError::LittleArguments { .. }
            | AttachError::LargeImage { .. }
            | AttachError::LittleFuel { .. }
            | AttachError::Deadline { .. } => Problem::new(422, "policy", message),
            AttachError::Name { .. } => Problem::bad_request(message).with("field", "name"),
            AttachError::Module { .. } => Problem::bad_request(message).with("field", "modules"),
            AttachError::Changed { difference, .. } => {
                Problem::new(422, "changed", message).with("difference", difference)
            }
            AttachError::Load(fault) => script(&fault),
            AttachError::Tenant(UnknownTenant::Name(_)) => Problem::bad_request(message).with("field", "tenant"),
            AttachError::Tenant(_) | AttachError::Disposition(_) => Problem::new(422, "policy", message),
            AttachError::Placement { .. } | AttachError::Order { .. } => Problem::new(422, "policy", message),
        }
    }
}

/// A script that does not load.
fn script(fault: &Fault) -> Problem {
    let Fault::Load { message, traceback } = fault else {
        // Out of fuel, out of memory: no line is to blame, or Lua could not tell.
        return Problem::new(422, "script", fault.to_string());
    };
    let mut problem = Problem::new(422, "script", message.as_str());
    if let Some((script, line)) = position(message) {
        problem = problem.with("script", script).with("line", line);
    }
    match traceback {
        Some(traceback) => problem.with("traceback", traceback.as_str()),
        None => problem,
    }
}

/// Script and line of `script.lua:12: what is wrong`.
pub(super) fn position(message: &str) -> Option<(&str, u64)> {
    let mut from = 0;
    // A script's name may have colons itself.
    while let Some(colon) = message[from..].find(':').map(|at| from + at) {
        let rest = &message[colon + 1..];
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 && rest[digits..].starts_with(": ") {
            return Some((&message[..colon], rest[..digits].parse().ok()?));
        }
        from = colon + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_as_long_as_they_may_be_and_no_longer() {
        for (len, kept) in [(MAX_MESSAGE, MAX_MESSAGE), (MAX_MESSAGE + 1, MAX_MESSAGE + "…".len())] {
            assert_eq!(Problem::bad_request("x".repeat(len)).message.len(), kept);
        }
        assert!(Problem::bad_request("é".repeat(MAX_MESSAGE)).message.ends_with("é…"));
    }

    #[test]
    fn positions_are_read_from_messages() {
        assert_eq!(position("a.lua:12: x"), Some(("a.lua", 12)));
        assert_eq!(position("a:b.lua:3: x:4: y"), Some(("a:b.lua", 3)));
        for message in ["", "a.lua", "a.lua:x: y", "a.lua:12", "12: x"] {
            assert_eq!(position(message), None, "{message}");
        }
    }
}
