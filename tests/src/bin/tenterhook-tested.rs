//! The command under test: what `cli/src/main.rs` is, built beside the tests that run it as a process. Cargo offers no
//! other way to have another package's command at hand that is never stale.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    tenterhook_cli::main()
}
