//! Running the command.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value as Json;
use tenterhook_tests::bench::cache;

/// What a run came to.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Run {
    /// Each line of standard output as JSON.
    pub fn lines(&self) -> Vec<Json> {
        let json = |line: &str| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}\n{self:?}"));
        self.out.lines().map(json).collect()
    }

    /// All of standard output as JSON.
    pub fn json(&self) -> Json {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// A folder for one test's files.
pub struct Folder(tempfile::TempDir);

impl Folder {
    /// An empty one.
    pub fn new() -> Folder {
        Folder(tempfile::tempdir().unwrap())
    }

    /// Writes a file and says where it is.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// The command, with nothing of the user's: the compiled interpreter is from the build's cache, and no program is named.
pub fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenterhook-tested"));
    command.env("XDG_CACHE_HOME", cache()).env_remove("RUST_BACKTRACE").env_remove("TENTERHOOK_SOCKET");
    command
}

/// Runs the command; what `input` says is its standard input.
pub fn run_with(args: &[&str], input: &[u8]) -> Run {
    let mut child =
        command().args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read its input may have ended before it is written.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap_or_else(|| panic!("ended by a signal: {output:?}")),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the command.
pub fn run(args: &[&str]) -> Run {
    run_with(args, b"")
}

/// `tenterhook call --json` of a script at `bgp.route_match`; `more` are further arguments.
pub fn call(source: &str, more: &[&str]) -> Run {
    let folder = Folder::new();
    let script = folder.file("route_match.lua", source);
    let mut args = vec!["call", "--hook", "bgp.route_match", "--json", "--script", text(&script)];
    args.extend(more);
    run(&args)
}

/// A path as an argument.
pub fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}
