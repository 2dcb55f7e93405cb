//! Attach, replace, detach, enable, disable, reorder, copy, apply.

use serde_json::{Value as Json, json};

use crate::stage::{Stage, request, says};

#[test]
fn an_attachment_lives_through_the_socket() {
    let stage = Stage::new("");
    let made = stage.attach("one", &says(1)).ok();
    let revision = made["revision"].as_u64().unwrap();
    assert_eq!(made["attachment"]["revision"], revision);
    assert_eq!((&made["attachment"]["managed"], &made["attachment"]["position"]), (&json!(true), &json!(1)));
    assert_eq!(stage.call(0), 1);

    let replaced = json!({ "source": says(2) });
    let path = "/v1/attachments/acme/one";
    let changed = stage.client.ask("PUT", &format!("{path}?revision={revision}"), Some(&replaced)).ok();
    let next = changed["revision"].as_u64().unwrap();
    assert!(next > revision);
    assert_eq!(changed["attachment"]["id"], made["attachment"]["id"], "it keeps its id");
    assert_eq!(stage.call(0), 2);

    let disabled = stage.client.ask("POST", &format!("{path}/disable?revision={next}"), None).ok();
    assert_eq!(disabled["attachment"]["enabled"], false);
    assert_eq!(stage.call(0), 0);
    let revision = disabled["revision"].as_u64().unwrap();
    let enabled = stage.client.ask("POST", &format!("{path}/enable?revision={revision}"), None).ok();
    assert_eq!(stage.call(0), 2);

    let shown = stage.client.get(path).ok();
    assert_eq!(shown["source"], says(2));
    assert_eq!(shown["stats"]["calls"], 3, "calls while it was disabled are none of its");
    assert_eq!(shown["rules"]["budget"]["fuel"]["origin"]["file"], "<default preset>");

    let revision = enabled["revision"].as_u64().unwrap();
    let gone = stage.client.ask("DELETE", &format!("{path}?revision={revision}"), None).ok();
    assert!(gone["revision"].as_u64().unwrap() > revision);
    assert_eq!(stage.client.get(path).refused(), (404, "not_found".into()));
    assert_eq!(stage.call(0), 0);

    let actions: Vec<Json> = stage.audit().iter().map(|line| line["action"].clone()).collect();
    assert_eq!(actions, ["attach", "replace", "disable", "enable", "detach"]);
    assert_eq!(stage.audit()[1]["from_revision"], made["revision"]);
}

#[test]
fn a_change_made_against_another_revision_is_refused() {
    let stage = Stage::new("");
    let made = stage.attach("one", &says(1)).ok();
    let (current, stale) = (made["revision"].as_u64().unwrap(), made["revision"].as_u64().unwrap() - 1);
    let path = "/v1/attachments/acme/one";
    for (method, path, body) in [
        ("PUT", path.to_owned(), Some(json!({ "source": says(2) }))),
        ("DELETE", path.to_owned(), None),
        ("POST", format!("{path}/enable"), None),
        ("POST", format!("{path}/disable"), None),
        ("POST", format!("{path}/order"), Some(json!({ "order": 7 }))),
    ] {
        let answer = stage.client.ask(method, &format!("{path}?revision={stale}"), body.as_ref());
        assert_eq!(answer.refused(), (409, "stale".into()), "{method} {path}");
        assert_eq!(answer.json()["error"]["revision"], current);
        assert_eq!(answer.json()["error"]["changed"], made["attachment"]["changed"], "who changed it last, and when");
        assert_eq!(answer.json()["error"]["by"], made["attachment"]["by"]);
        assert!(answer.body.contains(" changed it at 2"), "{answer:?}");
        let answer = stage.client.ask(method, &path, body.as_ref());
        assert_eq!(answer.refused(), (428, "revision_required".into()), "{method} {path}");
        assert_eq!(answer.json()["error"]["revision"], current);
    }
    assert_eq!((stage.call(0), stage.revision("one")), (1, current), "nothing has changed");
    let there = stage.attach("one", &says(3));
    assert_eq!(there.refused(), (409, "exists".into()));
    assert_eq!(there.json()["error"]["by"], made["attachment"]["by"]);
    // A list that was made before somebody else's change.
    let list = json!({ "dry_run": false, "revision": stale, "tenants": ["acme"], "attachments": [] });
    let answer = stage.client.post("/v1/apply", &list);
    assert_eq!(answer.refused(), (409, "stale".into()));
    assert!(answer.body.contains("acme/one was attached; uid "), "{answer:?}");
}

