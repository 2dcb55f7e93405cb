//! The crates that are published say what they are, and carry what a stranger needs. `make test-dist` builds on them.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use tenterhook_tests::root;

fn manifest(folder: &Path) -> toml::Table {
    std::fs::read_to_string(folder.join("Cargo.toml")).unwrap().parse().unwrap()
}

/// Folders and manifests of the workspace's members that go to the registry.
fn published() -> Vec<(PathBuf, toml::Table)> {
    let workspace = manifest(&root());
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let folders = members.iter().filter_map(toml::Value::as_str).map(|folder| root().join(folder));
    folders
        .map(|folder| (manifest(&folder), folder))
        .filter(|(manifest, _)| manifest["package"].get("publish").and_then(toml::Value::as_bool) != Some(false))
        .map(|(manifest, folder)| (folder, manifest))
        .collect()
}

#[test]
fn each_says_what_it_is() {
    let published = published();
    assert!(published.len() >= 7, "the libraries, the guest, the command");
    let mut problems = Vec::new();
    for (folder, manifest) in published {
        let package = manifest["package"].as_table().unwrap();
        for key in ["description", "readme", "keywords", "categories", "license", "repository", "rust-version"] {
            if !package.contains_key(key) {
                problems.push(format!("{}/Cargo.toml: expected a key {key}", folder.display()));
            }
        }
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            if !folder.join(file).is_file() {
                problems.push(format!("{}: expected a file {file}", folder.display()));
            }
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn the_guest_is_packaged_and_its_recipe_with_it() {
    let manifest = manifest(&root().join("guest-lua"));
    let included: Vec<&str> =
        manifest["package"]["include"].as_array().unwrap().iter().filter_map(toml::Value::as_str).collect();
    for part in ["prebuilt", "build", "shim", "src", "guest.sha256"] {
        assert!(included.contains(&part), "guest-lua/Cargo.toml: expected {part} in {included:?}");
    }
    // Made by `make dist` and never committed: in the workspace the guest comes from its sources.
    assert!(!root().join("guest-lua/prebuilt").exists(), "make dist removes what it made");
}
