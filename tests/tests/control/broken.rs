//! Broken attachments: every kind of damage keeps its place and is told of; operators mend all of it through the socket.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::rights::held_to;
use crate::stage::{Stage, request, says};

/// What can happen to the first of three attachments, and what is said of it then.
struct Damage {
    what: &'static str,
    make: fn(&Stage),
    reason: &'static str,
    /// Whether what is on disk is fine if somebody says so; what adopting it says otherwise.
    adopt: Result<i64, (u16, &'static str)>,
}

fn acme(stage: &Stage) -> PathBuf {
    stage.folder.path().join("attachments/acme")
}

/// The script of an attachment, on disk.
fn script(stage: &Stage, name: &str) -> PathBuf {
    let files = fs::read_dir(acme(stage)).unwrap().map(|entry| entry.unwrap().path());
    let starts = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(&format!("{name}."));
    files.into_iter().find(|path| starts(path) && path.extension().unwrap() != "toml").unwrap()
}

/// Changes a line of an attachment's file.
fn edit(stage: &Stage, name: &str, key: &str, line: &str) {
    let file = acme(stage).join(format!("{name}.toml"));
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> =
        text.lines().map(|old| if old.starts_with(&format!("{key} = ")) { line } else { old }).collect();
    fs::write(file, lines.join("\n")).unwrap();
}

const DAMAGE: [Damage; 6] = [
    Damage {
        what: "a file that was cut off",
        make: |stage| {
            let text = fs::read_to_string(acme(stage).join("a.toml")).unwrap();
            fs::write(acme(stage).join("a.toml"), text.replace("revision = ", "revision ")).unwrap();
        },
        reason: "acme/a.toml:",
        adopt: Err((422, "broken")),
    },
    Damage {
        what: "a script that is gone",
        make: |stage| fs::remove_file(script(stage, "a")).unwrap(),
        reason: "acme/a.toml: script: a.",
        adopt: Err((422, "broken")),
    },
    Damage {
        what: "a script that somebody changed",
        make: |stage| fs::write(script(stage, "a"), says(7)).unwrap(),
        reason: "it was changed since it was attached: the SHA-256 of its content begins with ",
        adopt: Ok(7),
    },
    Damage {
        what: "a script that somebody changed for the worse",
        make: |stage| fs::write(script(stage, "a"), "x = = 1").unwrap(),
        reason: "it was changed since it was attached",
        adopt: Err((422, "script")),
    },
    Damage {
        what: "a hook point of another shape",
        make: |stage| edit(stage, "a", "fingerprint", &format!("fingerprint = \"{}\"", "0f".repeat(32))),
        reason: "acme/a.toml: test.decide has changed since the script was written for it",
        adopt: Ok(1),
    },
    Damage {
        what: "a hook point that is gone",
        make: |stage| edit(stage, "a", "hook", "hook = \"test.gone\""),
        reason: "acme/a.toml: no hook point test.gone",
        adopt: Err((404, "not_found")),
    },
];

/// Three attachments, of which the first is damaged while the program is down.
fn damaged(damage: &Damage) -> Stage {
    let mut stage = Stage::new("");
    for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
        stage.attach(name, &says(number)).ok();
    }
    // Nothing but its rank puts it first.
    stage.client.post("/v1/attachments/acme/a/order?revision=1", &json!({ "before": "acme/b" })).ok();
    stage.handle = None;
    (damage.make)(&stage);
    let stage = stage.restarted("");
    assert_eq!((stage.names(), stage.call(0)), (vec!["b".to_owned(), "c".to_owned()], 2), "{}", damage.what);
    stage
}

fn broken(stage: &Stage) -> Vec<Json> {
    stage.client.get("/v1/attachments").ok()["broken"].as_array().unwrap().clone()
}

fn verb(stage: &Stage, verb: &str) -> tenterhook_tests::http::Answer {
    let revision = broken(stage).first().map_or(json!(0), |broken| broken["revision"].clone());
    stage.client.ask("POST", &format!("/v1/attachments/acme/a/{verb}?revision={revision}"), None)
}

