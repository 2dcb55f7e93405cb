//! What a shell completes, asked as the shell asks, without a terminal.

use std::path::Path;
use std::process::Command;

use tenterhook_tests::bench::cache;

use crate::program::{Program, adding};

/// A folder with the command under its own name.
fn bin() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_tenterhook-tested"), folder.path().join("tenterhook")).unwrap();
    folder
}

/// What a shell prints; `None` where there is no such shell.
fn shell(name: &str, script: &str, bin: &Path, socket: Option<&Path>) -> Option<Vec<String>> {
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap_or_default());
    let mut command = Command::new(name);
    command.args(["-c", script]).env("PATH", path).env("XDG_CACHE_HOME", cache()).env_remove("TENTERHOOK_SOCKET");
    if let Some(socket) = socket {
        command.env("TENTERHOOK_SOCKET", socket);
    }
    let Ok(output) = command.output() else {
        eprintln!("skipped: there is no {name}");
        return None;
    };
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

/// What bash would complete the last of the words to, options aside.
fn bash(words: &[&str], bin: &Path, socket: Option<&Path>) -> Option<Vec<String>> {
    let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let script = format!(
        "source <(tenterhook completions bash)\nCOMP_WORDS=({}); COMP_CWORD={}; COMP_TYPE=9\n\
         _clap_complete_tenterhook tenterhook '{}' ''\nprintf '%s\\n' \"${{COMPREPLY[@]}}\"\n",
        quoted.join(" "),
        words.len() - 1,
        words.last().unwrap(),
    );
    let mut completed = shell("bash", &script, bin, socket)?;
    completed.retain(|word| !word.is_empty() && !word.starts_with('-'));
    Some(completed)
}

fn stage() -> Program {
    let program = Program::with("[tenants.acme]\n[tenants.peer]\n[tenants.idle]\n", |options| options);
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "peer", "--name", "other"]);
    program
}

#[test]
fn bash_completes_what_the_running_program_has() {
    let (program, bin) = (stage(), bin());
    let socket = Some(program.socket.as_path());
    for (words, expected) in [
        (&["tenterhook", "show", ""][..], &["acme/pair", "peer/other"][..]),
        (&["tenterhook", "detach", "acme/pair", "pe"], &["peer/other"]),
        (&["tenterhook", "quarantine", "lift", "a"], &["acme/pair"]),
        (&["tenterhook", "move", "acme/pair", "--before", ""], &["acme/pair", "peer/other"]),
        (&["tenterhook", "list", "--tenant", ""], &["acme", "idle", "peer"]),
        (&["tenterhook", "attach", "s.lua", "-t", "i"], &["idle"]),
        (&["tenterhook", "attach", "s.lua", "--hook", "demo."], &["demo.pair", "demo.seen"]),
        (&["tenterhook", "show", "nobody/"], &[]),
    ] {
        let Some(completed) = bash(words, bin.path(), socket) else { return };
        assert_eq!(completed, expected, "{words:?}");
    }
}

#[test]
fn bash_completes_by_the_socket_that_the_line_names() {
    let (program, bin) = (stage(), bin());
    let socket = program.socket.to_str().unwrap();
    for words in [&["tenterhook", "--socket", socket, "show", "ac"][..], &["tenterhook", "show", "-s", socket, "ac"]] {
        let Some(completed) = bash(words, bin.path(), None) else { return };
        assert_eq!(completed, ["acme/pair"], "{words:?}");
    }
}

#[test]
fn without_a_program_there_is_the_catalog_and_nothing_else() {
    let bin = bin();
    let nobody = Path::new("no/such/socket");
    let Some(hooks) = bash(&["tenterhook", "check", "--hook", "bgp.route"], bin.path(), None) else { return };
    assert_eq!(hooks, ["bgp.route_match", "bgp.route_set"]);
    assert_eq!(bash(&["tenterhook", "show", ""], bin.path(), Some(nobody)), Some(Vec::new()));
    let commands = bash(&["tenterhook", "det"], bin.path(), None);
    assert_eq!(commands, Some(vec!["detach".to_owned()]));
}

#[test]
fn zsh_and_fish_take_their_scripts_and_ask_the_program() {
    let (program, bin) = (stage(), bin());
    let socket = Some(program.socket.as_path());
    let fish = "source (tenterhook completions fish | psub); complete --do-complete 'tenterhook show '";
    if let Some(completed) = shell("fish", fish, bin.path(), socket) {
        let names: Vec<&str> = completed.iter().filter_map(|line| line.split('\t').next()).collect();
        assert!(names.contains(&"acme/pair") && names.contains(&"peer/other"), "{completed:?}");
    }
    // Zsh completes on a terminal alone: its script is read, and its function asked what it would ask the command.
    let zsh = "autoload -Uz compinit; compinit -u -D; source <(tenterhook completions zsh); print $_comps[tenterhook]";
    if let Some(completed) = shell("zsh", zsh, bin.path(), socket) {
        assert_eq!(completed, ["_clap_dynamic_completer_tenterhook"]);
    }
}
