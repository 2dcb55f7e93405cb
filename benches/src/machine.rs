//! What the figures were measured with: ratios travel from machine to machine, nanoseconds do not.

use std::process::Command;

use serde_json::{Value, json};

/// Versions as the workspace has locked them.
const LOCK: &str = include_str!("../../Cargo.lock");

/// Facts about this machine and this build.
#[derive(Debug, Clone)]
pub struct Machine {
    /// The processor's name.
    pub cpu: String,
    /// How many threads run at once.
    pub cores: usize,
    /// The compiler's version.
    pub rustc: String,
    /// wasmtime's.
    pub wasmtime: String,
    /// Lua's, native and in the sandbox.
    pub lua: String,
    /// mlua's.
    pub mlua: String,
}

impl Machine {
    /// This machine; what cannot be told is `unknown`.
    pub fn here() -> Machine {
        let unknown = || "unknown".to_owned();
        Machine {
            cpu: cpu().unwrap_or_else(unknown),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            rustc: rustc().unwrap_or_else(unknown),
            wasmtime: locked("wasmtime").unwrap_or_else(unknown),
            lua: tenterhook_guest_lua::LUA_VERSION.to_owned(),
            mlua: locked("mlua").unwrap_or_else(unknown),
        }
    }

    /// As JSON.
    pub fn json(&self) -> Value {
        json!({
            "cpu": self.cpu,
            "cores": self.cores,
            "rustc": self.rustc,
            "wasmtime": self.wasmtime,
            "lua": self.lua,
            "mlua": self.mlua,
            "guest_sha256": tenterhook::GUEST_SHA256,
        })
    }

    /// As one line.
    pub fn line(&self) -> String {
        format!(
            "{}, {} cores; rustc {}, wasmtime {}, Lua {}, mlua {}",
            self.cpu, self.cores, self.rustc, self.wasmtime, self.lua, self.mlua
        )
    }
}

fn cpu() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    field(&text, "model name").or_else(|| field(&text, "Model")).map(str::to_owned)
}

/// `name : value` lines.
fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(key, _)| key.trim() == name)
        .map(|(_, value)| value.trim())
}

fn rustc() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = Command::new(rustc).arg("--version").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.split_whitespace().nth(1)?.to_owned())
}

/// The version of a package that is locked once.
fn locked(package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = LOCK.lines().skip_while(|line| *line != name);
    let version = lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_those_of_the_lock() {
        assert!(locked("wasmtime").is_some_and(|version| version.starts_with("48.")));
        assert!(locked("mlua").is_some());
        assert_eq!(locked("no-such-package"), None);
    }

    #[test]
    fn the_processor_has_a_line_of_its_own() {
        let text = "processor\t: 0\nmodel name\t: A Processor: the fast one\n\nprocessor\t: 1\n";
        assert_eq!(field(text, "model name"), Some("A Processor: the fast one"));
        assert_eq!(field(text, "flags"), None);
    }
}
