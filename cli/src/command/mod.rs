//! The commands, one file each.

mod call;
mod check;
mod demo;
mod hooks;
mod replay;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::exit::{Exit, conclude};

/// Sandboxed Lua hook points: see them, try scripts, replay real routes.
#[derive(Debug, Parser)]
#[command(name = "tenterhook", version, after_help = EXIT_CODES)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 result, 2 bad usage or input, 3 a script failed, 4 the policy refused";

#[derive(Debug, Subcommand)]
enum Command {
    Call(call::CallArgs),
    Check(check::CheckArgs),
    Demo(demo::DemoArgs),
    Hooks(hooks::HooksArgs),
    Replay(replay::ReplayArgs),
}

impl Command {
    fn run(&self, out: &mut dyn Write) -> Result<Exit> {
        match self {
            Command::Call(args) => call::run(args, out),
            Command::Check(args) => check::run(args, out),
            Command::Demo(args) => demo::run(args, out),
            Command::Hooks(args) => hooks::run(args, out),
            Command::Replay(args) => replay::run(args, out),
        }
    }
}

/// The whole command: reads the arguments, runs, and says how it ended.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come this way too, with code 0. Where nobody reads them, nothing is lost.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    warn_on_standard_error();
    let mut out = BufWriter::new(io::stdout().lock());
    let ended = cli.command.run(&mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    // What is left unwritten after an error has no reader, or is part of a report that ended early.
    let _ = out.flush();
    conclude(ended)
}

/// The host's warnings, such as of a cache that is of no use. Scripts' log lines go elsewhere.
fn warn_on_standard_error() {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .without_time()
        .with_target(false)
        .init();
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
