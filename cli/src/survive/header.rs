//! The header of a case or a golden script: lines `--! key = value` at its top. `tests/golden/README.md` and
//! `tests/survival/README.md` say what each key means.

use serde_json::{Map, Value as Json};

use crate::untimed;

/// The tenant that scripts with a header run for.
pub const TENANT: &str = "script";

/// One line of a header, continuation lines joined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderLine {
    /// The key.
    pub key: String,
    /// The value.
    pub value: String,
}

/// The expected outcome of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// A result; what is not named is at its default.
    Result(Map<String, Json>),
    /// A fault with that cause.
    Fault(String),
    /// The script is not attached: a fault with that cause while it loads.
    Refused(String),
    /// The policy denies the call, with that cause.
    Denied(String),
    /// Not known yet; blessing records it.
    Unknown,
}

/// One call of the script.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// Arguments by name, over the hook point's sample.
    pub args: Map<String, Json>,
    /// The expected outcome.
    pub expected: Expected,
    /// Texts that the fault's message must contain.
    pub messages: Vec<String>,
    /// Texts that its traceback must contain.
    pub tracebacks: Vec<String>,
    /// The exact lines that it logs.
    pub logs: Vec<String>,
    /// Log lines that exceed the budget.
    pub dropped: u64,
    /// The exact fuel that it uses.
    pub fuel: Option<u64>,
}

/// A script with its header.
#[derive(Debug, Clone, PartialEq)]
pub struct Script {
    /// The file's name, which is the script's name in messages.
    pub file: String,
    /// The whole file: what is attached.
    pub source: Vec<u8>,
    /// The header, line by line.
    pub header: Vec<HeaderLine>,
    /// The hook point.
    pub hook: String,
    /// The policy, as TOML.
    pub policy: String,
    /// Whether state lasts from call to call.
    pub kept: bool,
    /// The driver that replaces calling the script, and its parameter.
    pub driver: Option<(String, String)>,
    /// Arguments of a harmless call, over the hook point's sample.
    pub calm: Map<String, Json>,
    /// The calls, in order.
    pub calls: Vec<Call>,
}

impl Script {
    /// Reads a script; `file` is its name.
    ///
    /// # Errors
    /// The header is invalid.
    pub fn parse(file: &str, source: &[u8]) -> Result<Script, String> {
        let header = lines(source)?;
        let mut hook = None;
        let mut about = None;
        let (mut preset, mut budget, mut grants) = ("default", String::new(), String::new());
        let mut kept = false;
        let mut driver = None;
        let mut calm = Map::new();
        let mut args = Map::new();
        let mut calls: Vec<Call> = Vec::new();
        for HeaderLine { key, value } in &header {
            let call = |calls: &mut Vec<Call>, change: &dyn Fn(&mut Call)| match calls.last_mut() {
                Some(last) => {
                    change(last);
                    Ok(())
                }
                None => Err(format!("'{key}' must follow an 'expect'")),
            };
            let number = || value.replace('_', "").parse::<u64>().map_err(|_| format!("{key} = {value}: not a number"));
            match key.as_str() {
                "about" => about = Some(value),
                "hook" => hook = Some(value.clone()),
                "policy" if value == "default" || value == "strict" => preset = value,
                "budget" => budget = amounts(value)?,
                "state" if value == "fresh" || value == "kept" => kept = value == "kept",
                "grant" => {
                    grants.push_str(&format!(
                        "[[tenants.{TENANT}.grants]]\ncapability = {value:?}\nreason = \"tested\"\n"
                    ));
                }
                "driver" => {
                    let (name, parameter) = value.split_once(' ').unwrap_or((value, ""));
                    driver = Some((name.to_owned(), parameter.trim().to_owned()));
                }
                "args" => args = object(key, value)?,
                "calm" => calm = object(key, value)?,
                "expect" => calls.push(Call {
                    args: args.clone(),
                    expected: expected(value)?,
                    messages: Vec::new(),
                    tracebacks: Vec::new(),
                    logs: Vec::new(),
                    dropped: 0,
                    fuel: None,
                }),
                "message" => call(&mut calls, &|call| call.messages.push(value.clone()))?,
                "traceback" => call(&mut calls, &|call| call.tracebacks.push(value.clone()))?,
                "log" => call(&mut calls, &|call| call.logs.push(value.clone()))?,
                "dropped" => {
                    let number = number()?;
                    call(&mut calls, &|call| call.dropped = number)?;
                }
                "fuel" => {
                    let number = number()?;
                    call(&mut calls, &|call| call.fuel = Some(number))?;
                }
                _ => return Err(format!("unknown key '{key}', or unknown value '{value}' of it")),
            }
        }
        about.filter(|about| !about.is_empty()).ok_or("missing 'about', which says what the script shows")?;
        if calls.is_empty() {
            return Err("missing 'expect', which gives the expected outcome".into());
        }
        // A case makes its calls whatever their outcome: rates and quarantine have tests of their own.
        let defaults = if preset == "default" { untimed::defaults(&budget) } else { budget };
        let policy = format!(
            "preset = \"{preset}\"\nunknown_tenants = \"default\"\n[defaults]\n{defaults}[tenants.{TENANT}]\n{grants}"
        );
        let hook = hook.ok_or("missing 'hook', which names the hook point")?;
        Ok(Script { file: file.to_owned(), source: source.to_vec(), header, hook, policy, kept, driver, calm, calls })
    }
}

