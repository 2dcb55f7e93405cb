//! What was attached comes back; what is broken is said and left alone.

use std::fs;
use std::io::Write as _;

use serde_json::{Value as Json, json};

use crate::full_disk::wait_until_kept;
use crate::stage::{Stage, host, request, says};

/// What has to be the same before and after.
fn state(stage: &Stage) -> Vec<Json> {
    let list = stage.client.get("/v1/attachments").ok();
    let keep = [
        "tenant", "name", "hook", "script", "modules", "order", "position", "enabled", "state", "revision", "changed",
        "by", "sha256",
    ];
    let attachments = list["attachments"].as_array().unwrap().iter();
    attachments.map(|a| keep.iter().map(|key| ((*key).to_owned(), a[*key].clone())).collect()).collect()
}

#[test]
fn attachments_come_back_as_they_were() {
    let stage = Stage::new("");
    for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
        stage.attach(name, &says(number)).ok();
    }
    let mut bundle = request("bundle", "local u = require 'util.deep' function decide() return { a = u } end");
    bundle["modules"] = json!({ "util.deep": "return 42", "top": "return 1" });
    bundle["script"] = json!("a 'name' \"of\" its own.lua");
    bundle["state"] = json!("kept");
    bundle["order"] = json!(-7);
    stage.client.post("/v1/attachments", &bundle).ok();
    let bytes = json!({ "hook": "other.decide", "tenant": "globex", "source": { "bytes": "2d2dff0a66756e6374696f6e2064656369646528292072657475726e207b7d20656e64" } });
    stage.client.post("/v1/attachments", &bytes).ok();
    let change = |method: &str, path: &str, name: &str, body: Option<Json>| {
        let path = format!("/v1/attachments/acme/{name}{path}?revision={}", stage.revision(name));
        stage.client.ask(method, &path, body.as_ref()).ok()
    };
    change("POST", "/order", "c", Some(json!({ "before": "acme/a" })));
    change("POST", "/disable", "b", None);
    change("PUT", "", "a", Some(json!({ "source": says(11) })));
    let before = state(&stage);
    assert_eq!(stage.call(0), 42);
    let last = change("DELETE", "", "b", None)["revision"].as_u64().unwrap();
    let mut expected = before.clone();
    expected.retain(|attachment| attachment["name"] != "b");
    for (position, attachment) in (1..).zip(expected.iter_mut().filter(|a| a["hook"] == "test.decide")) {
        attachment["position"] = json!(position);
    }

    let stage = stage.restarted("");
    assert_eq!(state(&stage), expected);
    assert_eq!(stage.call(0), 42);
    let list = stage.client.get("/v1/attachments").ok();
    assert_eq!(list["broken"], json!([]));
    assert!(list["revision"].as_u64().unwrap() >= last, "revisions never go back");
    let files: Vec<String> = fs::read_dir(stage.folder.path().join("attachments/acme"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(files.len(), 6, "one file and one script each, nothing left over: {files:?}");
}

#[test]
fn a_folder_has_one_program() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let folder = stage.folder.path().join("attachments");
    let other = |socket: &str| {
        let options = tenterhook_control::ControlOptions::new(stage.folder.path().join(socket)).attachments(&folder);
        tenterhook_control::Control::serve(&host(""), options)
    };
    let error = other("other").err().unwrap();
    let pid = std::process::id();
    assert_eq!(error, tenterhook_control::ControlError::FolderInUse { folder: folder.clone(), pid: Some(pid) });
    let said = format!("another program uses this folder of attachments (pid {pid})");
    assert!(error.to_string().ends_with(&said), "{error}");
    // Nor where the file is gone, or says nothing.
    fs::remove_file(folder.join(".lock")).unwrap();
    assert_eq!(
        other("other").err(),
        Some(tenterhook_control::ControlError::FolderInUse { folder: folder.clone(), pid: None })
    );
    assert!(!stage.folder.path().join("other").exists(), "its socket is gone");
    // A file that is left locks nobody out.
    fs::write(folder.join(".lock"), "1\n").unwrap();
    let stage = stage.restarted("");
    assert_eq!(stage.names(), ["one"]);
}

