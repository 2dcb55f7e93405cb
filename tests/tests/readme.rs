//! README's walks, run as they are written: every command of a section's blocks, in a copy of what git has, one shell for
//! each section. `BLESS=1` writes down what the commands say now.

#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use tenterhook_tests::bench::cache;
use tenterhook_tests::root;

/// Held by the walk that is run.
static TURN: Mutex<()> = Mutex::new(());

/// What the shell writes before and after each command's output.
const BEFORE: char = '\u{1e}';
const AFTER: char = '\u{1f}';

/// Commands whose numbers are others each time.
const MEASURED: [&str; 6] = ["call", "events", "list", "stats", "tail", "test"];

/// A command of README, and what it says there.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    says: String,
}

/// The lines of a section, by number: from its heading to the next.
fn section<'a>(readme: &'a str, heading: &str) -> Vec<(usize, &'a str)> {
    let lines = (0..).zip(readme.lines()).skip_while(|(_, line)| *line != heading);
    let section: Vec<(usize, &str)> = lines
        .enumerate()
        .take_while(|(at, (_, line))| *at == 0 || !line.starts_with("## "))
        .map(|(_, line)| line)
        .collect();
    assert!(!section.is_empty(), "README has no section {heading}");
    section
}

/// The blocks of a section that show commands: the first line of each and the one behind the last.
fn blocks(section: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    for (number, line) in section {
        open = match (open, line.starts_with("```")) {
            (None, true) => Some((number + 1, *line == "```")),
            (Some((start, plain)), true) => {
                if plain {
                    blocks.push((start, *number));
                }
                None
            }
            (open, false) => open,
        };
    }
    blocks.retain(|(start, _)| section.iter().any(|(number, line)| number == start && line.starts_with("$ ")));
    blocks
}

/// The commands of a block.
fn steps(lines: &[&str]) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in lines {
        match line.strip_prefix("$ ") {
            Some(command) => steps.push(Step { command: command.to_owned(), says: String::new() }),
            None => writeln!(steps.last_mut().unwrap().says, "{line}").unwrap(),
        }
    }
    steps
}

/// A folder with what git has, as a clone would, and a place for commands of the test's own.
fn clone() -> Option<tempfile::TempDir> {
    let listed = Command::new("git").current_dir(root()).args(["ls-files", "-z"]).output().ok()?;
    if !listed.status.success() {
        return None;
    }
    let folder = tempfile::tempdir().unwrap();
    for name in String::from_utf8(listed.stdout).unwrap().split('\0').filter(|name| !name.is_empty()) {
        let (from, to) = (root().join(name), folder.path().join(name));
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        // What is deleted and not committed yet is not there.
        if from.is_file() {
            std::fs::copy(from, to).unwrap();
        }
    }
    Some(folder)
}

fn program(path: &Path, text: &str) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
}

/// Runs the commands in one shell, and says what each wrote and how it ended.
fn run(steps: &[Step], clone: &Path) -> Vec<(String, i32)> {
    let bin = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_tenterhook-tested"), bin.path().join("tenterhook")).unwrap();
    // Cargo has built the example already, and would say so; anything else it is not asked for.
    let example = env!("CARGO_BIN_EXE_control-socket-tested");
    let cargo = format!(
        "#!/bin/sh\n[ \"$1 $2 $3 $4 $5 $6\" = 'run -p tenterhook-examples --example control_socket --' ] || \
         {{ echo \"not expected: cargo $*\" >&2; exit 1; }}\nshift 6\nexec '{example}' \"$@\" > program.log 2>&1\n"
    );
    program(&bin.path().join("cargo"), &cargo);
    let mut script = String::from("trap 'kill $(jobs -p) 2>/dev/null' EXIT\n");
    for step in steps {
        writeln!(script, "printf '\\036'\n{}\nprintf '\\037%s\\n' $?", step.command).unwrap();
        if step.command.ends_with('&') {
            // As somebody at a terminal does, who sees it say so.
            script.push_str("until grep -q '^serving on ' program.log 2>/dev/null; do sleep 0.1; done\n");
        }
    }
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap_or_default());
    let output = Command::new("timeout")
        .args(["--kill-after=5", "300", "bash", "-c", &format!("exec 2>&1\n{script}")])
        .current_dir(clone)
        .env("PATH", path)
        .env("XDG_CACHE_HOME", cache())
        .env_remove("TENTERHOOK_SOCKET")
        .env_remove("RUST_BACKTRACE")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let parts = text.split(BEFORE).skip(1);
    let ran: Vec<(String, i32)> = parts
        .map(|part| {
            let (says, rest) = part.split_once(AFTER).unwrap_or_else(|| panic!("never ended: {part}"));
            (says.to_owned(), rest.lines().next().unwrap().parse().unwrap())
        })
        .collect();
    assert_eq!(ran.len(), steps.len(), "every command was run: {text}");
    ran
}

