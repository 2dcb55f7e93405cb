//! The command day by day: several at once, exit codes, odd files, requests that are none.

use std::io::Read;
use std::process::{Command, Stdio};

use serde_json::json;

use crate::process::{command, run, run_with};
use crate::program::{Program, adding};

/// A program with these attachments of acme's.
fn with(names: &[&str]) -> Program {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    for name in names {
        program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme", "--name", name]);
    }
    program
}

#[test]
fn what_can_be_changed_is_whatever_becomes_of_the_others() {
    let program = with(&["a", "b", "c"]);
    let some = ["acme/a", "acme/nobody", "acme/b", "acme/none"];
    for (verb, state) in [("disable", false), ("enable", true)] {
        let run = program.run(&[&[verb], &some[..]].concat());
        assert_eq!((run.code, run.out.lines().count()), (2, 2), "{run:?}");
        for missing in ["acme/nobody", "acme/none"] {
            assert_eq!(run.err.matches(missing).count(), 1, "{run:?}");
        }
        let listed = program.json(&["list"]);
        assert_eq!(listed["attachments"][1]["enabled"], state, "{listed}");
    }
    // The first one's code: it was no conflict.
    let gone = program.run(&["detach", "acme/nobody", "acme/a", "acme/a", "acme/b"]);
    assert_eq!((gone.code, gone.out.lines().count()), (2, 2), "{gone:?}");
    assert_eq!(program.attached(), ["acme/c"]);
    let json = program.run(&["detach", "acme/c", "acme/c", "--json"]);
    assert_eq!((json.code, json.lines().len()), (0, 1), "{json:?}");
}

#[test]
fn what_is_so_already_is_answered_so() {
    let program = with(&["a", "b"]);
    let revision = || program.json(&["list"])["attachments"][0]["revision"].as_u64().unwrap();
    program.done(&["disable", "acme/a"]);
    let disabled = revision();
    let again = program.done(&["disable", "acme/a"]);
    assert_eq!(again.out, "acme/a is already disabled; nothing was changed\n");
    assert_eq!(revision(), disabled);
    program.done(&["enable", "acme/a"]);
    assert_eq!(program.done(&["enable", "acme/a"]).out, "acme/a is already enabled; nothing was changed\n");
    let events = program.done(&["events", "--kind", "disabled", "--json"]).lines();
    assert_eq!(events.len(), 1, "{events:?}");
    for beside in ["--before", "--after"] {
        let itself = program.run(&["move", "acme/a", beside, "acme/a"]);
        assert!(itself.code == 2 && itself.err.contains("cannot be placed"), "{itself:?}");
    }
    let lacking = program.run(&["copy", "acme/a", "--hook", "demo.seen"]);
    assert_eq!(lacking.code, 3, "{lacking:?}");
    assert!(lacking.err.contains("demo.seen calls the function seen, demo.pair calls pair"), "{lacking:?}");
    let both = program.file("both.lua", &format!("{}function seen() end\n", adding(3)));
    program.done(&["replace", "acme/a", &both]);
    program.done(&["copy", "acme/a", "--hook", "demo.seen"]);
    assert!(program.attached().contains(&"acme/seen".to_owned()), "the handler's name unless another is given");
    let taken = program.run(&["copy", "acme/a", "--hook", "demo.seen"]);
    assert!(taken.code == 5 && taken.err.contains("acme already has an attachment seen"), "{taken:?}");
}

#[test]
fn a_policy_s_limit_is_told_from_a_bad_name() {
    let policy = "[tenants.acme]\nattachments = 1\n\
        [[placement]]\nhook = \"demo.seen\"\ntenants = [\"acme\"]\norders = [1, 9]\n";
    let program = Program::with(policy, |options| options);
    let script = program.file("s.lua", &adding(1));
    let seen = program.file("seen.lua", "function seen() end\n");
    let attach = |tenant: &str, name: &str, more: &[&str]| {
        let all = ["attach", &script, "--hook", "demo.pair", "--tenant", tenant, "--name", name];
        program.run(&[&all[..], more].concat()).code
    };
    assert_eq!([attach("a b", "x", &[]), attach("acme", "a/b", &[])], [2, 2], "no such names can be");
    let order = ["attach", &seen, "--hook", "demo.seen", "--tenant", "acme", "--order", "10"];
    assert_eq!(program.run(&order).code, 4, "out of its band");
    assert_eq!([attach("acme", "x", &[]), attach("acme", "y", &[])], [0, 4], "one attachment, not two");
    let file = program.file("p.toml", "[ceilings]\nfuel = \"20M\"\n[tenants.acme]\nfuel = \"1M\"\n");
    let sample = program.file("match.lua", "function route_match() return {} end\n");
    for (fuel, code) in [("20M", 0), ("20000001", 4), ("9999", 2)] {
        let args = ["call", "--hook", "bgp.route_match", "--script", &sample, "--policy", &file, "--tenant", "acme"];
        assert_eq!(run(&[&args[..], &["--fuel", fuel]].concat()).code, code, "{fuel}");
    }
}