#[test]
fn every_kind_of_damage_is_told_with_its_place() {
    for damage in &DAMAGE {
        let stage = damaged(damage);
        let what = damage.what;
        let told = &broken(&stage)[0];
        assert!(told["reason"].as_str().unwrap().contains(damage.reason), "{what}: {told}");
        let torn = damage.reason == "acme/a.toml:";
        assert_eq!(
            (&told["name"], &told["script"], &told["order"]),
            (&json!("a"), &json!("a.lua"), &json!(0)),
            "{what}"
        );
        assert_eq!(told["revision"], if torn { json!(0) } else { json!(4) }, "{what}");
        let gone = told["hook"] == "test.gone";
        assert_eq!(told["position"], if gone { Json::Null } else { json!(1) }, "{what}");

        let shown = stage.client.get("/v1/attachments/acme/a").ok();
        assert_eq!(&shown["broken"], told, "{what}");
        assert!(shown["record"].as_str().unwrap().starts_with("hook = "), "{what}: {shown}");
        let metrics = stage.client.get("/metrics").body;
        let hook = if gone { "test.gone" } else { "test.decide" };
        let line = format!("tenterhook_broken_attachments{{tenant=\"acme\",hook=\"{hook}\"}} 1\n");
        assert!(metrics.contains(&line), "{what}: {metrics}");
        let events = stage.client.get("/v1/events?kind=broken&follow=false&tenant=acme").body;
        let event: Json = serde_json::from_str(events.lines().next().unwrap()).unwrap();
        let reason = told["reason"].as_str().unwrap().replace('\n', "\\n");
        assert_eq!((&event["name"], &event["message"]), (&json!("a"), &json!(reason)), "{what}");

        // What only an attachment has is refused with what can be done.
        for (method, path) in [("DELETE", ""), ("POST", "/enable"), ("POST", "/disable")] {
            let path = format!("/v1/attachments/acme/a{path}?revision=4");
            let answer = stage.client.ask(method, &path, None);
            assert_eq!(answer.refused(), (409, "broken".into()), "{what}: {method} {path}");
            assert!(answer.body.contains("adopt, replace or discard it"), "{what}: {}", answer.body);
        }
    }
}

#[test]
fn adopting_takes_what_is_on_disk_as_it_is_and_says_why_where_it_cannot() {
    for damage in &DAMAGE {
        let stage = damaged(damage);
        let what = damage.what;
        let before = broken(&stage);
        let answer = verb(&stage, "adopt");
        match damage.adopt {
            Ok(number) => {
                let adopted = answer.ok();
                assert_eq!(
                    (&adopted["attachment"]["name"], &adopted["attachment"]["position"]),
                    (&json!("a"), &json!(1))
                );
                assert_eq!((stage.call(0), broken(&stage).len()), (number, 0), "{what}");
                let stage = stage.restarted("");
                assert_eq!(
                    (stage.names(), stage.call(0)),
                    (vec!["a".into(), "b".into(), "c".into()], number),
                    "{what}"
                );
            }
            Err((status, code)) => {
                assert_eq!(answer.refused(), (status, code.to_owned()), "{what}");
                let after = broken(&stage);
                assert_eq!((after.len(), &after[0]["position"]), (1, &before[0]["position"]), "{what}");
                assert_eq!(stage.call(0), 2, "{what}");
            }
        }
    }
}

#[test]
fn discarding_removes_file_and_script() {
    for damage in &DAMAGE {
        let stage = damaged(damage);
        let answer = verb(&stage, "discard").ok();
        assert_eq!(answer["attachment"], Json::Null, "{}", damage.what);
        assert_eq!((broken(&stage).len(), stage.names().len()), (0, 2), "{}", damage.what);
        assert!(!acme(&stage).join("a.toml").exists(), "{}", damage.what);
        assert_eq!(stage.client.get("/v1/attachments/acme/a").refused().0, 404, "{}", damage.what);
        let event = stage.client.get("/v1/events?kind=discarded&follow=false").body;
        assert!(event.contains("\"file\":\"acme/a.toml\""), "{}: {event}", damage.what);
        let stage = stage.restarted("");
        assert_eq!((broken(&stage).len(), fs::read_dir(acme(&stage)).unwrap().count()), (0, 4), "{}", damage.what);
    }
}

#[test]
fn another_script_in_the_place_of_a_broken_one() {
    for damage in &DAMAGE {
        let what = damage.what;
        for replace in [true, false] {
            let stage = damaged(damage);
            let told = broken(&stage).remove(0);
            let gone = told["hook"] == "test.gone";
            let answer = if replace {
                let path = format!("/v1/attachments/acme/a?revision={}", told["revision"]);
                stage.client.ask("PUT", &path, Some(&json!({ "source": says(9) })))
            } else {
                stage.attach("a", &says(9))
            };
            if gone && replace {
                assert_eq!(answer.refused(), (404, "not_found".into()), "{what}");
                continue;
            }
            // At the hook point that the file names it has the place that the file names.
            let position = if gone { 3 } else { 1 };
            assert_eq!(answer.ok()["attachment"]["position"], position, "{what}");
            assert_eq!((broken(&stage).len(), stage.call(0)), (0, if gone { 2 } else { 9 }), "{what}");
            let stage = stage.restarted("");
            assert_eq!((broken(&stage).len(), stage.names().len()), (0, 3), "{what}");
        }
    }
}

