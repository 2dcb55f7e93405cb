//! Which crate may depend on which, and on what.

use crate::workspace::{CRATES, dependencies, manifest, nothing};

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
fn only_the_sandbox_depends_on_wasmtime() {
    let mut problems = Vec::new();
    for (folder, name, _) in CRATES {
        for dependency in dependencies(&manifest(folder), &["dependencies", "build-dependencies"]) {
            let engine =
                dependency.starts_with("wasmtime") || dependency.starts_with("cranelift") || dependency == "mlua";
            let allowed = match (name, dependency.as_str()) {
                ("tenterhook-sandbox", "wasmtime") => true,
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
