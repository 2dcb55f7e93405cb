//! A host that is killed at any moment: after the restart the state is the one before or the one after what it was
//! doing, and nothing else is lost.
//!
//! The child is this test binary again, running [`a_host_that_waits_to_be_killed`] with the folder in its environment. It
//! says what it is about to do, does it through its own socket, and says that it was done. `TENTERHOOK_KILLS` sets how
//! often it is killed; 40 times unless said.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value as Json, json};
use tenterhook_control::{Control, ControlOptions};
use tenterhook_tests::http::Client;

use crate::stage::{host, request, says};

const FOLDER: &str = "TENTERHOOK_KILL_FOLDER";
const SEED: &str = "TENTERHOOK_KILL_SEED";
const NAMES: [&str; 4] = ["a", "b", "c", "d"];

/// Script and whether it has a module, by name.
type Listing = BTreeMap<String, (String, bool)>;

struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

fn options(folder: &Path, socket: &str) -> ControlOptions {
    ControlOptions::new(folder.join(socket)).attachments(folder.join("attachments"))
}

/// What the folder holds, by a host that starts on it.
fn restart(folder: &Path) -> Listing {
    let host = host("");
    let handle = Control::serve(&host, options(folder, "check")).unwrap();
    assert_eq!(handle.broken(), 0, "nothing is broken");
    let client = Client::new(folder.join("check"));
    let list = client.get("/v1/attachments").ok();
    let mut state = Listing::new();
    for attachment in list["attachments"].as_array().unwrap() {
        let name = attachment["name"].as_str().unwrap();
        let shown = client.get(&format!("/v1/attachments/acme/{name}")).ok();
        let bundle = !attachment["modules"].as_array().unwrap().is_empty();
        state.insert(name.to_owned(), (shown["source"].as_str().unwrap().to_owned(), bundle));
    }
    state
}

fn apply(state: &Listing, step: &Json) -> Listing {
    let mut state = state.clone();
    let name = step["name"].as_str().unwrap().to_owned();
    match step["source"].as_str() {
        Some(source) => drop(state.insert(name, (source.to_owned(), step["bundle"] == true))),
        None => drop(state.remove(&name)),
    }
    state
}

#[test]
fn a_host_that_waits_to_be_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = Path::new(&folder);
    let mut random = Random(std::env::var(SEED).unwrap().parse().unwrap());
    let host = host("");
    let _handle = Control::serve(&host, options(folder, "socket")).unwrap();
    let client = Client::new(folder.join("socket"));
    let mut out = std::io::stdout();
    writeln!(out, "KILL ready").unwrap();
    for number in 0.. {
        let name = NAMES[random.below(4) as usize];
        let path = format!("/v1/attachments/acme/{name}");
        let there = client.get(&path);
        let revision = there.json()["attachment"]["revision"].as_u64();
        let source = says((random.below(1000) * 10_000 + number) as i64);
        let bundle = random.below(3) == 0;
        let mut body = json!({ "source": source });
        if bundle {
            body["modules"] = json!({ "util": "return 1", "deep.er": "return 2" });
        }
        let detach = revision.is_some() && random.below(3) == 0;
        let step = match detach {
            true => json!({ "name": name }),
            false => json!({ "name": name, "source": source, "bundle": bundle }),
        };
        writeln!(out, "KILL begin {step}").unwrap();
        out.flush().unwrap();
        match revision {
            Some(revision) if detach => client.ask("DELETE", &format!("{path}?revision={revision}"), None).ok(),
            Some(revision) => client.ask("PUT", &format!("{path}?revision={revision}"), Some(&body)).ok(),
            None => {
                let mut whole = request(name, &source);
                whole["modules"] = body["modules"].take();
                if whole["modules"].is_null() {
                    whole["modules"] = json!({});
                }
                client.post("/v1/attachments", &whole).ok()
            }
        };
        writeln!(out, "KILL done").unwrap();
        out.flush().unwrap();
    }
}

#[test]
fn whenever_it_is_killed_the_state_is_one_of_the_two_adjacent_ones() {
    let kills: u64 = std::env::var("TENTERHOOK_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(40);
    let folder = tempfile::tempdir().unwrap();
    let mut random = Random(0x5eed);
    let mut state = Listing::new();
    let (mut between, mut steps) = (0, 0u64);
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "kill::a_host_that_waits_to_be_killed", "--nocapture"])
            .env(FOLDER, folder.path())
            .env(SEED, (random.below(1 << 40) + 1).to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.by_ref().map_while(Result::ok).any(|line| line.ends_with("KILL ready"));
        assert!(ready, "the child starts");
        std::thread::sleep(Duration::from_micros(random.below(40_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        let mut begun = None;
        for line in lines.map_while(Result::ok) {
            let Some((_, line)) = line.split_once("KILL ") else { continue };
            if let Some(step) = line.strip_prefix("begin ") {
                // A line that was cut off began nothing: the child acts after it is written.
                begun = serde_json::from_str(step).ok();
            } else if line == "done"
                && let Some(step) = begun.take()
            {
                state = apply(&state, &step);
                steps += 1;
            }
        }
        let found = restart(folder.path());
        match begun {
            Some(step) => {
                between += 1;
                let after = apply(&state, &step);
                assert!(found == state || found == after, "kill {kill}: {found:?}\nbefore: {state:?}\nstep: {step}");
            }
            None => assert_eq!(found, state, "kill {kill}"),
        }
        state = found;
    }
    assert!(between > 0 || kills < 10, "some kills hit a change");
    assert!(steps > 0 || kills < 10, "some changes were made");
}
