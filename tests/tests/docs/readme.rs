//! README's walks, the files that it shows, and `make install`.

use std::process::Command;

use tenterhook_tests::root;

use crate::walk::{clone, walk};

#[test]
fn the_walk_of_writing_scripts_is_what_happens() {
    walk("README.md", Some("## Writing scripts"));
}

#[test]
fn the_walk_of_operating_a_program_is_what_happens() {
    walk("README.md", Some("## Operating a program that runs"));
}

#[test]
fn the_files_that_readme_shows_are_those_of_the_examples() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut shown = Vec::new();
    for block in readme.split("\n```lua\n").skip(1).chain(readme.split("\n```toml\n").skip(1)) {
        let text = block.split_once("```").unwrap().0;
        let first = text.lines().next().unwrap_or_default();
        if let Some(name) = first.trim_start_matches(['-', '#', ' ']).strip_prefix("examples/") {
            let path = root().join("examples").join(name);
            assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "examples/{name}");
            shown.push(name.to_owned());
        }
    }
    assert_eq!(shown, ["scripts/import.lua", "scripts/limit.lua", "policy.toml"]);
}

#[test]
fn make_install_puts_everything_where_it_is_looked_for() {
    let Some(clone) = clone() else {
        eprintln!("skipped: this is no clone, git lists no files");
        return;
    };
    let into = tempfile::tempdir().unwrap();
    // What `make build` builds is here already, under another name.
    let output = Command::new("make")
        .args(["-o", "build", "install", "PREFIX=/usr"])
        .arg(format!("BUILT={}", env!("CARGO_BIN_EXE_tenterhook-tested")))
        .arg(format!("DESTDIR={}", into.path().display()))
        .current_dir(clone.path())
        .env_remove("MAKEFLAGS")
        .output();
    let Ok(output) = output else {
        eprintln!("skipped: there is no make");
        return;
    };
    assert!(output.status.success(), "{output:?}");
    let usr = into.path().join("usr");
    for file in [
        "share/man/man1/tenterhook.1",
        "share/man/man1/tenterhook-attach.1",
        "share/bash-completion/completions/tenterhook",
        "share/zsh/site-functions/_tenterhook",
        "share/fish/vendor_completions.d/tenterhook.fish",
    ] {
        assert!(usr.join(file).metadata().is_ok_and(|file| file.len() > 100), "{file}");
    }
    let version = Command::new(usr.join("bin/tenterhook")).arg("--version").output().unwrap();
    assert!(version.status.success() && version.stdout.starts_with(b"tenterhook "), "{version:?}");
}
