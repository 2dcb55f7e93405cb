//! The `tenterhook` command. All of it is in the library, where tests and benchmarks reach it.

#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    tenterhook_cli::main()
}
