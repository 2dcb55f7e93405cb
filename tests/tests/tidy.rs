//! Rules that the workspace holds itself to, checked on its files.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use tenterhook::absent;
use tenterhook::policies::{BudgetField, QuotaField};
use tenterhook_tests::{golden, root};

/// Most lines of a file under a crate's `src`.
const MOST_LINES: usize = 450;

/// Our crates: folder, name, and which other ones of ours it may depend on.
const CRATES: [(&str, &str, &[&str]); 13] = [
    ("hooks", "tenterhook-hooks", &["tenterhook-hooks-derive"]),
    ("hooks/derive", "tenterhook-hooks-derive", &[]),
    ("policies", "tenterhook-policies", &[]),
    ("guest-lua", "tenterhook-guest-lua", &[]),
    ("host", "tenterhook", &["tenterhook-hooks", "tenterhook-policies", "tenterhook-guest-lua"]),
    ("bgp", "tenterhook-bgp", &["tenterhook-hooks"]),
    ("control-api", "tenterhook-control-api", &["tenterhook-policies"]),
    ("control", "tenterhook-control", &["tenterhook", "tenterhook-control-api"]),
    ("cli", "tenterhook-cli", &["tenterhook", "tenterhook-bgp", "tenterhook-control-api"]),
    ("ffi", "tenterhook-ffi", &["tenterhook", "tenterhook-bgp", "tenterhook-control"]),
    ("examples", "tenterhook-examples", &["tenterhook", "tenterhook-bgp", "tenterhook-control"]),
    (
        "tests",
        "tenterhook-tests",
        &["tenterhook", "tenterhook-bgp", "tenterhook-cli", "tenterhook-control", "tenterhook-guest-lua"],
    ),
    (
        "benches",
        "tenterhook-benches",
        &["tenterhook", "tenterhook-bgp", "tenterhook-cli", "tenterhook-control", "tenterhook-guest-lua"],
    ),
];

/// Folders that are not ours to judge.
const SKIPPED: [&str; 5] = ["target", ".git", ".venv", ".setup", "node_modules"];

/// Every file of the workspace, with its path from the root.
fn files() -> Vec<(String, PathBuf)> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() && !SKIPPED.contains(&name.as_str()) {
                folders.push(path);
            } else if path.is_file() {
                found.push((path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/"), path));
            }
        }
    }
    found.sort();
    assert!(found.len() > 100, "the workspace is here");
    found
}