#[test]
fn a_script_that_does_not_load_is_refused_with_line_and_column() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    for (source, line, column) in [
        ("function decide(n)\n  return = 1\nend", 2, 10),
        ("x = 1\nlocal a = (1 + ) * (2 + )\n", 2, 16),
        ("local a = b = c = 1", 1, 13),
        ("if x then\n  y()\n", 3, 1),
        ("function decide() return 1 end)", 1, 31),
    ] {
        let answer = stage.attach("two", source);
        assert_eq!(answer.refused(), (422, "script".into()), "{source}");
        let error = &answer.json()["error"];
        assert_eq!(
            (&error["script"], &error["line"], &error["column"]),
            (&json!("two.lua"), &json!(line), &json!(column))
        );
    }
    let runtime = stage.attach("two", "local t = nil\nt.x = 1\nfunction decide() end").json();
    assert_eq!(runtime["error"]["line"], 2);
    assert!(runtime["error"]["traceback"].as_str().unwrap().contains("two.lua:2"));
    let endless = stage.attach("two", "while true do end");
    assert_eq!(endless.refused(), (422, "script".into()));
    let missing = stage.attach("two", "x = 1");
    assert!(missing.json()["error"]["message"].as_str().unwrap().contains("decide"), "{missing:?}");
    let module = json!({
        "hook": "test.decide", "tenant": "acme", "name": "two", "source": "require 'util'",
        "modules": { "util": "local x\nx = = 1" },
    });
    let answer = stage.client.post("/v1/attachments", &module).json();
    assert_eq!((&answer["error"]["script"], &answer["error"]["line"]), (&json!("util.lua"), &json!(2)));
    assert_eq!(answer["error"]["column"], 5);
    assert_eq!((stage.call(0), stage.names()), (1, vec!["one".to_owned()]), "what was there still is");
}

#[test]
fn wrong_requests_say_what_was_expected() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let with = |key: &str, value: Json| {
        let mut body = request("two", &says(2));
        body[key] = value;
        stage.client.post("/v1/attachments", &body)
    };
    for (answer, status, code, words) in [
        (with("hook", json!("test.decid")), 404, "not_found", "did you mean test.decide?"),
        (with("scource", json!("")), 400, "bad_request", "unknown field `scource`"),
        (with("name", json!("../x")), 400, "bad_request", "expected 1 to 64 letters"),
        (with("state", json!("warm")), 400, "bad_request", "expected \"fresh\" or \"kept\""),
        (with("order", json!(1.5)), 400, "bad_request", "expected i32"),
        (with("before", json!("one")), 400, "bad_request", "expected tenant/name"),
        (with("before", json!("acme/none")), 404, "not_found", "no attachment acme/none"),
        (with("source", json!({ "bytes": "0" })), 400, "bad_request", "hex digits"),
        (with("modules", json!({ "a/b": "" })), 400, "bad_request", "module \"a/b\""),
        (with("modules", json!({ "main": "" })), 400, "bad_request", "this is the name of the script's own file"),
        (with("fingerprint", json!("0123")), 400, "bad_request", "fingerprint: expected 64 hexadecimal digits"),
        (with("fingerprint", json!("01".repeat(32))), 422, "changed", "has changed"),
        (with("tenant", json!("a b")), 400, "bad_request", "is not a tenant name"),
        (stage.client.get("/v1/attachments?tennant=acme"), 400, "bad_request", "unknown parameter \"tennant\""),
        (stage.client.get("/v1/nothing"), 404, "not_found", "openapi.json"),
        (stage.client.ask("PATCH", "/v1/attachments", None), 405, "method_not_allowed", "other methods"),
        (stage.client.get("/v1/policy/explain?tenant=acme"), 400, "bad_request", "hook: expected"),
        (stage.client.get("/v1/tail?sample=0"), 400, "bad_request", "expected 1 to 1000000"),
        (stage.client.get("/v1/events?kind=log"), 400, "bad_request", "kind: expected some of attached"),
    ] {
        assert_eq!(answer.refused(), (status, code.into()), "{answer:?}");
        assert!(answer.json()["error"]["message"].as_str().unwrap().contains(words), "{words}: {answer:?}");
    }
    let raw = stage.client.ask_raw("POST", "/v1/attachments", b"{").unwrap();
    assert!(raw.json()["error"]["message"].as_str().unwrap().contains("line 1 column 1"), "{raw:?}");
    assert_eq!(stage.names(), ["one"]);
}

