//! Statistics, rates, logs and events.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

use crate::process::command;
use crate::program::{PairArgs, Program, SeenArgs, adding};

/// How long a test waits for what it wants to see.
const PATIENCE: Duration = Duration::from_secs(60);

/// The command at work; it ends with the test, however that ends.
struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    end: Instant,
}

impl Running {
    /// Starts the command and leaves it running.
    fn start(program: &Program, args: &[&str]) -> Running {
        let mut command = command();
        let mut child = command.args(args).arg("--socket").arg(&program.socket).stdout(Stdio::piped()).spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Running { child, lines, end: Instant::now() + PATIENCE }
    }

    /// The next line, as JSON.
    fn look(&mut self) -> Json {
        assert!(Instant::now() < self.end, "never seen");
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Gone already is what was wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn top_s_rates_are_the_differences_of_stats() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "peer", "--order", "5"]);
    let fire = |count: u32| (0..count).for_each(|number| drop(program.pair.invoke(&PairArgs { number })));
    fire(100);
    let mut top = Running::start(&program, &["top", "--json", "--interval", "1", "--sort", "rate"]);
    let stats = |name: &str| {
        let all = program.json(&["stats"]);
        all["attachments"].as_array().unwrap().iter().find(|s| s["tenant"] == name).unwrap().clone()
    };
    let row = |look: &Json, tenant: &str| {
        look["rows"].as_array().unwrap().iter().find(|r| r["tenant"] == tenant).unwrap().clone()
    };
    let calls = |look: &Json| row(look, "acme")["calls"].as_u64().unwrap();
    let quiet = top.look();
    assert_eq!((calls(&quiet), &row(&quiet, "acme")["calls_per_second"]), (100, &json!(0.0)));
    // A look may come in the middle of the calls; then there are others, until one has them all.
    let mut before = stats("acme");
    let (busy, after) = (0..20)
        .find_map(|_| {
            let start = before["calls"].as_u64().unwrap();
            fire(50);
            let after = stats("acme");
            let mut look = top.look();
            while calls(&look) == start {
                look = top.look();
            }
            let whole = calls(&look) == start + 50;
            while calls(&look) < start + 50 {
                look = top.look();
            }
            if whole {
                return Some((look, after));
            }
            before = after;
            None
        })
        .expect("a look with all of the calls in it");
    let acme = row(&busy, "acme");
    let seconds = (busy["monotonic_ns"][1].as_f64().unwrap() - busy["monotonic_ns"][0].as_f64().unwrap()) / 1e9;
    let near = |a: f64, b: f64| (a - b).abs() <= 1e-6 * b.abs().max(1.0);
    let number = |json: &Json| json.as_f64().unwrap();
    assert_eq!(acme["calls"], after["calls"]);
    assert!(near(number(&acme["calls_per_second"]) * seconds, 50.0), "{busy}");
    let grown = |key: &str, part: &str| number(&after[key][part]) - number(&before[key][part]);
    // Not every call is timed.
    let mean = grown("latency_ns", "total") / grown("latency_ns", "count");
    assert!(near(number(&acme["ns_per_call"]), mean), "{busy}");
    assert!(near(number(&acme["cpu_percent"]) * seconds * 1e7, mean * 50.0), "{busy}");
    assert!(near(number(&acme["fuel_per_call"]), grown("fuel", "total") / grown("fuel", "count")), "{busy}");
    assert_eq!(row(&busy, "peer")["calls"], 0, "the first one decides");
}

#[test]
fn a_program_that_goes_away_is_no_end_that_was_wanted() {
    let commands: [&[&str]; 3] =
        [&["events", "--follow", "--json"], &["top", "--json", "--interval", "0.1"], &["tail", "--json"]];
    for args in commands {
        let program = Program::new();
        let script = program.file("s.lua", "function seen(n) log.warn('saw ' .. n) end\n");
        program.done(&["attach", &script, "--hook", "demo.seen", "--tenant", "acme"]);
        let mut running = Running::start(&program, args);
        let (ended, seen) = (AtomicBool::new(false), program.seen.clone());
        std::thread::scope(|scope| {
            // For `tail`, which listens some time after it has started.
            scope.spawn(|| {
                let end = Instant::now() + PATIENCE;
                while !ended.load(Ordering::Relaxed) && Instant::now() < end {
                    drop(seen.invoke(&SeenArgs { number: 7 }));
                    std::thread::sleep(Duration::from_millis(5));
                }
            });
            running.look();
            ended.store(true, Ordering::Relaxed);
        });
        drop(seen);
        drop(program);
        assert_eq!(running.child.wait().unwrap().code(), Some(6), "{args:?}");
    }
}

