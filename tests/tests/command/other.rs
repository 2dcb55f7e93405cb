//! `tenterhook hooks`, `check` and `demo`, and how the command refuses what makes no sense.

use serde_json::{Value as Json, json};

use crate::process::{Folder, run, text};

#[test]
fn hook_points_are_listed_and_shown() {
    let list = run(&["hooks", "--json"]);
    assert_eq!((list.code, list.err.as_str()), (0, ""));
    let json = list.json();
    let hooks = json["hooks"].as_array().unwrap();
    let names: Vec<&str> = hooks.iter().map(|hook| hook["name"].as_str().unwrap()).collect();
    let expected = [
        "bgp.route_match",
        "bgp.route_set",
        "bgp.process",
        "bgp.peer_open",
        "bgp.peer_status",
        "bgp.rpki_prefix_status",
        "zebra.next_hop_match",
        "zebra.rib_update",
        "zebra.interface_add",
        "zebra.interface_del",
        "zebra.interface_up",
        "zebra.interface_down",
    ];
    assert_eq!(names, expected);
    for hook in hooks {
        let name = hook["name"].as_str().unwrap();
        let shown = run(&["hooks", name, "--json"]).json();
        for key in ["version", "fingerprint", "doc", "handler", "chain"] {
            assert_eq!(shown[key], hook[key], "{name}");
        }
        assert_eq!(hook["attachments"], 0, "no program, nothing attached");
        assert!(!hook["doc"].as_str().unwrap().is_empty(), "{name} is documented");
        for part in shown["arguments"].as_array().unwrap().iter().chain(shown["results"].as_array().unwrap()) {
            assert!(!part["doc"].as_str().unwrap().is_empty(), "{name}.{} is documented", part["name"]);
        }
        let text = run(&["hooks", name]);
        assert_eq!(text.code, 0);
        for argument in shown["arguments"].as_array().unwrap() {
            assert!(text.out.contains(argument["name"].as_str().unwrap()), "{}", text.out);
        }
    }
    let route_match = run(&["hooks", "bgp.route_match", "--json"]).json();
    assert_eq!(route_match["results"][0]["default"], "NOMATCH");
    let constants: Vec<(&str, i64)> = route_match["constants"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| (c["name"].as_str().unwrap(), c["value"].as_i64().unwrap()))
        .collect();
    assert_eq!(constants, [("RM_FAILURE", 0), ("RM_NOMATCH", 1), ("RM_MATCH", 2), ("RM_MATCH_AND_CHANGE", 3)]);
}

#[test]
fn what_makes_no_sense_is_refused_with_exit_code_2() {
    let folder = Folder::new();
    let good = folder.file("good.lua", "function route_match() return {} end");
    let policy = folder.file("bad.toml", "[defaults]\nfule = \"1M\"\n");
    let garbage = folder.file("garbage.mrt", "this is no MRT file at all, whatever it is called");
    let script = ["--script", text(&good)];
    let cases: &[(&[&str], &str)] = &[
        (&[], "Usage"),
        (&["frobnicate"], "unrecognized subcommand"),
        (&["hooks", "bgp.route_mach"], "did you mean bgp.route_match"),
        (&["call", "--hook", "bgp.route_mach", script[0], script[1]], "did you mean bgp.route_match"),
        (&["call", "--hook", "bgp.route_match", "--script", "does/not/exist.lua"], "does/not/exist.lua"),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--fuel", "much"], "--fuel"),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--fuel", "0"], "fuel"),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--memory", "1KiB"], "memory"),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--memory", "4TiB"], "memory"),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--repeat", "0"], "--repeat"),
        (
            &["call", "--hook", "bgp.route_match", script[0], script[1], "--policy", text(&policy), "--tenant", "a"],
            "did you mean `fuel`",
        ),
        (&["call", "--hook", "bgp.route_match", script[0], script[1], "--policy", text(&policy)], "--tenant"),
        (
            &["replay", "--hook", "bgp.route_match", script[0], script[1], "--mrt", "does/not/exist.gz"],
            "does/not/exist.gz",
        ),
        (&["replay", "--hook", "bgp.route_match", script[0], script[1], "--mrt", text(&garbage)], "garbage.mrt"),
    ];
    for (args, message) in cases {
        let run = run(args);
        assert_eq!(run.code, 2, "{args:?}: {run:?}");
        assert!(run.err.contains(message), "{args:?}: {run:?}");
        assert!(!run.err.contains("panicked"), "{args:?}: {run:?}");
    }
    assert_eq!(run(&["--help"]).code, 0);
    assert_eq!(run(&["--version"]).code, 0);
}

