//! A disk that fails at any of its steps: what is in force and what the folder says agree in the end.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tenterhook::Request;
use tenterhook_control::{Control, ControlOptions};
use tenterhook_tests::http::{Answer, Client};

use crate::full_disk::{change, tree, wait_until_kept};
use crate::stage::{Stage, host, request, says};

/// Which steps fail.
#[derive(Debug, Clone, Copy)]
enum Mode {
    /// That one alone, as a sector that cannot be read.
    Once,
    /// That one and each after it.
    FromThere,
    /// As `FromThere`, those alone that need space.
    Full,
}

/// No step.
const NONE: usize = usize::MAX;

/// Source and whether calls reach it, by name.
type Listing = BTreeMap<String, (String, bool)>;

fn state(client: &Client) -> Listing {
    let list = client.get("/v1/attachments").ok();
    let one = |attachment: &Json| {
        let name = attachment["name"].as_str().unwrap().to_owned();
        let shown = client.get(&format!("/v1/attachments/acme/{name}")).ok();
        let source = format!("{} {}", shown["source"], shown["module_sources"]);
        (name, (source, attachment["enabled"] == true))
    };
    list["attachments"].as_array().unwrap().iter().map(one).collect()
}

/// What a host finds that starts on a copy of the folder.
fn kept(folder: &Path) -> Listing {
    let copy = tempfile::tempdir().unwrap();
    for (path, _) in tree(folder) {
        let to = copy.path().join("attachments").join(path.strip_prefix(folder).unwrap());
        if path.is_dir() {
            std::fs::create_dir_all(to).unwrap();
        } else {
            std::fs::create_dir_all(to.parent().unwrap()).unwrap();
            std::fs::copy(path, to).unwrap();
        }
    }
    let host = host("");
    let options = ControlOptions::new(copy.path().join("s")).attachments(copy.path().join("attachments"));
    let handle = Control::serve(&host, options).unwrap();
    assert_eq!(handle.broken(), 0, "nothing is broken");
    state(&Client::new(copy.path().join("s")))
}

/// Every kind of change. After each, what is in force is what the answer says.
fn changes(stage: &Stage) {
    let bundle = |number: i64| {
        let source = "n = require 'util.deep' function decide() return { a = n } end";
        json!({ "source": source, "modules": { "util.deep": format!("return {number}") } })
    };
    let attach = |name: &str, body: &Json| {
        let mut whole = request(name, "");
        body.as_object().unwrap().iter().for_each(|(key, value)| whole[key] = value.clone());
        stage.client.post("/v1/attachments", &whole)
    };
    let settle = |what: &str, takes_out: bool, before: &Listing, answer: Answer| {
        let after = state(&stage.client);
        match answer.status {
            500.. => {
                assert!(!takes_out && after == *before, "{what}: {answer:?}\nbefore: {before:?}\nafter: {after:?}")
            }
            _ => assert_ne!(after, *before, "{what}: {answer:?}"),
        }
    };
    let there = |name: &str| stage.names().contains(&name.to_owned());
    let step = |what: &str, takes_out: bool, change: &dyn Fn() -> Option<Answer>| {
        let before = state(&stage.client);
        if let Some(answer) = change() {
            settle(what, takes_out, &before, answer);
        }
    };
    let source = json!({ "source": says(1) });
    step("attach", false, &|| Some(attach("a", &source)));
    step("attach a bundle", false, &|| Some(attach("b", &bundle(1))));
    step("replace by a bundle", false, &|| there("a").then(|| change(stage, "PUT", "a", "", Some(&bundle(2)))));
    step("replace a bundle", false, &|| there("b").then(|| change(stage, "PUT", "b", "", Some(&source))));
    step("disable", true, &|| there("a").then(|| change(stage, "POST", "a", "/disable", None)));
    step("enable", false, &|| there("a").then(|| change(stage, "POST", "a", "/enable", None)));
    step("detach", true, &|| there("b").then(|| change(stage, "DELETE", "b", "", None)));
    step("attach again", false, &|| Some(attach("b", &bundle(3))));
    let list = json!([request("a", &says(4)), request("c", &says(5))]);
    let list = json!({ "dry_run": false, "tenants": ["acme"], "attachments": list });
    step("apply", false, &|| {
        let answer = stage.client.post("/v1/apply", &list);
        // A step that fails in its middle leaves what was made before it.
        (answer.status == 200 || !answer.body.contains("changes before it were made")).then_some(answer)
    });
    step("detach the last", true, &|| there("c").then(|| change(stage, "DELETE", "c", "", None)));
}