#[test]
fn output_that_nobody_takes_has_its_own_exit_code() {
    let program = with(&["a"]);
    let socket = program.socket.to_str().unwrap();
    for args in [&["list", "--socket", socket][..], &["hooks"], &["--help"], &["list", "--help"]] {
        // The reader has gone before anything is written.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command().args(args).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_eq!((output.status.code(), output.stderr.len()), (Some(7), 0), "{args:?}: {output:?}");
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = command().args(args).stdout(full).stderr(Stdio::piped()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(7), "{args:?}: {told}");
        assert!(told.starts_with("error: standard output: "), "{args:?}: {told}");
    }
    // What goes wrong with nobody to tell it to is no panic either.
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = command().args(["list", "--socket", "no/such/socket"]).stderr(writer).status().unwrap();
    assert_eq!(status.code(), Some(6));
}

#[test]
fn a_script_comes_from_standard_input() {
    let program = with(&["a"]);
    let socket = ["--socket", program.socket.to_str().unwrap()];
    let args = ["attach", "-", "--hook", "demo.pair", "--tenant", "peer"];
    let attached = run_with(&[&args[..], &socket].concat(), adding(5).as_bytes());
    assert_eq!((attached.code, attached.err.as_str()), (0, ""), "{attached:?}");
    assert_eq!(program.done(&["show", "peer/pair", "--source"]).out, adding(5));
    assert_eq!(program.json(&["list"])["attachments"][1]["script"], "pair.lua");
    let replaced = run_with(&[&["replace", "acme/a", "-"], &socket[..]].concat(), adding(6).as_bytes());
    assert_eq!(replaced.code, 0, "{replaced:?}");
    assert_eq!(program.done(&["show", "acme/a", "--source"]).out, adding(6));
    let checked = run_with(&["check", "-", "--hook", "bgp.process"], b"function process( end");
    assert!(checked.code == 3 && checked.out.starts_with("standard input:1"), "{checked:?}");
    let call = ["call", "--hook", "bgp.process", "--script", "-"];
    let called = run_with(&call, b"function process() end");
    assert_eq!(called.code, 0, "{called:?}");
    let twice = run_with(&[&call[..], &["--args", "-"]].concat(), b"function process() end");
    assert!(twice.code == 2 && twice.err.contains("standard input is already in use"), "{twice:?}");
}

