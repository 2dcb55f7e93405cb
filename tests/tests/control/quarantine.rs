//! Attachments in quarantine: seen, and let out.

use serde_json::json;

use crate::stage::Stage;

const POLICY: &str = "[defaults]\nquarantine = \"on\"\nquarantine_faults = 3\nquarantine_backoff = \"1h\"\nquarantine_backoff_max = \"1h\"\n\
                      [[operators]]\nuid = 4000000000\ntenants = [\"*\"]\n";

#[test]
fn what_is_in_quarantine_is_listed_and_lifted() {
    let stage = Stage::new(POLICY);
    stage.attach("bad", "function decide(n) if n < 0 then error('no') end return { a = n, b = n } end").ok();
    assert_eq!(stage.client.get("/v1/quarantine").ok()["quarantined"], json!([]));
    assert_eq!(stage.attachment("bad")["quarantine"], json!(null));
    for _ in 0..3 {
        stage.call(-1);
    }
    assert_eq!(stage.call(7), 0, "denied, though it would answer");
    let listed = stage.client.get("/v1/quarantine?tenant=acme").ok()["quarantined"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["name"]), (1, &json!("bad")));
    assert_eq!(listed[0]["quarantine"]["state"], "quarantined");
    assert_eq!(listed[0]["quarantine"]["cause"], "3 faults");
    assert_eq!(stage.attachment("bad")["quarantine"]["state"], "quarantined");
    assert_eq!(stage.client.get("/v1/quarantine?tenant=globex").ok()["quarantined"], json!([]));

    let lift = "/v1/quarantine/acme/bad/lift";
    stage.client.ask("POST", lift, None).ok();
    assert_eq!(stage.call(7), 7);
    assert_eq!(stage.client.get("/v1/quarantine").ok()["quarantined"], json!([]));
    assert_eq!(stage.client.ask("POST", lift, None).refused(), (409, "not_quarantined".into()), "it is in none");
    assert_eq!(stage.client.ask("POST", "/v1/quarantine/acme/none/lift", None).refused().0, 404);
    assert_eq!(
        stage.audit().iter().filter(|line| line["action"] == "lift").count(),
        1,
        "what was done is written down"
    );
    let events = stage.client.get("/v1/events?follow=false&kind=quarantined,lifted");
    let events: Vec<serde_json::Value> = events.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<&str> = events.iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["quarantined", "lifted"]);
    assert!(events[1]["by"].as_str().is_some_and(|by| by.starts_with("uid ")), "{}", events[1]);
    assert!(events[0]["by"].is_null(), "nobody did that");
}
