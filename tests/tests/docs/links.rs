//! Links and includes of every document: what they name is there. Links to other sites are not followed.

use std::path::{Path, PathBuf};
use std::process::Command;

use tenterhook_tests::root;

/// How the book links to files of the repository that are no part of it.
const REPOSITORY: [&str; 2] =
    ["https://github.com/tenterhook/tenterhook/blob/main/", "https://github.com/tenterhook/tenterhook/tree/main/"];

/// The text without code, where brackets mean something else. Lines stay where they are.
fn prose(text: &str) -> String {
    let mut prose = String::new();
    let mut inside = false;
    for line in text.lines() {
        let fence = line.trim_start().starts_with("```");
        if !inside && !fence {
            // What stands between single backticks is code too.
            prose.push_str(&line.split('`').step_by(2).collect::<Vec<_>>().join("`"));
        }
        inside ^= fence;
        prose.push('\n');
    }
    assert!(!inside, "a block is not closed");
    prose
}

/// The targets of a text's links, with their lines.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(prose(text).lines()) {
        let inline = line.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(target, _)| target);
        let reference = line.strip_prefix('[').and_then(|rest| rest.split_once("]: ")).map(|(_, target)| target);
        found.extend(inline.chain(reference).map(|target| (number, target.to_owned())));
    }
    found
}

/// The fragments that the headings of a text can be linked by.
fn fragments(text: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in text.lines() {
        inside ^= line.starts_with("```");
        if inside || !line.starts_with('#') {
            continue;
        }
        let heading = line.trim_start_matches('#').trim().to_lowercase();
        let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        found.push(kept.map(|c| if c == ' ' { '-' } else { c }).collect());
    }
    found
}

/// What `{{#include FILE:ANCHOR}}` puts in place of itself, from a page in that folder.
fn included(folder: &Path, what: &str) -> Result<String, String> {
    let (file, anchor) = what.split_once(':').unwrap_or((what, ""));
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{file}: {error}"))?;
    if anchor.is_empty() {
        return expanded(path.parent().unwrap(), &text);
    }
    let is = |line: &str, kind: &str| {
        let rest = line.split_once(kind).map(|(_, rest)| rest.trim_end_matches("-->").trim());
        rest == Some(anchor)
    };
    let mut lines = text.lines().skip_while(|line| !is(line, "ANCHOR: ")).skip(1);
    let mut part = String::new();
    loop {
        match lines.next() {
            Some(line) if is(line, "ANCHOR_END: ") => return Ok(part),
            Some(line) => part.push_str(&format!("{line}\n")),
            None => return Err(format!("{file}: no anchor {anchor}, or no end of it")),
        }
    }
}

/// A page's text with what it includes.
fn expanded(folder: &Path, text: &str) -> Result<String, String> {
    let mut whole = String::new();
    for line in text.lines() {
        let include = line.trim().strip_prefix("{{#include ").and_then(|rest| rest.strip_suffix("}}"));
        match include {
            Some(what) => whole.push_str(&included(folder, what.trim())?),
            None if line.contains("{{#") => return Err(format!("an include stands alone in its line: {line}")),
            None => whole.push_str(&format!("{line}\n")),
        }
    }
    Ok(whole)
}

/// A document as its readers see it: path from the root, folder, text.
fn documents() -> Vec<(String, PathBuf, String)> {
    let git = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "*.md"])
        .output();
    let Ok(git) = git else { return Vec::new() };
    let names = String::from_utf8(git.stdout).unwrap();
    let there = names.lines().filter(|name| root().join(name).is_file());
    there
        .map(|name| {
            let path = root().join(name);
            let folder = path.parent().unwrap().to_owned();
            let text = std::fs::read_to_string(&path).unwrap();
            let text = expanded(&folder, &text).unwrap_or_else(|problem| panic!("{name}: {problem}"));
            (name.to_owned(), folder, text)
        })
        .collect()
}

/// What is wrong with a link in that folder.
fn broken(folder: &Path, text: &str, target: &str) -> Option<String> {
    let within = REPOSITORY.iter().find_map(|start| target.strip_prefix(start));
    if within.is_none() && (target.contains("://") || target.starts_with("mailto:")) {
        return None;
    }
    let (file, fragment) = within.unwrap_or(target).split_once('#').unwrap_or((within.unwrap_or(target), ""));
    let path = match within {
        Some(_) => root().join(file),
        None if file.is_empty() => {
            let missing = !fragments(text).iter().any(|known| known == fragment);
            return missing.then(|| format!("no heading #{fragment}"));
        }
        None => folder.join(file),
    };
    if !path.exists() {
        return Some(format!("{file} is not there"));
    }
    // Of the book's own pages a reader sees the book's form, which has nothing outside its source.
    let book = root().join("docs/src");
    let inside = |path: &Path| path.canonicalize().is_ok_and(|path| path.starts_with(book.canonicalize().unwrap()));
    if within.is_none() && inside(folder) && !inside(&path) {
        return Some(format!("{file} is no page of the book"));
    }
    if fragment.is_empty() || path.extension().is_none_or(|extension| extension != "md") {
        return None;
    }
    let text = std::fs::read_to_string(&path).unwrap();
    let text = expanded(path.parent().unwrap(), &text).unwrap_or_default();
    let missing = !fragments(&text).iter().any(|known| known == fragment);
    missing.then(|| format!("{file} has no heading #{fragment}"))
}

#[test]
fn every_link_and_include_leads_somewhere() {
    let mut problems = Vec::new();
    for (name, folder, text) in documents() {
        for (_, target) in links(&text) {
            if let Some(problem) = broken(&folder, &text, &target) {
                problems.push(format!("{name}: {target}: {problem}"));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn what_leads_nowhere_is_found() {
    let text = "# What it costs\n\n[a](x.md) `[b](c)` [d]\n\n```\n[e](f)\n```\n\n[d]: README.md\n";
    assert_eq!(links(text), [(3, "x.md".to_owned()), (9, "README.md".to_owned())]);
    assert_eq!(fragments("# `a`: What's it?\n```\n# no\n```\n## b_c-d"), ["a-whats-it", "b_c-d"]);
    let (folder, book) = (root(), root().join("docs/src"));
    for (folder, target) in [
        (&folder, "README.md"),
        (&folder, "README.md#licence"),
        (&folder, "#what-it-costs"),
        (&folder, "https://www.lua.org"),
        (&book, "SUMMARY.md"),
        (&book, "https://github.com/tenterhook/tenterhook/blob/main/frr/README.md#what-it-costs"),
    ] {
        assert_eq!(broken(folder, text, target), None, "{target}");
    }
    for (folder, target) in [
        (&folder, "NOTHING.md"),
        (&folder, "README.md#nothing"),
        (&folder, "#nothing"),
        (&book, "../../README.md"),
        (&book, "https://github.com/tenterhook/tenterhook/blob/main/NOTHING.md"),
    ] {
        assert!(broken(folder, text, target).is_some(), "{target}");
    }
}

#[test]
fn includes_are_taken_by_anchor() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("f"), "one\n// ANCHOR: a\ntwo\n// ANCHOR_END: a\n<!-- ANCHOR: b -->\n").unwrap();
    let of = |what: &str| expanded(folder.path(), &format!("x\n{{{{#include {what}}}}}\ny\n"));
    assert_eq!(of("f:a").unwrap(), "x\ntwo\ny\n");
    for what in ["g", "f:c", "f:b"] {
        assert!(of(what).is_err(), "{what}");
    }
}