/// The header's lines. A line that begins with three or more spaces continues the one before.
fn lines(source: &[u8]) -> Result<Vec<HeaderLine>, String> {
    let mut lines: Vec<HeaderLine> = Vec::new();
    for line in source.split(|byte| *byte == b'\n').map_while(|line| line.strip_prefix(b"--!")) {
        let line = std::str::from_utf8(line).map_err(|_| "the header is not UTF-8")?;
        if line.starts_with("   ") {
            let last = lines.last_mut().ok_or("the header begins with a continuation")?;
            if !last.value.is_empty() {
                last.value.push(' ');
            }
            last.value.push_str(line.trim());
        } else {
            let (key, value) = line.split_once('=').ok_or_else(|| format!("expected 'key = value', got '{line}'"))?;
            lines.push(HeaderLine { key: key.trim().to_owned(), value: value.trim().to_owned() });
        }
    }
    Ok(lines)
}

fn object(key: &str, value: &str) -> Result<Map<String, Json>, String> {
    match serde_json::from_str(value).map_err(|error| format!("{key}: {error}: {value}"))? {
        Json::Object(object) => Ok(object),
        _ => Err(format!("{key}: expected an object")),
    }
}

/// `fuel=1M memory=1MiB` as lines of TOML.
fn amounts(value: &str) -> Result<String, String> {
    let line = |amount: &str| {
        let (key, value) =
            amount.split_once('=').ok_or_else(|| format!("expected fuel=1M or the like, got '{amount}'"))?;
        // Counts are bare numbers in policies; other values may have a unit or are words.
        let bare = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_');
        Ok(if bare { format!("{key} = {value}\n") } else { format!("{key} = {value:?}\n") })
    };
    value.split_whitespace().map(line).collect()
}

fn expected(value: &str) -> Result<Expected, String> {
    if value.is_empty() {
        return Ok(Expected::Unknown);
    }
    if let Some(json) = value.strip_prefix("result") {
        return match serde_json::from_str(json).map_err(|error| format!("expect: {error}: {json}"))? {
            Json::Object(object) => Ok(Expected::Result(object)),
            _ => Err("expect: the result is not an object".into()),
        };
    }
    let (kind, cause) = value.split_once(':').ok_or_else(|| format!("expect: cannot understand '{value}'"))?;
    match kind {
        "fault" => Ok(Expected::Fault(cause.to_owned())),
        "refused" => Ok(Expected::Refused(cause.to_owned())),
        "denied" => Ok(Expected::Denied(cause.to_owned())),
        _ => Err(format!("expect: cannot understand '{value}'")),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_what_to_run_and_what_to_expect() {
        let text = b"--! about = both\n--! hook = test.run\n--! policy = strict\n--! budget = fuel=20K log_lines=3\n\
            --! args = {\"n\":\n--!     1}\n--! expect = result {\"ok\": true}\n--! log = info@3 x = y\n--! fuel = 1_234\n\
            --! expect = fault:script\n--! message = boom\nfunction run() end\n--! fuel = 5\n";
        let script = Script::parse("both.lua", text).unwrap();
        assert_eq!(script.hook, "test.run");
        assert!(script.policy.contains("preset = \"strict\"") && script.policy.contains("log_lines = 3\n"));
        assert_eq!(script.calls.len(), 2);
        assert_eq!(script.calls[0].args["n"], 1);
        assert_eq!(script.calls[0].logs, ["info@3 x = y"]);
        assert_eq!(script.calls[0].fuel, Some(1234));
        assert_eq!(script.calls[1].expected, Expected::Fault("script".into()));
        assert_eq!(script.calls[1].fuel, None, "what follows the header is the script's");
    }

    #[test]
    fn what_cannot_be_understood_is_said() {
        for (text, problem) in [
            ("--! hook = h\n--! expect = fault:x\n", "missing 'about'"),
            ("--! about = a\n--! expect = fault:x\n", "missing 'hook'"),
            ("--! about = a\n--! hook = h\n", "missing 'expect'"),
            ("--! about = a\n--! fuel = 5\n", "must follow an 'expect'"),
            ("--! polcy = strict\n", "unknown key 'polcy'"),
            ("--! state = sometimes\n", "unknown value"),
            ("--! expect = fault\n", "cannot understand"),
            ("--! expect = result [1]\n", "not an object"),
            ("--! calm = 7\n", "expected an object"),
            ("--! nonsense\n", "expected 'key = value'"),
        ] {
            let error = Script::parse("x.lua", text.as_bytes()).unwrap_err();
            assert!(error.contains(problem), "{text}: {error}");
        }
    }
}
