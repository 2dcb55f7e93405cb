//! Values for a shell's completion, from the running program at `--socket` of the line being completed, or at
//! `TENTERHOOK_SOCKET`. If no program responds, there are no values.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::time::Duration;

use clap_complete::CompletionCandidate;
use serde_json::Value as Json;
use tenterhook_bgp::catalog;

use crate::live::Client;

/// The longest time that a user waits for the program after pressing a key.
const PATIENCE: Duration = Duration::from_secs(1);

/// `tenant/name` of attachments.
pub fn attachments(current: &OsStr) -> Vec<CompletionCandidate> {
    let name = |of: &Json| Some(format!("{}/{}", of["tenant"].as_str()?, of["name"].as_str()?));
    listed(current, &ask("/v1/attachments"), &["attachments", "broken"], name)
}

/// Hook points; without a program, those of the catalog.
pub fn hooks(current: &OsStr) -> Vec<CompletionCandidate> {
    match socket(words()) {
        Some(_) => listed(current, &ask("/v1/hooks"), &["hooks"], |of| of["name"].as_str().map(str::to_owned)),
        None => fitting(current, catalog::all().iter().map(|of| (of.name.clone(), None)).collect()),
    }
}

/// Tenants.
pub fn tenants(current: &OsStr) -> Vec<CompletionCandidate> {
    listed(current, &ask("/v1/tenants"), &["tenants"], |of| of["name"].as_str().map(str::to_owned))
}

/// The names in these lists of a response, each with its hook point.
fn listed(
    current: &OsStr,
    answer: &Json,
    lists: &[&str],
    name: impl Fn(&Json) -> Option<String>,
) -> Vec<CompletionCandidate> {
    let items = lists.iter().flat_map(|list| answer[list].as_array().into_iter().flatten());
    let hook = |of: &Json| of["hook"].as_str().map(|hook| format!("at {hook}"));
    fitting(current, items.filter_map(|of| Some((name(of)?, hook(of)))).collect())
}

/// The names with the prefix that is already written, each once.
fn fitting(current: &OsStr, mut all: Vec<(String, Option<String>)>) -> Vec<CompletionCandidate> {
    let Some(current) = current.to_str() else { return Vec::new() };
    // Control characters are not printed on a terminal, whatever their source.
    all.retain(|(name, _)| name.starts_with(current) && !name.chars().any(char::is_control));
    all.sort();
    all.dedup_by(|a, b| a.0 == b.0);
    let candidate = |(name, help): (String, Option<String>)| {
        CompletionCandidate::new(name).help(help.map(|help| crate::text::plain(&help).into()))
    };
    all.into_iter().map(candidate).collect()
}

/// The program's response; null if there is none.
fn ask(path: &str) -> Json {
    let client = socket(words()).and_then(|path| Client::new(path).ok());
    let answer = client.and_then(|client| client.patience(PATIENCE).get(path, &[]).ok());
    answer.unwrap_or(Json::Null)
}

/// The line being completed: the shell passes it after `--`.
fn words() -> Vec<OsString> {
    env::args_os().skip_while(|word| word != "--").skip(1).collect()
}

/// The socket given in the line, or in the environment.
fn socket(words: Vec<OsString>) -> Option<PathBuf> {
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let value = match word.to_str() {
            Some("--socket" | "-s") => words.next(),
            Some(word) => word.strip_prefix("--socket=").map(OsString::from),
            None => None,
        };
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            return Some(value.into());
        }
    }
    env::var_os("TENTERHOOK_SOCKET").filter(|value| !value.is_empty()).map(PathBuf::from)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn values(candidates: &[CompletionCandidate]) -> Vec<String> {
        candidates.iter().map(|candidate| candidate.get_value().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn the_line_names_the_socket() {
        let of = |words: &[&str]| socket(words.iter().map(OsString::from).collect());
        for words in [
            &["tenterhook", "--socket", "a", "show", ""][..],
            &["tenterhook", "show", "-s", "a", ""],
            &["tenterhook", "show", "--socket=a", ""],
        ] {
            assert_eq!(of(words), Some("a".into()), "{words:?}");
        }
    }

    #[test]
    fn only_what_fits_is_offered_and_nothing_that_moves_a_cursor() {
        let answer = json!({ "attachments": [
            { "tenant": "peer", "name": "x", "hook": "h" }, { "tenant": "acme", "name": "b", "hook": "h" },
            { "tenant": "acme", "name": "a", "hook": "h" }, { "tenant": "acme", "name": "\u{1b}[2J", "hook": "h" },
        ] });
        let name = |of: &Json| Some(format!("{}/{}", of["tenant"].as_str()?, of["name"].as_str()?));
        let offered = |current: &str| values(&listed(OsStr::new(current), &answer, &["attachments"], name));
        assert_eq!(offered(""), ["acme/a", "acme/b", "peer/x"]);
        assert_eq!(offered("acme/"), ["acme/a", "acme/b"]);
        assert_eq!(offered("z"), [""; 0]);
        assert_eq!(values(&listed(OsStr::new(""), &Json::Null, &["attachments"], name)), [""; 0]);
    }
}
