//! Every field of a quota at one below, at and one above, on a clock that goes only when told.

#![allow(clippy::unwrap_used)]

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use serde_json::json;
use tenterhook::hooks::value::Value;
use tenterhook::policies::{Policy, QuotaField, Rules, State};
use tenterhook::{
    Argument, AttachError, CallError, CallReport, Caller, Capability, Control, ControlOptions, Denied, FailureKind,
    Fault, Link, QuarantinePhase, Reply, Request,
};
use tenterhook_tests::bench::{Bench, rules, unique};
use tenterhook_tests::clock::HandClock;
use tenterhook_tests::http::Client;

const GOOD: &str = "function run(n) return { integer = n } end";
/// Works for a while; faults where it is given 0.
const WORKS: &str =
    "function run(n) if n == 0 then error('told to') end local t = {} for i = 1, 200 do t[i] = i end return {} end";

struct World {
    bench: Bench,
    clock: Arc<HandClock>,
}

/// A host under these lines for every tenant.
fn world(defaults: &str) -> World {
    let clock = HandClock::new();
    let bench = Bench::with(|builder| builder.policy(policy(defaults)).clock(Arc::clone(&clock) as _));
    World { bench, clock }
}

fn policy(defaults: &str) -> Policy {
    Policy::parse(&format!("[defaults]\n{}\n", tenterhook_cli::untimed::defaults(defaults)), "test.toml")
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq)]
enum Became {
    Answered { fuel: u64 },
    Faulted,
    Denied(Denied),
}

impl World {
    fn request(&self, tenant: &str, source: &str) -> Request {
        Request::new("test.run", tenant, source).name(unique("quota"))
    }

    fn attach(&self, tenant: &str, source: &str) -> Link {
        self.bench.host.attach(self.request(tenant, source)).unwrap()
    }

    /// Attaches, and lets the tenant earn again what the load used.
    fn attach_rested(&self, tenant: &str, source: &str) -> Link {
        let link = self.attach(tenant, source);
        self.clock.pass(Duration::from_secs(1 << 30));
        link
    }

    /// Calls what is attached, all of it, with `n`.
    fn call(&self, n: i64) -> Vec<Became> {
        let mut became = Vec::new();
        let hook = self.bench.hook("test.run").unwrap();
        let _ = hook.invoke(&[Value::Integer(n), Value::String(vec![])], &mut |report: &CallReport<'_>| {
            became.push(match report.result {
                Ok(_) => Became::Answered { fuel: report.fuel },
                Err(FailureKind::Fault(_)) => Became::Faulted,
                Err(FailureKind::Denied(denied)) => Became::Denied(*denied),
                Err(FailureKind::Closed(closed)) => panic!("{closed}"),
            });
        });
        became
    }

    /// How many of so many calls were answered; the others have to be denied for that reason.
    fn answered(&self, tries: usize, denied: Denied) -> usize {
        let mut answered = 0;
        for _ in 0..tries {
            match self.call(1).as_slice() {
                [Became::Answered { .. }] => answered += 1,
                [Became::Denied(reason)] if *reason == denied => {}
                other => panic!("{other:?}"),
            }
        }
        answered
    }
}

