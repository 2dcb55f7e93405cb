//! The command's exit codes.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | a result |
//! | 2 | bad usage or input: an argument, a file, a policy |
//! | 3 | a script failed, or does not load; a replayed file is cut short, or with `--strict` anything of it was not read |
//! | 4 | the policy does not allow it |
//! | 5 | a conflict: another change came first, or the name is taken |
//! | 6 | the running program cannot be reached, is too busy, or failed |
//! | 7 | standard output cannot be written: its reader has gone, in silence, or its disk is full, with a message |

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use tenterhook::AttachError;
use tenterhook::policies::UnknownTenant;

use crate::complaint;
use crate::live::{Refusal, Unreachable};

/// The result of a command that ran to its end. Bad usage and input are errors instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Success.
    Result,
    /// The policy denied a call, and no script failed.
    Denied,
    /// A script failed, or the replayed file is incomplete.
    Fault,
}

/// The meanings of the codes.
pub const CODES: [(u8, &str); 7] = [
    (0, "a result"),
    (2, "bad usage or input"),
    (3, "a script failed or does not load"),
    (4, "the policy does not allow it"),
    (5, "a conflict with another change"),
    (6, "the running program cannot be reached or failed"),
    (7, "standard output cannot be written"),
];

/// [`CODES`] as `--help` shows them.
pub fn codes() -> String {
    let codes: Vec<String> = CODES.iter().map(|(code, meaning)| format!("{code} {meaning}")).collect();
    format!("Exit codes: {}", codes.join(", "))
}

/// Bad usage or input.
const USAGE: u8 = 2;
/// Another change came first.
const CONFLICT: u8 = 5;
/// The program cannot be reached, is too busy, or failed.
const PROGRAM: u8 = 6;
/// Standard output cannot be written.
const OUTPUT: u8 = 7;

/// A policy in a file does not allow the request: it exceeds a limit, or names an unknown tenant.
#[derive(Debug)]
pub struct PolicyRefuses(pub String);

/// A script would fail.
#[derive(Debug)]
pub struct ScriptFails(pub String);

/// Some changes failed; each failure was reported when it occurred, and the first one determines the code.
#[derive(Debug)]
struct Told(u8);

/// Standard output; it remembers whether it could be written.
pub struct Output<W: Write> {
    inner: W,
    failed: Option<io::Error>,
}

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

impl fmt::Display for PolicyRefuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PolicyRefuses {}

impl fmt::Display for ScriptFails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ScriptFails {}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("some of the changes failed")
    }
}

impl std::error::Error for Told {}

impl<W: Write> Output<W> {
    /// Nothing is written yet.
    pub fn new(inner: W) -> Output<W> {
        Output { inner, failed: None }
    }

    fn note<T>(&mut self, written: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &written
            && error.kind() != io::ErrorKind::Interrupted
        {
            self.failed.get_or_insert(io::Error::new(error.kind(), error.to_string()));
        }
        written
    }