#[test]
fn top_needs_a_terminal() {
    let program = Program::new();
    let run = program.run(&["top"]);
    assert_eq!(run.code, 2);
    assert!(run.err.contains("top needs a terminal"), "{run:?}");
}

#[test]
fn log_lines_and_faults_are_seen_as_they_happen() {
    // However many faults there are before somebody listens.
    let program = Program::with("[defaults]\nquarantine = \"off\"\n", |options| options);
    let script =
        program.file("s.lua", "function seen(n) log.warn('saw ' .. n) if n == 7 then error('seven') end end\n");
    program.done(&["attach", &script, "--hook", "demo.seen", "--tenant", "acme"]);
    for (kind, part) in [("log", "saw 7"), ("fault", "seven"), ("call", "7")] {
        let args = ["tail", "--json", "--count", "1", "--kind", kind, "--tenant", "acme"];
        let sample: &[&str] = if kind == "call" { &["--sample", "1"] } else { &[] };
        let mut tail = Running::start(&program, &[&args[..], sample].concat());
        // It listens some time after it has started; what happens before is not for it.
        while tail.child.try_wait().unwrap().is_none() {
            assert!(Instant::now() < tail.end, "{kind}: never seen");
            drop(program.seen.invoke(&SeenArgs { number: 7 }));
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let event = tail.look();
        assert_eq!((&event["kind"], &event["tenant"]), (&json!(kind), &json!("acme")), "{event}");
        assert!(event.to_string().contains(part), "{event}");
    }
}

#[test]
fn events_say_who_changed_what() {
    let program = Program::new();
    let script = program.file("s.lua", &adding(1));
    program.done(&["attach", &script, "--hook", "demo.pair", "--tenant", "acme"]);
    program.done(&["replace", "acme/pair", &script]);
    program.done(&["detach", "acme/pair"]);
    let events = program.done(&["events", "--json"]).lines();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["kind"].as_str()).collect();
    assert_eq!(kinds, ["attached", "replaced", "detached"]);
    assert!(events.iter().all(|event| event["by"].as_str().is_some_and(|by| by.starts_with("uid "))), "{events:?}");
    let text = program.done(&["events", "--kind", "attached"]).out;
    assert!(text.contains("attached  acme/pair at demo.pair"), "{text}");
    assert_eq!(text.lines().count(), 1);
}

#[test]
fn a_policy_is_shown_and_explained() {
    let program = Program::with("[tenants.acme]\nfuel = \"2M\"\n", |options| options);
    let shown = program.done(&["policy", "show"]).out;
    assert!(shown.contains("policy.toml") && shown.contains("acme"), "{shown}");
    let explained = program.done(&["policy", "explain", "acme", "demo.pair"]).out;
    let fuel = explained.lines().find(|line| line.trim_start().starts_with("fuel ")).unwrap_or_default();
    assert!(fuel.contains("2 M") && fuel.contains("policy.toml:2"), "{explained}");
    let file = program.file("p.toml", "[tenants.acme]\nfule = 1\n");
    let checked = crate::process::run(&["policy", "check", &file]);
    assert_eq!(checked.code, 2);
    assert!(checked.err.contains("did you mean `fuel`?"), "{checked:?}");
}

/// What a file says is what the program that goes by it says: budget, quota, dispositions, grants, placement.
#[test]
fn a_policy_file_explains_itself_as_the_program_does() {
    let policy = "unknown_tenants = \"default\"\n[tenants.acme]\nfuel = \"2M\"\ncalls_per_second = 500\n[tenants.acme.on_fault]\nany = \"skip\"\n\
        [[placement]]\nhook = \"demo.pair\"\ntenants = [\"acme\"]\norders = [1, 9]\n";
    let program = Program::with(policy, |options| options);
    let file = program.file("p.toml", policy);
    for tenant in ["acme", "peer"] {
        let live = program.json(&["policy", "explain", tenant, "demo.pair"]);
        let local = crate::process::run(&["policy", "explain", tenant, "demo.pair", "--policy", &file, "--json"]);
        let local = local.out.replace(&file, "policy.toml");
        assert_eq!(serde_json::from_str::<Json>(&local).unwrap(), live, "{tenant}");
        assert_eq!(live["placement"]["allowed"], tenant == "acme", "{live}");
    }
}
