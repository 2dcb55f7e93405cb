//! `tenterhook call`.

use serde_json::{Value as Json, json};

use crate::process::{Folder, Run, call, run, run_with, text};

/// The one line of a run that ended in a fault.
fn fault(run: &Run) -> Json {
    assert_eq!(run.code, 3, "{run:?}");
    let mut lines = run.lines();
    assert_eq!(lines.len(), 1, "{run:?}");
    let line = lines.remove(0);
    assert_eq!(line["outcome"], "fault", "{run:?}");
    line
}

fn cause(line: &Json) -> (&str, &str) {
    (line["fault"]["cause"].as_str().unwrap(), line["fault"]["message"].as_str().unwrap())
}

#[test]
fn a_result_is_one_line_of_json() {
    let run = call("function route_match() log.warn('seen') return { action = 'MATCH' } end", &[]);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let [line] = &run.lines()[..] else { panic!("{run:?}") };
    let keys: Vec<&str> = line.as_object().unwrap().keys().map(String::as_str).collect();
    for key in ["outcome", "result", "fault", "fuel", "memory_bytes", "wall_ns", "logs"] {
        assert!(keys.contains(&key), "no {key} in {keys:?}");
    }
    assert_eq!(
        (&line["outcome"], &line["result"], &line["fault"]),
        (&json!("result"), &json!({ "action": "MATCH" }), &Json::Null)
    );
    assert_eq!(line["logs"], json!([{ "level": "warn", "line": 1, "message": "seen" }]));
    for (key, least, most) in [("fuel", 500, 100_000), ("memory_bytes", 64 << 10, 1 << 20), ("wall_ns", 100, u64::MAX)]
    {
        let value = line[key].as_u64().unwrap();
        assert!((least..=most).contains(&value), "{key} is {value}");
    }
}

#[test]
fn a_fault_is_one_line_of_json_and_exit_code_3() {
    let run = call("function route_match()\n  error('boom')\nend", &[]);
    let line = fault(&run);
    let keys: Vec<&str> = line["fault"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["cause", "message", "traceback"]);
    assert_eq!(cause(&line).0, "script");
    assert!(cause(&line).1.ends_with("route_match.lua:2: boom"), "{line}");
    assert!(line["fault"]["traceback"].as_str().unwrap().contains("route_match.lua:2: in function"), "{line}");
    assert_eq!(line["result"], json!({ "action": "NOMATCH" }), "the program gets the declared default");
}

/// Acceptance: each ends with exit code 3 and the right cause, within the budget, every time.
#[test]
fn hostile_scripts_end_by_their_cause_within_the_budget_every_time() {
    let scripts = [
        ("fuel", "function route_match() while true do end end"),
        ("fuel", "function route_match() local ok = pcall(function() while true do end end) return {} end"),
        ("memory", "function route_match() local s = 'x' while true do pcall(function() s = s .. s end) end end"),
        ("fuel", "function route_match() string.find(('a'):rep(1000), ('.-'):rep(30)..'b') return {} end"),
        ("stack", "function route_match() local function f() return 1 + f() end return f() end"),
        (
            "stack",
            "function route_match() local s = ('x'):rep(10) local function f() return (s:gsub('.', f)) end return f() end",
        ),
        ("memory", "function route_match() local t = { 'x' } while true do t[#t + 1] = table.concat(t) end end"),
        (
            "fuel",
            "function route_match() error(setmetatable({}, { __tostring = function() while true do end end })) end",
        ),
    ];
    for (expected, source) in scripts {
        for (fuel, memory) in [("10M", "4MiB"), ("50M", "8MiB")] {
            let run = call(source, &["--fuel", fuel, "--memory", memory, "--repeat", "3"]);
            assert_eq!(run.code, 3, "{source}: {run:?}");
            let lines = run.lines();
            assert_eq!(lines.len(), 3, "{source}: {run:?}");
            for line in &lines {
                assert_eq!(cause(line).0, expected, "{source}: {line}");
                let budget = if fuel == "10M" { (10_000_000, 4 << 20) } else { (50_000_000, 8 << 20) };
                assert!(line["fuel"].as_u64().unwrap() <= budget.0, "{source}: {line}");
                assert!(line["memory_bytes"].as_u64().unwrap() <= budget.1, "{source}: {line}");
                assert_eq!(line["fuel"], lines[0]["fuel"], "{source}: the same every time");
                assert_eq!(line["fault"], lines[0]["fault"], "{source}: the same every time");
            }
        }
    }
}

