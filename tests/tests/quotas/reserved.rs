//! Calls at once that no other tenant can keep from a tenant.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use tenterhook::policies::Policy;
use tenterhook::{Argument, CallError, Caller, Capability, Denied, Reply};
use tenterhook_tests::bench::Bench;
use tenterhook_tests::clock::HandClock;

use crate::world::{Became, World};

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
