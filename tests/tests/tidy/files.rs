//! What every file keeps to.

use std::process::Command;

use tenterhook_tests::root;

use crate::workspace::{files, nothing, rust};

/// Most lines of a file under a crate's `src`.
const MOST_LINES: usize = 450;

#[test]
fn every_file_says_what_it_is_about() {
    let without = rust().into_iter().filter(|(_, text)| {
        let line = text.lines().find(|line| !line.starts_with("#!/")).unwrap_or_default();
        !line.starts_with("//! ") || line.len() < 12
    });
    nothing(&without.map(|(name, _)| format!("{name}: expected '//! …' in the first line")).collect::<Vec<_>>());
}

#[test]
fn files_are_short_enough_to_read() {
    let long = rust().into_iter().filter(|(name, _)| name.contains("/src/") || name.contains("/build/"));
    let long = long.filter_map(|(name, text)| {
        let lines = text.lines().count();
        (lines > MOST_LINES).then(|| format!("{name}: {lines} lines, expected at most {MOST_LINES}"))
    });
    nothing(&long.collect::<Vec<_>>());
}

#[test]
fn no_test_is_switched_off() {
    // Put together, so that this file does not find itself.
    let attributes = [
        concat!("#[", "ignore"),
        concat!("#![", "ignore"),
        concat!("ignore ", "= \""),
        concat!(".with_ignored", "_flag(true)"),
    ];
    let mut problems = Vec::new();
    for (name, text) in rust() {
        for (number, line) in (1..).zip(text.lines()) {
            if attributes.iter().any(|attribute| line.contains(attribute)) {
                problems.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    nothing(&problems);
}

/// Where a line of Rust has `unsafe` as a word of code.
fn has_unsafe(line: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let outside_strings: String = code.split('"').step_by(2).collect();
    let word = concat!("un", "safe");
    outside_strings.split(|c: char| !c.is_alphanumeric() && c != '_').any(|part| part == word)
}

#[test]
fn every_unsafe_says_why_it_is_sound() {
    let mut problems = Vec::new();
    let mut found = 0;
    for (name, text) in rust() {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let code = line.trim();
            // A method of a trait that asks for it is no use of its own: what it does needs blocks, and they comments.
            let method = line.starts_with("    ") && code.starts_with(concat!("un", "safe fn "));
            // Exported names are told apart by their prefix; the attribute does nothing that could be unsound.
            let exported = code == concat!("#[un", "safe(no_mangle)]");
            if !has_unsafe(code) || code.starts_with("#!") || code.starts_with("#[allow") || method || exported {
                continue;
            }
            found += 1;
            // The comment block right above, attributes between.
            let above = lines[..at].iter().rev().map(|line| line.trim());
            let comment = above.skip_while(|line| line.starts_with("#[")).take_while(|line| line.starts_with("//"));
            if !comment.into_iter().any(|line| line.contains("SAFETY:") || line.contains("# Safety")) {
                problems.push(format!("{name}:{}: {code}", at + 1));
            }
        }
    }
    assert!(found > 0, "the cache has one");
    nothing(&problems);
}

#[test]
fn crates_without_unsafe_code_say_so() {
    let forbids = [
        "hooks/src/lib.rs",
        "hooks/derive/src/lib.rs",
        "policies/src/lib.rs",
        "bgp/src/lib.rs",
        "guest-lua/src/lib.rs",
        "host/src/lib.rs",
        "control-api/src/lib.rs",
        "control/src/lib.rs",
        "cli/src/lib.rs",
        "tests/src/lib.rs",
    ];
    let without = forbids.iter().filter(|file| {
        !std::fs::read_to_string(root().join(file)).unwrap().contains(concat!("#![forbid(un", "safe_code)]"))
    });
    nothing(&without.map(|file| (*file).to_owned()).collect::<Vec<_>>());
}

/// Files that git knows, or would add.
fn tracked() -> Vec<String> {
    let git = Command::new("git")
        .current_dir(root())
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .output();
    match git {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect()
        }
        // An unpacked archive has no repository: all files count then.
        _ => files().into_iter().map(|(name, _)| name).collect(),
    }
}

#[test]
fn no_file_names_a_place_on_one_machine() {
    // Put together, so that this file does not find itself.
    let forbidden = [
        concat!("/ho", "me/"),
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/Us", "ers/"),
        concat!("C:", "\\"),
        concat!("file:", "//"),
        concat!("local", "host:"),
        concat!("127.0.", "0.1:"),
        concat!("/tmp", "/"),
    ];
    let registries =
        [concat!("registry", "+http"), concat!("index", "-url"), concat!("git+", "http"), concat!("git+", "ssh")];
    let crates_io = "registry+https://github.com/rust-lang/crates.io-index";
    let mut problems = Vec::new();
    for name in tracked() {
        let Ok(text) = std::fs::read_to_string(root().join(&name)) else { continue };
        for (number, line) in (1..).zip(text.lines()) {
            let registry = registries.iter().any(|part| line.contains(part)) && !line.contains(crates_io);
            if forbidden.iter().any(|part| line.contains(part)) || registry {
                problems.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    nothing(&problems);
}
