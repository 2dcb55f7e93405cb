//! Two tenants, two threads: whatever one does, the other's calls succeed, answer the same and use the same fuel.

#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tenterhook::hooks::value::Value;
use tenterhook::policies::{Policy, State};
use tenterhook::{CallReport, FailureKind, Request};
use tenterhook_tests::bench::{Bench, unique};
use tenterhook_tests::clock::HandClock;

/// What a tenant can do to its host, a call at a time.
const ATTACKS: [(&str, &str); 9] = [
    ("loops", "function observe() while true do end end"),
    ("catches what it can", "function observe() while true do pcall(error, 'x') end end"),
    ("fills its memory", "function observe() local s = 'x' while true do s = s .. s end end"),
    ("fills it with tables", "function observe() local t = {} while true do t = { t, t, t } t.t = t end end"),
    ("recurses", "function observe() local function f() return 1 + f() end return f() end"),
    ("looks for a pattern", "function observe() string.find(('a'):rep(1000), ('.-'):rep(30) .. 'b') end"),
    ("floods the log", "function observe() while true do log.info(('x'):rep(60000)) end end"),
    ("fails at once", "function observe() error('x') end"),
    ("answers nonsense", "function observe() return { seen = ('x'):rep(60000) } end"),
];

const PEACEFUL: &str = "
    local seen = {}
    function run(n, s)
        local sum = 0
        for i = 1, 100 do seen[i] = i * n sum = sum + seen[i] end
        return { integer = sum, text = s:upper() }
    end";

const POLICY: &str = "
    [tenants.mallory]
    fuel = '1M'
    fuel_per_second = '100M'
    fuel_burst = '100M'
    total_memory = '8MiB'
    log_lines_per_second = 100
    [tenants.mallory.hooks.'test.observe']
    quarantine = 'off'
    [tenants.quiet]
    fuel = '1M'
    calls_per_second = 1000000000
    calls_burst = 1000000000
    fuel_per_second = '10T'
    fuel_burst = '10T'";

/// Calls of each attack: more than a second's fuel and log lines last for.
const CALLS: u64 = 150;

/// Ends the other thread, also where this one panics: else it would be waited for without end.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Calls the peaceful tenant's script until `over`; how often, every one of them having answered alike.
fn peaceful(bench: &Bench, over: &AtomicBool) -> u64 {
    let hook = bench.hook("test.run").unwrap();
    let mut calls = 0;
    let mut first = None;
    while !over.load(Ordering::Relaxed) {
        let mut fuel = 0;
        let mut look = |report: &CallReport<'_>| fuel = report.fuel;
        let outcome = hook.invoke(&[Value::Integer(3), Value::String(b"text".to_vec())], &mut look);
        assert_eq!(outcome.failures, [], "call {calls}");
        let this = (outcome.answer, fuel);
        match &first {
            None => first = Some(this),
            Some(first) => assert_eq!(&this, first, "call {calls}"),
        }
        calls += 1;
    }
    calls
}

#[test]
fn a_tenant_at_full_load_takes_nothing_from_another() {
    for state in [State::Fresh, State::Kept] {
        // The clock goes by hand: how much is denied depends on no machine's speed.
        let clock = HandClock::new();
        let policy = Policy::parse(POLICY, "test.toml").unwrap();
        let bench = Bench::with(|builder| builder.policy(policy).clock(Arc::clone(&clock) as _));
        let quiet = Request::new("test.run", "quiet", PEACEFUL).name(unique("quiet"));
        let _quiet = bench.host.attach(quiet).unwrap();
        let (mut denied, mut faulted) = (0, 0);
        let over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            let quiet = scope.spawn(|| peaceful(&bench, &over));
            let ends = Over(&over);
            for (what, source) in ATTACKS {
                let request = Request::new("test.observe", "mallory", source).name(unique("mallory")).state(state);
                let link = bench.host.attach(request).unwrap_or_else(|error| panic!("{what}: {error}"));
                let hook = bench.hook("test.observe").unwrap();
                for _ in 0..CALLS {
                    for failure in hook.invoke(&[Value::Integer(1)], &mut ()).failures {
                        match failure.kind {
                            FailureKind::Fault(_) => faulted += 1,
                            FailureKind::Denied(_) | FailureKind::Closed(_) => denied += 1,
                        }
                    }
                }
                link.detach().unwrap();
                // All of what it may use is there again for the next attack.
                clock.pass(Duration::from_secs(1));
            }
            drop(ends);
            assert!(quiet.join().unwrap() > 0);
        });
        assert!(faulted > 50 && denied > 50, "{faulted} faults, {denied} denials: it was at its limits");
        let left = bench.host.usage("mallory").unwrap();
        assert_eq!((left.attachments, left.kept_executors, left.memory.get()), (0, 0, 0), "all of it is given back");
    }
}
