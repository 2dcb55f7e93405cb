//! `tenterhook new`, `test`, `types`, `check`, `completions` and `man`: what script authors use.

use serde_json::{Value as Json, json};
use tenterhook_tests::root;

use crate::process::{self, Folder, run, text};

#[test]
fn a_new_script_passes_its_test_and_its_check() {
    for hook in ["bgp.route_match", "bgp.process", "bgp.peer_status"] {
        let folder = Folder::new();
        let place = folder.file("x", "").with_file_name("begun");
        let begun = run(&["new", "--hook", hook, "--tenant", "acme", text(&place)]);
        assert_eq!((begun.code, begun.err.as_str()), (0, ""), "{begun:?}");
        assert!(begun.out.contains("tenterhook attach "), "it says what next: {begun:?}");
        let tested = run(&["test", text(&place)]);
        assert_eq!(tested.code, 0, "{tested:?}");
        let script = place.join(format!("{}.lua", hook.rsplit('.').next().unwrap()));
        let policy = place.join("policy.toml");
        let checked = run(&["check", text(&script), "--policy", text(&policy), "--tenant", "acme", "--strict"]);
        assert_eq!(checked.code, 0, "{checked:?}");
        let again = run(&["new", "--hook", hook, "--tenant", "acme", text(&place)]);
        assert_eq!(again.code, 2, "nothing is overwritten: {again:?}");
        assert!(again.err.contains("already exists"), "{again:?}");
    }
}

#[test]
fn a_test_that_fails_says_how() {
    let folder = Folder::new();
    folder.file("s.lua", "function route_match() return { action = 'MATCH' } end");
    let sample = run(&["hooks", "bgp.route_match", "--json"]).json()["sample"].clone();
    let test =
        json!({ "hook": "bgp.route_match", "script": "s.lua", "arguments": sample, "result": { "action": "NOMATCH" } });
    let test = folder.file("t.json", test.to_string());
    let tested = run(&["test", text(&test)]);
    assert_eq!(tested.code, 3, "{tested:?}");
    for part in ["FAILED", "expected {\"action\":\"NOMATCH\"}", "got      {\"action\":\"MATCH\"}", "1 failed"] {
        assert!(tested.out.contains(part), "{part}: {tested:?}");
    }
    assert_eq!(run(&["test", text(&test), "--json"]).json()["failed"], 1);
    let wrong = folder.file("w.json", "{\"hook\": \"bgp.route_match\", \"scirpt\": \"s.lua\"}");
    let refused = run(&["test", text(&wrong)]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("scirpt"), "{refused:?}");
}

#[test]
fn types_are_written_for_editors() {
    let folder = Folder::new();
    let place = folder.file("x", "").with_file_name("types");
    let run = run(&["types", "--out", text(&place)]);
    assert_eq!(run.code, 0, "{run:?}");
    for (file, part) in [
        ("tenterhook.lua", "function net.address(text) end"),
        ("bgp.hooks.lua", "---@class bgp.Attributes"),
        (".luarc.json", "\"Lua 5.4\""),
    ] {
        let written = std::fs::read_to_string(place.join(file)).unwrap();
        assert!(written.contains(part), "{file}: {part}");
    }
}