#[test]
fn attachments_are_moved_and_copied() {
    let stage = Stage::new("");
    for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
        stage.attach(name, &says(number)).ok();
    }
    let order = |name: &str, body: Json| {
        let path = format!("/v1/attachments/acme/{name}/order?revision={}", stage.revision(name));
        stage.client.post(&path, &body)
    };
    order("c", json!({ "before": "acme/a" })).ok();
    assert_eq!((stage.names(), stage.call(0)), (vec!["c".into(), "a".into(), "b".into()], 3));
    order("c", json!({ "after": "acme/a" })).ok();
    assert_eq!(stage.names(), ["a", "c", "b"]);
    order("a", json!({ "order": 5 })).ok();
    assert_eq!(stage.names(), ["c", "b", "a"]);
    assert_eq!(order("a", json!({})).refused(), (400, "bad_request".into()));
    assert_eq!(order("a", json!({ "order": 1, "after": "acme/b" })).refused(), (400, "bad_request".into()));

    let copy = json!({ "hook": "other.decide", "name": "d", "order": -1 });
    let made = stage.client.post("/v1/attachments/acme/a/copy", &copy).ok();
    assert_eq!((&made["attachment"]["hook"], &made["attachment"]["order"]), (&json!("other.decide"), &json!(-1)));
    assert_eq!(stage.client.get("/v1/attachments/acme/d").ok()["source"], says(1));
    let copy = |body: Json| stage.client.post("/v1/attachments/acme/a/copy", &body);
    let again = copy(json!({ "hook": "other.decide", "name": "a" }));
    assert_eq!(again.refused(), (409, "exists".into()), "names are a tenant's, not a hook point's");
    let made = copy(json!({ "hook": "other.decide" })).ok();
    assert_eq!(made["attachment"]["name"], "decide", "the handler's name unless another is given");
    for beside in ["before", "after"] {
        assert_eq!(order("a", json!({ beside: "acme/a" })).refused(), (400, "bad_request".into()), "beside itself");
    }
    let switch = |what: &str| {
        let path = format!("/v1/attachments/acme/a/{what}?revision={}", stage.revision("a"));
        stage.client.ask("POST", &path, None).ok()["revision"].clone()
    };
    let (off, again) = (switch("disable"), switch("disable"));
    assert_eq!(off, again, "what is disabled already stays at its revision");
    assert_ne!(switch("enable"), off);
}

#[test]
fn no_module_is_called_as_the_scripts_own_file() {
    let stage = Stage::new("");
    let own = tenterhook::Request::new("test.decide", "acme", says(9)).name("own").module("main", "return 1");
    let refused = stage.host.attach(own).err().unwrap().to_string();
    assert_eq!(refused, "module \"main\": this is the name of the script's own file; expected a different one");
}

#[test]
fn what_the_program_attached_is_seen_and_switched_but_not_changed() {
    let stage = Stage::new("");
    let request = tenterhook::Request::new("test.decide", "acme", says(9)).name("own");
    let link = stage.host.attach(request).unwrap();
    let shown = stage.attachment("own");
    assert_eq!(shown["managed"], false);
    let revision = stage.revision("own");
    let path = format!("/v1/attachments/acme/own?revision={revision}");
    assert_eq!(stage.client.ask("DELETE", &path, None).refused(), (409, "program_owned".into()));
    let body = json!({ "source": says(1) });
    assert_eq!(stage.client.ask("PUT", &path, Some(&body)).refused(), (409, "program_owned".into()));
    stage.client.ask("POST", &format!("/v1/attachments/acme/own/disable?revision={revision}"), None).ok();
    assert_eq!(stage.call(0), 0);
    drop(link);
    assert_eq!(stage.client.get("/v1/attachments/acme/own").refused(), (404, "not_found".into()));
}

