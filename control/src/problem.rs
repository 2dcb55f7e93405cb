//! Why a request is refused: a status, a code for programs, words for people.

use tenterhook::operate::rfc3339;
use tenterhook::policies::{QuotaField, UnknownTenant};
use tenterhook::{AttachError, Fault, LastChange};
use tenterhook_control_api as api;

/// Most bytes of a message that are kept; enough for any of ours.
const MAX_MESSAGE: usize = 4096;

/// A request that is refused.
#[derive(Debug, Clone)]
pub(super) struct Problem {
    pub status: u16,
    /// What the answer says.
    pub error: Box<api::Problem>,
}

impl Problem {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Problem {
        // Messages quote what clients send; events and the audit log keep them.
        let mut message = message.into();
        if message.len() > MAX_MESSAGE {
            message.truncate(message.floor_char_boundary(MAX_MESSAGE));
            message.push('…');
        }
        let error = api::Problem { code: code.to_owned(), message, ..api::Problem::default() };
        Problem { status, error: Box::new(error) }
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

    /// The field of the request that is to blame.
    pub fn field(mut self, field: impl Into<String>) -> Problem {
        self.error.field = Some(field.into());
        self
    }

    /// The current revision, where another was named.
    pub fn revision(mut self, revision: u64) -> Problem {
        self.error.revision = Some(revision);
        self
    }

    /// Who changed it last, when, and to which revision.
    pub fn changed(mut self, revision: u64, last: LastChange) -> Problem {
        (self.error.changed, self.error.by) = (Some(rfc3339(last.at)), Some(last.by));
        self.revision(revision)
    }

    /// Another message, made of this one.
    pub fn said(mut self, message: impl FnOnce(&str) -> String) -> Problem {
        self.error.message = message(&self.error.message);
        self
    }

    /// The answer's body.
    pub fn body(&self) -> String {
        // Strings and numbers: that cannot fail.
        serde_json::to_string(&api::Error { error: (*self.error).clone() }).unwrap_or_default()
    }
}

impl From<AttachError> for Problem {
    fn from(error: AttachError) -> Problem {
        let message = error.to_string();
        match error {
            AttachError::NoHookPoint { nearest, .. } => {
                let mut problem = Problem::not_found(message);
                problem.error.nearest = nearest;
                problem
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
            AttachError::Name { .. } => Problem::bad_request(message).field("name"),
            AttachError::Module { .. } => Problem::bad_request(message).field("modules"),
            AttachError::Changed { difference, .. } => {
                let mut problem = Problem::new(422, "changed", message);
                problem.error.difference = difference;
                problem
            }
            AttachError::Load(fault) => script(&fault),
            AttachError::Tenant(UnknownTenant::Name(_)) => Problem::bad_request(message).field("tenant"),
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
        (problem.error.script, problem.error.line) = (Some(script.to_owned()), Some(line));
    }
    problem.error.traceback = traceback.as_ref().map(|traceback| traceback.as_str().to_owned());
    problem
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
            assert_eq!(Problem::bad_request("x".repeat(len)).error.message.len(), kept);
        }
        assert!(Problem::bad_request("é".repeat(MAX_MESSAGE)).error.message.ends_with("é…"));
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
