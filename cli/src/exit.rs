//! How the command ends.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | a result |
//! | 2 | bad usage or input: an argument, a file, a policy |
//! | 3 | a script failed, or does not load |
//! | 4 | the policy refused |
//! | 5 | a conflict: somebody else changed it before, or the name is taken |
//! | 6 | the running program cannot be reached, is too busy, or failed |

use std::io;
use std::process::ExitCode;

use crate::live::{Refusal, Unreachable};

/// What a command that ran to its end came to. Bad usage and input are errors instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything went well.
    Result,
    /// The policy refused a call, and no script failed.
    Denied,
    /// A script failed.
    Fault,
}

/// Bad usage or input.
const USAGE: u8 = 2;
/// Somebody else was there before.
const CONFLICT: u8 = 5;
/// The program cannot be reached, is too busy, or failed.
const PROGRAM: u8 = 6;

impl Exit {
    /// The worse of two: a fault says more than a denial.
    pub fn and(self, other: Exit) -> Exit {
        self.max(other)
    }

    fn code(self) -> u8 {
        match self {
            Exit::Result => 0,
            Exit::Fault => 3,
            Exit::Denied => 4,
        }
    }
}

/// The code of a command; what went wrong goes to standard error.
pub fn conclude(ended: anyhow::Result<Exit>) -> ExitCode {
    ExitCode::from(match ended {
        Ok(exit) => exit.code(),
        // Whoever reads has enough; that is theirs to decide.
        Err(error) if is_broken_pipe(&error) => 0,
        Err(error) => {
            eprintln!("error: {error:#}");
            error_code(&error)
        }
    })
}

/// The code of what went wrong.
fn error_code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<Unreachable>().is_some() {
        return PROGRAM;
    }
    let Some(refusal) = error.downcast_ref::<Refusal>() else { return USAGE };
    // By the problem's code where it has one of its own: a problem within an answer comes without a status.
    match (refusal.status, refusal.problem.code.as_str()) {
        (403, _) | (_, "policy" | "forbidden") => Exit::Denied.code(),
        (_, "script") => Exit::Fault.code(),
        (409 | 428, _) | (_, "exists" | "stale" | "no_room" | "program_owned") => CONFLICT,
        (408 | 429 | 500.., _) | (_, "busy" | "storage") => PROGRAM,
        _ => USAGE,
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let kind = cause.downcast_ref::<io::Error>().map(io::Error::kind);
        let kind =
            kind.or_else(|| cause.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind));
        kind == Some(io::ErrorKind::BrokenPipe)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_documented_ones() {
        assert_eq!([Exit::Result, Exit::Fault, Exit::Denied].map(Exit::code), [0, 3, 4]);
        assert_eq!(conclude(Ok(Exit::Fault)), ExitCode::from(3));
        assert_eq!(conclude(Err(anyhow::anyhow!("no such file"))), ExitCode::from(2));
        let refused = |status: u16, code: &str| {
            let body = serde_json::json!({ "error": { "code": code, "message": "no" } });
            error_code(&anyhow::Error::from(Refusal::new(status, body.to_string().as_bytes())).context("attaching"))
        };
        let cases = [
            (400, "bad_request", 2),
            (403, "forbidden", 4),
            (404, "not_found", 2),
            (409, "stale", 5),
            (413, "too_large", 2),
            (422, "script", 3),
            (422, "policy", 4),
            (422, "changed", 2),
            (428, "revision_required", 5),
            (429, "busy", 6),
            (200, "script", 3),
            (200, "policy", 4),
            (200, "exists", 5),
            (200, "busy", 6),
            (200, "not_found", 2),
            (500, "host", 6),
        ];
        for (status, code, exit) in cases {
            assert_eq!(refused(status, code), exit, "{status} {code}");
        }
    }

    #[test]
    fn the_worst_of_several_calls_counts() {
        assert_eq!(Exit::Result.and(Exit::Denied), Exit::Denied);
        assert_eq!(Exit::Fault.and(Exit::Denied), Exit::Fault);
        assert_eq!(Exit::Denied.and(Exit::Fault), Exit::Fault);
        assert_eq!(Exit::Result.and(Exit::Result), Exit::Result);
    }

    #[test]
    fn a_reader_that_has_enough_is_no_error() {
        let broken = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("writing the report");
        assert_eq!(conclude(Err(broken)), ExitCode::from(0));
    }
}
