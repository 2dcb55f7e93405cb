//! Phrases that `docs/style.md` replaces, and names that once stood for several things.

use std::path::Path;

use crate::workspace::{files, nothing, rust};

/// Phrases that documents, comments and messages do not use, in lower case.
const PHRASES: [&str; 24] = [
    "kept beyond",
    "defaults for one atomic load",
    "where to?",
    "nobody to ask",
    "nobody is told",
    "nobody but",
    "only so much of",
    "a 23rd",
    "whoever",
    "to tell them apart",
    "types to tell",
    "tells whoever",
    "tells everybody",
    "is told of",
    "are told of",
    "what those came to",
    "what it came to",
    "what they came to",
    "what it comes to",
    "what a call came to",
    "comes to the same",
    "came to the same",
    "unless said",
    "there are only so many",
];

/// Names of types that stand for one thing each.
const NAMES: [&str; 5] = ["Place", "Entry", "Problem", "Written", "State"];

/// Files that quote phrases in order to replace them.
const QUOTING: [&str; 3] = ["docs/style.md", "docs/glossary.md", "tests/tests/tidy/phrases.rs"];

/// Documents, and the sources of what is published: their comments and messages.
fn is_prose(name: &str) -> bool {
    let kind = Path::new(name).extension().and_then(|kind| kind.to_str()).unwrap_or_default();
    match kind {
        "md" => true,
        "rs" | "h" | "c" | "lua" | "toml" => !name.starts_with("frr/") && !name.contains("tests/"),
        _ => false,
    }
}

#[test]
fn replaced_phrases_do_not_come_back() {
    let mut problems = Vec::new();
    for (name, path) in files().into_iter().filter(|(name, _)| is_prose(name) && !QUOTING.contains(&name.as_str())) {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        // Comments are wrapped, so a phrase may begin on one line and end on the next.
        let lines: Vec<String> = text.lines().map(unmarked).collect();
        for (at, line) in lines.iter().enumerate() {
            let next = lines.get(at + 1).map_or("", String::as_str);
            let joined = format!("{line} {next}");
            let begins_here = |phrase: &&&str| joined.find(**phrase).is_some_and(|found| found < line.len());
            if let Some(phrase) = PHRASES.iter().find(begins_here) {
                problems.push(format!("{name}:{}: '{phrase}'; see docs/style.md", at + 1));
            }
        }
    }
    nothing(&problems);
}

/// A line in lower case, without the marks of a comment.
fn unmarked(line: &str) -> String {
    line.trim().trim_start_matches(['/', '!', '*', '#']).trim().to_lowercase()
}

#[test]
fn a_name_stands_for_one_thing() {
    let rust = rust();
    let declares = |line: &str, name: &str| {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
        words.windows(2).any(|pair| matches!(pair[0], "struct" | "enum" | "type" | "trait") && pair[1] == name)
    };
    let mut problems = Vec::new();
    for name in NAMES {
        let mut found = Vec::new();
        for (file, text) in &rust {
            let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            found.extend(code.filter(|line| declares(line, name)).map(|_| file.as_str()));
        }
        if found.len() > 1 {
            problems.push(format!("{name} is declared in {}: expected one", found.join(", ")));
        }
    }
    nothing(&problems);
}