/// What a command says, without what differs from run to run and from table to table.
fn masked(command: &str, says: &str) -> String {
    let verb = command.strip_prefix("tenterhook ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let mut masked = String::new();
    for line in says.lines() {
        let mut words: Vec<String> = Vec::new();
        for word in line.split_whitespace() {
            let word = match MEASURED.contains(&verb) {
                true => number_masked(word),
                false => word.to_owned(),
            };
            // Units go with the number before them.
            let unit = ["ns", "µs", "ms", "s", "k", "M"].contains(&word.trim_end_matches(','));
            if unit && words.last().is_some_and(|last| last == "N") {
                continue;
            }
            words.push(if word.starts_with('─') { "─".to_owned() } else { word });
        }
        let line = words.join(" ");
        // How many more there were is a matter of luck, as is whether there were any.
        writeln!(masked, "{}", line.replace(" (and N more)", "")).unwrap();
    }
    masked
}

/// `N` for numbers: digits, and what stands between them. Of times and dates the form stays.
fn number_masked(word: &str) -> String {
    if word.matches(':').count() >= 2 {
        return word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    }
    let mut masked = String::new();
    for c in word.chars() {
        let inside = masked.ends_with('N');
        match c {
            '0'..='9' if inside => {}
            '0'..='9' => masked.push('N'),
            '.' | ',' if inside => {}
            c => masked.push(c),
        }
    }
    masked
}

/// Runs a section's walk, and holds what it says against README, or writes it there.
fn walk(heading: &str) {
    // One after the other: what one writes down the other one reads.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let file = root().join("README.md");
    let readme = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = readme.lines().collect();
    let blocks = blocks(&section(&readme, heading));
    let all: Vec<Vec<Step>> = blocks.iter().map(|(start, end)| steps(&lines[*start..*end])).collect();
    let Some(clone) = clone() else {
        eprintln!("skipped: this is no clone, git lists no files");
        return;
    };
    let all: Vec<Step> = all.into_iter().flatten().collect();
    assert!(all.len() > 4, "{heading} has a walk: {all:?}");
    let ran = run(&all, clone.path());
    let mut wrong = String::new();
    for (step, (says, code)) in all.iter().zip(&ran) {
        if *code != 0 || masked(&step.command, &step.says) != masked(&step.command, says) {
            writeln!(wrong, "$ {}\n{says}(exit code {code}; README has)\n{}", step.command, step.says).unwrap();
        }
    }
    if std::env::var_os("BLESS").is_none() {
        assert!(wrong.is_empty(), "README's {heading} is not what happens; BLESS=1 writes it down:\n{wrong}");
        return;
    }
    assert!(ran.iter().all(|(_, code)| *code == 0), "a walk that fails is not blessed:\n{wrong}");
    let mut ran = all.iter().zip(ran);
    let mut blessed = String::new();
    for (number, line) in lines.iter().enumerate() {
        let within = blocks.iter().any(|(start, end)| (*start..*end).contains(&number));
        if !within {
            writeln!(blessed, "{line}").unwrap();
        } else if line.starts_with("$ ") {
            let (step, (says, _)) = ran.next().unwrap();
            let same = masked(&step.command, &step.says) == masked(&step.command, &says);
            write!(blessed, "{line}\n{}", if same { &step.says } else { &says }).unwrap();
        }
    }
    std::fs::write(file, blessed).unwrap();
}

#[test]
fn the_walk_of_writing_scripts_is_what_happens() {
    walk("## Writing scripts");
}

#[test]
fn the_walk_of_operating_a_program_is_what_happens() {
    walk("## Operating a program that runs");
}

#[test]
fn the_files_that_readme_shows_are_those_of_the_examples() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut shown = Vec::new();
    for block in readme.split("\n```lua\n").skip(1).chain(readme.split("\n```toml\n").skip(1)) {
        let text = block.split_once("```").unwrap().0;
        let first = text.lines().next().unwrap_or_default();
        if let Some(name) = first.trim_start_matches(['-', '#', ' ']).strip_prefix("examples/") {
            let path = root().join("examples").join(name);
            assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "examples/{name}");
            shown.push(name.to_owned());
        }
    }
    assert_eq!(shown, ["scripts/import.lua", "scripts/limit.lua", "policy.toml"]);
}

