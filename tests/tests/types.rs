//! What `tenterhook types` writes, in the hands of a type checker for Lua: the one behind the EmmyLua language server,
//! which reads LuaLS's annotations. `make test-types` installs it; without it there is nothing to see here.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;
use tenterhook_tests::root;

/// The checker, where `make test-types` or the user has it.
fn checker() -> Option<PathBuf> {
    let named = std::env::var_os("EMMYLUA_CHECK").map(PathBuf::from);
    let installed = root().join("target/tools/bin/emmylua_check");
    named.or(Some(installed)).filter(|path| path.exists())
}

/// Line and code of everything that the checker finds in a script.
fn findings(checker: &Path, script: &str) -> Vec<(u64, String)> {
    let folder = tempfile::tempdir().unwrap();
    let types = folder.path().join("types");
    let mut command = Command::new(env!("CARGO_BIN_EXE_tenterhook-tested"));
    command.args(["types", "--out"]).arg(&types).env_remove("TENTERHOOK_SOCKET");
    let made = command.output().unwrap();
    assert!(made.status.success(), "{made:?}");
    std::fs::rename(types.join(".luarc.json"), folder.path().join(".luarc.json")).unwrap();
    std::fs::copy(root().join("tests/types").join(script), folder.path().join("script.lua")).unwrap();
    let output = Command::new(checker).args(["--output-format", "json"]).arg(folder.path()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let json: Json =
        serde_json::from_str(text.get(text.find('[').unwrap()..).unwrap()).unwrap_or_else(|e| panic!("{e}: {text}"));
    let mut found = Vec::new();
    for file in json.as_array().unwrap() {
        for diagnostic in file["diagnostics"].as_array().unwrap() {
            let code = diagnostic["code"].as_str().unwrap_or_default().to_owned();
            assert!(file["file"].as_str().unwrap_or_default().ends_with("script.lua"), "in the definitions: {file}");
            found.push((diagnostic["range"]["start"]["line"].as_u64().unwrap() + 1, code));
        }
    }
    found.sort();
    found
}

#[test]
fn a_checker_finds_what_is_wrong_and_nothing_else() {
    let Some(checker) = checker() else {
        eprintln!("skipped: `make test-types` installs the checker");
        return;
    };
    assert_eq!(findings(&checker, "good.lua"), []);
    let source = std::fs::read_to_string(root().join("tests/types/bad.lua")).unwrap();
    let marked: Vec<u64> =
        (1..).zip(source.lines()).filter(|(_, line)| line.contains("-- wrong")).map(|(n, _)| n).collect();
    let found = findings(&checker, "bad.lua");
    let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, marked, "{found:?}");
}