/// What attaching is told where it is too much.
fn told(result: Result<Link, AttachError>) -> (QuotaField, String) {
    match result {
        Err(error @ AttachError::Quota { field, .. }) => (field, error.to_string()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn calls_per_second() {
    for rate in [1, 2, 99, 100, 101] {
        let world = world(&format!("calls_per_second = {rate}\ncalls_burst = 1"));
        let _link = world.attach("acme", GOOD);
        assert_eq!(world.answered(3, Denied::Rate), 1, "the burst");
        // Time is counted in nanoseconds; what it takes to earn a call is rounded up to one.
        let earns_one = Duration::from_nanos(1_000_000_000_u64.div_ceil(rate));
        for _ in 0..5 {
            world.clock.pass(earns_one - Duration::from_nanos(1));
            assert_eq!(world.answered(2, Denied::Rate), 0, "{rate} per second");
            world.clock.pass(Duration::from_nanos(1));
            assert_eq!(world.answered(2, Denied::Rate), 1, "{rate} per second");
        }
    }
}

#[test]
fn calls_burst() {
    for burst in [1, 2, 15, 16, 17, 100] {
        let world = world(&format!("calls_per_second = 1\ncalls_burst = {burst}"));
        let _link = world.attach("acme", GOOD);
        assert_eq!(world.answered(burst + 5, Denied::Rate), burst);
        world.clock.pass(Duration::from_secs(3600));
        assert_eq!(world.answered(burst + 5, Denied::Rate), burst, "no more is saved up");
    }
}

#[test]
fn calls_are_counted_by_attachment() {
    let world = world("calls_per_second = 1\ncalls_burst = 2");
    let _links = [world.attach("acme", "function run() return {} end"), world.attach("acme", GOOD)];
    assert!(world.call(1).iter().all(|became| matches!(became, Became::Answered { .. })));
    let replaced = world.attach("acme", "function run() return {} end");
    assert_eq!(world.call(1).len(), 2, "the second decides");
    assert_eq!(world.call(1), [Became::Denied(Denied::Rate)], "whose denial is the default");
    drop(replaced);
}

#[test]
fn script_size() {
    let world = world("script_size = 1000");
    let source = |bytes: usize| format!("{GOOD}{}", " ".repeat(bytes - GOOD.len()));
    for bytes in [999, 1000] {
        drop(world.attach("acme", &source(bytes)));
    }
    let (field, message) = told(world.bench.host.attach(world.request("acme", &source(1001))));
    assert_eq!(field, QuotaField::ScriptSize);
    assert_eq!(message, "tenant acme: script_size: 1001 B asked for, expected at most 1000 B (set at test.toml:2)");
}

/// Fuel of a call of [`WORKS`].
fn fuel() -> u64 {
    let world = world("");
    let _link = world.attach("acme", WORKS);
    match world.call(1).as_slice() {
        [Became::Answered { fuel }] => *fuel,
        other => panic!("{other:?}"),
    }
}

#[test]
fn fuel_burst() {
    let fuel = fuel();
    assert!(4 * fuel > 10_000, "{fuel}");
    for (burst, calls) in [(4 * fuel - 1, 4), (4 * fuel, 4), (4 * fuel + 1, 5)] {
        let world = world(&format!("fuel_per_second = 1000\nfuel_burst = {burst}"));
        let _link = world.attach_rested("acme", WORKS);
        assert_eq!(world.answered(10, Denied::Fuel), calls, "{burst}");
        let left = world.bench.host.usage("acme").unwrap().fuel_left;
        assert_eq!(left, burst as i64 - calls as i64 * fuel as i64, "what was used was charged, to the unit");
    }
}

#[test]
fn fuel_per_second() {
    let fuel = fuel();
    let world = world(&format!("fuel_per_second = 1000\nfuel_burst = {}", 4 * fuel));
    let _link = world.attach_rested("acme", WORKS);
    assert_eq!(world.answered(10, Denied::Fuel), 4);
    // A unit per millisecond: one admits a call, which owes the rest of what it used.
    for wait in [1, fuel, fuel] {
        world.clock.pass(Duration::from_millis(wait) - Duration::from_nanos(1));
        assert_eq!(world.answered(3, Denied::Fuel), 0);
        world.clock.pass(Duration::from_nanos(1));
        assert_eq!(world.answered(3, Denied::Fuel), 1);
    }
}

#[test]
fn fuel_is_counted_over_all_of_a_tenants_attachments_and_of_nobody_elses() {
    let fuel = fuel();
    let world = world(&format!("fuel_per_second = 1000\nfuel_burst = {}", 4 * fuel));
    let observe = world.bench.hook("test.observe").unwrap();
    let elsewhere = Request::new("test.observe", "acme", "function observe() for i = 1, 1e5 do end end");
    let elsewhere = world.bench.host.attach(elsewhere).unwrap();
    world.clock.pass(Duration::from_secs(1 << 30));
    let _links = [elsewhere, world.attach_rested("acme", WORKS)];
    let _ = observe.invoke(&[Value::Integer(1)], &mut ());
    assert_eq!(world.call(1), [Became::Denied(Denied::Fuel)], "it was used up at another hook point");
    drop(_links);
    // Detaching does not wipe out what is owed.
    assert_eq!(refused_load(world.bench.host.attach(world.request("acme", GOOD))).0, QuotaField::FuelPerSecond);
    let _other = world.attach_rested("other", WORKS);
    assert_eq!(world.call(1), [Became::Answered { fuel }]);
}

#[test]
fn large_arguments_are_charged_whether_they_are_read_or_not() {
    let world = world("fuel_per_second = 1000\nfuel_burst = \"1G\"");
    let _link = world.attach_rested("acme", GOOD);
    let hook = world.bench.hook("test.run").unwrap();
    let charged = |bytes: usize| {
        let (before, mut fuel) = (used(&world), 0);
        let args = [Value::Integer(1), Value::String(vec![b'x'; bytes])];
        let _ = hook.invoke(&args, &mut |report: &CallReport<'_>| fuel = report.fuel);
        assert_eq!(used(&world) - before, fuel, "to the unit");
        fuel
    };
    let few = charged(0);
    for bytes in [16_384, 30_000, 60_000] {
        assert!(charged(bytes) - few >= bytes as u64 / 2, "{bytes}: the guest pays for the room by the byte");
    }
}

/// What attaching is told where the tenant's rates are used up.
fn refused_load(result: Result<Link, AttachError>) -> (QuotaField, String) {
    match result {
        Err(error @ AttachError::Loads { field, .. }) => (field, error.to_string()),
        other => panic!("{other:?}"),
    }
}

/// What the tenant has used of a burst of 1 G, which it earns nothing of meanwhile.
fn used(world: &World) -> u64 {
    u64::try_from(1_000_000_000 - world.bench.host.usage("acme").map_or(1_000_000_000, |usage| usage.fuel_left))
        .unwrap()
}

/// Fuel of loading [`GOOD`].
fn fuel_of_load() -> u64 {
    let world = world("fuel_burst = \"1G\"");
    let _link = world.attach("acme", GOOD);
    used(&world)
}

#[test]
fn loading_uses_the_tenants_fuel() {
    let fuel = fuel_of_load();
    assert!(fuel > 50_000, "an executor, the source, and what the guest did: {fuel}");
    for (burst, second) in [(fuel - 1, false), (fuel, false), (fuel + 1, true)] {
        let world = world(&format!("fuel_per_second = 1000\nfuel_burst = {burst}"));
        let _link = world.attach("acme", GOOD);
        assert_eq!(world.bench.host.usage("acme").unwrap().fuel_left, burst as i64 - fuel as i64, "to the unit");
        let again = world.bench.host.attach(world.request("acme", GOOD));
        if second {
            let _ = again.unwrap();
        } else {
            let (field, message) = refused_load(again);
            assert_eq!(field, QuotaField::FuelPerSecond);
            assert_eq!(
                message,
                "tenant acme: fuel_per_second is used up, and loading takes of it: at most 1 K (set at test.toml:2); \
                 try again later"
            );
            assert_eq!(world.call(1), [Became::Denied(Denied::Fuel)], "calls use the same");
        }
        let _other = world.attach("other", GOOD);
    }
}

#[test]
fn a_load_that_fails_a_check_and_a_replacement_use_fuel_too() {
    let world = world("fuel_burst = \"1G\"");
    let mut before = 0;
    let mut uses = |what: &str, least: u64| {
        let now = used(&world);
        assert!(now - before > least, "{what}: {}", now - before);
        before = now;
    };
    let load = |source: &str| world.bench.host.attach(world.request("acme", source)).err().unwrap();
    assert!(matches!(load("x ="), AttachError::Load(_)));
    uses("a syntax error", 50_000);
    assert!(matches!(load("for i = 1, 1e6 do end error('no')"), AttachError::Load(_)));
    uses("an error after a while", 1_000_000);
    assert!(matches!(load("while true do end"), AttachError::Load(_)));
    uses("a loop without end", 499_999_999);
    world.bench.host.check(world.request("acme", GOOD)).unwrap();
    uses("a check", 50_000);
    let link = world.attach("acme", GOOD);
    uses("attaching", 50_000);
    world.bench.host.replace(link.id(), world.request("acme", GOOD)).unwrap();
    uses("replacing", 50_000);
}

#[test]
fn load_fuel() {
    // Fuel is looked at where loops begin: a load's last operators may be beyond what it has.
    let source = format!("local x = 0 for i = 1, 1e5 do x = x + i end {GOOD}");
    let world = world("fuel_burst = \"1G\"");
    let _link = world.attach("acme", &source);
    let needed = used(&world);
    assert!(needed > QuotaField::LoadFuel.info().min, "{needed}");
    for (fuel, fits) in [(needed - 3000, false), (needed, true), (needed + 1, true)] {
        let world = self::world(&format!("fuel_burst = \"1G\"\nload_fuel = {fuel}"));
        match world.bench.host.attach(world.request("acme", &source)) {
            Ok(_) => assert!(fits && used(&world) == needed),
            Err(AttachError::Load(Fault::OutOfFuel { budget })) => {
                assert!(!fits && budget.get() == fuel && used(&world) == fuel, "{fuel} of {needed}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}

impl World {
    /// How many scripts are loaded, one right after the other, before one is refused.
    fn loads(&self) -> u64 {
        let load = |_: &u64| self.bench.host.attach(self.request("acme", GOOD)).map(|_| ());
        (0..40).take_while(|n| load(n).is_ok()).count() as u64
    }
}

#[test]
fn loads_burst() {
    for burst in [1, 2, 15, 16, 17] {
        let world = world(&format!("loads_per_second = 1\nloads_burst = {burst}"));
        assert_eq!(world.loads(), burst);
        world.clock.pass(Duration::from_secs(3600));
        assert_eq!(world.loads(), burst, "no more is saved up");
        let (field, message) = refused_load(world.bench.host.attach(world.request("acme", GOOD)));
        assert_eq!(field, QuotaField::LoadsPerSecond);
        assert!(message.contains("loads_per_second is used up") && message.contains("test.toml:2"), "{message}");
        drop(world.attach("other", GOOD));
    }
}

#[test]
fn loads_per_second() {
    for rate in [1, 2, 3] {
        let world = world(&format!("loads_per_second = {rate}\nloads_burst = 1"));
        assert_eq!(world.loads(), 1, "the burst");
        let earns_one = Duration::from_nanos(1_000_000_000_u64.div_ceil(rate));
        for _ in 0..3 {
            world.clock.pass(earns_one - Duration::from_nanos(1));
            assert_eq!(world.loads(), 0, "{rate} per second");
            world.clock.pass(Duration::from_nanos(1));
            assert_eq!(world.loads(), 1, "{rate} per second");
        }
    }
}

#[test]
fn attachments() {
    let world = world("attachments = 3");
    let links: Vec<_> = (0..3).map(|_| world.attach("acme", GOOD)).collect();
    let (field, message) = told(world.bench.host.attach(world.request("acme", GOOD)));
    assert_eq!(field, QuotaField::Attachments);
    assert_eq!(
        message,
        "tenant acme: attachments: 1 asked for beside 3 in use, expected at most 3 (set at test.toml:2)"
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
    // The script is kept beside its image.
    let image = {
        let world = world("");
        let _link = world.attach("acme", GOOD);
        world.bench.host.attachments("test.run")[0].image_bytes as u64 + GOOD.len() as u64
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
        assert!(refused.body.contains("disk: 8 KiB asked for"), "{refused:?}");
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

/// How long anybody waits at a gate before a test fails.
const PATIENCE: Duration = Duration::from_secs(60);

/// `gate.wait()` waits until the gate is open.
#[derive(Default)]
struct Gate {
    state: Mutex<(usize, bool)>,
    changed: Condvar,
}

impl Capability for Gate {
    fn library(&self) -> &str {
        "gate"
    }

    fn functions(&self) -> &[&str] {
        &["wait"]
    }

    fn call(&self, _: usize, _: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        let mut state = self.state.lock().unwrap();
        state.0 += 1;
        self.changed.notify_all();
        let _open = self.changed.wait_timeout_while(state, PATIENCE, |state| !state.1).unwrap();
        Ok(Reply::Nothing)
    }
}

impl Gate {
    /// Waits until so many calls wait.
    fn holds(&self, calls: usize) {
        let state = self.state.lock().unwrap();
        let (state, waited) = self.changed.wait_timeout_while(state, PATIENCE, |state| state.0 < calls).unwrap();
        let held = state.0;
        // Whoever waits at the gate needs the lock.
        drop(state);
        assert!(!waited.timed_out(), "{held} calls wait, expected {calls}");
    }

    fn open(&self) {
        self.state.lock().unwrap().1 = true;
        self.changed.notify_all();
    }
}

/// Opens the gate, also where a test fails: threads that wait at it would be waited for.
struct Opens<'a>(&'a Gate);

impl Drop for Opens<'_> {
    fn drop(&mut self) {
        self.0.open();
    }
}

#[test]
fn reserved_calls() {
    for reserved in [1, 2, 3] {
        let gate = Arc::new(Gate::default());
        let grants = ["greedy", "acme"]
            .map(|tenant| format!("[[tenants.{tenant}.grants]]\ncapability = \"gate\"\nreason = \"test\"\n"));
        let text = format!("[defaults]\nreserved_calls = {reserved}\n{}", grants.concat());
        let policy = Policy::parse(&text, "test.toml").unwrap();
        let bench = Bench::with(|builder| {
            builder.policy(policy).threads(2).capability(Arc::clone(&gate) as Arc<dyn Capability>)
        });
        let world = World { bench, clock: HandClock::new() };
        let waits = "function run() gate.wait() return {} end";
        let greedy = world.attach("greedy", waits);
        std::thread::scope(|scope| {
            let call = || world.call(1);
            let opens = Opens(&gate);
            // One tenant's calls hold every shared place, and all of its own.
            let mut held: Vec<_> = (0..2 + reserved).map(|_| scope.spawn(call)).collect();
            gate.holds(2 + reserved);
            assert_eq!(world.call(1), [Became::Denied(Denied::NoExecutor)], "it has no more");
            greedy.detach().unwrap();
            // Another one has its own places all the same.
            let _acme = world.attach("acme", waits);
            held.extend((0..reserved).map(|_| scope.spawn(call)));
            gate.holds(2 + 2 * reserved);
            assert_eq!(world.call(1), [Became::Denied(Denied::NoExecutor)], "one more than is reserved");
            drop(opens);
            for thread in held {
                let became = thread.join().unwrap();
                assert!(matches!(became[..], [Became::Answered { .. }]), "{became:?}");
            }
            assert!(matches!(world.call(1)[..], [Became::Answered { .. }]), "and all places are free again");
        });
    }
}

#[test]
fn log_lines_per_second() {
    for lines in [0, 1, 4, 5, 6] {
        let world = world(&format!("log_lines_per_second = {lines}"));
        let source = "function run() for i = 1, 5 do log.info('line ' .. i) end return {} end";
        let request = world.request("acme", source).name("logs");
        let _link = world.bench.host.attach(request).unwrap();
        world.call(1);
        assert_eq!(world.bench.lines.take("logs").len(), lines.min(5));
        world.call(1);
        assert_eq!(world.bench.lines.take("logs").len(), lines.saturating_sub(5));
        world.clock.pass(Duration::from_secs(1));
        world.call(1);
        assert_eq!(world.bench.lines.take("logs").len(), lines.min(5));
    }
}

#[test]
fn log_bytes_per_second() {
    // A line that begins within the rate is logged whole.
    for (bytes, lines) in [(0, 0), (9, 1), (10, 1), (11, 2), (20, 2), (21, 3)] {
        let world = world(&format!("log_bytes_per_second = {bytes}"));
        let source = "function run() for i = 1, 5 do log.info('0123456789') end return {} end";
        let request = world.request("acme", source).name("logs");
        let _link = world.bench.host.attach(request).unwrap();
        let mut dropped = 0;
        let hook = world.bench.hook("test.run").unwrap();
        let mut look = |report: &CallReport<'_>| dropped = report.log_lines_dropped;
        let _ = hook.invoke(&[Value::Integer(1), Value::String(vec![])], &mut look);
        assert_eq!((world.bench.lines.take("logs").len(), dropped), (lines, 5 - lines as u64), "{bytes}");
    }
}

const QUARANTINE: &str = "quarantine = \"on\"\nquarantine_faults = 3\nquarantine_window = \"1s\"\n\
                          quarantine_backoff = \"100ms\"\nquarantine_backoff_max = \"400ms\"";

impl World {
    fn faults(&self, times: usize) {
        for _ in 0..times {
            assert_eq!(self.call(0), [Became::Faulted]);
        }
    }

    fn is_out(&self) -> bool {
        self.call(1) == [Became::Denied(Denied::Quarantine)]
    }
}

#[test]
fn quarantine_faults() {
    for faults in [1, 2, 3, 20] {
        let world = world(&QUARANTINE.replace("faults = 3", &format!("faults = {faults}")));
        let link = world.attach("acme", WORKS);
        world.faults(faults - 1);
        assert!(!world.is_out() && world.bench.host.quarantined().is_empty());
        world.faults(1);
        assert!(world.is_out());
        let [info] = &world.bench.host.quarantined()[..] else { panic!("one") };
        assert_eq!((info.id, &*info.hook, &*info.tenant), (link.id(), "test.run", "acme"));
        assert_eq!((info.state.phase, info.state.faults), (QuarantinePhase::Waiting, faults as u64));
        assert_eq!((info.state.since, info.state.until), (Duration::ZERO, Duration::from_millis(100)));
    }
}

#[test]
fn quarantine_window() {
    for (between, out) in [(499, true), (500, true), (501, false)] {
        let world = world(QUARANTINE);
        let _link = world.attach("acme", WORKS);
        for _ in 0..2 {
            world.faults(1);
            world.clock.pass(Duration::from_millis(between));
        }
        world.faults(1);
        assert_eq!(world.is_out(), out, "{between} ms between faults");
    }
}

#[test]
fn quarantine_backoff() {
    let world = world(QUARANTINE);
    let _link = world.attach("acme", WORKS);
    world.faults(3);
    for (wait, out) in [(99, true), (1, false)] {
        world.clock.pass(Duration::from_millis(wait));
        assert_eq!(world.is_out(), out);
    }
    assert!(world.bench.host.quarantined().is_empty(), "one good probe is enough");
    world.faults(2);
}

#[test]
fn quarantine_backoff_max() {
    let world = world(QUARANTINE);
    let _link = world.attach("acme", WORKS);
    world.faults(3);
    for backoff in [100, 200, 400, 400, 400] {
        world.clock.pass(Duration::from_millis(backoff - 1));
        assert!(world.is_out(), "{backoff} ms");
        world.clock.pass(Duration::from_millis(1));
        world.faults(1);
    }
}

#[test]
fn quarantine_probes() {
    for probes in [1, 2, 3] {
        let world = world(&format!("{QUARANTINE}\nquarantine_probes = {probes}"));
        let _link = world.attach("acme", WORKS);
        world.faults(3);
        world.clock.pass(Duration::from_millis(100));
        for good in 0..probes {
            let state = world.bench.host.quarantined().first().map(|info| info.state.good_probes);
            assert_eq!(state, Some(good), "of {probes}");
            assert!(!world.is_out());
        }
        assert!(world.bench.host.quarantined().is_empty());
    }
}

#[test]
fn an_operator_lifts_a_quarantine() {
    let world = world(QUARANTINE);
    let link = world.attach("acme", WORKS);
    let host = &world.bench.host;
    assert_eq!(host.lift_quarantine(link.id()), Ok(false));
    world.faults(3);
    assert!(host.attachments("test.run")[0].quarantine.is_some());
    assert_eq!(host.lift_quarantine(link.id()), Ok(true));
    assert!(!world.is_out());
    world.faults(2);
    let id = link.id();
    drop(link);
    assert!(host.lift_quarantine(id).is_err());
}

#[test]
fn another_policy_reaches_tenants_at_once_and_attachments_when_they_are_replaced() {
    let world = world("calls_per_second = 1\ncalls_burst = 3\nattachments = 1");
    let link = world.attach("acme", GOOD);
    world.bench.host.set_policy(policy("calls_per_second = 1\ncalls_burst = 5\nattachments = 2")).unwrap();
    let second = world.attach("acme", WORKS);
    drop(second);
    assert_eq!(world.answered(6, Denied::Rate), 3);
    world.bench.host.replace(link.id(), world.request("acme", GOOD)).unwrap();
    assert_eq!(world.answered(6, Denied::Rate), 5);
}

#[test]
fn denials_become_what_the_policy_says_of_their_cause() {
    let cases = [
        (Denied::Rate, "calls_per_second = 1\ncalls_burst = 1"),
        (Denied::Fuel, "fuel_per_second = 1000\nfuel_burst = 10000"),
        (Denied::Quarantine, "quarantine = \"on\"\nquarantine_faults = 1"),
    ];
    for (denied, lines) in cases {
        for (disposition, integer) in
            [("\"skip\"", Some(7)), ("\"default\"", None), ("{ result = { integer = 5 } }", Some(5))]
        {
            let other = "[tenants.acme]\n[tenants.other]\nfuel_burst = \"1G\"";
            let world = world(&format!("{lines}\n[defaults.on_denied]\n{} = {disposition}\n{other}", denied.cause()));
            let tired = "function run(n) for i = 1, 1e4 do end if n == 0 then error('told to') end return {} end";
            let first = world.attach("acme", tired);
            world.call(if denied == Denied::Quarantine { 0 } else { 1 });
            let _second = world.attach("other", "function run() return { integer = 7 } end");
            let hook = world.bench.hook("test.run").unwrap();
            let outcome = hook.invoke(&[Value::Integer(1), Value::String(vec![])], &mut ());
            assert_eq!(outcome.failures[0].kind, FailureKind::Denied(denied));
            assert_eq!(outcome.answer.result(integer_position(&world)), integer.map(Value::Integer).as_ref());
            assert_eq!(outcome.decided_by == Some(first.id()), disposition != "\"skip\"", "{disposition}");
        }
    }
}

fn integer_position(world: &World) -> usize {
    world.bench.hook("test.run").unwrap().declaration().result_position(b"integer").unwrap()
}

#[test]
fn every_field_of_a_quota_has_a_test_here() {
    let source = include_str!("quotas.rs");
    for field in QuotaField::ALL {
        let name = field.info().name;
        assert!(source.contains(&format!("\nfn {name}() {{")), "{name}: one below, at and one above are not tested");
    }
    let quotas: Rules = rules("", "acme", "test.run");
    assert_eq!(quotas.quota, tenterhook_cli::untimed::policy().defaults().quota);
}
