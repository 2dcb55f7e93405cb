//! The C compiler for the guest: zig's clang, one pinned version of it.

use std::fmt;
use std::path::Path;
use std::process::Command;

/// The version whose output `guest.sha256` records.
const VERSION: &str = "0.15.2";

/// What to type when there is none.
pub const HINT: &str = "Install the pinned C compiler for the guest with:\n\n    make setup\n\n\
    (it makes a Python virtual environment in .venv and installs ziglang 0.15.2 there), or name one yourself: \
    ZIG=/path/to/zig cargo build";

/// A command that is zig.
pub struct Zig {
    words: Vec<String>,
}

impl Zig {
    /// A command to add arguments to.
    pub fn command(&self) -> Command {
        let mut command = Command::new(&self.words[0]);
        command.args(&self.words[1..]);
        command
    }

    fn version(&self) -> Option<String> {
        let output = self.command().arg("version").output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

impl fmt::Display for Zig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words.join(" "))
    }
}

fn words(words: &[&str]) -> Zig {
    Zig { words: words.iter().map(|word| (*word).to_owned()).collect() }
}

/// `$ZIG` if set (a path, or a command such as `python3 -m ziglang`), else the workspace's virtual environment, else
/// whatever `python3 -m ziglang` or `zig` is.
pub fn find(manifest: &Path) -> Result<Zig, String> {
    println!("cargo::rerun-if-env-changed=ZIG");
    if let Ok(given) = std::env::var("ZIG")
        && !given.trim().is_empty()
    {
        let zig = words(&given.split_whitespace().collect::<Vec<_>>());
        return match zig.version() {
            Some(version) if version == VERSION => Ok(zig),
            Some(version) => Err(format!("ZIG={given} is zig {version}; the guest needs {VERSION}.\n{HINT}")),
            None => Err(format!("ZIG={given} cannot be run.\n{HINT}")),
        };
    }
    let python = manifest.join("../.venv/bin/python");
    println!("cargo::rerun-if-changed={}", python.display());
    let python = python.to_string_lossy();
    [words(&[python.as_ref(), "-m", "ziglang"]), words(&["python3", "-m", "ziglang"]), words(&["zig"])]
        .into_iter()
        .find(|zig| zig.version().as_deref() == Some(VERSION))
        .ok_or_else(|| format!("The guest needs zig {VERSION}, and there is none.\n{HINT}"))
}
