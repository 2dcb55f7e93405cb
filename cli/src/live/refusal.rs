//! Errors in a program's responses.

use std::fmt;
use std::path::PathBuf;

use tenterhook_control_api::{Error, Problem};

/// A response with a status of 400 or more, or an error within a successful one.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// The response's status.
    pub status: u16,
    /// The error.
    pub problem: Problem,
}

/// No program responds at the socket.
#[derive(Debug, Clone)]
pub struct Unreachable {
    pub socket: PathBuf,
    pub reason: String,
}

impl Refusal {
    /// Parses a response's body, which should be JSON.
    pub fn new(status: u16, body: &[u8]) -> Refusal {
        let problem = serde_json::from_slice::<Error>(body).map(|body| body.error);
        let problem = problem.unwrap_or_else(|_| Problem {
            message: format!("{} (status {status})", crate::text::plain(String::from_utf8_lossy(body).trim())),
            ..Problem::default()
        });
        Refusal { status, problem }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Problem { message, field, revision, nearest, script, line, column, traceback, difference, .. } =
            &self.problem;
        let message = crate::text::plain(message);
        // The location in the form of compiler messages, unless the message already contains it.
        if let Some(script) = script
            && !message.contains(&format!("{script}:"))
        {
            write!(f, "{}", crate::text::plain(script))?;
            for number in [line, column].into_iter().flatten() {
                write!(f, ":{number}")?;
            }
            write!(f, ": ")?;
        }
        if let Some(field) = field.as_ref().filter(|field| !message.contains(field.as_str())) {
            write!(f, "{field}: ")?;
        }
        write!(f, "{message}")?;
        if let (Some(line), Some(column)) = (line, column)
            && !message.contains(&format!("{line}:{column}"))
            && script.as_ref().is_some_and(|script| message.contains(&format!("{script}:")))
        {
            write!(f, " (line {line}, column {column})")?;
        }
        if let Some(nearest) = nearest.as_ref().filter(|_| !message.contains("did you mean")) {
            write!(f, "; did you mean {}?", crate::text::plain(nearest))?;
        }
        if let Some(revision) = revision.filter(|revision| !message.contains(&revision.to_string())) {
            write!(f, "; the current revision is {revision}")?;
        }
        for line in difference.iter().filter(|line| !message.contains(line.as_str())) {
            write!(f, "\n  {}", crate::text::plain(line))?;
        }
        if let Some(traceback) = traceback {
            write!(f, "\n{}", crate::text::plain(traceback))?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let socket = crate::text::path(&self.socket);
        write!(f, "{socket}: {}; is the program running, and is this its control socket?", self.reason)
    }
}

impl std::error::Error for Unreachable {}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(body: &str) -> String {
        Refusal::new(422, body.as_bytes()).to_string()
    }

    #[test]
    fn places_and_suggestions_are_part_of_the_message() {
        let script =
            r#"{"error":{"code":"script","message":"')' expected near 'x'","script":"a.lua","line":3,"column":5}}"#;
        assert_eq!(said(script), "a.lua:3:5: ')' expected near 'x'");
        let placed = r#"{"error":{"code":"script","message":"a.lua:3: oh","script":"a.lua","line":3,"column":5}}"#;
        assert_eq!(said(placed), "a.lua:3: oh (line 3, column 5)");
        let name = r#"{"error":{"code":"not_found","message":"no hook point bgp.x","nearest":"bgp.y"}}"#;
        assert_eq!(said(name), "no hook point bgp.x; did you mean bgp.y?");
        let field = r#"{"error":{"code":"bad_request","message":"expected a string","field":"tenant"}}"#;
        assert_eq!(said(field), "tenant: expected a string");
    }

    #[test]
    fn what_is_no_json_is_shown_as_it_is_without_control_characters() {
        assert_eq!(said("oh\u{1b}[2J no"), "oh\\u{1b}[2J no (status 422)");
    }
}
