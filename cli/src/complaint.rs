//! Errors on standard error: for people, or for programs if the command line contains `--json`.
//!
//! For programs an error is one line, the last one, in the shape of the control plane's errors:
//!
//! ```json
//! {"error": {"code": "not_found", "message": "no attachment acme/x", "exit": 2}}
//! ```
//!
//! A warning is `{"warning": {"message": …}}`, on a line before.
//!
//! | key | |
//! | --- | --- |
//! | `code` | `usage`: an invalid command line; `input`: an invalid file or value; `unreachable`; otherwise the control plane's code |
//! | `message` | for people |
//! | `exit` | the command's exit code |
//! | `field`, `revision`, `nearest`, `script`, `line`, `column`, `traceback`, `difference` and others | as in the control plane's `Error`, if it has them |

use std::ffi::OsString;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value as Json, json};

use crate::live::{Refusal, Unreachable};
use crate::text;

/// Whether errors are for programs. It is set once, before anything can fail.
static FOR_PROGRAMS: AtomicBool = AtomicBool::new(false);

/// Finds out from the command line whom errors are for. The line may itself be invalid, so it is not parsed.
pub fn address(args: impl IntoIterator<Item = OsString>) {
    let mut options = args.into_iter().take_while(|word| word != "--");
    // Letters without values may precede -j in one word: `-fj` is `-j` too.
    let is_json = |word: &str| word == "--json" || is_letters_with(word, 'j');
    FOR_PROGRAMS.store(options.any(|word| word.to_str().is_some_and(is_json)), Ordering::Relaxed);
}

/// Whether a word consists of letters of options, including this one: `-j`, `-fj`.
fn is_letters_with(word: &str, letter: char) -> bool {
    word.strip_prefix('-').is_some_and(|letters| {
        letters.len() <= 3 && letters.chars().all(|c| c.is_ascii_alphabetic()) && letters.ends_with(letter)
    })
}

/// Whether errors are for programs.
pub fn is_for_programs() -> bool {
    FOR_PROGRAMS.load(Ordering::Relaxed)
}

/// An error as a line, without the newline.
pub fn line(error: &anyhow::Error, exit: u8) -> String {
    match is_for_programs() {
        true => json(error, exit).to_string(),
        false => format!("error: {}", text::plain(&format!("{error:#}"))),
    }
}

/// A warning as a line, without the newline.
pub fn warning(message: &str) -> String {
    match is_for_programs() {
        true => json!({ "warning": { "message": message } }).to_string(),
        false => text::plain(message),
    }
}

/// An invalid command line, for programs.
pub fn usage(error: &clap::Error) -> String {
    let message = error.render().to_string();
    let message = message.trim().strip_prefix("error: ").unwrap_or(message.trim());
    json!({ "error": { "code": "usage", "message": message, "exit": error.exit_code() } }).to_string()
}

fn json(error: &anyhow::Error, exit: u8) -> Json {
    let refusal = error.downcast_ref::<Refusal>().map(|refusal| &refusal.problem);
    let code = match refusal {
        Some(problem) if !problem.code.is_empty() => problem.code.as_str(),
        Some(_) => "host",
        None if error.downcast_ref::<Unreachable>().is_some() => "unreachable",
        // The command's own errors have the same codes as the control plane's.
        None => match exit {
            3 => "script",
            4 => "policy",
            _ => "input",
        },
    };
    let mut reported = json!({ "code": code, "message": format!("{error:#}"), "exit": exit });
    let more = refusal.and_then(|problem| serde_json::to_value(problem).ok());
    for (key, value) in more.iter().filter_map(Json::as_object).flatten() {
        if reported.get(key).is_none() {
            reported[key] = value.clone();
        }
    }
    json!({ "error": reported })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_keeps_what_the_control_plane_said() {
        let body = br#"{"error":{"code":"stale","message":"made against 3","revision":5,"by":"uid 7"}}"#;
        let error = anyhow::Error::from(Refusal::new(409, body)).context("acme/x");
        let message = "acme/x: made against 3; the current revision is 5";
        let reported =
            json!({ "error": { "code": "stale", "message": message, "exit": 5, "revision": 5, "by": "uid 7" } });
        assert_eq!(json(&error, 5), reported);
        for (exit, code) in [(2, "input"), (3, "script"), (4, "policy")] {
            assert_eq!(json(&anyhow::anyhow!("no"), exit)["error"]["code"], code);
        }
        let input = json(&anyhow::anyhow!("no such file"), 2);
        assert_eq!(input, json!({ "error": { "code": "input", "message": "no such file", "exit": 2 } }));
    }

    #[test]
    fn json_is_asked_for_by_its_name_or_its_letter_before_the_options_end() {
        let asks = |line: &str| {
            address(line.split(' ').map(OsString::from));
            is_for_programs()
        };
        for line in ["t list --json", "t list -j", "t events -fj", "t --json"] {
            assert!(asks(line), "{line}");
        }
        for line in ["t list", "t show -- --json", "t check --jsonx", "t check a-j", "t new -tj/x"] {
            assert!(!asks(line), "{line}");
        }
        assert!(!asks("t"));
    }
}
