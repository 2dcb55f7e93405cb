//! The book (`docs/`): its commands are run, its code is that of files that tests run, its pages are in its summary.

use std::path::PathBuf;

use tenterhook_tests::root;

use crate::walk::{has_walk, walk};

/// The book's pages, the summary too: path from the root, and text.
pub fn pages() -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::from("docs/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                let text = std::fs::read_to_string(root().join(&path)).unwrap();
                found.push((path.to_string_lossy().into_owned(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 8, "the book is here");
    found
}

/// A fenced block: the line of its fence, its language, its lines, and the line before the fence.
struct Block<'a> {
    number: usize,
    language: &'a str,
    lines: Vec<&'a str>,
    before: &'a str,
}

fn fenced(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<Block<'_>> = None;
    let mut before = "";
    for (number, line) in (1..).zip(text.lines()) {
        match (line.strip_prefix("```"), &mut open) {
            (Some(language), None) => open = Some(Block { number, language, lines: Vec::new(), before }),
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (None, Some(block)) => block.lines.push(line),
            (None, None) => before = line,
        }
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// What is wrong with a block: a command that no test runs and that does not say why, or code that could be stale.
fn problem(block: &Block<'_>) -> Option<&'static str> {
    let shows_commands = block.lines.iter().any(|line| line.starts_with("$ "));
    let starts_with_one = block.lines.first().is_some_and(|line| line.starts_with("$ "));
    match block.language {
        "console" if !starts_with_one => Some("a console starts with a command: `$ …`"),
        "console" | "text" => None,
        "" if shows_commands => Some("commands belong in a block of the language console"),
        "" => None,
        "sh" if shows_commands => Some("commands that are run belong in a block of the language console"),
        "sh" => {
            let comment = block.before.trim_start_matches("<!-- ").trim_end_matches(" -->");
            match comment.split_once(": ") {
                Some(("not run", reason)) if reason.len() > 20 => None,
                Some(("run by", file)) if root().join(file).exists() => None,
                _ => Some("the line before says `<!-- not run: REASON -->` or `<!-- run by: FILE -->`"),
            }
        }
        "rust" | "c" | "lua" | "toml" if block.lines.iter().all(|line| line.starts_with("{{#include ")) => None,
        "rust" | "c" | "lua" | "toml" => Some("code is included from a file that a test runs"),
        _ => Some("no such language is expected here"),
    }
}

#[test]
fn every_block_of_the_book_is_run_or_included_or_says_why_not() {
    let mut problems = Vec::new();
    for (name, text) in pages() {
        for block in fenced(&text) {
            if let Some(problem) = problem(&block) {
                problems.push(format!("{name}:{}: {problem}", block.number));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_walks_of_the_book_are_what_happens() {
    let with_walks: Vec<String> =
        pages().into_iter().filter(|(_, text)| has_walk(text)).map(|(name, _)| name).collect();
    for chapter in ["rust", "scripts", "operators"] {
        assert!(with_walks.contains(&format!("docs/src/{chapter}.md")), "{chapter}: expected to have a walk");
    }
    for page in with_walks {
        walk(&page, None);
    }
}

#[test]
fn every_page_is_in_the_summary_once() {
    let summary = std::fs::read_to_string(root().join("docs/src/SUMMARY.md")).unwrap();
    let mut listed: Vec<String> =
        summary.split("](").skip(1).map(|rest| format!("docs/src/{}", rest.split(')').next().unwrap())).collect();
    listed.sort();
    let pages = pages().into_iter().map(|(name, _)| name);
    let pages: Vec<String> = pages.filter(|name| name != "docs/src/SUMMARY.md").collect();
    assert_eq!(listed, pages);
}

#[test]
fn blocks_that_nothing_would_run_are_found() {
    let wrong = |text: &str| fenced(text).iter().filter(|block| problem(block).is_some()).count();
    for text in [
        "```console\n$ tenterhook list\n```\n",
        "```text\nanything\n```\n",
        "<!-- not run: it installs packages of the system -->\n```sh\napt-get install frr\n```\n",
        "<!-- run by: ffi/tests/c.rs -->\n```sh\ncc hello.c\n```\n",
        "```lua\n{{#include ../../examples/scripts/limit.lua}}\n```\n",
    ] {
        assert_eq!(wrong(text), 0, "{text}");
    }
    for text in [
        "```\n$ tenterhook list\n```\n",
        "```console\nno command\n```\n",
        "```sh\napt-get install frr\n```\n",
        "<!-- not run: because -->\n```sh\napt-get install frr\n```\n",
        "<!-- run by: ffi/tests/nothing.rs -->\n```sh\ncc hello.c\n```\n",
        "```lua\nreturn {}\n```\n",
        "```python\n1\n```\n",
    ] {
        assert_eq!(wrong(text), 1, "{text}");
    }
}
