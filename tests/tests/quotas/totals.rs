//! What there may be of at once: attachments, memory, disk, executors.

use serde_json::json;
use tenterhook::Denied;
use tenterhook::policies::{QuotaField, State};
use tenterhook_control::{Control, ControlOptions};
use tenterhook_tests::http::Client;

use crate::world::{Became, GOOD, WORKS, told, world};

#[test]
fn script_size() {
    let world = world("script_size = 1000");
    let source = |bytes: usize| format!("{GOOD}{}", " ".repeat(bytes - GOOD.len()));
    for bytes in [999, 1000] {
        drop(world.attach("acme", &source(bytes)));
    }
    let (field, message) = told(world.bench.host.attach(world.request("acme", &source(1001))));
    assert_eq!(field, QuotaField::ScriptSize);
    assert_eq!(message, "tenant acme: script_size: 1001 B requested, expected at most 1000 B (set at test.toml:2)");
}

#[test]
fn attachments() {
    let world = world("attachments = 3");
    let links: Vec<_> = (0..3).map(|_| world.attach("acme", GOOD)).collect();
    let (field, message) = told(world.bench.host.attach(world.request("acme", GOOD)));
    assert_eq!(field, QuotaField::Attachments);
    assert_eq!(
        message,
        "tenant acme: attachments: 1 requested in addition to 3 in use, expected at most 3 (set at test.toml:2)"
    );
    drop(world.attach("other", GOOD));
    world.bench.host.replace(links[0].id(), world.request("acme", WORKS)).unwrap();
    assert_eq!(world.bench.host.usage("acme").unwrap().attachments, 3);
    drop(links);
    assert_eq!(world.bench.host.usage("acme").unwrap().attachments, 0);
    let _again: Vec<_> = (0..3).map(|_| world.attach("acme", GOOD)).collect();
}

#[test]
fn total_memory() {
    // Its script and what the host keeps for each are counted beside its image.
    let image = {
        let world = world("");
        let _link = world.attach("acme", GOOD);
        let image = world.bench.host.attachments("test.run")[0].image_bytes as u64;
        let all = world.bench.host.usage("acme").unwrap().memory.get();
        assert!(all > image + GOOD.len() as u64, "{all}, {image} of it the image");
        all
    };
    // As many as the least quota has room for, and more.
    let count = (64 << 10) / image + 2;
    for (limit, fit) in [(count * image - 1, count - 1), (count * image, count), (count * image + 1, count)] {
        let world = world(&format!("total_memory = \"{limit}B\""));
        let _links: Vec<_> = (0..fit).map(|_| world.attach("acme", GOOD)).collect();
        let (field, message) = told(world.bench.host.attach(world.request("acme", GOOD)));
        assert_eq!(field, QuotaField::TotalMemory);
        assert!(message.starts_with("tenant acme: total_memory: "), "{message}");
        assert_eq!(world.bench.host.usage("acme").unwrap().memory.get(), fit * image);
        drop(world.attach("other", GOOD));
    }
    // State that is kept counts as much as it may grow to.
    let most = 1 << 20;
    for (limit, denied) in [(image + most - 1, true), (image + most, false), (image + most + 1, false)] {
        let world = world(&format!("memory = \"1MiB\"\ntotal_memory = \"{limit}B\""));
        let _link = world.bench.host.attach(world.request("acme", GOOD).state(State::Kept)).unwrap();
        let became = world.call(1);
        assert_eq!(became == [Became::Denied(Denied::Memory)], denied, "{became:?}");
    }
}

/// Scripts and records of what operators attach; what the program attaches takes no disk.
#[test]
fn disk() {
    // A block for a small script, one for its record.
    let one = 2 * 4096;
    for (limit, fit) in [(one - 1, 0), (one, 1), (one + 1, 1), (2 * one - 1, 1), (2 * one, 2), (3 * one, 3)] {
        let world = world(&format!("disk = {limit}"));
        let _own = world.attach("acme", GOOD);
        let folder = tempfile::tempdir().unwrap();
        let kept = folder.path().join("attachments");
        let options = ControlOptions::new(folder.path().join("s")).attachments(&kept);
        let handle = Control::serve(&world.bench.host, options).unwrap();
        let client = Client::new(folder.path().join("s"));
        let body =
            |name: &str, source: &str| json!({ "hook": "test.run", "tenant": "acme", "name": name, "source": source });
        for number in 0..fit {
            client.post("/v1/attachments", &body(&format!("a{number}"), GOOD)).ok();
        }
        let refused = client.post("/v1/attachments", &body("more", GOOD));
        assert_eq!(refused.refused(), (422, "policy".into()), "{limit}");
        assert!(refused.body.contains("disk: 8 KiB requested"), "{refused:?}");
        assert!(!kept.join("acme/more.toml").exists());
        assert_eq!(world.bench.host.usage("acme").unwrap().disk.get(), fit * one);
        if fit == 0 {
            continue;
        }
        // One that takes another's place has the disk of both, less what is given back.
        let path = |name: &str| {
            let revision = client.get(&format!("/v1/attachments/acme/{name}")).ok()["attachment"]["revision"].clone();
            format!("/v1/attachments/acme/{name}?revision={revision}")
        };
        client.ask("PUT", &path("a0"), Some(&json!({ "source": format!("{GOOD} -- 2") }))).ok();
        let larger = json!({ "source": format!("{GOOD}{}", " ".repeat(4096)) });
        let fits = limit >= fit * one + 4096;
        assert_eq!(client.ask("PUT", &path("a0"), Some(&larger)).status, if fits { 200 } else { 422 }, "{limit}");
        client.ask("DELETE", &path("a0"), None).ok();
        client.post("/v1/attachments", &body("more", GOOD)).ok();
        drop(handle);
    }
}

#[test]
fn kept_executors() {
    for limit in [1, 2, 3] {
        let world = world(&format!("kept_executors = {limit}\n[defaults.on_denied]\nany = \"skip\""));
        let kept = |_| {
            let request = world.request("acme", "function run() return {} end").state(State::Kept);
            world.bench.host.attach(request).unwrap()
        };
        let links: Vec<_> = (0..limit + 1).map(kept).collect();
        let became = world.call(1);
        let denied: Vec<bool> = became.iter().map(|became| *became == Became::Denied(Denied::Memory)).collect();
        assert_eq!(denied.iter().position(|denied| *denied), Some(limit), "{became:?}");
        assert_eq!(world.bench.host.usage("acme").unwrap().kept_executors, limit as u64);
        drop(links);
        assert_eq!(world.bench.host.usage("acme").unwrap().kept_executors, 0);
    }
}
