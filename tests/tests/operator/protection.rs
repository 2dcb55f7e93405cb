//! A program whose protection is damaged: it refuses, says so everywhere, and is mended through its socket alone.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tenterhook::FailureKind;
use tenterhook_tests::http::Client;

use crate::program::{PairArgs, Program, adding, curl};

const POLICY: &str =
    "[hooks.\"demo.pair\"]\nrequired = [\"acme/pair\"]\nclosed = { left = 99, right = 99 }\n[tenants.acme]\n";

/// What happens to the attachment's files, and how an operator mends it.
struct Damage {
    what: &'static str,
    make: fn(&Path),
    /// Whether what is on disk is fine if somebody says so.
    adopted: bool,
}

/// The script of the only attachment.
fn script(kept: &Path) -> PathBuf {
    let files = fs::read_dir(kept.join("acme")).unwrap().map(|entry| entry.unwrap().path());
    files.into_iter().find(|path| path.extension().unwrap() == "lua").unwrap()
}

fn rewrite(kept: &Path, change: impl Fn(&str) -> String) {
    let file = kept.join("acme/pair.toml");
    fs::write(&file, change(&fs::read_to_string(&file).unwrap())).unwrap();
}

const DAMAGE: [Damage; 6] = [
    Damage {
        what: "the file is cut off",
        make: |kept| rewrite(kept, |text| text[..text.find("enabled").unwrap() + 3].to_owned()),
        adopted: false,
    },
    Damage { what: "the file is empty", make: |kept| rewrite(kept, |_| String::new()), adopted: false },
    Damage { what: "the script is gone", make: |kept| fs::remove_file(script(kept)).unwrap(), adopted: false },
    Damage { what: "the script was changed", make: |kept| fs::write(script(kept), adding(5)).unwrap(), adopted: true },
    Damage {
        what: "the script does not load any more",
        make: |kept| fs::write(script(kept), "function pair(").unwrap(),
        adopted: false,
    },
    Damage {
        what: "the hook point has another shape",
        make: |kept| {
            rewrite(kept, |text| {
                let at = text.find("fingerprint = \"").unwrap() + "fingerprint = \"".len();
                format!("{}{}{}", &text[..at], "0f".repeat(32), &text[at + 64..])
            });
        },
        adopted: true,
    },
];

/// What an invocation comes to, and whether nobody was asked.
fn fire(program: &Program) -> (u32, bool) {
    let outcome = program.pair.invoke(&PairArgs { number: 10 });
    assert_eq!(outcome.results.left, outcome.results.right);
    (outcome.results.left, outcome.failures.iter().any(|failure| matches!(failure.kind, FailureKind::Closed(_))))
}

