//! A C program against the header and the library, compiled with plain `cc`; under valgrind too where that is installed.

#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Where cargo put the libraries: beside this test.
fn libraries() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let deps = here.parent().unwrap().to_owned();
    assert!(deps.join("libtenterhook_ffi.so").exists(), "the shared library is built with the tests");
    deps
}

fn ran(command: &mut Command) -> Output {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
    output
}

/// Compiles the example as a user would, `-Werror` on top.
fn compile(to: &Path, link: &[&str]) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = to.join("hello");
    let mut cc = Command::new(std::env::var_os("CC").unwrap_or_else(|| "cc".into()));
    cc.args(["-std=c11", "-Wall", "-Wextra", "-Werror", "-g", "-I"]).arg(root.join("include"));
    cc.arg(root.join("examples/hello.c")).arg("-o").arg(&program).arg("-L").arg(libraries()).args(link);
    ran(&mut cc);
    program
}

const EXPECTED: &str = "greet.lua:2: Ada comes with 2
Ada: verdict 1, 3 times
greet.lua:2: loop comes with 2
loop: verdict 0, 1 times
loop: fuel: out of fuel: the call used up its budget";

fn check(output: &Output) {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.starts_with(EXPECTED), "{text}");
    assert!(text.ends_with("Grace: verdict 1, 3 times\n"), "{text}");
}

#[test]
fn the_example_runs_with_the_shared_library() {
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), &["-ltenterhook_ffi"]);
    check(&ran(Command::new(program).env("LD_LIBRARY_PATH", libraries())));
}

#[test]
fn the_example_runs_with_the_static_library() {
    let folder = tempfile::tempdir().unwrap();
    let library = libraries().join("libtenterhook_ffi.a");
    let program = compile(folder.path(), &[library.to_str().unwrap(), "-lpthread", "-ldl", "-lm"]);
    check(&ran(&mut Command::new(program)));
}

#[test]
fn the_header_is_good_in_cxx_too() {
    let Ok(version) = Command::new("c++").arg("--version").output() else {
        eprintln!("c++ is not installed: the header is not tried in C++");
        return;
    };
    assert!(version.status.success());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("hello.cc");
    std::fs::write(&file, "#include <tenterhook.h>\nint main() { return th_abi_version() != TH_ABI_VERSION; }\n")
        .unwrap();
    let include = Path::new(env!("CARGO_MANIFEST_DIR")).join("include");
    ran(Command::new("c++").args(["-Wall", "-Werror", "-fsyntax-only", "-I"]).arg(include).arg(file));
}

#[test]
fn the_example_is_clean_under_valgrind() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        eprintln!("valgrind is not installed: leaks are not looked for");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = compile(folder.path(), &["-ltenterhook_ffi"]);
    // A policy, so that the loop ends soon, and the interpreter compiled before: valgrind is slow.
    std::fs::write(folder.path().join("policy.toml"), "[defaults]\nfuel = \"200K\"\n").unwrap();
    let run = |command: &mut Command| {
        command.arg(folder.path()).arg(folder.path().join("cache")).env("LD_LIBRARY_PATH", libraries());
        check(&ran(command));
    };
    run(&mut Command::new(&program));
    let mut valgrind = Command::new("valgrind");
    valgrind.args(["-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect"]);
    run(valgrind.arg(&program));
}
