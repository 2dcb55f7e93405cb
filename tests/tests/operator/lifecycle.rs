//! From the first look to the last detach, while eight threads call.

use serde_json::{Value as Json, json};

use crate::program::{Program, adding, curl};

#[test]
fn a_session_through_the_command_under_load() {
    let program = Program::new();
    let load = program.load(8);
    let hooks = program.done(&["hooks"]);
    assert!(hooks.out.contains("demo.pair") && hooks.out.contains("Two numbers that belong together."), "{hooks:?}");
    let shown = program.done(&["hooks", "demo.pair"]);
    assert!(shown.out.contains("function pair(number)"), "{shown:?}");

    let (one, two) = (program.file("one.lua", &adding(1)), program.file("two.lua", &adding(2)));
    let attached = program.done(&["attach", &one, "--hook", "demo.pair", "--tenant", "acme"]);
    assert!(attached.out.starts_with("attached acme/pair at demo.pair: place 1 in the chain"), "{attached:?}");
    assert_eq!(program.attached(), ["acme/pair"]);
    let listed = program.done(&["list"]);
    assert!(listed.out.contains("acme/pair") && listed.out.contains("enabled"), "{listed:?}");

    let args = program.file("args.json", "{\"number\": 40}");
    let called = program.json(&["call", "--hook", "demo.pair", "--args", &args]);
    assert_eq!((&called["results"], &called["decided_by"]), (&json!({ "left": 41, "right": 41 }), &json!("acme/pair")));

    for script in [&two, &one].into_iter().cycle().take(12) {
        let replaced = program.done(&["replace", "acme/pair", script]);
        assert!(replaced.out.starts_with("replaced acme/pair at demo.pair"), "{replaced:?}");
    }
    program.done(&["disable", "acme/pair"]);
    assert_eq!(program.json(&["call", "--hook", "demo.pair", "--args", &args])["results"]["left"], 0);
    program.done(&["enable", "acme/pair"]);

    let before = load.calls();
    let answered = load.end();
    assert!(before > 0 && answered > 0, "{before} calls, {answered} of them answered by a script");
    let stats = program.json(&["stats", "acme/pair"]);
    let one = &stats["attachments"][0];
    assert!(one["calls"].as_u64().unwrap() > 0, "{stats}");
    assert_eq!((&one["faults"], &one["denials"]), (&json!({}), &json!({})), "{stats}");
    let replaced = program.json(&["stats", "acme/pair", "--since-replace"]);
    let since = &replaced["attachments"][0];
    assert!(
        since["calls"].as_u64() <= one["calls"].as_u64() && since["since"].as_str() > one["since"].as_str(),
        "{since}"
    );
    let text = program.done(&["stats"]);
    assert!(text.out.contains("acme/pair"), "{text:?}");
    let shown = program.done(&["show", "acme/pair"]);
    for part in ["acme/pair at demo.pair", "fuel", "sha256", "calls"] {
        assert!(shown.out.contains(part), "{part}: {shown:?}");
    }
    assert_eq!(program.done(&["show", "acme/pair", "--source"]).out, adding(1));

    let detached = program.done(&["detach", "acme/pair"]);
    assert!(detached.out.starts_with("detached acme/pair"), "{detached:?}");
    assert_eq!(program.attached(), Vec::<String>::new());
    assert_eq!(program.done(&["list"]).out, "nothing is attached\n");
}

#[test]
fn a_session_through_curl_under_load() {
    let program = Program::new();
    let load = program.load(8);
    let Some((status, hooks)) = curl(&program.socket, "GET", "/v1/hooks", None) else {
        load.end();
        return;
    };
    assert_eq!(status, 200);
    assert!(hooks["hooks"].as_array().unwrap().iter().any(|hook| hook["name"] == "demo.pair"), "{hooks}");
    let ask =
        |method: &str, path: &str, body: Option<Json>| curl(&program.socket, method, path, body.as_ref()).unwrap();
    let attach = json!({ "hook": "demo.pair", "tenant": "acme", "source": adding(1) });
    let (status, attached) = ask("POST", "/v1/attachments", Some(attach));
    assert_eq!((status, &attached["attachment"]["name"]), (201, &json!("pair")), "{attached}");
    let mut revision = attached["attachment"]["revision"].as_u64().unwrap();
    let call = json!({ "hook": "demo.pair", "arguments": { "number": 40 } });
    assert_eq!(ask("POST", "/v1/call", Some(call)).1["results"], json!({ "left": 41, "right": 41 }));
    for by in [2, 1].into_iter().cycle().take(12) {
        let path = format!("/v1/attachments/acme/pair?revision={revision}");
        let (status, replaced) = ask("PUT", &path, Some(json!({ "source": adding(by) })));
        assert_eq!(status, 200, "{replaced}");
        revision = replaced["attachment"]["revision"].as_u64().unwrap();
    }
    let answered = load.end();
    assert!(answered > 0);
    let (_, stats) = ask("GET", "/v1/stats?tenant=acme", None);
    assert_eq!(stats["attachments"][0]["faults"], json!({}), "{stats}");
    let (status, _) = ask("DELETE", &format!("/v1/attachments/acme/pair?revision={revision}"), None);
    assert_eq!(status, 200);
    assert_eq!(ask("GET", "/v1/attachments", None).1["attachments"], json!([]));
}