/// Makes the changes on a disk that fails; how many steps it took.
fn run(mode: Mode, at: usize) -> usize {
    let (steps, fails) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(NONE)));
    let (count, first) = (Arc::clone(&steps), Arc::clone(&fails));
    let disk = move |step: &'static str| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        let first = first.load(Ordering::SeqCst);
        let is_hit = match mode {
            Mode::Once => number == first,
            Mode::FromThere => number >= first,
            Mode::Full => number >= first && matches!(step, "create" | "write"),
        };
        let kind = if matches!(mode, Mode::Full) { io::ErrorKind::StorageFull } else { io::ErrorKind::Other };
        if is_hit { Err(io::Error::new(kind, format!("{step} fails"))) } else { Ok(()) }
    };
    let stage = Stage::with("", |options| options.disk(disk));
    steps.store(0, Ordering::SeqCst);
    fails.store(at, Ordering::SeqCst);
    changes(&stage);
    fails.store(NONE, Ordering::SeqCst);
    let taken = steps.load(Ordering::SeqCst);
    // Something that can be kept has everything else tried at once.
    stage.attach("last", &says(9)).ok();
    wait_until_kept(&stage);
    let folder = stage.folder.path().join("attachments");
    assert_eq!(kept(&folder), state(&stage.client), "{mode:?} at {at}: {:?}", tree(&folder));
    let left: Vec<_> = tree(&folder).into_iter().filter(|(path, _)| path.to_str().unwrap().contains(".tmp-")).collect();
    assert_eq!(left, [], "{mode:?} at {at}");
    taken
}

#[test]
fn whichever_step_fails_the_folder_agrees_in_the_end() {
    let steps = run(Mode::Once, NONE);
    assert!(steps > 60, "{steps}");
    // A quarter for each thread; the machine has few processors, and the disk waits for none.
    std::thread::scope(|scope| {
        for part in 0..4 {
            scope.spawn(move || {
                for at in (part..steps).step_by(4) {
                    run(Mode::Once, at);
                    if at % 8 == 0 {
                        run(Mode::FromThere, at);
                        run(Mode::Full, at);
                    }
                }
            });
        }
    });
}

/// A disk that hangs delays what has to be written and nothing else.
#[test]
fn a_disk_that_hangs_keeps_nobody_from_stopping_a_script() {
    let hangs = Arc::new(std::sync::Mutex::new(()));
    let waits = Arc::clone(&hangs);
    let stage = Stage::with("", |options| {
        options.disk(move |_| {
            drop(waits.lock());
            Ok(())
        })
    });
    for (name, number) in [("one", 1), ("two", 2), ("three", 3)] {
        stage.attach(name, &says(number)).ok();
    }
    let held = hangs.lock().unwrap();
    std::thread::scope(|scope| {
        // Somebody is writing, and does not come back.
        let writing = scope.spawn(|| stage.attach("four", &says(4)));
        let detaching = scope.spawn(|| change(&stage, "DELETE", "one", "", None));
        let end = Instant::now() + Duration::from_secs(60);
        while stage.call(0) != 2 {
            assert!(Instant::now() < end);
            std::thread::yield_now();
        }
        let answer = detaching.join().unwrap().ok();
        assert_eq!(answer["unsaved"], "the disk has not answered yet");
        let answer = change(&stage, "POST", "two", "/disable", None).ok();
        assert_eq!((stage.call(0), &answer["unsaved"]), (3, &json!("the disk has not answered yet")));
        assert_eq!(stage.client.get("/v1/attachments").ok()["unsaved"].as_array().unwrap().len(), 2);
        drop(held);
        writing.join().unwrap().ok();
    });
    wait_until_kept(&stage);
    let kept = kept(&stage.folder.path().join("attachments"));
    assert_eq!(kept, state(&stage.client));
    assert_eq!(kept.into_keys().collect::<Vec<_>>(), ["four", "three", "two"]);
}

