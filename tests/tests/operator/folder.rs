//! `tenterhook apply`: a folder, and a program that is made equal to it.

use serde_json::json;
use tenterhook_tests::http::Client;

use crate::process::run;
use crate::program::{Program, adding};
use crate::relay::relay;

#[test]
fn a_program_becomes_what_a_folder_says() {
    let program = Program::new();
    let folder = program.path("wanted");
    let folder = folder.to_str().unwrap();
    program.file("wanted/acme/one.toml", "hook = \"demo.pair\"\nscript = \"one.lua\"\n");
    program.file("wanted/acme/one.lua", &adding(1));
    program.file("wanted/peer/two.toml", "hook = \"demo.pair\"\nscript = \"two/main.lua\"\norder = 5\n");
    program.file(
        "wanted/peer/two/main.lua",
        "local by = require 'by'\nfunction pair(n) return { left = n + by, right = n + by } end\n",
    );
    program.file("wanted/peer/two/by.lua", "return 2\n");

    let dry = program.done(&["apply", folder, "--dry-run"]);
    assert_eq!(dry.out.lines().filter(|line| line.starts_with("+ attach")).count(), 2, "{dry:?}");
    assert_eq!(program.attached(), Vec::<String>::new(), "only shown");
    let unasked = program.run(&["apply", folder]);
    assert_eq!(unasked.code, 2, "there is nobody to ask: {unasked:?}");
    assert!(unasked.err.contains("--yes"), "{unasked:?}");
    assert_eq!(program.attached(), Vec::<String>::new(), "nothing without a yes");

    program.done(&["apply", folder, "--yes"]);
    assert_eq!(program.attached(), ["acme/one", "peer/two"]);
    assert_eq!(program.done(&["apply", folder, "--yes"]).out, "nothing differs\n");

    program.file("wanted/acme/one.lua", &adding(3));
    std::fs::remove_file(program.path("wanted/peer/two.toml")).unwrap();
    std::fs::remove_dir_all(program.path("wanted/peer/two")).unwrap();
    let changes = program.json(&["apply", folder, "--dry-run", "--prune"]);
    let actions: Vec<(&str, &str)> = changes["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| (change["action"].as_str().unwrap(), change["name"].as_str().unwrap()))
        .collect();
    assert!(actions.contains(&("replace", "one")) && actions.contains(&("detach", "two")), "{changes}");
    program.done(&["apply", folder, "--yes", "--prune"]);
    assert_eq!(program.attached(), ["acme/one"]);
    let args = program.file("args.json", "{\"number\": 1}");
    assert_eq!(program.json(&["call", "--hook", "demo.pair", "--args", &args])["results"]["left"], json!(4));
}

#[test]
fn a_folder_with_a_script_that_does_not_load_changes_nothing() {
    let program = Program::new();
    program.file("wanted/acme/one.toml", "hook = \"demo.pair\"\nscript = \"one.lua\"\n");
    program.file("wanted/acme/one.lua", &adding(1));
    program.file("wanted/acme/bad.toml", "hook = \"demo.pair\"\nscript = \"bad.lua\"\n");
    program.file("wanted/acme/bad.lua", "function pair( end\n");
    let folder = program.path("wanted");
    let run = program.run(&["apply", folder.to_str().unwrap(), "--yes"]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.out.contains("bad.lua:1") || run.err.contains("bad.lua:1"), "{run:?}");
    assert_eq!(program.attached(), Vec::<String>::new());
}

/// Between the difference and the change somebody else attaches: what was shown is not what would be done.
#[test]
fn what_a_program_keeps_is_what_it_has() {
    let program = Program::new();
    for (name, by) in [("one", 1), ("two", 2), ("three", 3)] {
        let script = program.file(&format!("{name}.lua"), &adding(by));
        program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme", "--name", name]);
    }
    let kept = program.path("kept");
    let kept = kept.to_str().unwrap();
    assert_eq!(program.done(&["apply", kept, "--yes"]).out, "nothing differs\n");
    // One that is edited stays where it is in the chain.
    let edited = adding(4);
    for file in std::fs::read_dir(program.path("kept/acme")).unwrap().flatten() {
        let name = file.file_name().into_string().unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let script = name.starts_with("one.") && name.ends_with(".lua");
        program.file(&format!("edited/acme/{name}"), if script { &edited } else { &text });
    }
    program.done(&["apply", program.path("edited").to_str().unwrap(), "--yes"]);
    let args = program.file("args.json", "{\"number\": 1}");
    assert_eq!(program.json(&["call", "--hook", "demo.pair", "--args", &args])["results"]["left"], json!(5));
}

#[test]
fn what_is_applied_is_what_was_shown() {
    let program = Program::new();
    program.file("wanted/acme/one.toml", "hook = \"demo.pair\"\nscript = \"one.lua\"\n");
    program.file("wanted/acme/one.lua", &adding(1));
    let (folder, socket) = (program.path("wanted"), program.path("relay"));
    let theirs = json!({ "hook": "demo.pair", "tenant": "acme", "name": "theirs", "source": adding(2) });
    let other = Client::new(&program.socket);
    relay(socket.clone(), &program.socket, move |number| {
        if number == 1 {
            other.post("/v1/attachments", &theirs).ok();
        }
    });
    let stale = run(&["apply", folder.to_str().unwrap(), "--yes", "--socket", socket.to_str().unwrap()]);
    assert_eq!(stale.code, 5, "{stale:?}");
    assert!(stale.out.contains("+ attach") && stale.err.contains("computed at revision 0"), "{stale:?}");
    assert_eq!(program.attached(), ["acme/theirs"], "theirs is not detached unseen");
    let again = run(&["apply", folder.to_str().unwrap(), "--yes", "--prune", "--socket", socket.to_str().unwrap()]);
    assert!(again.code == 0 && again.out.contains("- detach"), "{again:?}");
    assert_eq!(program.attached(), ["acme/one"]);
}

/// What `new` writes for editors is not what the program is sent.
#[test]
fn a_new_folder_is_attached_without_its_definitions() {
    let program = Program::new();
    let folder = program.path("begun");
    let folder = folder.to_str().unwrap();
    program.done(&["new", "--hook", "demo.pair", "--tenant", "acme", folder]);
    assert!(program.path("begun/types/tenterhook.lua").exists());
    program.done(&["attach", folder, "--hook", "demo.pair", "--tenant", "acme"]);
    assert_eq!(program.json(&["list"])["attachments"][0]["modules"], json!([]));
}

/// The exit code is that of attaching the same script; the JSON is all there is on standard output.
#[test]
fn what_cannot_be_applied_ends_by_its_cause() {
    let policy = "[[placement]]\nhook = \"demo.pair\"\ntenants = [\"acme\"]\norders = [1, 9]\n";
    let program = Program::with(policy, |options| options);
    program.file("wanted/acme/one.lua", &adding(1));
    program.file("wanted/acme/bad.lua", "function pair( end\n");
    let folder = program.path("wanted");
    let folder = folder.to_str().unwrap();
    for (lines, code, words) in [
        ("hook = \"demo.pair\"\nscript = \"bad.lua\"\norder = 1\n", 3, "bad.lua:1:"),
        ("hook = \"demo.pair\"\nscript = \"one.lua\"\norder = 10\n", 4, "order"),
        ("hook = \"demo.pari\"\nscript = \"one.lua\"\n", 2, "did you mean demo.pair?"),
    ] {
        program.file("wanted/acme/one.toml", lines);
        for json in [&[][..], &["--json"]] {
            let run = program.run(&[&["apply", folder, "--yes"], json].concat());
            assert_eq!(run.code, code, "{run:?}");
            assert!(run.err.contains(words) && run.err.contains("nothing was changed: acme/one: "), "{run:?}");
            assert!(json.is_empty() || run.json()["applied"] == false, "{run:?}");
        }
    }
    program.file("wanted/acme/one.toml", "hook = \"demo.pair\"\nscript = \"one.lua\"\norder = 1\n");
    let unasked = program.run(&["apply", folder, "--json"]);
    assert_eq!((unasked.code, unasked.out.as_str()), (2, ""), "{unasked:?}");
    assert!(unasked.err.contains("--yes") && unasked.err.contains("--dry-run"), "{unasked:?}");
    assert_eq!(program.attached(), Vec::<String>::new());
}