fn findings(source: &str, more: &[&str]) -> (i32, Json) {
    let folder = Folder::new();
    let script = folder.file("s.lua", source);
    let run = run(&[&["check", text(&script), "--json"], more].concat());
    (run.code, run.json())
}

#[test]
fn check_finds_errors_and_remarks_with_their_places() {
    let (code, json) =
        findings("function route_match(prefix, attributes)\n    return { action = 'MATCH' }\nend\n", &[]);
    assert_eq!((code, &json["loads"], &json["findings"]), (0, &json!(true), &json!([])), "{json}");
    assert_eq!(json["hooks"], json!(["bgp.route_match"]), "guessed from the handler's name");

    let (code, json) = findings("function route_match(\n    return {}\nend\n", &[]);
    let error = &json["findings"][0];
    assert_eq!(
        (code, &json["loads"], &error["severity"], &error["line"]),
        (3, &json!(false), &json!("error"), &json!(2)),
        "{json}"
    );

    let (code, json) = findings("function rout_match() return {} end\n", &["--hook", "bgp.route_match"]);
    assert_eq!((code, &json["loads"]), (3, &json!(false)), "{json}");
    assert!(json["findings"][0]["message"].as_str().unwrap().contains("route_match"), "{json}");

    let source = "function route_match(prefix, attributes)\n    if attributes.metrik > 5 then prnt('x') end\n    return { action = os.time() }\nend\n";
    let (code, json) = findings(source, &["--hook", "bgp.route_match"]);
    assert_eq!((code, &json["loads"]), (0, &json!(true)), "{json}");
    let found: Vec<(u64, u64, String)> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        // The call with sample arguments has its fault, and Lua knows no column.
        .filter(|f| f["cause"].is_null())
        .map(|f| {
            (f["line"].as_u64().unwrap(), f["column"].as_u64().unwrap(), f["message"].as_str().unwrap().to_owned())
        })
        .collect();
    let at = |line: u64, column: u64, part: &str| {
        found.iter().any(|(l, c, message)| (*l, *c) == (line, column) && message.contains(part))
    };
    assert!(at(2, 19, "metric"), "the unknown field: {found:?}");
    assert!(at(2, 35, "prnt"), "the unknown global: {found:?}");
    assert!(at(3, 26, "os.time"), "the library that is not there: {found:?}");
    assert_eq!(findings(source, &["--hook", "bgp.route_match", "--strict"]).0, 3);
}

#[test]
fn the_demo_shows_two_attackers_stopped_and_every_route_decided() {
    let run = run(&["demo", "--routes", "300", "--json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    assert_eq!(
        (&json["routes"], &json["outcomes"], &json["harmed"]),
        (&json!(300), &json!(300), &json!(false)),
        "{json}"
    );
    let attachments = json["attachments"].as_array().unwrap();
    let faults: Vec<&Json> = attachments.iter().map(|a| &a["faults"]).collect();
    assert_eq!(attachments.len(), 3, "{json}");
    for cause in ["fuel", "memory"] {
        assert_eq!(faults.iter().filter(|faults| faults[cause] == json!(300)).count(), 1, "{cause}: {json}");
    }
    let good: Vec<&Json> =
        attachments.iter().filter(|a| a["faults"].as_object().is_some_and(serde_json::Map::is_empty)).collect();
    let [good] = good[..] else { panic!("{json}") };
    let decided: u64 =
        good["results"]["action"].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!((decided, &good["calls"]), (300, &json!(300)), "{good}");
}

#[test]
fn the_installed_command_is_the_tested_one() {
    let main = std::fs::read_to_string(tenterhook_tests::root().join("cli/src/main.rs")).unwrap();
    let code: Vec<&str> =
        main.lines().filter(|line| !line.starts_with("//") && !line.starts_with('#') && !line.is_empty()).collect();
    assert_eq!(code, ["use std::process::ExitCode;", "fn main() -> ExitCode {", "    tenterhook_cli::main()", "}"]);
}