#[test]
fn modules_come_back_from_as_deep_as_their_names_go() {
    let stage = Stage::new("");
    // 31 folders is what a name of 64 bytes has at most.
    for folders in [7, 8, 9, 31] {
        let module = format!("{}{}", "d.".repeat(folders), "x");
        let mut bundle = request(&format!("deep{folders}"), &format!("n = require '{module}' function decide() end"));
        bundle["modules"] = json!({ module: "return 1", "d.y": "return 2" });
        stage.client.post("/v1/attachments", &bundle).ok();
    }
    let mut longer = request("longer", "function decide() end");
    longer["modules"] = json!({ format!("{}x", "d.".repeat(32)): "return 1" });
    assert_eq!(stage.client.post("/v1/attachments", &longer).refused(), (400, "bad_request".into()));
    let before = state(&stage);
    let stage = stage.restarted("");
    assert_eq!(stage.client.get("/v1/attachments").ok()["broken"], json!([]));
    assert_eq!((state(&stage), before.len()), (before, 4));
}

#[test]
fn a_folder_is_another_s_when_nothing_is_written_to_it_any_more() {
    let policy = "[tenants.acme]\nfuel = \"1G\"\n";
    let mut stage = Stage::new(policy);
    stage.attach("one", &says(1)).ok();
    let second = host(policy);
    // The script logs, and takes its time to load; then it is attached. Whoever asked does not wait for it.
    let slow = "log.info('loading') for i = 1, 4000000 do end function decide() end";
    let mut tail = stage.client.lines("/v1/tail?kind=log");
    let mut asking = stage.client.connect().unwrap();
    let body = request("slow", slow).to_string();
    write!(asking, "POST /v1/attachments HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\n\r\n{body}", body.len()).unwrap();
    assert_eq!(tail.next().unwrap()["message"], "loading");
    drop((tail, asking));
    let handle = stage.handle.take();
    let stopping = std::thread::spawn(move || drop(handle));
    let second_handle = loop {
        match stage.serve(&second) {
            Ok(handle) => break handle,
            Err(error) => assert!(matches!(error, tenterhook_control::ControlError::InUse { .. }), "{error}"),
        }
        std::thread::sleep(std::time::Duration::from_millis(1));
    };
    // What the first one had begun is in the folder, or never will be.
    let found: Vec<String> = stage.names();
    stopping.join().unwrap();
    assert_eq!(found, ["one", "slow"]);
    assert!(stage.folder.path().join("attachments/acme/slow.toml").exists());
    drop(second_handle);
}

#[test]
fn a_broken_file_is_reported_and_left_as_it_is_until_somebody_decides() {
    let stage = Stage::new("");
    stage.attach("good", &says(1)).ok();
    let acme = stage.folder.path().join("attachments/acme");
    let good = fs::read_to_string(acme.join("good.toml")).unwrap();
    let outside = stage.folder.path().join("secret.lua");
    fs::write(&outside, says(66)).unwrap();
    std::os::unix::fs::symlink(&outside, acme.join("link.lua")).unwrap();
    fs::write(acme.join("bad.lua"), "x = = 1").unwrap();
    let broken = [
        ("toml", "hook = \"test.decide\"\nscript = ", "acme/toml.toml:2:10: "),
        ("field", "hook = \"test.decide\"\nscirpt = \"x\"\n", "acme/field.toml:2:1: unknown field `scirpt`"),
        ("hook", "hook = \"test.gone\"\nscript = \"bad.lua\"\n", "no hook point test.gone"),
        ("missing", "hook = \"test.decide\"\nscript = \"none.lua\"\n", "script: none.lua: "),
        ("syntax", "hook = \"test.decide\"\nscript = \"bad.lua\"\n", "bad.lua:1: unexpected symbol"),
        ("dots", "hook = \"test.decide\"\nscript = \"../../secret.lua\"\n", "script: ../../secret.lua: "),
        ("absolute", &format!("hook = \"test.decide\"\nscript = {outside:?}\n"), "script: /"),
        ("link", "hook = \"test.decide\"\nscript = \"link.lua\"\n", "script: link.lua: "),
        ("torn", &good[..good.find(".lua").unwrap()], "acme/torn.toml:"),
        ("binary", "\u{0}\u{1}", "acme/binary.toml:1:"),
    ];
    for (name, text, _) in &broken {
        fs::write(acme.join(format!("{name}.toml")), text).unwrap();
    }
    fs::create_dir(stage.folder.path().join("attachments/not a tenant")).unwrap();
    fs::write(acme.join(".tmp-half.toml"), "hook = ").unwrap();

    let stage = stage.restarted("");
    assert_eq!(stage.handle.as_ref().unwrap().broken(), broken.len() + 1);
    assert_eq!((stage.names(), stage.call(0)), (vec!["good".to_owned()], 1));
    let list = stage.client.get("/v1/attachments").ok();
    let reasons: Vec<(String, String)> = list["broken"]
        .as_array()
        .unwrap()
        .iter()
        .map(|b| (b["file"].as_str().unwrap().to_owned(), b["reason"].as_str().unwrap().to_owned()))
        .collect();
    for (name, text, words) in &broken {
        let file = format!("acme/{name}.toml");
        let (_, reason) = reasons.iter().find(|(of, _)| *of == file).unwrap_or_else(|| panic!("{file}: {reasons:?}"));
        assert!(reason.contains(words), "{file}: expected {words:?} in {reason:?}");
        assert_eq!(&fs::read_to_string(acme.join(format!("{name}.toml"))).unwrap(), text, "{file} is as it was");
    }
    assert!(!acme.join(".tmp-half.toml").exists(), "what was begun and not finished is removed");
    // What is mended or removed is told of no more.
    let told = || stage.client.get("/v1/attachments").ok()["broken"].as_array().unwrap().len();
    fs::remove_file(acme.join("torn.toml")).unwrap();
    assert_eq!(told(), broken.len());
    stage.attach("field", &says(2)).ok();
    assert_eq!(told(), broken.len() - 1);
    fs::remove_dir(stage.folder.path().join("attachments/not a tenant")).unwrap();
    assert_eq!(told(), broken.len() - 2);
    let events = stage.client.get("/v1/events?kind=broken&follow=false").body;
    assert_eq!(events.lines().count(), broken.len() + 1, "{events}");
}