#[test]
fn make_install_puts_everything_where_it_is_looked_for() {
    let Some(clone) = clone() else {
        eprintln!("skipped: this is no clone, git lists no files");
        return;
    };
    let into = tempfile::tempdir().unwrap();
    // What `make build` builds is here already, under another name.
    let output = Command::new("make")
        .args(["-o", "build", "install", "PREFIX=/usr"])
        .arg(format!("BUILT={}", env!("CARGO_BIN_EXE_tenterhook-tested")))
        .arg(format!("DESTDIR={}", into.path().display()))
        .current_dir(clone.path())
        .env_remove("MAKEFLAGS")
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no make");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let usr = into.path().join("usr");
    for file in [
        "share/man/man1/tenterhook.1",
        "share/man/man1/tenterhook-attach.1",
        "share/bash-completion/completions/tenterhook",
        "share/zsh/site-functions/_tenterhook",
        "share/fish/vendor_completions.d/tenterhook.fish",
    ] {
        assert!(usr.join(file).metadata().is_ok_and(|file| file.len() > 100), "{file}");
    }
    let version = Command::new(usr.join("bin/tenterhook")).arg("--version").output().unwrap();
    assert!(version.status.success() && version.stdout.starts_with(b"tenterhook "), "{version:?}");
}

#[test]
fn what_differs_from_run_to_run_is_masked_and_nothing_else() {
    let one = " acme/admit   15,815   ALLOW 12,348, REFUSE 3,467   9.7 µs   2026-11-24T15:25:17Z\n─────\n";
    let other = " acme/admit   2   ALLOW 1, REFUSE 1    812 ns 2026-12-01T09:00:00Z\n───\n";
    assert_eq!(masked("tenterhook stats", one), masked("tenterhook stats", other));
    assert_ne!(masked("tenterhook attach x", one), masked("tenterhook attach x", other));
    assert_ne!(masked("tenterhook stats", one), masked("tenterhook stats", &other.replace("REFUSE", "DELAY")));
    let [time, other] = ["2026-11-24T15:25:17Z x\n", "15:25:17 x\n"];
    assert_ne!(masked("tenterhook list", time), masked("tenterhook list", other), "the form of a time is no accident");
    let told = "15:25:22.756 fault  peer/admit fuel: out of fuel (and 41 more)\n";
    assert_eq!(masked("tenterhook tail", told), masked("tenterhook tail", &told.replace(" (and 41 more)", "")));
}

#[test]
fn blocks_are_taken_apart_into_commands() {
    let readme = "# X\n\n## A\n\n```\n$ one\nsays\n\nmore\n$ two\n```\n\n```lua\n$ no\n```\n\n```\nno\n```\n## B\n```\n$ other\n```\n";
    let lines: Vec<&str> = readme.lines().collect();
    let blocks = blocks(&section(readme, "## A"));
    assert_eq!(blocks.len(), 1);
    let step = |command: &str, says: &str| Step { command: command.into(), says: says.into() };
    assert_eq!(steps(&lines[blocks[0].0..blocks[0].1]), [step("one", "says\n\nmore\n"), step("two", "")]);
}