/// Nothing waits for a pipe or reads a device; names with line ends and control characters are told on one line.
#[test]
fn only_files_are_read_and_their_names_move_no_cursor() {
    let program = with(&["a"]);
    let pipe = program.path("pi\n\u{1b}[2Jpe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let pipe = pipe.to_str().unwrap();
    let script = program.file("match.lua", "function route_match() return {} end\n");
    for file in [pipe, "/dev/zero", "/dev/null", program.path("").to_str().unwrap()] {
        let cases: [&[&str]; 8] = [
            &["attach", file, "--hook", "demo.pair", "--tenant", "acme"],
            &["attach", &script, "--module", &format!("m={file}"), "--hook", "demo.pair", "--tenant", "acme"],
            &["replace", "acme/a", file],
            &["check", file, "--hook", "bgp.process"],
            &["check", &script, "--policy", file, "--tenant", "acme"],
            &["policy", "check", file],
            &["policy", "explain", "acme", "demo.pair", "--policy", file],
            &["call", "--hook", "bgp.route_match", "--script", &script, "--args", file],
        ];
        for args in cases {
            let run = if args[1] == "check" { run(args) } else { program.run(args) };
            assert_eq!(run.code, 2, "{args:?}: {run:?}");
            assert!(run.err.starts_with("error: ") && !run.err.contains('\u{1b}'), "{args:?}: {run:?}");
            assert_eq!(run.err.trim_end().lines().count(), 1, "{args:?}: {run:?}");
        }
    }
    std::fs::create_dir_all(program.path("wanted/acme")).unwrap();
    let inside = program.path("wanted/acme/a.toml");
    assert!(Command::new("mkfifo").arg(&inside).status().unwrap().success());
    let applied = program.run(&["apply", program.path("wanted").to_str().unwrap(), "--yes"]);
    assert!(applied.code == 2 && applied.err.contains("found a pipe"), "{applied:?}");
    let there = program.run(&["test", pipe]);
    assert!(there.code == 2 && there.err.contains("found a pipe"), "{there:?}");
    let missing = run(&["policy", "check", "no\n\u{1b}[2Jthing"]);
    assert!(missing.err.starts_with("error: policy no\\n\\u{1b}[2Jthing: "), "{missing:?}");
}

#[test]
fn a_program_s_own_hook_points_have_sample_arguments() {
    let program = with(&["a"]);
    let called = program.json(&["call", "--hook", "demo.pair"]);
    assert_eq!(called["results"], json!({ "left": 1, "right": 1 }), "{called}");
    let script = program.file("b.lua", &adding(7));
    let alone = program.done(&["call", "--hook", "demo.pair", "--script", &script, "--json"]).json();
    assert_eq!(alone["result"]["left"], 7, "{alone}");
    assert_eq!(program.json(&["hooks", "demo.pair"])["sample"], json!({ "number": 0 }));
}

#[test]
fn what_is_pulled_is_what_is_attached() {
    let program = with(&["a", "b"]);
    program.file("bundle/pair.lua", "local add = require 'lib.add'\nfunction pair(n) return add(n, 7) end\n");
    program.file("bundle/lib/add.lua", "return function(n, by) return { left = n + by, right = n + by } end\n");
    let bundle = program.path("bundle");
    let more = ["--state", "kept", "--order", "-3", "--disabled"];
    let args = ["attach", bundle.to_str().unwrap(), "--hook", "demo.pair", "--tenant", "peer"];
    program.done(&[&args[..], &more].concat());
    let folder = program.path("pulled");
    let folder = folder.to_str().unwrap();
    let pulled = program.done(&["pull", folder]);
    assert!(pulled.out.starts_with("3 attachments in "), "{pulled:?}");
    assert_eq!(program.done(&["apply", folder, "--yes", "--prune"]).out, "nothing differs\n");
    let again = program.run(&["pull", folder]);
    assert!(again.code == 2 && again.err.contains("is not empty"), "{again:?}");
    // Into a program that has nothing, it is all there again.
    let fresh = Program::new();
    fresh.done(&["apply", folder, "--yes"]);
    let told = |program: &Program| -> Vec<[serde_json::Value; 7]> {
        let keys = ["tenant", "name", "order", "enabled", "state", "script", "sha256"];
        let listed = program.json(&["list"]);
        listed["attachments"].as_array().unwrap().iter().map(|a| keys.map(|key| a[key].clone())).collect()
    };
    assert_eq!(told(&fresh), told(&program));
}

#[test]
fn nothing_is_detached_and_no_script_forgotten_unasked() {
    let program = with(&["a"]);
    program.file("wanted/acme/b.toml", "hook = \"demo.pair\"\nscript = \"b.lua\"\n");
    program.file("wanted/acme/b.lua", &adding(2));
    program.file("wanted/acme/loose.lua", &adding(3));
    let folder = program.path("wanted");
    let folder = folder.to_str().unwrap();
    let applied = program.run(&["apply", folder, "--yes"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert!(applied.err.contains("loose.lua: not attached: no .toml of its tenant"), "{applied:?}");
    assert!(applied.out.contains("kept     acme/a at demo.pair: not in the folder; --prune"), "{applied:?}");
    assert_eq!(program.attached(), ["acme/a", "acme/b"]);
    let pruned = program.run(&["apply", folder, "--yes", "--prune"]);
    assert!(pruned.code == 0 && pruned.out.contains("- detach   acme/a"), "{pruned:?}");
    assert_eq!(program.attached(), ["acme/b"]);
}

/// A stream whose reader goes ends with the reader.
#[test]
fn a_stream_ends_with_its_reader() {
    let program = with(&["a"]);
    let mut events = command();
    events.args(["events", "--follow", "--json", "--socket"]).arg(&program.socket);
    let mut child = events.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    // The pipe is closed: the next line that is written ends the command.
    program.done(&["disable", "acme/a"]);
    program.done(&["enable", "acme/a"]);
    assert_eq!(child.wait().unwrap().code(), Some(7));
}
