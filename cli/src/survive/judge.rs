//! Compares the outcome of a call with its header.

use serde_json::Value as Json;

use super::header::{Call, Expected};
use super::observed::{Observed, Outcome, same};

/// The differences from the header in kind, values and messages.
pub fn outcome(call: &Call, seen: &Outcome) -> Vec<String> {
    let mut problems = Vec::new();
    let (mut message, mut traceback) = ("", "");
    match (&call.expected, seen) {
        (Expected::Result(expected), Outcome::Result(got)) => {
            let (expected, got) = (Json::Object(expected.clone()), Json::Object(got.clone()));
            if !same(&expected, &got) {
                problems.push(format!("expected {expected}\n                got {got}"));
            }
        }
        (Expected::Fault(expected), Outcome::Fault { cause, message: m, traceback: t }) if expected == cause => {
            (message, traceback) = (m, t);
        }
        (Expected::Refused(expected), Outcome::Refused { cause, message: m }) if expected == cause => message = m,
        (Expected::Denied(expected), Outcome::Denied(cause)) if expected == cause => {}
        (expected, got) => problems.push(format!("expected {expected:?}\n                got {got:?}")),
    }
    if problems.is_empty() {
        let missing = |kind: &str, of: &str, parts: &[String]| {
            let absent = parts.iter().filter(|part| !of.contains(part.as_str()));
            absent.map(|part| format!("the {kind} has no '{part}':\n    {of}")).collect::<Vec<_>>()
        };
        problems.extend(missing("message", message, &call.messages));
        problems.extend(missing("traceback", traceback, &call.tracebacks));
    }
    problems
}

/// The same for a case's call: log lines and fuel are compared if the header has them.
pub fn case(call: &Call, seen: &Observed) -> Vec<String> {
    let mut problems = outcome(call, &seen.outcome);
    let logs: Vec<&str> = seen.logs.iter().map(|line| line.trim_end()).collect();
    if !call.logs.is_empty() && call.logs != logs {
        problems.push(format!("expected logs {:?}, got {logs:?}", call.logs));
    }
    if call.dropped > 0 && call.dropped != seen.dropped {
        problems.push(format!("expected {} log lines dropped, got {}", call.dropped, seen.dropped));
    }
    if call.fuel.is_some_and(|fuel| fuel != seen.fuel) {
        problems.push(format!("expected fuel {:?}, got {}", call.fuel, seen.fuel));
    }
    problems
}
