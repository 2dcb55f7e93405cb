//! `tenterhook replay`.

use std::path::Path;
use std::process::Command;

use serde_json::{Value as Json, json};
use tenterhook_tests::mrt::{archive, made_up};
use tenterhook_tests::root;

use crate::process::{Folder, Run, run, text};

fn replay(hook: &str, source: &str, files: &[&Path]) -> Run {
    let folder = Folder::new();
    let script = folder.file("script.lua", source);
    let mut args = vec!["replay", "--hook", hook, "--json", "--script", text(&script), "--mrt"];
    args.extend(files.iter().map(|file| text(file)));
    run(&args)
}

/// Announced and withdrawn routes, by a reader in another language.
fn second_opinion(file: &Path) -> (u64, u64) {
    let output = Command::new("python3").arg(root().join("tests/tools/mrt_count.py")).arg(file).output().unwrap();
    let json: Json = serde_json::from_slice(&output.stdout).unwrap();
    (json["announced"].as_u64().unwrap(), json["withdrawn"].as_u64().unwrap())
}

/// Acceptance: every announced prefix is seen; the count agrees with an independent parser.
#[test]
fn every_announced_prefix_is_seen() {
    let folder = Folder::new();
    let made_up = folder.file("made-up.mrt", made_up(400).0);
    let path = archive("updates.20160811.1600.gz").unwrap_or(made_up);
    let script = "function route_match(prefix) return { action = prefix.family == 2 and 'MATCH' or 'FAILURE' } end";
    let run = replay("bgp.route_match", script, &[&path]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    let (announced, withdrawn) = second_opinion(&path);
    assert_eq!(json["calls"], json!(announced));
    assert_eq!(
        (&json["files"][0]["announced"], &json["files"][0]["withdrawn"]),
        (&json!(announced), &json!(withdrawn))
    );
    assert_eq!(json["files"][0]["skipped_count"], 0);
    let actions = json["results"]["action"].as_object().unwrap();
    let answered: u64 = actions.values().map(|count| count.as_u64().unwrap()).sum();
    assert_eq!(answered, announced, "each route has an answer: {actions:?}");
    assert!(actions.keys().all(|action| action == "MATCH" || action == "FAILURE"), "{actions:?}");
}

#[test]
fn process_sees_withdrawn_routes_too() {
    let folder = Folder::new();
    let (bytes, counts) = made_up(50);
    let file = folder.file("made-up.mrt", bytes);
    let script = "function process(prefix, peer, attributes, withdrawn) assert((attributes == nil) == withdrawn) end";
    let run = replay("bgp.process", script, &[&file, &file]);
    assert_eq!(run.code, 0, "{run:?}");
    let json = run.json();
    assert_eq!(json["calls"], json!(2 * (counts.announced + counts.withdrawn)));
    assert_eq!(json["files"].as_array().unwrap().len(), 2);
    let route_match = replay("bgp.route_match", "function route_match() return {} end", &[&file]).json();
    assert_eq!(route_match["calls"], json!(counts.announced));
}

#[test]
fn a_damaged_file_is_read_on_and_says_where_it_is_damaged() {
    let folder = Folder::new();
    let (mut bytes, counts) = made_up(20);
    bytes.truncate(bytes.len() - 5);
    let file = folder.file("cut.mrt", bytes);
    let run = replay("bgp.route_match", "function route_match() return {} end", &[&file]);
    assert_eq!(run.code, 3, "{run:?}");
    let json = run.json();
    assert_eq!(
        (&json["files"][0]["records"], &json["files"][0]["skipped_count"]),
        (&json!(counts.records - 1), &json!(1))
    );
    assert!(json["files"][0]["skipped"][0]["offset"].as_u64().unwrap() > 0, "{json}");
}

#[test]
fn faults_are_counted_by_cause_and_end_with_exit_code_3() {
    let folder = Folder::new();
    let (bytes, counts) = made_up(10);
    let file = folder.file("made-up.mrt", bytes);
    let script = "local n = 0 function route_match(prefix) if prefix.family == 10 then error('no') end return { action = 'MATCH' } end";
    let run = replay("bgp.route_match", script, &[&file]);
    assert_eq!(run.code, 3, "{run:?}");
    let json = run.json();
    // Two of the RIB and two of the UPDATE are IPv6 in each round.
    assert_eq!((&json["calls"], &json["faults"]), (&json!(counts.announced), &json!({ "script": 40 })), "{json}");
}
