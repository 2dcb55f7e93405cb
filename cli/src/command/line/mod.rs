//! The command line as a whole: what all commands share.
//!
//! ```text
//! Cli, as derived ──▶ whole ─┬─ short options          one letter means the same everywhere  (this file)
//!                            ├─ completion of values   from the running program              (values.rs)
//!                            └─ examples               in --help and the manual              (examples.rs)
//! ```
//!
//! Options are recognised by name, so that a new command gets all of this without further work.

mod examples;
mod values;

use clap::{Arg, Command};
use clap_complete::ArgValueCompleter;

pub use self::examples::of as examples_of;

/// The options with a letter, the same in all commands.
const SHORT: [(&str, char); 13] = [
    ("attachment", 'a'),
    ("count", 'n'),
    ("follow", 'f'),
    ("hook", 'H'),
    ("json", 'j'),
    ("kind", 'k'),
    ("module", 'm'),
    ("policy", 'p'),
    ("revision", 'r'),
    ("socket", 's'),
    ("tenant", 't'),
    ("watch", 'w'),
    ("yes", 'y'),
];

/// The command line, with what all commands share.
pub fn whole(command: Command) -> Command {
    finish(command, "")
}

/// A command and its subcommands; `path` are the names that lead to it, without the first.
fn finish(command: Command, path: &str) -> Command {
    let command = command.mut_args(argument).mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        finish(below, path.trim_start())
    });
    match examples::help(path) {
        // Only the top level explains the exit codes.
        Some(help) if !path.is_empty() => command.after_help(help),
        _ => command,
    }
}

fn argument(arg: Arg) -> Arg {
    let letter = SHORT.iter().find(|(long, _)| arg.get_long() == Some(*long)).filter(|_| arg.get_short().is_none());
    let arg = match letter {
        Some((_, letter)) => arg.short(*letter),
        None => arg,
    };
    let names_both = arg.get_value_names().is_some_and(|names| names.iter().any(|name| name == "TENANT/NAME"));
    match arg.get_id().as_str() {
        _ if names_both => arg.add(ArgValueCompleter::new(values::attachments)),
        "attachment" => arg.add(ArgValueCompleter::new(values::attachments)),
        "hook" => arg.add(ArgValueCompleter::new(values::hooks)),
        "tenant" | "tenants" => arg.add(ArgValueCompleter::new(values::tenants)),
        _ => arg,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use clap::CommandFactory;

    use super::super::Cli;
    use super::examples::EXAMPLES;
    use super::*;

    /// Every command, with the names that lead to it.
    fn each(command: &Command, path: &str, look: &mut impl FnMut(&Command, &str)) {
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            let path = format!("{path} {}", below.get_name()).trim_start().to_owned();
            look(below, &path);
            each(below, &path, look);
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        whole(Cli::command()).debug_assert();
    }

    #[test]
    fn a_letter_means_the_same_everywhere() {
        let mut meanings: BTreeMap<char, String> = BTreeMap::new();
        let mut seen = 0;
        each(&whole(Cli::command()), "", &mut |command, path| {
            for arg in command.get_arguments() {
                let (Some(letter), Some(long)) = (arg.get_short(), arg.get_long()) else { continue };
                seen += 1;
                let meaning = meanings.entry(letter).or_insert_with(|| long.to_owned());
                assert_eq!(meaning, long, "-{letter} of {path}");
            }
        });
        assert!(seen > 40, "{meanings:?}");
        for (long, letter) in SHORT {
            assert_eq!(meanings.get(&letter).map(String::as_str), Some(long), "an option that is nowhere");
        }
    }

    #[test]
    fn every_command_has_examples_and_each_is_a_command_line() {
        let mut without = Vec::new();
        each(&whole(Cli::command()), "", &mut |command, path| {
            if examples_of(path).next().is_none() && command.get_subcommands().next().is_none() {
                without.push(path.to_owned());
            }
        });
        assert!(without.is_empty(), "without an example: {without:?}");
        for example in EXAMPLES {
            let words = example.words();
            assert_eq!(words.first().map(String::as_str), Some("tenterhook"), "{}", example.line);
            let parsed = whole(Cli::command()).try_get_matches_from(&words);
            assert!(parsed.is_ok(), "{}: {}", example.line, parsed.expect_err("an error"));
            assert!(example.line.starts_with(&format!("tenterhook {}", example.of)), "{}", example.line);
        }
    }

    #[test]
    fn the_socket_is_named_before_or_after_the_command() {
        for words in [["tenterhook", "--socket", "s", "list"], ["tenterhook", "list", "-s", "s"]] {
            let matches = whole(Cli::command()).try_get_matches_from(words).expect("a command line");
            let (_, below) = matches.subcommand().expect("a command");
            let socket = below.get_one::<std::path::PathBuf>("socket").expect("a socket");
            assert_eq!(socket.to_str(), Some("s"), "{words:?}");
        }
    }
}
