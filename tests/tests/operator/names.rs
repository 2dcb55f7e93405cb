//! Names that nobody has: told with the nearest one, exit code 2, never waited for, never answered with nothing.

use crate::program::{Program, adding};

#[test]
fn a_name_that_nobody_has_is_told_by_every_command_that_takes_one() {
    let policy = "[tenants.acme]\nfuel = \"2M\"\n[tenants.peer]\nfuel = \"2M\"\n";
    let program = Program::with(policy, |options| options);
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    let folder = program.path("wanted");
    program.file("wanted/acme/pair.toml", "hook = \"demo.pair\"\nscript = \"pair.lua\"\n");
    program.file("wanted/acme/pair.lua", &adding(1));
    let folder = folder.to_str().unwrap();
    let pulled = program.path("pulled");
    let pulled = pulled.to_str().unwrap();

    let tenant: [&[&str]; 8] = [
        &["list", "--tenant", "acne"],
        &["stats", "--tenant", "acne"],
        &["quarantine", "list", "--tenant", "acne"],
        &["tail", "--tenant", "acne"],
        &["events", "--tenant", "acne", "--follow"],
        &["top", "--json", "--tenant", "acne"],
        &["pull", pulled, "--tenant", "acne"],
        &["apply", folder, "--yes", "--tenant", "acne"],
    ];
    let hook: [&[&str]; 15] = [
        &["list", "--hook", "demo.pari"],
        &["stats", "--hook", "demo.pari"],
        &["quarantine", "list", "--hook", "demo.pari"],
        &["tail", "--hook", "demo.pari"],
        &["events", "--hook", "demo.pari"],
        &["top", "--json", "--hook", "demo.pari"],
        &["hooks", "demo.pari"],
        &["hooks", "demo.pari", "--json"],
        &["types", "--hook", "demo.pari"],
        &["check", &script, "--hook", "demo.pari"],
        &["new", "--hook", "demo.pari", "--tenant", "acme", pulled],
        &["call", "--hook", "demo.pari"],
        &["call", "--hook", "demo.pari", "--script", &script],
        &["policy", "explain", "acme", "demo.pari"],
        &["copy", "acme/pair", "--hook", "demo.pari", "--name", "other"],
    ];
    let attachment: [&[&str]; 13] = [
        &["show", "acme/pari"],
        &["show", "acme/pari", "--source"],
        &["stats", "acme/pari"],
        &["replace", "acme/pari", &script],
        &["detach", "acme/pari"],
        &["enable", "acme/pari"],
        &["disable", "acme/pari"],
        &["move", "acme/pari", "--order", "3"],
        &["copy", "acme/pari", "--hook", "demo.seen"],
        &["quarantine", "lift", "acme/pari"],
        &["call", "--hook", "demo.pair", "--attachment", "acme/pari"],
        &["tail", "--attachment", "acme/pari"],
        &["stats", "acne/pair"],
    ];
    for (near, cases) in [("acme", &tenant[..]), ("demo.pair", &hook), ("acme/pair", &attachment)] {
        for args in cases {
            let run = program.run(args);
            let told = format!("did you mean {near}?");
            assert!(run.code == 2 && run.err.contains(&told) && run.out.is_empty(), "{args:?}: {run:?}");
        }
    }
    let by_name = program.run(&["tail", "--attachment", "pari"]);
    assert!(by_name.code == 2 && by_name.err.contains("no attachment pari; did you mean pair?"), "{by_name:?}");
    let elsewhere = program.run(&["stats", "acme/pair", "--hook", "demo.seen"]);
    assert!(elsewhere.code == 2 && elsewhere.err.contains("is attached at demo.pair"), "{elsewhere:?}");
    // Who is in the policy and has nothing is no mistake.
    assert_eq!(program.done(&["list", "--tenant", "peer"]).out, "nothing is attached\n");
    assert_eq!(program.attached(), ["acme/pair"]);
}

/// A tenant that has nothing any more is remembered by its events.
#[test]
fn events_of_who_is_gone_are_shown() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    program.done(&["detach", "acme/pair"]);
    assert_eq!(program.done(&["events", "--tenant", "acme"]).out.lines().count(), 2);
}
