//! Walks: the commands of a document's blocks, run as they are written, in a copy of what git has, one shell for each walk.

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
const MEASURED: [&str; 8] = ["call", "events", "list", "replay", "stats", "survive", "tail", "test"];

/// Examples as cargo has built them, by name.
const EXAMPLES: [(&str, &str); 3] = [
    ("control_socket", env!("CARGO_BIN_EXE_control-socket-tested")),
    ("hello_hook", env!("CARGO_BIN_EXE_hello-hook-tested")),
    ("two_tenants", env!("CARGO_BIN_EXE_two-tenants-tested")),
];

/// A command of a document, and what it prints there.
#[derive(Debug, PartialEq, Eq)]
struct Step {
    command: String,
    prints: String,
}

/// The lines of a section, by number: from its heading to the next one of its level. Without a heading: all lines.
fn section<'a>(text: &'a str, heading: Option<&str>) -> Vec<(usize, &'a str)> {
    let Some(heading) = heading else { return (0..).zip(text.lines()).collect() };
    let lines = (0..).zip(text.lines()).skip_while(|(_, line)| *line != heading);
    let section: Vec<(usize, &str)> = lines
        .enumerate()
        .take_while(|(at, (_, line))| *at == 0 || !line.starts_with("## "))
        .map(|(_, line)| line)
        .collect();
    assert!(!section.is_empty(), "there is no section {heading}");
    section
}

/// The blocks of a section that show commands: the first line of each and the one behind the last.
fn blocks(section: &[(usize, &str)]) -> Vec<(usize, usize)> {
    let mut blocks = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    for (number, line) in section {
        open = match (open, line.starts_with("```")) {
            (None, true) => Some((number + 1, ["```", "```console"].contains(line))),
            (Some((start, commands)), true) => {
                if commands {
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
            Some(command) => steps.push(Step { command: command.to_owned(), prints: String::new() }),
            None => writeln!(steps.last_mut().unwrap().prints, "{line}").unwrap(),
        }
    }
    steps
}

/// A folder with what git has, as a clone would, and a place for commands of the test's own.
pub fn clone() -> Option<tempfile::TempDir> {
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

/// The programs that a walk finds on its PATH: the command, and a cargo that runs what the real one has built already,
/// without saying so, and refuses anything else.
fn programs() -> tempfile::TempDir {
    let bin = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_tenterhook-tested"), bin.path().join("tenterhook")).unwrap();
    let mut cargo = String::from("#!/bin/sh\nwanted=$*\n");
    for (name, built) in EXAMPLES {
        let run = format!("run -p tenterhook-examples --example {name}");
        writeln!(cargo, "case $wanted in '{run}') exec '{built}' ;;").unwrap();
        writeln!(cargo, "'{run} -- '*) shift 6; exec '{built}' \"$@\" ;; esac").unwrap();
    }
    cargo.push_str("echo \"not expected: cargo $wanted\" >&2\nexit 1\n");
    program(&bin.path().join("cargo"), &cargo);
    bin
}

/// A command as the shell gets it. Of what runs in the background a walk waits until it serves, as somebody at a terminal
/// does, who sees it say so.
fn shell(command: &str) -> String {
    match command.strip_suffix('&') {
        Some(command) => format!(
            "{command}> program.log 2>&1 &\n\
             until grep -q '^serving on ' program.log 2>/dev/null; do sleep 0.1; done"
        ),
        None => command.to_owned(),
    }
}

/// Runs the commands in one shell: what each printed, and how it ended.
fn run(steps: &[Step], clone: &Path) -> Vec<(String, i32)> {
    let bin = programs();
    let mut script = String::from("trap 'kill $(jobs -p) 2>/dev/null' EXIT\n");
    for step in steps {
        writeln!(script, "printf '\\036'\n{}\nprintf '\\037%s\\n' $?", shell(&step.command)).unwrap();
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
            let (prints, rest) = part.split_once(AFTER).unwrap_or_else(|| panic!("never ended: {part}"));
            (prints.to_owned(), rest.lines().next().unwrap().parse().unwrap())
        })
        .collect();
    assert_eq!(ran.len(), steps.len(), "every command was run: {text}");
    ran
}

/// What a command prints, without what differs from run to run and from table to table.
fn masked(command: &str, prints: &str) -> String {
    let verb = command.strip_prefix("tenterhook ").and_then(|rest| rest.split(' ').next()).unwrap_or_default();
    let mut masked = String::new();
    for line in prints.lines() {
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

/// Runs a document's walk, or that of one of its sections, and holds what it prints against the document. `BLESS=1`
/// writes it there.
pub fn walk(name: &str, heading: Option<&str>) {
    // One after the other: what one writes down the other one reads.
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let file = root().join(name);
    let text = std::fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let blocks = blocks(&section(&text, heading));
    let all: Vec<Vec<Step>> = blocks.iter().map(|(start, end)| steps(&lines[*start..*end])).collect();
    let Some(clone) = clone() else {
        eprintln!("skipped: this is no clone, git lists no files");
        return;
    };
    let all: Vec<Step> = all.into_iter().flatten().collect();
    let place = format!("{name} {}", heading.unwrap_or_default());
    assert!(!all.is_empty(), "{place} has a walk");
    let ran = run(&all, clone.path());
    let mut wrong = String::new();
    for (step, (prints, code)) in all.iter().zip(&ran) {
        if *code != 0 || masked(&step.command, &step.prints) != masked(&step.command, prints) {
            writeln!(wrong, "$ {}\n{prints}(exit code {code}; expected)\n{}", step.command, step.prints).unwrap();
        }
    }
    if std::env::var_os("BLESS").is_none() {
        assert!(wrong.is_empty(), "{place} is not what happens; BLESS=1 writes it down:\n{wrong}");
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
            let (step, (prints, _)) = ran.next().unwrap();
            let same = masked(&step.command, &step.prints) == masked(&step.command, &prints);
            write!(blessed, "{line}\n{}", if same { &step.prints } else { &prints }).unwrap();
        }
    }
    std::fs::write(file, blessed).unwrap();
}

/// Whether a document has a walk.
pub fn has_walk(text: &str) -> bool {
    !blocks(&section(text, None)).is_empty()
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
    let text = "# X\n\n## A\n\n```\n$ one\nsays\n\nmore\n$ two\n```\n\n```lua\n$ no\n```\n\n```\nno\n```\n## B\n```console\n$ other\n```\n";
    let lines: Vec<&str> = text.lines().collect();
    let of = |heading| blocks(&section(text, heading));
    assert_eq!(of(Some("## A")).len(), 1);
    assert_eq!((of(Some("## B")).len(), of(None).len()), (1, 2));
    let step = |command: &str, prints: &str| Step { command: command.into(), prints: prints.into() };
    let (start, end) = of(None)[0];
    assert_eq!(steps(&lines[start..end]), [step("one", "says\n\nmore\n"), step("two", "")]);
    assert!(has_walk(text) && !has_walk("```\nno\n```\n"));
}
