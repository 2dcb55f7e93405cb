//! Why a request is rejected: a status, a code for programs, a message for people.

use tenterhook::operate::rfc3339;
use tenterhook::policies::{QuotaField, UnknownTenant};
use tenterhook::{AttachError, Fault, LastChange};
use tenterhook_control_api as api;

/// The most bytes of a message; longer ones are cut off.
const MAX_MESSAGE: usize = 4096;

/// A rejected request.
#[derive(Debug, Clone)]
pub(super) struct Rejection {
    pub status: u16,
    /// The body of the response.
    pub error: Box<api::Problem>,
}

impl Rejection {
    pub fn new(status: u16, code: &'static str, message: impl Into<String>) -> Rejection {
        // Messages quote what clients send, and events and the audit log keep them.
        let mut message = message.into();
        if message.len() > MAX_MESSAGE {
            message.truncate(message.floor_char_boundary(MAX_MESSAGE));
            message.push('…');
        }
        let error = api::Problem { code: code.to_owned(), message, ..api::Problem::default() };
        Rejection { status, error: Box::new(error) }
    }

    pub fn bad_request(message: impl Into<String>) -> Rejection {
        Rejection::new(400, "bad_request", message)
    }

    pub fn forbidden(message: impl Into<String>) -> Rejection {
        Rejection::new(403, "forbidden", message)
    }

    pub fn not_found(message: impl Into<String>) -> Rejection {
        Rejection::new(404, "not_found", message)
    }

    pub fn busy(message: impl Into<String>) -> Rejection {
        Rejection::new(429, "busy", message)
    }

    pub fn storage(message: impl std::fmt::Display) -> Rejection {
        Rejection::new(500, "storage", message.to_string())
    }

    /// Names the field of the request that is invalid.
    pub fn field(mut self, field: impl Into<String>) -> Rejection {
        self.error.field = Some(field.into());
        self
    }

    /// Adds the current revision.
    pub fn revision(mut self, revision: u64) -> Rejection {
        self.error.revision = Some(revision);
        self
    }

    /// Adds who made the last change, when, and to which revision.
    pub fn changed(mut self, revision: u64, last: LastChange) -> Rejection {
        (self.error.changed, self.error.by) = (Some(rfc3339(last.at)), Some(last.by));
        self.revision(revision)
    }

    /// Changes the message.
    pub fn said(mut self, message: impl FnOnce(&str) -> String) -> Rejection {
        self.error.message = message(&self.error.message);
        self
    }

    /// The response's body.
    pub fn body(&self) -> String {
        // The content is strings and numbers, so this cannot fail.
        serde_json::to_string(&api::Error { error: (*self.error).clone() }).unwrap_or_default()
    }
}

impl From<AttachError> for Rejection {
    fn from(error: AttachError) -> Rejection {
        let message = error.to_string();
        match error {
            AttachError::NoHookPoint { nearest, .. } => {
                let mut rejection = Rejection::not_found(message);
                rejection.error.nearest = nearest;
                rejection
            }
            AttachError::Gone(_) => Rejection::not_found(message),
            AttachError::Exists { .. } => Rejection::new(409, "exists", message),
            AttachError::Stale { current, last, .. } => Rejection::new(409, "stale", message).changed(current, last),
            AttachError::NoRoom { .. } => Rejection::new(409, "no_room", message),
            AttachError::Quota { field: QuotaField::ScriptSize, .. } => Rejection::new(413, "policy", message),
            AttachError::Quota { .. } => Rejection::new(422, "policy", message),
            AttachError::Loads { .. } => Rejection::new(429, "policy", message),
            AttachError::LittleMemory { .. }
            | AttachError::LittleArguments { .. }
            | AttachError::LargeImage { .. }
            | AttachError::LittleFuel { .. }
            | AttachError::Deadline { .. } => Rejection::new(422, "policy", message),
            AttachError::Name { .. } => Rejection::bad_request(message).field("name"),
            AttachError::Module { .. } => Rejection::bad_request(message).field("modules"),
            AttachError::Changed { difference, .. } => {
                let mut rejection = Rejection::new(422, "changed", message);
                rejection.error.difference = difference;
                rejection
            }
            AttachError::Load(fault) => script(&fault),
            AttachError::Tenant(UnknownTenant::Name(_)) => Rejection::bad_request(message).field("tenant"),
            AttachError::Tenant(_) | AttachError::Disposition(_) => Rejection::new(422, "policy", message),
            AttachError::Placement { .. } | AttachError::Order { .. } => Rejection::new(422, "policy", message),
        }
    }
}

/// The rejection of a script that does not load.
fn script(fault: &Fault) -> Rejection {
    let Fault::Load { message, traceback } = fault else {
        // Out of fuel or memory: there is no line, or Lua could not determine it.
        return Rejection::new(422, "script", fault.to_string());
    };
    let mut rejection = Rejection::new(422, "script", message.as_str());
    if let Some((script, line)) = position(message) {
        (rejection.error.script, rejection.error.line) = (Some(script.to_owned()), Some(line));
    }
    rejection.error.traceback = traceback.as_ref().map(|traceback| traceback.as_str().to_owned());
    rejection
}

/// Script and line of `script.lua:12: message`.
pub(super) fn position(message: &str) -> Option<(&str, u64)> {
    let mut from = 0;
    // A script's name may contain colons itself.
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
            assert_eq!(Rejection::bad_request("x".repeat(len)).error.message.len(), kept);
        }
        assert!(Rejection::bad_request("é".repeat(MAX_MESSAGE)).error.message.ends_with("é…"));
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
