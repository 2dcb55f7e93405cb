//! Apply: what it may be asked for, and what is left where it cannot be done.

use serde_json::{Value as Json, json};
use tenterhook_tests::http::Answer;

use crate::stage::{Stage, request, says};

fn apply(stage: &Stage, dry_run: bool, list: &Json) -> Answer {
    stage
        .client
        .post("/v1/apply", &json!({ "dry_run": dry_run, "tenants": ["acme"], "attachments": list, "prune": true }))
}

fn elsewhere(source: &str) -> Json {
    let mut moved = request("one", source);
    moved["hook"] = json!("other.decide");
    moved
}

#[test]
fn what_cannot_be_moved_stays_where_it_is() {
    let policy = "unknown_tenants = \"default\"\n[[placement]]\nhook = \"other.decide\"\ntenants = [\"globex\"]\n";
    let stage = Stage::new(policy);
    stage.attach("one", &says(1)).ok();
    let list = json!([elsewhere(&says(2))]);
    assert_eq!(apply(&stage, true, &list).ok()["changes"][0]["error"]["code"], "policy");
    assert_eq!(apply(&stage, false, &list).refused(), (422, "policy".into()));
    assert_eq!((stage.attachment("one")["hook"].as_str(), stage.call(0)), (Some("test.decide"), 1));
}

#[test]
fn what_fails_halfway_through_a_move_leaves_the_old_one() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    // The file of the new place cannot be written; that of the old one could be removed.
    let in_the_way = stage.folder.path().join("attachments/acme/.tmp-one.toml");
    std::fs::create_dir(&in_the_way).unwrap();
    let list = json!([elsewhere(&says(2))]);
    assert_eq!(apply(&stage, false, &list).refused(), (500, "storage".into()));
    assert_eq!((stage.attachment("one")["hook"].as_str(), stage.call(0)), (Some("test.decide"), 1));
    let stage = stage.restarted("");
    assert_eq!((stage.attachment("one")["hook"].as_str(), stage.call(0)), (Some("test.decide"), 1));
    assert!(!in_the_way.exists(), "what is unfinished is cleaned up at start");
    apply(&stage, false, &list).ok();
    assert_eq!((stage.attachment("one")["hook"].as_str(), stage.call(0)), (Some("other.decide"), 0));
    let stage = stage.restarted("");
    assert_eq!((stage.attachment("one")["hook"].as_str(), stage.names().len()), (Some("other.decide"), 1));
}

#[test]
fn what_is_written_down_says_the_revision_that_it_came_to() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let copy = json!({ "hook": "test.decide", "name": "two" });
    let copied = stage.client.post("/v1/attachments/acme/one/copy", &copy).ok()["revision"].clone();
    let from = stage.revision("one");
    let mut two = request("two", &says(1));
    two["script"] = json!("one.lua");
    let now = apply(&stage, false, &json!([two])).ok()["revision"].clone();
    let audit = stage.audit();
    let line = |at: usize| ["action", "name", "from_revision", "revision"].map(|key| audit[at][key].clone());
    assert_eq!(line(1), [json!("copy"), json!("two"), json!(null), copied]);
    assert!(now.as_u64().unwrap() > from);
    assert_eq!(line(audit.len() - 1), [json!("apply"), json!("one"), json!(from), now], "{audit:?}");
}

#[test]
fn what_was_only_asked_is_no_refused_change() {
    let stage = Stage::new("");
    let answer = stage.client.post("/v1/check", &request("one", "x = = 1"));
    assert_eq!(answer.refused(), (422, "script".into()));
    assert!(stage.audit().is_empty(), "{:?}", stage.audit());
    assert_eq!(stage.attach("one", "x = = 1").refused(), (422, "script".into()));
    assert_eq!(stage.audit().len(), 1);
}

#[test]
fn a_list_is_as_long_as_it_may_be_and_no_longer() {
    let stage = Stage::new("");
    let broken = |count: usize| -> Json { (0..count).map(|n| request(&format!("a{n}"), "x = = 1")).collect() };
    for (count, fits) in [(4095, true), (4096, true), (4097, false)] {
        let answer = apply(&stage, true, &broken(count));
        if !fits {
            assert_eq!(answer.refused(), (413, "too_large".into()), "{count}");
            continue;
        }
        let changes = answer.ok()["changes"].clone();
        let codes: Vec<_> = changes.as_array().unwrap().iter().map(|change| change["error"]["code"].clone()).collect();
        assert_eq!(codes.len(), count);
        // Scripts that do not load are tried a few times, not thousands.
        assert!(codes[..16].iter().all(|code| code == "script"), "{codes:?}");
        assert!(codes[16..].iter().all(|code| code == "busy"), "{codes:?}");
    }
    for (count, fits) in [(255, true), (256, true), (257, false)] {
        let tenants: Vec<String> = (0..count).map(|n| format!("t{n}")).collect();
        let body = json!({ "dry_run": true, "tenants": tenants, "attachments": [] });
        assert_eq!(stage.client.post("/v1/apply", &body).status, if fits { 200 } else { 413 }, "{count}");
    }
}