#[test]
fn a_chain_is_ordered_and_copied() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    for name in ["a", "b", "c"] {
        program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme", "--name", name]);
    }
    assert_eq!(program.attached(), ["acme/a", "acme/b", "acme/c"]);
    program.done(&["move", "acme/c", "--before", "acme/a"]);
    assert_eq!(program.attached(), ["acme/c", "acme/a", "acme/b"]);
    program.done(&["move", "acme/c", "--after", "acme/a"]);
    assert_eq!(program.attached(), ["acme/a", "acme/c", "acme/b"]);
    program.done(&["move", "acme/b", "--order", "-5"]);
    assert_eq!(program.attached(), ["acme/b", "acme/a", "acme/c"]);
    let nowhere = program.run(&["move", "acme/b"]);
    assert_eq!(nowhere.code, 2);
    assert!(nowhere.err.contains("--before"), "{nowhere:?}");
    let lacking = program.run(&["copy", "acme/a", "--hook", "demo.seen", "--name", "d"]);
    assert_eq!(lacking.code, 3, "the script has no handler for it: {lacking:?}");
    let both = program.file("both.lua", &format!("{}function seen() end\n", adding(3)));
    program.done(&["replace", "acme/a", &both]);
    program.done(&["copy", "acme/a", "--hook", "demo.seen", "--name", "d"]);
    assert!(program.attached().contains(&"acme/d".to_owned()));
    program.done(&["detach", "acme/a", "acme/b", "acme/c", "acme/d"]);
    assert_eq!(program.attached(), Vec::<String>::new());
}

#[test]
fn a_folder_is_attached_with_its_modules() {
    let program = Program::new();
    program.file("bundle/pair.lua", "local add = require 'lib.add'\nfunction pair(n) return add(n, 7) end\n");
    program.file("bundle/lib/add.lua", "return function(n, by) return { left = n + by, right = n + by } end\n");
    let bundle = program.path("bundle");
    program.done(&["attach", bundle.to_str().unwrap(), "--hook", "demo.pair", "--tenant", "acme"]);
    let args = program.file("args.json", "{\"number\": 1}");
    assert_eq!(program.json(&["call", "--hook", "demo.pair", "--args", &args])["results"]["left"], 8);
    let listed = program.json(&["list"]);
    assert_eq!(listed["attachments"][0]["modules"], json!(["lib.add"]));
}

#[test]
fn scripts_are_checked_and_typed_for_hook_points_of_the_program() {
    let program = Program::new();
    let script = program.file("s.lua", "function pair(number) return { left = number, rigth = 1 } end\n");
    let checked = program.done(&["check", &script, "--hook", "demo.pair"]);
    assert!(checked.out.contains("did you mean 'right'?"), "{checked:?}");
    let types = program.done(&["types", "--hook", "demo.pair"]);
    assert!(types.out.contains("---@alias demo.pair.Handler fun(number: integer): demo.pair.Answer"), "{types:?}");
    let folder = program.path("new");
    let begun = program.done(&["new", "--hook", "demo.pair", "--tenant", "acme", folder.to_str().unwrap()]);
    assert!(begun.out.contains("tenterhook test"), "{begun:?}");
    let tested = program.done(&["test", folder.to_str().unwrap()]);
    assert!(tested.out.ends_with("1 test, 0 failed\n"), "{tested:?}");
    let good = program.file("good.lua", &adding(1));
    let dry = program.done(&["attach", &good, "--hook", "demo.pair", "--tenant", "acme", "--dry-run"]);
    assert!(dry.out.contains("nothing was attached"), "{dry:?}");
    assert_eq!(program.attached(), Vec::<String>::new());
}