/// The Rust files, with their text.
fn rust() -> Vec<(String, String)> {
    let rust = files().into_iter().filter(|(name, _)| name.ends_with(".rs"));
    rust.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

/// Says all that is wrong at once.
fn nothing(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

fn manifest(folder: &str) -> toml::Table {
    std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Names under the tables of dependencies, targets' own ones too.
fn dependencies(table: &toml::Table, kinds: &[&str]) -> Vec<String> {
    let mut names: Vec<String> =
        kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()).flat_map(|table| table.keys().cloned()).collect();
    for target in table.get("target").and_then(toml::Value::as_table).into_iter().flat_map(|targets| targets.values()) {
        names.extend(target.as_table().into_iter().flat_map(|table| dependencies(table, kinds)));
    }
    names
}

#[test]
fn crates_depend_on_each_other_in_one_direction() {
    let ours: Vec<&str> = CRATES.iter().map(|(_, name, _)| *name).collect();
    let workspace = manifest("");
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let listed: Vec<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    let known: Vec<&str> = CRATES.iter().map(|(folder, _, _)| *folder).collect();
    assert_eq!(listed, known, "a new crate needs a line here");
    let mut problems = Vec::new();
    for (folder, name, allowed) in CRATES {
        let manifest = manifest(folder);
        assert_eq!(manifest["package"]["name"].as_str(), Some(name));
        for dependency in dependencies(&manifest, &["dependencies", "build-dependencies", "dev-dependencies"]) {
            if ours.contains(&dependency.as_str()) && !allowed.contains(&dependency.as_str()) {
                problems.push(format!("{folder}/Cargo.toml: {name} must not depend on {dependency}"));
            }
        }
    }
    nothing(&problems);
}

#[test]
fn only_the_host_depends_on_wasmtime() {
    let mut problems = Vec::new();
    for (folder, name, _) in CRATES {
        for dependency in dependencies(&manifest(folder), &["dependencies", "build-dependencies"]) {
            let engine =
                dependency.starts_with("wasmtime") || dependency.starts_with("cranelift") || dependency == "mlua";
            let allowed = match (name, dependency.as_str()) {
                ("tenterhook", "wasmtime") => true,
                ("tenterhook-benches", _) => true,
                // Behind a feature, for the demo's comparison.
                ("tenterhook-cli", "mlua") => {
                    manifest(folder)["dependencies"]["mlua"]["optional"].as_bool() == Some(true)
                }
                _ => false,
            };
            if engine && !allowed {
                problems.push(format!("{folder}/Cargo.toml: {name} must not depend on {dependency}"));
            }
        }
    }
    nothing(&problems);
}

/// HTTP and the runtime that it takes are the control plane's and the command's alone.
#[test]
fn only_the_control_plane_and_the_command_depend_on_a_web_server() {
    let allowed = ["tenterhook-control", "tenterhook-cli"];
    let mut problems = Vec::new();
    for (folder, name, _) in CRATES {
        for dependency in dependencies(&manifest(folder), &["dependencies", "build-dependencies"]) {
            let web = ["axum", "hyper", "http", "tokio", "tower"];
            if web.iter().any(|part| dependency.starts_with(part)) && !allowed.contains(&name) {
                problems.push(format!("{folder}/Cargo.toml: {name} must not depend on {dependency}"));
            }
        }
    }
    nothing(&problems);
}

#[test]
fn wasmtime_is_named_in_the_sandbox_alone() {
    let crates = ["hooks/", "policies/", "host/src/", "control-api/", "control/", "cli/", "ffi/"];
    let mut problems = Vec::new();
    for (name, text) in rust() {
        let inside = name.starts_with("host/src/sandbox/") || name == "host/src/verdict/fault.rs";
        if inside || !crates.iter().any(|folder| name.starts_with(folder)) {
            continue;
        }
        for (number, line) in (1..).zip(text.lines()) {
            let code = line.split("//").next().unwrap_or_default();
            if code.contains("wasmtime") {
                problems.push(format!("{name}:{number}: {}", line.trim()));
            }
        }
    }
    nothing(&problems);
}

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

/// Every limit that a policy can set has a test of that name, at one below, at and one above.
#[test]
fn every_limit_of_a_policy_has_a_test() {
    let read = |name: &str| std::fs::read_to_string(root().join("tests/tests").join(name)).unwrap();
    let quotas = ["rates", "loads", "totals", "reserved", "quarantine"].map(|name| read(&format!("quotas/{name}.rs")));
    let (limits, quotas) = (read("limits.rs"), quotas.concat());
    let budgets = BudgetField::ALL.map(|field| (field.info().name, &limits));
    let over_time = QuotaField::ALL.map(|field| (field.info().name, &quotas));
    let has_test = |name: &str, text: &str| text.contains(&format!("#[test]\nfn {name}() {{"));
    let without = budgets.into_iter().chain(over_time).filter(|(name, text)| !has_test(name, text));
    let mut problems: Vec<String> = without.map(|(name, _)| format!("{name}: no test of its limit")).collect();
    // What the policies crate bounds by constants of its own.
    let policies = ["errors.rs", "hostile.rs", "operators.rs", "policy.rs", "quotas.rs"]
        .map(|name| std::fs::read_to_string(root().join("policies/tests").join(name)).unwrap())
        .concat();
    for name in ["deadlines_have_bounds", "files_over_a_mebibyte_are_not_read", "deep_nesting_is_refused"] {
        if !policies.contains(name) {
            problems.push(format!("{name}: gone"));
        }
    }
    nothing(&problems);
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

/// The functions of a row that none of the scripts it names has in its text. What is absent is absent with its library.
fn unshown<'a>(row: &'a str, state: &str, scripts: &[&str]) -> impl Iterator<Item = &'a str> {
    let text: String = scripts
        .iter()
        .map(|script| golden::folder().join(script).with_extension("lua"))
        .map(|path| String::from_utf8_lossy(&std::fs::read(path).unwrap_or_default()).into_owned())
        .collect();
    let absent = state.starts_with("absent");
    row.split('`').skip(1).step_by(2).map(|name| name.split('(').next().unwrap_or(name)).filter(move |name| {
        let parts: Vec<&str> = name.split(['.', ':']).collect();
        // `file:` is what `io` would give.
        let library = if parts[0] == "file" { "io" } else { parts[0] };
        let has = |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|part| part == word);
        !(has(parts[parts.len() - 1]) || (absent && has(library)))
    })
}

