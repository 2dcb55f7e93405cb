//! `tenterhook completions` and `tenterhook man`: made from the command line's own definition.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Args, Command};
use clap_complete::Shell;

use crate::exit::Exit;
use crate::text;

/// Prints a shell's completions
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Writes the manual's pages
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder to write them to
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs `completions`.
pub fn completions(args: &CompletionsArgs, mut command: Command, out: &mut dyn Write) -> Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "tenterhook", &mut script);
    out.write_all(&script)?;
    Ok(Exit::Result)
}

/// Runs `man`: a page for the command, and one for each of its own.
pub fn man(args: &ManArgs, command: Command, out: &mut dyn Write) -> Result<Exit> {
    let folder = &args.folder;
    std::fs::create_dir_all(folder).with_context(|| format!("folder {}", text::path(folder)))?;
    clap_mangen::generate_to(command, folder).with_context(|| format!("writing to {}", text::path(folder)))?;
    writeln!(out, "man -l {}/tenterhook.1", text::path(folder))?;
    Ok(Exit::Result)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::Cli;
    use super::*;

    #[test]
    fn every_command_is_completed_and_has_a_page() -> Result<()> {
        let folder = tempfile::tempdir()?;
        man(&ManArgs { folder: folder.path().to_owned() }, Cli::command(), &mut Vec::new())?;
        let mut script = Vec::new();
        completions(&CompletionsArgs { shell: Shell::Bash }, Cli::command(), &mut script)?;
        let script = String::from_utf8(script)?;
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            assert!(script.contains(name), "{name}");
            let page = std::fs::read_to_string(folder.path().join(format!("tenterhook-{name}.1")))?;
            assert!(page.contains(".SH NAME") && page.contains(".SH SYNOPSIS"), "{name}");
        }
        Ok(())
    }
}