#[test]
fn what_changed_on_disk_under_a_running_program_is_written_anew_or_told_at_the_next_start() {
    let mut bundle = request("a", "local u = require 'u' function decide() return { a = u } end");
    bundle["modules"] = json!({ "u": "return 5" });
    for modules in [false, true] {
        let stage = Stage::new("");
        let made = if modules { stage.client.post("/v1/attachments", &bundle) } else { stage.attach("a", &says(5)) };
        made.ok();
        let path = if modules { script(&stage, "a").join("u.lua") } else { script(&stage, "a") };
        let damage = || fs::write(&path, "return 6").unwrap();
        damage();
        // A change writes what the program has, not what somebody made of it.
        stage
            .client
            .ask("POST", &format!("/v1/attachments/acme/a/disable?revision={}", stage.revision("a")), None)
            .ok();
        stage.client.ask("POST", &format!("/v1/attachments/acme/a/enable?revision={}", stage.revision("a")), None).ok();
        let stage = stage.restarted("");
        assert_eq!((broken(&stage).len(), stage.call(0)), (0, 5), "modules: {modules}");
        damage();
        let stage = stage.restarted("");
        assert!(broken(&stage)[0]["reason"].as_str().unwrap().contains("it was changed since"), "modules: {modules}");
    }
}

#[test]
fn a_file_that_came_while_the_program_runs_is_adopted_or_discarded() {
    let stage = Stage::new("");
    stage.attach("other", &says(1)).ok();
    fs::write(acme(&stage).join("mine.lua"), says(4)).unwrap();
    let file = acme(&stage).join("mine.toml");
    fs::write(&file, "hook = \"test.decide\"\nscript = \"mine.lua\"\norder = -1\n").unwrap();
    let shown = stage.client.get("/v1/attachments/acme/mine").ok();
    assert!(
        shown["broken"]["reason"].as_str().unwrap().ends_with("it was added while the program was running"),
        "{shown}"
    );
    assert_eq!(stage.attach("mine", &says(2)).refused(), (409, "exists".into()), "nobody has looked at it yet");
    let ask = |path: &str| stage.client.ask("POST", &format!("/v1/attachments/acme/{path}"), None);
    assert_eq!(ask("mine/adopt").refused().0, 428);
    assert_eq!(ask("mine/adopt?revision=1").refused(), (409, "stale".into()));
    ask("mine/adopt?revision=0").ok();
    assert_eq!((stage.names(), stage.call(0)), (vec!["mine".to_owned(), "other".to_owned()], 4));
    assert_eq!(ask(&format!("mine/adopt?revision={}", stage.revision("mine"))).refused(), (409, "not_broken".into()));
    assert_eq!(ask("mine/discard?revision=0").refused(), (409, "not_broken".into()));
    for name in ["none", "..%2facme%2fmine", "%2e%2e", ""] {
        assert_eq!(ask(&format!("{name}/adopt?revision=0")).refused().0, 404, "{name:?}");
    }
    let actions: Vec<Json> = stage.audit().iter().map(|line| line["action"].clone()).collect();
    assert!(actions.contains(&json!("adopt")), "{actions:?}");
}

#[test]
fn who_may_not_change_a_tenant_neither_adopts_nor_discards_and_sees_nothing_of_others() {
    let policy = "[[operators]]\nuid = UID\ntenants = [\"globex\"]\n[[operators]]\nuid = UID\ntenants = [\"acme\"]\n\
                  may = \"see\"\n";
    let stage = held_to(policy);
    for tenant in ["acme", "initech"] {
        let folder = stage.folder.path().join("attachments").join(tenant);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("a.toml"), "hook = ").unwrap();
    }
    let refused = (403, "forbidden".to_owned());
    for (tenant, see) in [("acme", true), ("initech", false)] {
        for verb in ["adopt", "discard"] {
            let path = format!("/v1/attachments/{tenant}/a/{verb}?revision=0");
            assert_eq!(stage.client.ask("POST", &path, None).refused(), refused, "{path}");
        }
        let answer = stage.client.get(&format!("/v1/attachments/{tenant}/a"));
        assert_eq!(answer.status, if see { 200 } else { 403 }, "{tenant}");
        assert!(stage.folder.path().join(format!("attachments/{tenant}/a.toml")).exists());
    }
}
