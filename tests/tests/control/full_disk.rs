//! A disk that is full, or read-only, under a script at work.
//!
//! The child is this test binary again, running [`on_a_small_disk`] in a mount namespace of its own with a tmpfs of 512 KB.
//! Where neither root nor a user namespace lets anybody mount, the tests say so and `failing_disk.rs` holds the same.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tenterhook_tests::http::PATIENCE;

use crate::stage::{Stage, request, says};

const DISK: &str = "TENTERHOOK_DISK";

/// Everything below the folder, sorted, with sizes of files.
pub fn tree(folder: &Path) -> Vec<(PathBuf, u64)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                open.push(entry.path());
            }
            found.push((entry.path(), if metadata.is_dir() { 0 } else { metadata.len() }));
        }
    }
    found.sort();
    found
}

/// Waits until the folder has everything.
pub fn wait_until_kept(stage: &Stage) {
    let end = Instant::now() + PATIENCE;
    loop {
        let list = stage.client.get("/v1/attachments").ok();
        if list["unsaved"] == json!([]) {
            return;
        }
        assert!(Instant::now() < end, "{list}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

pub fn change(
    stage: &Stage,
    method: &str,
    name: &str,
    path: &str,
    body: Option<&Json>,
) -> tenterhook_tests::http::Answer {
    let path = format!("/v1/attachments/acme/{name}{path}?revision={}", stage.revision(name));
    stage.client.ask(method, &path, body)
}

fn kinds(stage: &Stage) -> Vec<String> {
    let events = stage.client.get("/v1/events?kind=unsaved,saved&follow=false").body;
    let kind = |line: &str| serde_json::from_str::<Json>(line).unwrap()["kind"].as_str().unwrap().to_owned();
    events.lines().map(kind).collect()
}

/// Runs the test of that name on a disk of its own; whether there can be one.
fn run(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let mounts = "mount -t tmpfs -o size=512k,mode=755 tmpfs \"$TENTERHOOK_DISK\" || exit 77; exec \"$0\" \"$@\"";
    for namespace in [&["-m"][..], &["-U", "-r", "-m"]] {
        let mut command = Command::new("unshare");
        command.args(namespace).args(["sh", "-c", mounts]).arg(std::env::current_exe().unwrap());
        command.args(["--exact", &format!("full_disk::{name}"), "--nocapture"]).env(DISK, folder.path());
        match command.output() {
            Ok(output) if output.status.success() => {
                let text = String::from_utf8_lossy(&output.stdout);
                assert!(text.contains("1 passed"), "{text}");
                return;
            }
            // Not allowed to unshare, or to mount.
            Ok(output) if matches!(output.status.code(), Some(1 | 77)) && !told(&output.stdout) => {}
            Ok(output) => {
                panic!("{}\n{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
            }
            Err(error) => eprintln!("unshare: {error}"),
        }
    }
    eprintln!(
        "skipped: this machine lets nobody mount a small disk; failing_disk.rs tests the same on a disk that fails"
    );
}

/// Whether the child came as far as running a test.
fn told(out: &[u8]) -> bool {
    String::from_utf8_lossy(out).contains("running 1 test")
}

/// The small disk, where this is the child.
fn disk() -> Option<PathBuf> {
    std::env::var_os(DISK).map(PathBuf::from)
}

/// A stage whose folder is on the small disk.
fn stage(disk: &Path) -> Stage {
    let folder = disk.join("attachments");
    Stage::with("", |options| options.attachments(&folder))
}

fn restarted(mut stage: Stage, disk: &Path) -> Stage {
    stage.handle = None;
    let host = crate::stage::host("");
    let options = tenterhook_control::ControlOptions::new(stage.socket()).attachments(disk.join("attachments"));
    let handle = tenterhook_control::Control::serve(&host, options.audit(stage.folder.path().join("audit"))).unwrap();
    let hook = host.declare_dynamic(&crate::stage::declaration("test.decide")).unwrap();
    Stage { client: stage.client, host, hook, handle: Some(handle), folder: stage.folder }
}

/// Leaves not a byte on the disk.
fn fill(disk: &Path) {
    let mut file = OpenOptions::new().append(true).create(true).open(disk.join("filler")).unwrap();
    for size in [4096, 1] {
        loop {
            match file.write_all(&vec![b'x'; size]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => panic!("{error}"),
            }
        }
    }
    assert!(File::create(disk.join("probe")).and_then(|mut file| file.write_all(b"x")).is_err());
    fs::remove_file(disk.join("probe")).unwrap();
}

#[test]
fn a_full_disk_keeps_nobody_from_stopping_a_script() {
    run("on_a_small_disk");
}

#[test]
fn on_a_small_disk() {
    let Some(disk) = disk() else { return };
    let stage = stage(&disk);
    for (name, number) in [("one", 1), ("two", 2), ("three", 3), ("four", 4)] {
        stage.attach(name, &says(number)).ok();
    }
    assert_eq!(stage.call(0), 1);
    fill(&disk);
    let folder = disk.join("attachments");
    let before = tree(&folder);

    // What puts a script in fails as a whole, and leaves nothing.
    let mut bundle = request("five", "n = require 'util.deep' function decide() return { a = n, b = n } end");
    bundle["modules"] = json!({ "util.deep": "return 5" });
    for body in [request("five", &says(5)), bundle.clone()] {
        let refused = stage.client.post("/v1/attachments", &body);
        assert_eq!(refused.refused(), (500, "storage".into()));
        assert!(refused.body.contains("nothing was changed"), "{refused:?}");
    }
    let other = json!({ "source": says(11) });
    assert_eq!(change(&stage, "PUT", "one", "", Some(&other)).refused(), (500, "storage".into()));
    let order = json!({ "order": 5 });
    assert_eq!(change(&stage, "POST", "one", "/order", Some(&order)).refused(), (500, "storage".into()));
    let list = json!({ "dry_run": false, "tenants": ["acme"], "attachments": [request("one", &says(1)), bundle] });
    assert_eq!(stage.client.post("/v1/apply", &list).refused(), (500, "storage".into()));
    assert_eq!((stage.names().len(), stage.call(0)), (4, 1), "nothing was detached for what could not be attached");
    assert_eq!(tree(&folder), before, "nothing is left of it");

    // What takes a script out is in force when the answer comes.
    let disabled = change(&stage, "POST", "one", "/disable", None).ok();
    assert_eq!((stage.call(0), &disabled["attachment"]["enabled"]), (2, &json!(false)));
    let reason = disabled["unsaved"].as_str().unwrap();
    assert!(reason.contains("No space left on device"), "{reason}");
    let list = stage.client.get("/v1/attachments").ok();
    let unsaved = &list["unsaved"][0];
    assert_eq!((&unsaved["name"], &unsaved["change"]), (&json!("one"), &json!("disabled")), "{list}");
    assert!(stage.client.get("/metrics").body.contains("\ntenterhook_unsaved_changes 1\n"));
    assert_eq!(kinds(&stage), ["unsaved"]);
    let audit = stage.audit();
    let line = audit.iter().find(|line| line["action"] == "disable").unwrap();
    assert!(line["outcome"] == "done" && line["unsaved"].as_str() == Some(reason), "{line}");
    assert_eq!(change(&stage, "POST", "one", "/enable", None).refused(), (500, "storage".into()));
    assert_eq!(stage.call(0), 2, "it stays out");

    // Also by a program that starts on a full disk; what could not be kept is back, as was said.
    let stage = restarted(stage, &disk);
    assert_eq!((stage.names().len(), stage.call(0)), (4, 1));
    change(&stage, "POST", "one", "/disable", None).ok();
    // A removal needs no space, so it is kept; the space that it frees is enough for the other one.
    let detached = change(&stage, "DELETE", "two", "", None).ok();
    assert_eq!((stage.call(0), &detached["unsaved"]), (3, &Json::Null));
    wait_until_kept(&stage);
    assert_eq!(kinds(&stage), ["unsaved", "saved"]);
    assert!(stage.client.get("/metrics").body.contains("\ntenterhook_unsaved_changes 0\n"));
    assert!(stage.audit().iter().any(|line| line["action"] == "save" && line["name"] == "one"), "{:?}", stage.audit());

    fill(&disk);
    change(&stage, "POST", "three", "/disable", None).ok();
    assert_eq!(stage.call(0), 4);
    fs::remove_file(disk.join("filler")).unwrap();
    wait_until_kept(&stage);
    let revision = stage.client.get("/v1/attachments").ok()["revision"].as_u64();
    let stage = restarted(stage, &disk);
    let list = stage.client.get("/v1/attachments").ok();
    assert_eq!((stage.call(0), &list["broken"]), (4, &json!([])));
    assert_eq!(stage.names(), ["one", "three", "four"]);
    assert!(list["revision"].as_u64() >= revision, "revisions never go back");
    let left: Vec<_> = tree(&folder).into_iter().filter(|(path, _)| path.to_str().unwrap().contains(".tmp-")).collect();
    assert_eq!(left, []);
}

#[test]
fn a_read_only_disk_keeps_nobody_from_stopping_a_script() {
    run("on_a_disk_that_becomes_read_only");
}

#[test]
fn on_a_disk_that_becomes_read_only() {
    let Some(disk) = disk() else { return };
    let mount = |how: &str| {
        let done = Command::new("mount").args(["-o", &format!("remount,{how}")]).arg(&disk).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    let stage = stage(&disk);
    for (name, number) in [("one", 1), ("two", 2), ("three", 3)] {
        stage.attach(name, &says(number)).ok();
    }
    mount("ro");
    assert_eq!(stage.attach("four", &says(4)).refused(), (500, "storage".into()));
    let detached = change(&stage, "DELETE", "one", "", None).ok();
    let disabled = change(&stage, "POST", "two", "/disable", None).ok();
    assert_eq!(stage.call(0), 3);
    for answer in [detached, disabled] {
        assert!(answer["unsaved"].as_str().unwrap().contains("Read-only file system"), "{answer}");
    }
    // Under its name another one is attached once it can be: what the folder still has is gone for all.
    assert_eq!(stage.attach("one", &says(7)).refused(), (500, "storage".into()));
    assert_eq!(stage.names(), ["two", "three"]);
    // A program starts on a disk that it cannot write, too.
    let stage = restarted(stage, &disk);
    assert_eq!((stage.names().len(), stage.call(0)), (3, 1));
    change(&stage, "DELETE", "one", "", None).ok();
    mount("rw");
    wait_until_kept(&stage);
    let stage = restarted(stage, &disk);
    assert_eq!((stage.names(), stage.call(0)), (vec!["two".to_owned(), "three".to_owned()], 2));
}