#[test]
fn a_hook_point_of_another_shape_is_not_given_what_was_written_for_the_old_one() {
    let mut stage = Stage::new("");
    for name in ["new", "old", "wrong"] {
        stage.attach(name, &says(1)).ok();
    }
    let file = |stage: &Stage, name: &str| stage.folder.path().join(format!("attachments/acme/{name}.toml"));
    let edit = |name: &str, change: &dyn Fn(&str) -> Option<String>| {
        let lines = fs::read_to_string(file(&stage, name)).unwrap();
        let lines: Vec<String> = lines.lines().filter_map(change).collect();
        fs::write(file(&stage, name), lines.join("\n")).unwrap();
    };
    // A file without one, as it was written before, is for any shape.
    edit("old", &|line| (!line.starts_with("fingerprint = ")).then(|| line.to_owned()));
    edit("wrong", &|line| {
        Some(if line.starts_with("fingerprint = ") { "fingerprint = \"x\"" } else { line }.to_owned())
    });
    stage.handle = None;

    let policy = tenterhook::policies::Policy::parse("", "policy.toml").unwrap();
    let host =
        tenterhook::Host::builder().policy(policy).cache(Some(tenterhook_tests::bench::cache())).build().unwrap();
    let changed = tenterhook::hooks::schema::Declaration::builder("test.decide", 2)
        .argument("other", tenterhook::hooks::schema::Type::INTEGER, "another one")
        .build()
        .unwrap();
    host.declare_dynamic(&changed).unwrap();
    let handle = stage.serve(&host).unwrap();
    assert_eq!((handle.broken(), stage.names()), (2, vec!["old".to_owned()]));
    let list = stage.client.get("/v1/attachments").ok();
    let reason = |at: usize| list["broken"][at]["reason"].as_str().unwrap();
    assert!(reason(0).contains("acme/wrong.toml: fingerprint: expected 64 hexadecimal digits"), "{list}");
    let old = stage.hook.declaration().fingerprint();
    let words = format!("acme/new.toml: test.decide has changed since the script was written for it:\n- {old}\n+ ");
    assert!(reason(1).starts_with(&words), "{list}");
    assert!(file(&stage, "new").exists(), "it is left alone");

    // Whatever is wrong with it, an operator attaches another in its place.
    let mended = |name: &str| request(name, "function decide(other) return {} end");
    let list = json!({ "dry_run": true, "tenants": ["acme"], "attachments": [mended("wrong")] });
    let planned = stage.client.post("/v1/apply", &list).ok();
    let steps = planned["changes"].as_array().unwrap();
    assert!(steps.iter().any(|step| step["name"] == "wrong" && step["action"] == "attach"), "{planned}");
    stage.client.post("/v1/attachments", &mended("new")).ok();
    let list = stage.client.get("/v1/attachments").ok();
    assert_eq!((list["broken"].as_array().unwrap().len(), stage.names().len()), (1, 2), "{list}");
    stage.client.post("/v1/attachments", &mended("wrong")).ok();
    assert_eq!(stage.client.get("/v1/attachments").ok()["broken"], json!([]));
}

