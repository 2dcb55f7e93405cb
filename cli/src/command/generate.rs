//! `tenterhook completions` and `tenterhook man`: generated from the definition of the command line.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Args, Command, ValueEnum};
use clap_complete::env::Shells;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, roman};

use super::line::examples_of;
use crate::exit::{CODES, Exit};
use crate::text;

/// The environment variable with which a shell requests completions.
pub const VARIABLE: &str = "TENTERHOOK_COMPLETE";

/// Prints completions for a shell, which include names of the running program
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Shell {
    Bash,
    Elvish,
    Fish,
    Powershell,
    Zsh,
}

/// Writes the manual pages
#[derive(Debug, Args)]
pub struct ManArgs {
    /// Folder to write them to
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Runs `completions`: prints a script that calls this command, wherever it is found at that time.
pub fn completions(args: &CompletionsArgs, out: &mut dyn Write) -> Result<Exit> {
    let name = args.shell.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
    let shell = Shells::builtins();
    let shell = shell.completer(&name).with_context(|| format!("{name}: no completions for this shell"))?;
    shell.write_registration(VARIABLE, "tenterhook", "tenterhook", "tenterhook", out)?;
    Ok(Exit::Result)
}

/// Runs `man`: one page for the command, and one for each of its subcommands.
pub fn man(args: &ManArgs, command: Command, out: &mut dyn Write) -> Result<Exit> {
    let folder = &args.folder;
    std::fs::create_dir_all(folder).with_context(|| format!("folder {}", text::path(folder)))?;
    let mut command = command.disable_help_subcommand(true);
    command.build();
    pages(&command, "", folder)?;
    writeln!(out, "man -l {}/tenterhook.1", text::path(folder))?;
    Ok(Exit::Result)
}

/// The page of a command, then those of its subcommands; `path` are the names that lead to it, without the first.
fn pages(command: &Command, path: &str, folder: &Path) -> Result<()> {
    let man = Man::new(command.clone());
    let file = folder.join(man.get_filename());
    std::fs::write(&file, page(&man, command, path)?).with_context(|| format!("writing {}", text::path(&file)))?;
    for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
        pages(below, format!("{path} {}", below.get_name()).trim_start(), folder)?;
    }
    Ok(())
}

fn page(man: &Man, command: &Command, path: &str) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut text)?;
    }
    if command.get_subcommands().any(|below| !below.is_hide_set()) {
        man.render_subcommands_section(&mut text)?;
    }
    let mut roff = Roff::new();
    roff.control("SH", ["EXIT STATUS"]);
    for (code, meaning) in CODES {
        roff.control("TP", []).text([bold(code.to_string())]).text([roman(meaning)]);
    }
    let mut all = examples_of(path).peekable();
    if all.peek().is_some() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for example in all {
        roff.control("TP", []).text([bold(example.line)]).text([roman(example.about)]);
    }
    roff.to_writer(&mut text)?;
    if command.get_version().is_some() {
        man.render_version_section(&mut text)?;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::super::{Cli, line};
    use super::*;

    #[test]
    fn every_command_has_a_page_with_examples_and_exit_status() -> Result<()> {
        let folder = tempfile::tempdir()?;
        man(&ManArgs { folder: folder.path().to_owned() }, line::whole(Cli::command()), &mut Vec::new())?;
        let mut pages = 0;
        for entry in std::fs::read_dir(folder.path())? {
            let page = std::fs::read_to_string(entry?.path())?;
            let sections = [".SH NAME", ".SH SYNOPSIS", ".SH DESCRIPTION", ".SH \"EXIT STATUS\"", ".SH EXAMPLES"];
            for section in sections {
                assert!(page.lines().any(|line| line == section), "{section} is missing in\n{page}");
            }
            assert!(page.contains("cannot be reached"), "every code is explained:\n{page}");
            pages += 1;
        }
        assert!(pages > Cli::command().get_subcommands().count(), "{pages}");
        for name in ["tenterhook.1", "tenterhook-attach.1", "tenterhook-quarantine-lift.1"] {
            assert!(folder.path().join(name).is_file(), "{name}");
        }
        Ok(())
    }

    #[test]
    fn every_shell_has_completions() -> Result<()> {
        for shell in Shell::value_variants() {
            let mut script = Vec::new();
            completions(&CompletionsArgs { shell: *shell }, &mut script)?;
            let script = String::from_utf8(script)?;
            assert!(script.contains(VARIABLE) && script.contains("tenterhook"), "{shell:?}: {script}");
        }
        Ok(())
    }
}
