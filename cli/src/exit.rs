//! How the command ends.
//!
//! | code | meaning |
//! | --- | --- |
//! | 0 | a result |
//! | 2 | bad usage or input: an argument, a file, a policy |
//! | 3 | a script failed |
//! | 4 | the policy refused |

use std::io;
use std::process::ExitCode;

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
            USAGE
        }
    })
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
