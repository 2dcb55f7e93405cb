//! What attaching says of a script that will not do: before it is attached, and while calls reach it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{scope, yield_now};

use serde_json::json;

use crate::process::run;
use crate::program::{PairArgs, Program, adding};

const SILENT: &str = "function pair(number)\n  local left = number\nend\n";
const LACKING: &str = "function pair(number)\n  return helper(number)\nend\n";

#[test]
fn attaching_a_faulty_handler_says_so() {
    let program = Program::new();
    let good = program.file("good.lua", &adding(1));
    let (silent, lacking) = (program.file("silent.lua", SILENT), program.file("lacking.lua", LACKING));
    let attach = |script: &str, name: &str, more: &[&str]| {
        let args = ["attach", script, "--hook", "demo.pair", "--tenant", "acme", "--name", name];
        program.run(&[&args[..], more].concat())
    };
    let warned = attach(&silent, "silent", &[]);
    assert_eq!(warned.code, 0, "{warned:?}");
    assert!(warned.err.contains("silent.lua:1:10: warning: pair never returns anything: left is always"), "{warned:?}");

    let refused = attach(&lacking, "lacking", &[]);
    assert_eq!(refused.code, 3, "{refused:?}");
    for part in [
        "lacking.lua:2:10: warning: global 'helper' is never set",
        "lacking.lua:2: warning: a call with sample arguments ends in a fault (script): attempt to call a nil value",
        "error: a call of demo.pair with sample arguments ends in a fault: nothing was changed; use --force",
    ] {
        assert!(refused.err.contains(part), "{part}: {refused:?}");
    }
    assert_eq!(attach(&lacking, "lacking", &["--dry-run"]).code, 3);
    let told = attach(&lacking, "lacking", &["--json"]).err;
    let lines: Vec<serde_json::Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), &lines[2]["error"]["code"]), (3, &json!("script")), "{told}");
    assert_eq!(program.attached(), ["acme/silent"]);

    program.done(&["attach", &good, "--hook", "demo.pair", "--tenant", "acme", "--name", "good"]);
    let refused = program.run(&["replace", "acme/good", &lacking]);
    assert!(refused.code == 3 && refused.err.contains("--force"), "{refused:?}");
    assert_eq!(program.done(&["show", "acme/good", "--source"]).out, adding(1));

    program.file("wanted/acme/lacking.toml", "hook = \"demo.pair\"\nscript = \"lacking.lua\"\n");
    program.file("wanted/acme/lacking.lua", LACKING);
    let folder = program.path("wanted");
    let apply = ["apply", folder.to_str().unwrap(), "--yes"];
    let refused = program.run(&apply);
    assert!(refused.code == 3 && refused.err.contains("acme/lacking: nothing was changed"), "{refused:?}");
    assert!(refused.err.contains("wanted/acme/lacking.lua:2: warning: a call with"), "{refused:?}");
    assert_eq!(program.attached(), ["acme/silent", "acme/good"]);

    // Who insists gets it, and is told all the same.
    let forced = program.run(&[&apply[..], &["--force"]].concat());
    assert!(forced.code == 0 && forced.err.contains("ends in a fault (script)"), "{forced:?}");
    let forced = program.run(&["replace", "acme/good", &lacking, "--force", "--json"]);
    assert_eq!((forced.code, forced.err.as_str()), (0, ""), "{forced:?}");
    let findings = forced.json()["findings"].clone();
    assert!(findings.as_array().unwrap().iter().any(|finding| finding["cause"] == "script"), "{findings}");
}

/// The two of them, and what was not told before it was attached: all of it the first time.
#[test]
fn check_finds_them_before() {
    let program = Program::new();
    for (name, text, part) in [
        ("silent.lua", SILENT, "never returns anything"),
        ("lacking.lua", LACKING, "a call with sample arguments ends in a fault (script)"),
        ("answer.lua", "function pair(n) return { left = -n - 1 } end\n", "(answer): result.left: expected integer"),
    ] {
        let script = program.file(name, text);
        let strict = program.run(&["check", &script, "--hook", "demo.pair", "--strict"]);
        assert!(strict.code == 3 && strict.out.contains(part), "{strict:?}");
        assert_eq!(program.run(&["check", &script, "--hook", "demo.pair"]).code, 0, "{name}");
    }
    let catalog = program.file("m.lua", "function route_match(prefix) return helper(prefix) end\n");
    assert_eq!(run(&["check", &catalog, "--strict"]).code, 3);
}

/// The call is made under the program's own rules, and nothing of it reaches the program.
#[test]
fn the_call_is_made_as_the_program_would() {
    let policy = "[tenants.acme]\nfuel = \"100K\"\n[tenants.peer]\nfuel = \"10M\"\n[[tenants.kept.grants]]\n\
        capability = \"kv\"\nreason = \"keeps counts\"\n";
    let program = Program::with(policy, |options| options);
    let busy = program.file("busy.lua", "function pair() for i = 1, 100000 do end return { left = 1 } end\n");
    let attach =
        |script: &str, tenant: &str| program.run(&["attach", script, "--hook", "demo.pair", "--tenant", tenant]);
    let refused = attach(&busy, "acme");
    assert!(refused.code == 3 && refused.err.contains("ends in a fault (fuel)"), "{refused:?}");
    assert_eq!(attach(&busy, "peer").code, 0, "it has the fuel");
    let stats = program.json(&["stats", "peer/pair"]);
    assert_eq!((&stats["attachments"][0]["calls"], program.attached().len()), (&json!(0), 1), "{stats}");
    // What only the program has says nothing of the script.
    let granted = program.file("granted.lua", "function pair(n) return { left = kv.get(n) } end\n");
    assert_eq!(attach(&granted, "kept").code, 0);
}

#[test]
fn a_list_says_how_each_does_and_attaching_waits_for_calls() {
    let program = Program::with("[defaults]\nquarantine = \"off\"\n", |options| options);
    let good = program.file("good.lua", &adding(1));
    let lacking = program.file("lacking.lua", LACKING);
    let attach = ["attach", &good, "--hook", "demo.pair", "--tenant", "acme"];
    let unseen = program.done(&[&attach[..], &["--wait", "20ms"]].concat());
    assert!(unseen.out.ends_with("no call came within 20 ms\n"), "{unseen:?}");
    assert!(program.done(&["list"]).out.contains("never called"));
    let ended = AtomicBool::new(false);
    scope(|threads| {
        threads.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                drop(program.pair.invoke(&PairArgs { number: 4 }));
                yield_now();
            }
        });
        let end = End(&ended);
        let replaced = program.done(&["replace", "acme/pair", &good, "--wait", "500ms"]);
        assert!(replaced.out.contains("within 500 ms: ") && replaced.out.contains("faults: none"), "{replaced:?}");
        let faulty = program.run(&["replace", "acme/pair", &lacking, "--force", "--wait", "500ms", "--json"]);
        let seen = faulty.json()["seen"].clone();
        assert_eq!(faulty.code, 3, "{faulty:?}");
        assert!(seen["faults"]["script"].as_u64().unwrap() > 0 && seen["last_fault"].is_string(), "{seen}");
        drop(end);
    });
    let listed = program.done(&["list"]).out;
    assert!(listed.contains("health") && listed.contains("faults "), "{listed}");
}

/// Ends the calls, however the test ends.
struct End<'a>(&'a AtomicBool);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