    /// The code of a command that wrote to this; an error goes to standard error.
    pub fn conclude(mut self, ended: anyhow::Result<Exit>) -> ExitCode {
        // What is left unwritten after an error is part of a report that ended early.
        let _ = self.flush();
        match (self.failed, ended) {
            // The reader has enough; a shell's user knows that, and a script gets the code.
            (Some(error), _) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(OUTPUT),
            (Some(error), _) => {
                complain(&anyhow::Error::from(error).context("standard output"));
                ExitCode::from(OUTPUT)
            }
            (None, Ok(exit)) => ExitCode::from(exit.code()),
            (None, Err(error)) => {
                if error.downcast_ref::<Told>().is_none() {
                    complain(&error);
                }
                ExitCode::from(error_code(&error))
            }
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes);
        self.note(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.inner.flush();
        self.note(flushed)
    }
}

/// Reports an error on standard error, if that can be written.
pub fn complain(error: &anyhow::Error) {
    let _ = writeln!(io::stderr(), "{}", complaint::line(error, error_code(error)));
}

/// Reports a warning on standard error.
pub fn warn(message: &str) {
    let _ = writeln!(io::stderr(), "{}", complaint::warning(message));
}

/// Handles all items, even if one fails. Each error is reported when it occurs, and the first one determines the code.
/// If the program cannot be reached, the rest is skipped.
pub fn each<T>(all: &[T], mut one: impl FnMut(&T) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let mut code = None;
    for item in all {
        match one(item) {
            Err(error) if all.len() == 1 || error.downcast_ref::<Unreachable>().is_some() => return Err(error),
            Err(error) => {
                complain(&error);
                code.get_or_insert(error_code(&error));
            }
            Ok(()) => {}
        }
    }
    code.map_or(Ok(()), |code| Err(Told(code).into()))
}

/// The exit code of an error.
fn error_code(error: &anyhow::Error) -> u8 {
    if error.downcast_ref::<Unreachable>().is_some() {
        return PROGRAM;
    }
    if let Some(Told(code)) = error.downcast_ref::<Told>() {
        return *code;
    }
    if error.downcast_ref::<PolicyRefuses>().is_some() || error.downcast_ref::<AttachError>().is_some_and(is_policy_s) {
        return Exit::Denied.code();
    }
    if error.downcast_ref::<ScriptFails>().is_some() {
        return Exit::Fault.code();
    }
    let Some(refusal) = error.downcast_ref::<Refusal>() else { return USAGE };
    // The code is used if there is one: an error within a response has no status.
    match (refusal.status, refusal.problem.code.as_str()) {
        (403, _) | (_, "policy" | "forbidden") => Exit::Denied.code(),
        (_, "script") => Exit::Fault.code(),
        (409 | 428, _) | (_, "exists" | "stale" | "no_room" | "program_owned") => CONFLICT,
        (408 | 429 | 500.., _) | (_, "busy" | "storage") => PROGRAM,
        _ => USAGE,
    }
}

/// Whether the policy does not allow the request; a name that no policy accepts is bad input.
fn is_policy_s(error: &AttachError) -> bool {
    match error {
        AttachError::Tenant(UnknownTenant::Name(_)) => false,
        AttachError::Quota { .. }
        | AttachError::LittleMemory { .. }
        | AttachError::LittleArguments { .. }
        | AttachError::Deadline { .. }
        | AttachError::Tenant(_)
        | AttachError::Disposition(_)
        | AttachError::Placement { .. }
        | AttachError::Order { .. } => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_documented_ones() {
        assert_eq!([Exit::Result, Exit::Fault, Exit::Denied].map(Exit::code), [0, 3, 4]);
        let conclude = |ended| Output::new(Vec::new()).conclude(ended);
        assert_eq!(conclude(Ok(Exit::Fault)), ExitCode::from(3));
        assert_eq!(conclude(Err(anyhow::anyhow!("no such file"))), ExitCode::from(2));
        assert_eq!(conclude(Err(PolicyRefuses("too much".to_owned()).into())), ExitCode::from(4));
        assert_eq!(conclude(Err(ScriptFails("oh".to_owned()).into())), ExitCode::from(3));
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
            (413, "policy", 4),
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

    /// A broken pipe or a full disk.
    struct Broken(io::ErrorKind);

    impl Write for Broken {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(self.0.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn output_that_cannot_be_written_has_a_code_of_its_own_whatever_else_went_wrong() {
        for kind in [io::ErrorKind::BrokenPipe, io::ErrorKind::StorageFull] {
            for ended in [Ok(Exit::Result), Ok(Exit::Fault), Err(anyhow::anyhow!("no such file"))] {
                let mut output = Output::new(Broken(kind));
                assert!(output.write_all(b"x").is_err());
                assert_eq!(output.conclude(ended), ExitCode::from(7), "{kind}");
            }
        }
        // What cannot be read or written elsewhere is bad input as usual.
        let elsewhere = anyhow::Error::from(io::Error::from(io::ErrorKind::BrokenPipe)).context("the cache");
        assert_eq!(Output::new(Vec::new()).conclude(Err(elsewhere)), ExitCode::from(2));
    }

    #[test]
    fn what_fails_first_gives_the_code_and_the_rest_is_done() {
        let mut done = Vec::new();
        let mut one = |number: &u32| {
            done.push(*number);
            match number {
                2 => Err(PolicyRefuses("over".to_owned()).into()),
                3 => Err(anyhow::anyhow!("bad")),
                _ => Ok(()),
            }
        };
        let error = each(&[1, 2, 3, 4], &mut one).expect_err("two of them");
        assert_eq!(error_code(&error), 4);
        assert_eq!(error_code(&each(&[3], &mut one).expect_err("bad")), 2);
        assert!(each(&[1, 4], &mut one).is_ok());
        assert_eq!(done, [1, 2, 3, 4, 3, 1, 4]);
    }
}