#[test]
fn apply_makes_attachments_equal_to_a_list() {
    let stage = Stage::new("");
    for (name, number) in [("keep", 1), ("change", 2), ("gone", 3), ("move", 4), ("off", 5)] {
        stage.attach(name, &says(number)).ok();
    }
    let other = json!({ "hook": "test.decide", "tenant": "globex", "name": "theirs", "source": says(6) });
    stage.client.post("/v1/attachments", &other).ok();
    let mut off = request("off", &says(5));
    off["enabled"] = json!(false);
    let mut moved = request("move", &says(4));
    moved["order"] = json!(3);
    let mut elsewhere = request("change", &says(22));
    elsewhere["hook"] = json!("other.decide");
    let list = json!([request("keep", &says(1)), elsewhere, moved, off, request("new", &says(7))]);
    let apply = |dry_run: bool, list: &Json| {
        let body = json!({ "dry_run": dry_run, "tenants": ["acme"], "attachments": list, "prune": true });
        stage.client.post("/v1/apply", &body)
    };
    let actions = |answer: &Json| -> Vec<String> {
        let changes = answer["changes"].as_array().unwrap().iter();
        changes.map(|c| format!("{} {}", c["action"].as_str().unwrap(), c["name"].as_str().unwrap())).collect()
    };
    let expected = ["detach gone", "keep keep", "move change", "reorder move", "disable off", "attach new"];
    let before = stage.names();
    let dry = apply(true, &list).ok();
    assert_eq!((actions(&dry), &dry["applied"]), (expected.map(str::to_owned).to_vec(), &json!(false)));
    assert_eq!(stage.names(), before, "a dry run changes nothing");

    let mut wrong = list.clone();
    wrong[4]["source"] = json!("x = = 1");
    let refused = apply(true, &wrong).ok();
    assert_eq!(refused["changes"][5]["error"]["line"], 1);
    assert_eq!(apply(false, &wrong).refused(), (422, "script".into()));
    assert_eq!(stage.names(), before, "all or nothing");

    let kept = json!({ "dry_run": true, "tenants": ["acme"], "attachments": list });
    let kept = stage.client.post("/v1/apply", &kept).ok();
    assert_eq!(actions(&kept)[0], "unlisted gone", "what is not listed stays, unless the request says otherwise");

    assert_eq!(actions(&apply(false, &list).ok()), expected);
    assert_eq!(stage.names(), ["change", "keep", "off", "theirs", "new", "move"]);
    assert_eq!(stage.attachment("off")["enabled"], false);
    let again = apply(false, &list).ok();
    assert!(actions(&again).iter().all(|action| action.starts_with("keep ")), "{again}");

    let twice = json!([request("keep", &says(1)), request("keep", &says(1))]);
    assert_eq!(apply(true, &twice).refused(), (400, "bad_request".into()));
}

#[test]
fn apply_refuses_a_difference_that_is_no_longer_the_difference() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let apply = |dry_run: bool, revision: Option<u64>| {
        let mut body = json!({ "dry_run": dry_run, "tenants": ["acme"], "attachments": [request("new", &says(7))],
            "prune": true });
        if let Some(revision) = revision {
            body["revision"] = json!(revision);
        }
        stage.client.post("/v1/apply", &body)
    };
    let shown = apply(true, None).ok()["revision"].as_u64().unwrap();
    stage.attach("two", &says(2)).ok();
    for dry_run in [true, false] {
        let refused = apply(dry_run, Some(shown));
        assert_eq!(refused.refused(), (409, "stale".into()));
        assert_eq!(refused.json()["error"]["revision"], shown + 1);
    }
    assert_eq!(stage.names(), ["one", "two"], "nothing is detached that was not shown");
    let done = apply(false, Some(shown + 1)).ok();
    assert_eq!((stage.names(), done["revision"].as_u64()), (vec!["new".to_owned()], Some(shown + 4)));
}