/// A program whose required attachment was damaged while it was down.
fn damaged(damage: &Damage) -> Program {
    let program = Program::with(POLICY, |options| options);
    assert_eq!(fire(&program), (99, true), "closed from the start");
    let script = program.file("pair.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    assert_eq!(fire(&program), (11, false), "open");
    let program = program.restarted(POLICY, |kept| (damage.make)(kept));
    assert_eq!(fire(&program), (99, true), "{}", damage.what);
    program
}

#[test]
fn every_kind_of_damage_closes_it_and_is_told_everywhere() {
    for damage in &DAMAGE {
        let (program, what) = (damaged(damage), damage.what);
        let closed = "demo.pair is closed: acme/pair is broken; every invocation gives {\"left\":99,\"right\":99}";
        for args in [&["list"][..], &["hooks"], &["stats"]] {
            let run = program.done(args);
            assert!(run.out.contains(closed), "{what}: {args:?}: {run:?}");
        }
        let list = program.done(&["list"]).out;
        assert!(list.lines().any(|line| line.contains("acme/pair") && line.contains(" broken ")), "{what}: {list}");
        assert!(list.contains("broken: acme/pair.toml:"), "{what}: {list}");
        let shown = program.done(&["show", "acme/pair"]).out;
        assert!(shown.contains("broken, so no call reaches it") && shown.contains("reason"), "{what}: {shown}");
        let metrics = Client::new(&program.socket).get("/metrics").body;
        assert!(metrics.contains("\ntenterhook_closed{hook=\"demo.pair\"} 1\n"), "{what}: {metrics}");
        assert!(metrics.contains("\ntenterhook_closed_invocations_total{hook=\"demo.pair\"} 1\n"), "{what}: {metrics}");
        let count = metrics.lines().find(|line| line.starts_with("tenterhook_broken_attachments{tenant=\"acme\""));
        assert!(count.is_some_and(|line| line.ends_with(" 1")), "{what}: {metrics}");
        let events = program.done(&["events"]).out;
        assert!(events.contains("closed") && events.contains("broken"), "{what}: {events}");
        let called =
            program.json(&["call", "--hook", "demo.pair", "--args", &program.file("a.json", "{\"number\": 1}")]);
        assert_eq!((&called["results"]["left"], &called["closed"]["cause"]), (&json!(99), &json!("closed")), "{what}");
    }
}

#[test]
fn the_command_mends_it() {
    for damage in &DAMAGE {
        let (program, what) = (damaged(damage), damage.what);
        let adopted = program.run(&["adopt", "acme/pair"]);
        if damage.adopted {
            assert_eq!(adopted.code, 0, "{what}: {adopted:?}");
            assert!(
                adopted.out.starts_with("adopted acme/pair at demo.pair: place 1 in the chain"),
                "{what}: {adopted:?}"
            );
            assert!([11, 15].contains(&fire(&program).0), "{what}");
            assert_eq!(program.run(&["discard", "acme/pair"]).code, 5, "{what}: it is not broken any more");
            continue;
        }
        assert!([2, 3].contains(&adopted.code), "{what}: {adopted:?}");
        assert_eq!(fire(&program), (99, true), "{what}: nothing changed");
        let discarded = program.done(&["discard", "acme/pair"]);
        assert!(discarded.out.starts_with("discarded acme/pair; the program is at revision "), "{what}: {discarded:?}");
        let list = program.done(&["list"]).out;
        assert!(list.contains("acme/pair is missing") && !list.contains("broken"), "{what}: {list}");
        let script = program.file("again.lua", &adding(2));
        program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
        assert_eq!(fire(&program), (12, false), "{what}");
        let program = program.restarted(POLICY, |_| ());
        assert_eq!(fire(&program), (12, false), "{what}: and so it stays");
    }
}

#[test]
fn curl_mends_it() {
    for damage in &DAMAGE {
        let (program, what) = (damaged(damage), damage.what);
        let Some((status, list)) = curl(&program.socket, "GET", "/v1/attachments", None) else { return };
        assert_eq!(
            (status, &list["protection"][0]["required"][0]["status"]),
            (200, &json!("broken")),
            "{what}: {list}"
        );
        let revision = &list["broken"][0]["revision"];
        let ask = |verb: &str| {
            let path = format!("/v1/attachments/acme/pair/{verb}?revision={revision}");
            curl(&program.socket, "POST", &path, None).unwrap()
        };
        let (status, adopted) = ask("adopt");
        assert_eq!(status == 200, damage.adopted, "{what}: {adopted}");
        if !damage.adopted {
            let (status, discarded) = ask("discard");
            assert_eq!((status, &discarded["attachment"]), (200, &Json::Null), "{what}: {discarded}");
            let body = json!({ "hook": "demo.pair", "tenant": "acme", "source": adding(1) });
            assert_eq!(curl(&program.socket, "POST", "/v1/attachments", Some(&body)).unwrap().0, 201, "{what}");
        }
        assert!([11, 15].contains(&fire(&program).0), "{what}");
    }
}

#[test]
fn whatever_takes_it_out_closes_it_and_a_mistyped_tenant_does_not_put_it_back() {
    let program = Program::with(POLICY, |options| options);
    let script = program.file("pair.lua", &adding(1));
    let nobody = program.run(&["attach", &script, "--hook", "demo.pair", "--tenant", "acem"]);
    assert_eq!(nobody.code, 4, "{nobody:?}");
    assert!(
        nobody.err.contains("tenant acem is not named in policy.toml") && nobody.err.contains("did you mean acme?")
    );
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    for (out, back) in [("disable", "enable"), ("detach", "attach")] {
        program.done(&[out, "acme/pair"]);
        assert_eq!(fire(&program), (99, true), "{out}");
        match back {
            "attach" => program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]),
            back => program.done(&[back, "acme/pair"]),
        };
        assert_eq!(fire(&program), (11, false), "{back}");
    }
    let faulty = program.file("faulty.lua", "function pair() error('no') end");
    let forced = program.run(&["replace", "acme/pair", &faulty, "--force"]);
    assert_eq!(forced.code, 0, "{forced:?}");
    for _ in 0..30 {
        assert_eq!(fire(&program).0, 99, "a fault, and then quarantine");
    }
    let list = program.json(&["list"]);
    let protection = &list["protection"][0];
    assert_eq!((&protection["closed"], &protection["required"][0]["status"]), (&json!(false), &json!("quarantined")));
    // A tenant that the policy names no more is broken after the next start.
    let program = program.restarted("[tenants.globex]\n", |_| ());
    let list = program.json(&["list"]);
    let reason = list["broken"][0]["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("tenant acme is not named in policy.toml"), "{list}");
    program.done(&["discard", "acme/pair"]);
}