#[test]
fn what_was_removed_from_the_folder_by_hand_can_be_detached() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let folder = stage.folder.path().join("attachments");
    let file = folder.join("acme/one.toml");
    let detach = || {
        let path = format!("/v1/attachments/acme/one?revision={}", stage.revision("one"));
        stage.client.ask("DELETE", &path, None)
    };
    fs::remove_file(&file).unwrap();
    // The revision cannot be kept: the attachment is gone all the same, and it is tried again.
    fs::remove_file(folder.join(".revision")).unwrap();
    fs::create_dir(folder.join(".revision")).unwrap();
    let detached = detach().ok();
    assert_eq!((stage.names(), stage.call(0)), (Vec::<String>::new(), 0));
    assert!(detached["unsaved"].is_string(), "{detached}");
    fs::remove_dir(folder.join(".revision")).unwrap();
    wait_until_kept(&stage);
    let kept = fs::read_to_string(folder.join(".revision")).unwrap();
    assert_eq!(kept.trim_end().parse::<u64>().unwrap(), detached["revision"].as_u64().unwrap());
}

#[test]
fn what_cannot_be_opened_is_reported_and_nothing_is_cleaned_up_for_it() {
    let stage = Stage::new("");
    let mut bundle = request("bundle", "n = require 'a.b' function decide() end");
    bundle["modules"] = json!({ "a.b": "return 1" });
    stage.client.post("/v1/attachments", &bundle).ok();
    let folder = stage.folder.path().join("attachments");
    let inside = fs::read_dir(folder.join("acme")).unwrap().map(|entry| entry.unwrap().path());
    let inside = inside.into_iter().find(|path| path.is_dir()).unwrap();
    // Links that lead to themselves: nobody can open them, root neither.
    std::os::unix::fs::symlink("round", folder.join("round")).unwrap();
    std::os::unix::fs::symlink("round", inside.join("round")).unwrap();
    fs::write(folder.join(".revision"), "many").unwrap();
    fs::write(folder.join("notes"), "nobody's").unwrap();
    fs::write(inside.join("README"), "no module").unwrap();

    let stage = stage.restarted("");
    let list = stage.client.get("/v1/attachments").ok();
    let broken = list["broken"].as_array().unwrap();
    let reasons: Vec<&str> = broken.iter().map(|broken| broken["reason"].as_str().unwrap()).collect();
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    assert_eq!(reasons[0], ".revision: expected a whole number");
    assert!(reasons[1].starts_with("acme/bundle.toml: modules: round: "), "{reasons:?}");
    assert!(reasons[2].starts_with("round: "), "{reasons:?}");
    assert!(inside.join("a/b.lua").exists(), "what a broken file may name stays");

    fs::remove_file(inside.join("round")).unwrap();
    let stage = stage.restarted("");
    assert_eq!(stage.attachment("bundle")["modules"], json!(["a.b"]));
}

#[test]
fn files_written_by_hand_are_attachments() {
    let stage = Stage::new("");
    let acme = stage.folder.path().join("attachments/acme");
    fs::create_dir_all(acme.join("acl/net")).unwrap();
    fs::write(acme.join("acl/filter.lua"), "local n = require 'net.list' function decide() return { a = n } end")
        .unwrap();
    fs::write(acme.join("acl/net/list.lua"), "return 5").unwrap();
    fs::write(acme.join("mine.toml"), "hook = \"test.decide\"\nscript = \"acl/filter.lua\"\n").unwrap();
    let stage = stage.restarted("");
    assert_eq!(stage.call(0), 5);
    assert_eq!(stage.attachment("mine")["modules"], json!(["net.list"]));
    let path = format!("/v1/attachments/acme/mine?revision={}", stage.revision("mine"));
    stage.client.ask("DELETE", &path, None).ok();
    assert!(acme.join("acl/filter.lua").exists(), "a script that was put there by hand stays");
    assert!(!acme.join("mine.toml").exists());
}
