//! The crates of the workspace, and their files.

use std::path::PathBuf;

use tenterhook_tests::root;

/// Our crates: folder, name, and which other ones of ours it may depend on.
pub const CRATES: [(&str, &str, &[&str]); 14] = [
    ("hooks", "tenterhook-hooks", &["tenterhook-hooks-derive"]),
    ("hooks/derive", "tenterhook-hooks-derive", &[]),
    ("policies", "tenterhook-policies", &[]),
    ("guest-lua", "tenterhook-guest-lua", &[]),
    ("sandbox", "tenterhook-sandbox", &["tenterhook-hooks", "tenterhook-policies", "tenterhook-guest-lua"]),
    ("host", "tenterhook", &["tenterhook-hooks", "tenterhook-policies", "tenterhook-guest-lua", "tenterhook-sandbox"]),
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
pub fn files() -> Vec<(String, PathBuf)> {
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
pub fn rust() -> Vec<(String, String)> {
    let rust = files().into_iter().filter(|(name, _)| name.ends_with(".rs"));
    rust.map(|(name, path)| (name, std::fs::read_to_string(path).unwrap())).collect()
}

/// Says all that is wrong at once.
pub fn nothing(problems: &[String]) {
    assert!(problems.is_empty(), "{} problems:\n{}", problems.len(), problems.join("\n"));
}

pub fn manifest(folder: &str) -> toml::Table {
    std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Names under the tables of dependencies, targets' own ones too.
pub fn dependencies(table: &toml::Table, kinds: &[&str]) -> Vec<String> {
    let mut names: Vec<String> =
        kinds.iter().filter_map(|kind| table.get(*kind)?.as_table()).flat_map(|table| table.keys().cloned()).collect();
    for target in table.get("target").and_then(toml::Value::as_table).into_iter().flat_map(|targets| targets.values()) {
        names.extend(target.as_table().into_iter().flat_map(|table| dependencies(table, kinds)));
    }
    names
}
