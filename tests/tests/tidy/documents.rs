//! Documents that are held against what they are about: the compatibility table, and the limits of policies.

use std::collections::BTreeMap;

use tenterhook::absent;
use tenterhook::policies::{BudgetField, QuotaField};
use tenterhook_tests::{golden, root};

use crate::workspace::nothing;

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
