//! What the command says when the program does not do what was asked, and its exit code. Calls go on meanwhile.

use crate::process::run;
use crate::program::{Program, adding};

#[test]
fn mistakes_are_told_clearly_and_disturb_nobody() {
    let program = Program::new();
    let good = program.file("good.lua", &adding(1));
    program.done(&["attach", &good, "--hook", "demo.pair", "--tenant", "acme"]);
    let load = program.load(2);

    let bad = program.file("bad.lua", "function pair(number)\n  return { left = }\nend\n");
    let large = program.file("large.lua", &format!("-- {}\n{}", "x".repeat(3 << 19), adding(1)));
    let endless = program.file("endless.lua", "while true do end\n");
    let attach = |script: &str, more: &[&str]| {
        program.run(&[&["attach", script, "--hook", "demo.pair", "--tenant", "acme", "--name", "x"], more].concat())
    };
    let revision = program.json(&["list"])["attachments"][0]["revision"].as_u64().unwrap();
    let current = format!("at {revision}");
    let cases = [
        (attach(&bad, &[]), 3, "bad.lua:2:"),
        (attach(&endless, &[]), 3, "fuel"),
        (attach(&large, &[]), 4, "expected at most"),
        (attach(&good, &["--before", "acme/nobody"]), 2, "acme/nobody"),
        (attach(&good, &["--fingerprint", "0123456789abcdef"]), 2, "fingerprint: expected 64 hexadecimal digits"),
        (attach(&good, &["--fingerprint", &"0".repeat(64)]), 2, "demo.pair has changed"),
        (program.run(&["attach", &good, "--hook", "demo.pair", "--tenant", "acme"]), 5, "pair"),
        (program.run(&["attach", &good, "--hook", "demo.pari", "--tenant", "acme"]), 2, "did you mean demo.pair?"),
        (program.run(&["replace", "acme/pair", &good, "--revision", "0"]), 5, current.as_str()),
        (program.run(&["detach", "acme/pair", "--revision", "0"]), 5, current.as_str()),
        (program.run(&["replace", "acme/pair", &bad]), 3, "bad.lua:2:"),
        (program.run(&["detach", "acme/pari"]), 2, "did you mean acme/pair?"),
        (program.run(&["hooks", "demo.pari"]), 2, "did you mean demo.pair?"),
        (program.run(&["stats", "acme/pari"]), 2, "did you mean acme/pair?"),
        (program.run(&["quarantine", "lift", "acme/pari"]), 2, "error: "),
        (program.run(&["list", "--tenant"]), 2, "--tenant"),
        (program.run(&["detach", "pair"]), 2, "expected TENANT/NAME"),
        (program.run(&["call", "--hook", "demo.pair", "--tenant", "acme"]), 2, "--tenant requires --script"),
        (
            program.run(&["call", "--hook", "demo.pair", "--policy", &good, "--tenant", "acme"]),
            2,
            "--policy requires --script",
        ),
        (program.run(&["call", "--hook", "demo.pair", "--fuel", "1M"]), 2, "--fuel requires --script"),
        (program.run(&["call", "--hook", "demo.pair", "--memory", "1MiB"]), 2, "--memory requires --script"),
        (program.run(&["call", "--hook", "demo.pair", "--state", "kept"]), 2, "--state requires --script"),
        (program.run(&["tail", "--kind", "lug"]), 2, "did you mean log?"),
    ];
    for (run, code, message) in &cases {
        assert_eq!(run.code, *code, "{message}: {run:?}");
        assert!(run.err.starts_with("error: ") && run.err.contains(message), "{message}: {run:?}");
        assert!(!run.err.contains("panicked"), "{run:?}");
    }
    assert_eq!(program.attached(), ["acme/pair"], "nothing changed");
    assert!(load.end() > 0);
}

#[test]
fn who_may_not_is_told_so() {
    let program = Program::with("", |options| options.owner_may_do_all(false));
    let good = program.file("good.lua", &adding(1));
    for args in [&["list"][..], &["attach", &good, "--hook", "demo.pair", "--tenant", "acme"], &["stats"]] {
        let run = program.run(args);
        assert_eq!(run.code, 4, "{args:?}: {run:?}");
        assert!(run.err.starts_with("error: "), "{run:?}");
    }
}

#[test]
fn nobody_there_is_told_from_nobody_named() {
    let unnamed = run(&["list"]);
    assert_eq!(unnamed.code, 2);
    assert!(unnamed.err.contains("TENTERHOOK_SOCKET"), "{unnamed:?}");
    let gone = run(&["list", "--socket", "no/such/socket"]);
    assert_eq!(gone.code, 6, "{gone:?}");
    assert!(gone.err.contains("no/such/socket"), "{gone:?}");
}

#[test]
fn a_script_that_fails_when_called_is_exit_code_3() {
    let program = Program::new();
    let script = program.file("s.lua", "function pair(number) error('no ' .. number) end\n");
    program.run(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme", "--force"]);
    let args = program.file("args.json", "{\"number\": 5}");
    let called = program.run(&["call", "--hook", "demo.pair", "--args", &args]);
    assert_eq!(called.code, 3, "{called:?}");
    assert!(called.out.contains("fault script: s.lua:1: no 5"), "{called:?}");
    let wrong = program.file("wrong.json", "{\"number\": -5}");
    let refused = program.run(&["call", "--hook", "demo.pair", "--args", &wrong]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(refused.err.contains("number"), "{refused:?}");
}