/// Acceptance: a script for FRR runs as it is.
#[test]
fn a_script_for_frr_runs_unchanged() {
    let source = "function route_match(prefix, attributes, peer, RM_FAILURE, RM_NOMATCH, RM_MATCH, RM_MATCH_AND_CHANGE) \
        attributes.metric = 123 return { attributes = attributes, action = RM_MATCH_AND_CHANGE } end";
    let run = call(source, &[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.lines()[0]["result"], json!({ "action": "MATCH_AND_CHANGE", "attributes": { "metric": 123 } }));
}

/// Acceptance: the answers that kill or confuse FRR are faults that name the path.
#[test]
fn answers_that_kill_frr_are_faults_with_a_path() {
    let answers = [
        ("return { attributes = 2 }", "result.attributes: expected a table, got integer"),
        ("return { action = 'x' }", "result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got \"x\""),
        ("return { action = 99 }", "result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got 99"),
        ("return 5", "result: expected a table, got integer"),
        ("return { action = {}, attributes = { metric = {} } }", ": expected "),
        ("return { attributes = { metric = 'a', localpref = true } }", "result.attributes."),
        ("local t = {} t.attributes = t return t", "result.attributes"),
        (
            "local t = {} t.action = t return t",
            "result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got a table that contains itself",
        ),
    ];
    for (body, message) in answers {
        let line = fault(&call(&format!("function route_match() {body} end"), &[]));
        assert_eq!(cause(&line).0, "answer", "{body}: {line}");
        assert!(cause(&line).1.contains(message), "{body}: {line}");
        assert!(cause(&line).1.starts_with("result"), "{body}: {line}");
    }
}

#[test]
fn a_table_without_an_action_is_the_default_and_a_script_without_the_handler_does_not_load() {
    let run = call("function route_match() return {} end", &[]);
    assert_eq!((run.code, &run.lines()[0]["result"]), (0, &json!({ "action": "NOMATCH" })));
    for (source, message) in [
        ("function other() end", "expected a function 'route_match', found none"),
        ("", "expected a function 'route_match', found none"),
        ("function route_match( end", "near 'end'"),
        ("error('while loading') function route_match() end", "while loading"),
        ("\u{1b}Lua", ""),
    ] {
        let line = fault(&call(source, &[]));
        assert_eq!(cause(&line).0, "load", "{source}: {line}");
        assert!(cause(&line).1.contains(message), "{source}: {line}");
    }
}

#[test]
fn arguments_come_from_a_file_or_from_standard_input() {
    let folder = Folder::new();
    let script = folder.file(
        "s.lua",
        "function peer_status(peer, old, new, reason) log.info(peer.description .. old .. new .. reason) return {} end",
    );
    let sample = run(&["hooks", "bgp.peer_status", "--json"]).json()["sample"].clone();
    let mut args = sample;
    args["reason"] = json!("because");
    args["old"] = json!("Idle");
    let given = serde_json::to_vec(&args).unwrap();
    let file = folder.file("args.json", &given);
    let common = ["call", "--hook", "bgp.peer_status", "--json", "--script", text(&script), "--args"];
    let from_file = run(&[&common[..], &[text(&file)]].concat());
    let from_input = run_with(&[&common[..], &["-"]].concat(), &given);
    for run in [from_file, from_input] {
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.lines()[0]["logs"][0]["message"], "upstreamIdleEstablishedbecause");
    }
    for (bad, message) in [
        ("{", "expected JSON"),
        ("[]", "expected an object"),
        (r#"{"resaon": "x"}"#, "did you mean 'reason'"),
        (r#"{"reason": "x"}"#, "peer"),
    ] {
        let run = run_with(&[&common[..], &["-"]].concat(), bad.as_bytes());
        assert_eq!((run.code, run.out.as_str()), (2, ""), "{bad}: {run:?}");
        assert!(run.err.contains(message), "{bad}: {run:?}");
    }
}

#[test]
fn state_lasts_where_it_is_kept() {
    let source = "local calls = 0 function route_match() calls = calls + 1 log.info(tostring(calls)) return {} end";
    for (state, expected) in [("fresh", ["1", "1", "1"]), ("kept", ["1", "2", "3"])] {
        let run = call(source, &["--state", state, "--repeat", "3"]);
        assert_eq!(run.code, 0, "{run:?}");
        let logged: Vec<Json> = run.lines().iter().map(|line| line["logs"][0]["message"].clone()).collect();
        assert_eq!(logged, expected.map(Json::from), "{state}");
    }
}

#[test]
fn the_same_call_takes_the_same_fuel_in_every_process() {
    let source = "function route_match(prefix, attributes) local s = '' for i = 1, 100 do s = s .. attributes.aspath:sub(1, i % 7) end return {} end";
    let fuel = |run: Run| run.lines().iter().map(|line| line["fuel"].as_u64().unwrap()).collect::<Vec<_>>();
    let first = fuel(call(source, &["--repeat", "5"]));
    assert!(first.iter().all(|fuel| *fuel == first[0]), "{first:?}");
    assert_eq!(fuel(call(source, &["--repeat", "5"])), first);
}

#[test]
fn a_policy_bounds_refuses_and_decides() {
    let folder = Folder::new();
    let policy = folder.file(
        "policy.toml",
        "preset = \"strict\"\n[tenants.acme]\nfuel = \"20K\"\n[tenants.acme.on_fault]\nfuel = { result = { action = \"MATCH\" } }\n",
    );
    let looping = "function route_match() while true do end end";
    let acme = call(looping, &["--policy", text(&policy), "--tenant", "acme"]);
    let line = fault(&acme);
    assert_eq!(
        (cause(&line).0, &line["fuel"], &line["result"]),
        ("fuel", &json!(20_000), &json!({ "action": "MATCH" }))
    );
    let stranger = call(looping, &["--policy", text(&policy), "--tenant", "stranger"]);
    assert_eq!(stranger.code, 4, "{stranger:?}");
    let line = &stranger.lines()[0];
    assert_eq!(
        (&line["outcome"], &line["result"], &line["fault"]),
        (&json!("denied"), &json!({ "action": "NOMATCH" }), &Json::Null)
    );
    let over = call(looping, &["--policy", text(&policy), "--tenant", "acme", "--fuel", "1G"]);
    assert_eq!(over.code, 4, "over the policy's ceiling: {over:?}");
    assert!(over.err.contains("fuel"), "{over:?}");
}