/// While a change to an attachment is being written, the attachment is stopped: the change is rejected, and the folder says
/// what the host does.
#[test]
fn what_is_stopped_while_a_change_to_it_is_being_written_stays_stopped() {
    let (hangs, renames) = (Arc::new(std::sync::Mutex::new(())), Arc::new(AtomicUsize::new(0)));
    let (waits, asked) = (Arc::clone(&hangs), Arc::clone(&renames));
    let stage = Stage::with("", |options| {
        options.disk(move |step| {
            if step == "rename" {
                asked.fetch_add(1, Ordering::SeqCst);
                drop(waits.lock());
            }
            Ok(())
        })
    });
    for (name, number) in [("one", 1), ("two", 2)] {
        stage.attach(name, &says(number)).ok();
    }
    let until = |is_so: &dyn Fn() -> bool| {
        let end = Instant::now() + Duration::from_secs(60);
        while !is_so() {
            assert!(Instant::now() < end);
            std::thread::yield_now();
        }
    };
    // The answer to the change, once it was stopped so that calls come to `then`. The program's own changes do not wait either.
    let stopped = |write: &(dyn Fn() -> Answer + Sync), stop: &(dyn Fn() -> Answer + Sync), then: i64| {
        let (held, before) = (hangs.lock().unwrap(), renames.load(Ordering::SeqCst));
        std::thread::scope(|scope| {
            let writing = scope.spawn(write);
            until(&|| renames.load(Ordering::SeqCst) > before);
            let stopping = scope.spawn(stop);
            until(&|| stage.call(0) == then);
            let own = Request::new("other.decide", "acme", says(0)).name("own");
            let own = scope.spawn(|| stage.host.attach(own).map(|link| link.detach()));
            until(&|| own.is_finished());
            drop(held);
            own.join().unwrap().unwrap().unwrap();
            stopping.join().unwrap().ok();
            writing.join().unwrap()
        })
    };
    let source = json!({ "source": says(7) });
    let replaced =
        stopped(&|| change(&stage, "PUT", "one", "", Some(&source)), &|| change(&stage, "DELETE", "one", "", None), 2);
    assert_eq!(replaced.status, 404, "{replaced:?}");
    let mut moved = request("two", &says(2));
    moved["hook"] = json!("other.decide");
    let list = json!({ "dry_run": false, "tenants": ["acme"], "attachments": [moved] });
    let moved =
        stopped(&|| stage.client.post("/v1/apply", &list), &|| change(&stage, "POST", "two", "/disable", None), 0);
    assert_eq!((moved.status, &moved.json()["error"]["code"]), (409, &json!("stale")), "{moved:?}");
    wait_until_kept(&stage);
    let two = stage.attachment("two");
    assert_eq!((&two["hook"], &two["enabled"]), (&json!("test.decide"), &json!(false)));
    assert_eq!(stage.names(), ["two"]);
    let folder = stage.folder.path().join("attachments");
    assert_eq!(kept(&folder), state(&stage.client));
    let files: Vec<_> =
        tree(&folder).into_iter().filter(|(path, _)| path.extension().is_some_and(|e| e == "toml")).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    assert!(std::fs::read_to_string(&files[0].0).unwrap().contains("\"test.decide\""), "{files:?}");
}
