//! The commands, one file each.

mod apply;
mod attach;
mod call;
mod changed;
mod check;
mod demo;
mod generate;
mod hooks;
mod line;
mod list;
mod manage;
mod new;
mod place;
mod policy;
mod preflight;
mod pull;
mod quarantine;
mod replay;
mod stats;
mod stream;
mod survive;
mod test;
mod top;
mod types;
mod wait;
mod watch;

pub use check::Checker;

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use clap_complete::CompleteEnv;

use crate::complaint;
use crate::exit::{self, Exit, Output};
use crate::live::LiveArgs;

/// Manages sandboxed Lua hook points: lists them, tests scripts, attaches them to running programs and monitors them.
#[derive(Debug, Parser)]
#[command(name = "tenterhook", version, after_help = exit::codes())]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// For every command; each has it too, and reads it there.
    #[command(flatten)]
    _live: LiveArgs,
}

#[derive(Debug, Subcommand)]
enum Command {
    Hooks(hooks::HooksArgs),
    // Running programs.
    List(list::ListArgs),
    Show(list::ShowArgs),
    Attach(attach::AttachArgs),
    Replace(attach::ReplaceArgs),
    /// Detaches scripts; calls in flight finish with the script that they began with
    Detach(manage::ManageArgs),
    /// Enables attachments, so that calls reach them again
    Enable(manage::ManageArgs),
    /// Disables attachments without detaching them
    Disable(manage::ManageArgs),
    /// Attaches broken attachments as their files are now, each in its place
    Adopt(manage::ManageArgs),
    /// Removes the files of broken attachments
    Discard(manage::ManageArgs),
    Move(manage::MoveArgs),
    Copy(manage::CopyArgs),
    Apply(apply::ApplyArgs),
    Pull(pull::PullArgs),
    Stats(stats::StatsArgs),
    Top(top::TopArgs),
    Tail(stream::TailArgs),
    Events(stream::EventsArgs),
    Policy(policy::PolicyCommandArgs),
    Quarantine(quarantine::QuarantineArgs),
    // Scripts.
    New(new::NewArgs),
    Types(types::TypesArgs),
    Check(check::CheckArgs),
    Test(test::TestArgs),
    Call(call::CallArgs),
    Replay(replay::ReplayArgs),
    Demo(demo::DemoArgs),
    // The command itself.
    Completions(generate::CompletionsArgs),
    Man(generate::ManArgs),
    Survive(survive::SurviveArgs),
}

impl Command {
    fn run(&self, out: &mut dyn Write) -> Result<Exit> {
        use manage::Change;
        match self {
            Command::Hooks(args) => hooks::run(args, out),
            Command::List(args) => list::list(args, out),
            Command::Show(args) => list::show(args, out),
            Command::Attach(args) => attach::attach(args, out),
            Command::Replace(args) => attach::replace(args, out),
            Command::Detach(args) => manage::change(Change::Detach, args, out),
            Command::Enable(args) => manage::change(Change::Enable, args, out),
            Command::Disable(args) => manage::change(Change::Disable, args, out),
            Command::Adopt(args) => manage::change(Change::Adopt, args, out),
            Command::Discard(args) => manage::change(Change::Discard, args, out),
            Command::Move(args) => manage::reorder(args, out),
            Command::Copy(args) => manage::copy(args, out),
            Command::Apply(args) => apply::run(args, out),
            Command::Pull(args) => pull::run(args, out),
            Command::Stats(args) => stats::run(args, out),
            Command::Top(args) => top::run(args, out),
            Command::Tail(args) => stream::tail(args, out),
            Command::Events(args) => stream::events(args, out),
            Command::Policy(args) => policy::run(args, out),
            Command::Quarantine(args) => quarantine::run(args, out),
            Command::New(args) => new::run(args, out),
            Command::Types(args) => types::run(args, out),
            Command::Check(args) => check::run(args, out),
            Command::Test(args) => test::run(args, out),
            Command::Call(args) => call::run(args, out),
            Command::Replay(args) => replay::run(args, out),
            Command::Demo(args) => demo::run(args, out),
            Command::Completions(args) => generate::completions(args, out),
            Command::Man(args) => generate::man(args, whole(), out),
            Command::Survive(args) => survive::run(args, out),
        }
    }
}

/// The complete command line.
fn whole() -> clap::Command {
    line::whole(Cli::command())
}

/// The parsed arguments.
fn read() -> Result<Cli, clap::Error> {
    let mut command = whole();
    let mut matches = command.try_get_matches_from_mut(std::env::args_os())?;
    Cli::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// The whole command: reads the arguments, runs, and reports how it ended.
pub fn main() -> ExitCode {
    // A shell requests completions through a variable in the environment; the process then ends here.
    CompleteEnv::with_factory(whole).var(generate::VARIABLE).complete();
    complaint::address(std::env::args_os());
    let mut out = Output::new(BufWriter::new(io::stdout().lock()));
    let cli = match read() {
        Ok(cli) => cli,
        // Help and version come this way too.
        Err(error) if !error.use_stderr() => {
            let written = write!(out, "{}", error.render());
            return out.conclude(written.map(|()| Exit::Result).map_err(Into::into));
        }
        Err(error) => {
            // If standard error cannot be written, there is nothing else to do.
            let _ = match complaint::is_for_programs() {
                true => writeln!(io::stderr(), "{}", complaint::usage(&error)),
                false => error.print(),
            };
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    warn_on_standard_error();
    let ended = cli.command.run(&mut out);
    out.conclude(ended)
}

/// Prints the host's warnings, such as an unusable cache. Scripts' log lines go elsewhere.
fn warn_on_standard_error() {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .without_time()
        .with_target(false)
        .init();
}