#[test]
fn the_compatibility_table_names_golden_scripts_that_exist() {
    let text = std::fs::read_to_string(root().join("guest-lua/COMPATIBILITY.md")).unwrap();
    let scripts: Vec<String> = golden::scripts().iter().map(|path| golden::name(path)).collect();
    let mut problems = Vec::new();
    let mut rows = BTreeMap::new();
    for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| line.starts_with("| `")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let (name, shown) = (cells[0], cells[cells.len() - 1]);
        if rows.insert(name.to_owned(), number).is_some() {
            problems.push(format!("line {number}: {name} has a row already"));
        }
        let named: Vec<&str> = shown.split('`').skip(1).step_by(2).collect();
        if named.is_empty() {
            problems.push(format!("line {number}: {name} names no golden script"));
        }
        if !cells[1].starts_with("added") {
            problems.extend(
                unshown(name, cells[1], &named)
                    .map(|what| format!("line {number}: no golden script of {name} has '{what}'")),
            );
        }
        let missing = named.iter().filter(|script| !scripts.iter().any(|known| known == *script));
        problems.extend(missing.map(|script| format!("line {number}: there is no golden script {script}")));
    }
    // What scripts find in the libraries is listed by a golden script: each of it has a row.
    let list = std::fs::read_to_string(golden::folder().join("libraries/functions.lua")).unwrap();
    let header: String = list.lines().take_while(|line| line.starts_with("--!")).collect();
    let listed: Vec<&str> = header.split('"').skip(1).step_by(2).filter(|part| part.contains('.')).collect();
    assert!(listed.len() > 60, "the list of functions is there: {listed:?}");
    for name in listed.iter().map(|part| part.split(':').next().unwrap_or(part)) {
        let known = rows.keys().any(|row| row.trim_matches('`').split('(').next() == Some(name));
        if !known && !name.starts_with("log.") {
            problems.push(format!("{name} has no row"));
        }
    }
    assert!(rows.len() > 120, "the table is long: {}", rows.len());
    nothing(&problems);
}

/// The rows of a table of `COMPATIBILITY.md` under that heading, without its head.
fn rows<'a>(text: &'a str, heading: &str) -> Vec<&'a str> {
    let (_, after) = text.split_once(heading).unwrap_or_else(|| panic!("no {heading}"));
    after
        .lines()
        .skip_while(|line| !line.starts_with("| ---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .collect()
}

#[test]
fn what_is_absent_is_said_in_the_words_of_the_compatibility_table() {
    let text = std::fs::read_to_string(root().join("guest-lua/COMPATIBILITY.md")).unwrap();
    let cell = |text: &str| text.replace('|', "\\|");
    let absent = absent::ABSENT.iter().map(|absent| {
        let names: Vec<String> = absent.names.iter().map(|name| format!("`{name}`")).collect();
        let words = cell(&format!("{}; {}", absent.why, absent.instead));
        format!("| {} | absent | {words} | `libraries/absent` |", names.join(", "))
    });
    assert_eq!(rows(&text, "## Absent, and what to use instead"), absent.collect::<Vec<_>>());
    let modules =
        absent::MODULES.iter().map(|module| format!("| {} | {} |", module.names.join(", "), cell(module.instead)));
    assert_eq!(rows(&text, "Modules that scripts written for other programs require:"), modules.collect::<Vec<_>>());
    // Whatever the tables above say is absent has words of its own, or its library's.
    let sections = text.split_once("## Absent,").unwrap().0;
    let names = sections.lines().filter(|line| line.starts_with("| `") && line.contains(" | absent | "));
    let names: Vec<&str> =
        names.flat_map(|line| line.split(" | ").next().unwrap().split('`').skip(1).step_by(2)).collect();
    assert!(names.len() > 50, "the tables are there: {names:?}");
    let without = names.into_iter().map(|name| name.split('(').next().unwrap_or(name));
    let without: Vec<&str> = without.filter(|name| !name.contains(':') && absent::of(name).is_none()).collect();
    assert_eq!(without, [""; 0]);
}