#[test]
fn check_knows_answers_and_grants() {
    let folder = Folder::new();
    let script = folder.file(
        "s.lua",
        "function route_match(prefix)\n    local seen = kv.get(prefix.network)\n    return { acton = 'MATCH', action = 'MATHC' }\nend\n",
    );
    let policy = folder.file(
        "p.toml",
        "[tenants.acme]\nfuel = \"1M\"\n[[tenants.peer.grants]]\ncapability = \"kv\"\nreason = \"keeps counts\"\n",
    );
    let checked = run(&["check", text(&script), "--policy", text(&policy), "--tenant", "acme"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    for part in [
        "s.lua:2:18: warning: capability 'kv' is not granted to acme",
        "s.lua:3:14: warning: no result 'acton' in bgp.route_match; did you mean 'action'?",
        "s.lua:3:40: warning: action: no RouteAction 'MATHC'; did you mean 'MATCH'?",
    ] {
        assert!(checked.out.contains(part), "{part}: {}", checked.out);
    }
    let granted = run(&["check", text(&script), "--policy", text(&policy), "--tenant", "peer"]);
    assert!(!granted.out.contains("kv"), "{granted:?}");
}

#[test]
fn a_tenant_that_the_policy_does_not_name_is_refused_by_every_command_that_takes_one() {
    let folder = Folder::new();
    let script = folder.file("s.lua", "function route_match() return {} end\n");
    let policy = folder.file("p.toml", "[tenants.acme]\nfuel = \"1M\"\n");
    let call = ["call", "--hook", "bgp.route_match", "--script", text(&script)];
    for command in [&["check", text(&script)][..], &call] {
        let with = |tenant: &[&str]| run(&[command, &["--policy", text(&policy)], tenant].concat());
        let refused = with(&["--tenant", "acem"]);
        assert_eq!(refused.code, 4, "{refused:?}");
        let said = format!("{}{}", refused.out, refused.err);
        assert!(said.contains("tenant acem is not named in") && said.contains("did you mean acme?"), "{refused:?}");
        assert_eq!(with(&["--tenant", "acme"]).code, 0);
    }
}

#[test]
fn a_folder_is_a_script_with_its_modules() {
    let folder = Folder::new();
    let main = folder.file(
        "route_match.lua",
        "local decide = require 'lib.decide'\nfunction route_match(prefix) return decide(prefix) end\n",
    );
    let place = main.parent().unwrap();
    std::fs::create_dir(place.join("lib")).unwrap();
    std::fs::write(place.join("lib/decide.lua"), "return function(prefix) return { action = 'MATCH' } end\n").unwrap();
    let called = run(&["call", "--hook", "bgp.route_match", "--script", text(place), "--json"]);
    assert_eq!((called.code, &called.json()["result"]["action"]), (0, &json!("MATCH")), "{called:?}");
    let checked = run(&["check", text(place), "--hook", "bgp.route_match", "--strict"]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let alone = run(&["check", text(&main), "--hook", "bgp.route_match"]);
    assert_eq!(alone.code, 3, "alone it has no require: {alone:?}");
}

#[test]
fn a_file_that_is_no_test_does_not_keep_the_others_from_being_run() {
    let folder = Folder::new();
    let script = folder.file("s.lua", "function route_match() return { action = 'MATCH' } end");
    folder.file("bad.lua", "x = = 1");
    let place = script.parent().unwrap();
    std::fs::create_dir(place.join("tests")).unwrap();
    let sample = run(&["hooks", "bgp.route_match", "--json"]).json()["sample"].clone();
    let test = |script: &str, more: (&str, Json)| {
        let mut test = json!({ "hook": "bgp.route_match", "script": script, "arguments": sample });
        test[more.0] = more.1;
        test.to_string()
    };
    let matches = || ("result", json!({ "action": "MATCH" }));
    for (name, text) in [
        ("a_json", "{ \"hook\": ".to_owned()),
        ("b_script", test("../none.lua", matches())),
        ("c_nothing", test("../s.lua", ("tenant", Json::Null))),
        ("d_good", test("../s.lua", matches())),
        ("e_fault", test("../bad.lua", ("fault", json!("load")))),
    ] {
        std::fs::write(place.join(format!("tests/{name}.json")), text).unwrap();
    }
    let ran = run(&["test", text(place)]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for name in ["FAILED  ", "a_json", "none.lua", "either `result` or `fault`", "5 tests, 3 failed"] {
        assert!(ran.out.contains(name), "{name}: {ran:?}");
    }
    assert_eq!(ran.out.lines().filter(|line| line.starts_with("passed  ")).count(), 2, "{ran:?}");
    assert!(ran.err.contains("3 tests could not be run; the first: "), "{ran:?}");
    let report = run(&["test", text(place), "--json"]);
    assert_eq!((report.code, &report.json()["failed"]), (2, &json!(3)));
    let passed: Vec<bool> =
        report.json()["tests"].as_array().unwrap().iter().map(|test| test["passed"].as_bool().unwrap()).collect();
    assert_eq!(passed, [false, false, false, true, true]);
}

#[test]
fn an_error_in_a_module_is_told_where_it_is() {
    let folder = Folder::new();
    let main = folder.file("route_match.lua", "require 'lib.list'\nfunction route_match() return {} end\n");
    let place = main.parent().unwrap();
    std::fs::create_dir(place.join("lib")).unwrap();
    for (text, told) in [
        ("-- list\nlocal x = ) 1\n", "lib/list.lua:2:11: error: unexpected symbol near ')'"),
        ("\n\n\nerror('no list')\n", "lib/list.lua:4: error: no list"),
    ] {
        std::fs::write(place.join("lib/list.lua"), text).unwrap();
        let checked = run(&["check", process::text(place), "--hook", "bgp.route_match"]);
        let told = format!("{}/{told}", place.display());
        assert!(checked.code == 3 && checked.out.lines().any(|line| line == told), "{told}: {checked:?}");
        let json = run(&["check", process::text(place), "--hook", "bgp.route_match", "--json"]).json();
        assert_eq!(json["findings"][0]["file"], "lib/list.lua", "{json}");
    }
}

#[test]
fn a_folder_s_files_share_their_globals() {
    let folder = Folder::new();
    let main = folder
        .file("route_match.lua", "require 'lib.set'\nfunction route_match() return shared, string.mine, nowhere end\n");
    let place = main.parent().unwrap();
    std::fs::create_dir(place.join("lib")).unwrap();
    std::fs::write(place.join("lib/set.lua"), "shared = {}\nstring.mine = 1\nother = prin\n").unwrap();
    // The handler's file is known by its name: nothing else says which hook point it is for.
    let checked = run(&["check", text(place)]);
    assert_eq!(checked.code, 0, "{checked:?}");
    let warnings: Vec<&str> = checked.out.lines().filter(|line| line.contains("warning: ")).collect();
    let at = |rest: &str| format!("{}/{rest}", place.display());
    assert_eq!(
        warnings,
        [
            at("lib/set.lua:3:9: warning: global 'prin' is never set; did you mean 'print'?"),
            at("route_match.lua:2:52: warning: global 'nowhere' is never set"),
        ]
    );
    assert!(checked.out.contains("loads at bgp.route_match (guessed from its functions)"), "{checked:?}");
    std::fs::write(place.join("process.lua"), "function process() return {} end\n").unwrap();
    let several = run(&["check", text(place)]);
    assert_eq!(several.code, 2, "{several:?}");
    assert!(several.err.contains("route_match.lua, process.lua); use --hook NAME to select one"), "{several:?}");
    assert_eq!(run(&["check", text(place), "--hook", "bgp.process"]).code, 0);
}

#[test]
fn the_command_completes_and_documents_itself() {
    for shell in ["bash", "zsh", "fish"] {
        let script = run(&["completions", shell]);
        assert_eq!(script.code, 0, "{script:?}");
        // What it completes the command says when it is asked (`tests/tests/operator/completion.rs`).
        assert!(script.out.contains("tenterhook"), "{shell}");
    }
    let folder = Folder::new();
    let place = folder.file("x", "").with_file_name("man");
    assert_eq!(run(&["man", text(&place)]).code, 0);
    assert!(place.join("tenterhook-attach.1").exists());
}

/// Every command that the README names is one.
#[test]
fn the_readme_names_commands_that_there_are() {
    let readme = std::fs::read_to_string(root().join("README.md")).unwrap();
    let mut named = 0;
    for line in readme.lines().map(str::trim_start) {
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let Some(rest) = line.strip_prefix("tenterhook ") else { continue };
        let command: Vec<&str> =
            rest.split_whitespace().take(1).filter(|word| word.chars().all(|c| c.is_ascii_lowercase())).collect();
        let [command] = command[..] else { continue };
        named += 1;
        assert_eq!(run(&[command, "--help"]).code, 0, "{line}");
    }
    assert!(named >= 5, "{named}");
}
