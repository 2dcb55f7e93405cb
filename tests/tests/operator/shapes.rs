//! JSON: one shape for one thing, whichever command prints it.

use serde_json::{Value as Json, json};

use crate::process::{command, run};
use crate::program::{PairArgs, Program, adding};

/// What an object has, by name and kind of value; null is as good as anything.
fn shape(of: &Json) -> Vec<(String, &'static str)> {
    let kind = |value: &Json| match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    };
    let object = of.as_object().unwrap_or_else(|| panic!("expected an object, found {of}"));
    object.iter().map(|(name, value)| (name.clone(), kind(value))).collect()
}

#[test]
fn an_attachment_is_the_same_object_wherever_it_is_shown() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    let attached = program.json(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    let whole = shape(&attached["attachment"]);
    assert!(whole.len() > 10, "{whole:?}");
    let same = |what: &str, of: &Json| assert_eq!(shape(of), whole, "{what}");
    same("list", &program.json(&["list"])["attachments"][0]);
    same("show", &program.json(&["show", "acme/pair"])["attachment"]);
    same("hooks", &program.json(&["hooks", "demo.pair"])["attachments"][0]);
    same("replace", &program.json(&["replace", "acme/pair", &script])["attachment"]);
    same("disable", &program.json(&["disable", "acme/pair"])["attachment"]);
    same("enable", &program.json(&["enable", "acme/pair"])["attachment"]);
    same("move", &program.json(&["move", "acme/pair", "--order", "3"])["attachment"]);
    // What would be attached has less to say, of the same kinds.
    let dry = program.json(&["attach", &script, "--hook", "demo.pair", "--tenant", "peer", "--dry-run"]);
    for part in shape(&dry["attachment"]) {
        assert!(whole.contains(&part), "{part:?} is not what an attachment has: {whole:?}");
    }
}

#[test]
fn whom_something_is_about_is_said_in_the_same_words() {
    let program = Program::with("[defaults.on_fault]\nany = \"skip\"\n", |options| options);
    let script = program.file("s.lua", &adding(1));
    let attached = program.json(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    assert_eq!(program.pair.invoke(&PairArgs { number: 1 }).results.left, 2);
    let expected = |key: &str| attached["attachment"][key].clone();
    let says = |what: &str, of: &Json, keys: &[&str]| {
        for key in keys {
            assert_eq!(of[key], expected(key), "{key} of {what}: {of}");
        }
    };
    let all = ["id", "tenant", "name", "hook"];
    says("stats", &program.json(&["stats"])["attachments"][0], &all);
    says("stats of one", &program.json(&["stats", "acme/pair"])["attachments"][0], &all);
    says("show", &program.json(&["show", "acme/pair"])["stats"], &all);
    says("events", &program.done(&["events", "--json"]).lines()[0], &all);
    says("top", &program.done(&["top", "--json", "--count", "1"]).lines()[0]["rows"][0], &all[1..]);
    let folder = program.path("wanted");
    std::fs::create_dir_all(folder.join("acme")).unwrap();
    let applied = program.json(&["apply", folder.to_str().unwrap(), "--tenant", "acme", "--prune", "--dry-run"]);
    says("apply", &applied["changes"][0], &all[1..]);
    // A list of hook points is one, of a program or of the catalog.
    let (of_program, of_catalog) = (program.json(&["hooks"]), run(&["hooks", "--json"]).json());
    assert_eq!(shape(&of_program["hooks"][0]), shape(&of_catalog["hooks"][0]));
}

#[test]
fn tail_takes_an_attachment_by_its_tenant_and_name_or_by_its_name() {
    let program = Program::new();
    let script = program.file("s.lua", "function seen(number) log.info(number) end");
    for tenant in ["acme", "peer"] {
        program.done(&["attach", &script, "--hook", "demo.seen", "--tenant", tenant]);
    }
    for (given, tenants) in [("peer/seen", &["peer", "peer"][..]), ("seen", &["acme", "peer"])] {
        let mut tail = command();
        tail.args(["tail", "--json", "-n", "2", "-f", "-a", given, "-s"]).arg(&program.socket);
        let child = tail.stdout(std::process::Stdio::piped()).spawn().unwrap();
        // It listens at some time; calls go on until it has seen enough.
        let done = std::thread::spawn(move || child.wait_with_output().unwrap());
        while !done.is_finished() {
            drop(program.seen.invoke(&crate::program::SeenArgs { number: 7 }));
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        let output = done.join().unwrap();
        assert!(output.status.success(), "{output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
        let mut found: Vec<String> = lines.map(|line| line["tenant"].as_str().unwrap().to_owned()).collect();
        found.sort();
        assert_eq!(found, tenants, "{given}");
    }
}

/// The last line of standard error is the object; what is before it are warnings of the host's.
fn told(err: &str) -> Json {
    let last = err.lines().last().unwrap_or_else(|| panic!("nothing was told"));
    serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {err}"))
}

#[test]
fn what_went_wrong_is_json_under_json() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    let broken = program.file("broken.lua", "function pair(");
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    let attach = |script: &str| program.run(&["attach", script, "--hook", "demo.pair", "--tenant", "acme", "--json"]);
    let cases = [
        (program.run(&["show", "acme/pear", "--json"]), 2, "not_found"),
        (program.run(&["detach", "acme/pear", "--json"]), 2, "not_found"),
        (program.run(&["list", "--tenant", "acne", "--json"]), 2, "not_found"),
        (program.run(&["frobnicate", "--json"]), 2, "usage"),
        (program.run(&["list", "--json", "--frobnicate"]), 2, "usage"),
        (program.run(&["policy", "check", "no/such/file", "-j"]), 2, "input"),
        (attach(&broken), 3, "script"),
        (attach(&script), 5, "exists"),
        (run(&["list", "--json", "--socket", "no/such/socket"]), 6, "unreachable"),
    ];
    for (run, exit, code) in cases {
        assert_eq!((run.code, run.out.as_str()), (exit, ""), "{run:?}");
        let error = &told(&run.err)["error"];
        assert_eq!((&error["code"], &error["exit"]), (&json!(code), &json!(exit)), "{run:?}");
        assert!(!error["message"].as_str().unwrap().is_empty(), "{run:?}");
    }
    let error = told(&program.run(&["list", "--tenant", "acne", "--json"]).err);
    assert_eq!(error["error"]["nearest"], "acme", "{error}");
    let error = told(&attach(&broken).err);
    assert_eq!((&error["error"]["script"], &error["error"]["line"]), (&json!("broken.lua"), &json!(1)), "{error}");
    // Without it, people are told.
    let plain = program.run(&["show", "acme/pear"]);
    assert!(plain.err.starts_with("error: "), "{plain:?}");
}

#[test]
fn a_list_that_is_watched_is_shown_again_when_something_changes() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    let mut list = command();
    list.args(["list", "--json", "--watch=0.1", "--count", "2", "--socket"]).arg(&program.socket);
    let mut child = list.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(child.stdout.take().unwrap()));
    let mut next = || serde_json::from_str::<Json>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["attachments"], json!([]));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    assert_eq!(next()["attachments"][0]["name"], "pair");
    assert!(child.wait().unwrap().success());
}
