//! The examples run, and say what they are there to say.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::process::Command;

/// An example as cargo built it: beside this test's own folder.
fn example(name: &str) -> Command {
    let here = std::env::current_exe().unwrap();
    let built: PathBuf = here.parent().and_then(|deps| deps.parent()).unwrap().join("examples").join(name);
    assert!(built.exists(), "{}: expected to be built; `cargo test -p tenterhook-examples` does", built.display());
    Command::new(built)
}

fn output(name: &str) -> String {
    let output = example(name).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn hello_hook_greets() {
    let text = output("hello_hook");
    assert!(text.starts_with("Ada is greeted 3 times"), "{text}");
    assert!(text.ends_with("Without the script: 1 time\n"), "{text}");
    let source = include_str!("../hello_hook.rs");
    assert!(source.lines().count() < 40);
}

#[test]
fn two_tenants_do_not_harm_each_other() {
    let text = output("two_tenants");
    for line in ["notes.txt: allowed", "film.mkv: refused", "setup.exe: refused"] {
        assert!(text.lines().any(|written| written == line), "{line}: {text}");
    }
    assert_eq!(text.matches("mallory's script: ").count(), 3, "{text}");
}

#[test]
fn opentelemetry_shows_spans() {
    let text = output("opentelemetry");
    for part in ["request", "/greetings/ada", "greeting Ada"] {
        assert!(text.contains(part), "{part}: {text}");
    }
}
