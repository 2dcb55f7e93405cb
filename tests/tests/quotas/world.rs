//! A host on a clock that goes only when told, and what becomes of calls there.

use std::sync::Arc;
use std::time::Duration;

use tenterhook::hooks::value::Value;
use tenterhook::policies::{Policy, QuotaField};
use tenterhook::{AttachError, CallReport, Denied, FailureKind, Link, Request};
use tenterhook_tests::bench::{Bench, unique};
use tenterhook_tests::clock::HandClock;

pub const GOOD: &str = "function run(n) return { integer = n } end";
/// Works for a while; faults where it is given 0.
pub const WORKS: &str =
    "function run(n) if n == 0 then error('told to') end local t = {} for i = 1, 200 do t[i] = i end return {} end";

pub struct World {
    pub bench: Bench,
    pub clock: Arc<HandClock>,
}

/// A host under these lines for every tenant.
pub fn world(defaults: &str) -> World {
    let clock = HandClock::new();
    let bench = Bench::with(|builder| builder.policy(policy(defaults)).clock(Arc::clone(&clock) as _));
    World { bench, clock }
}

pub fn policy(defaults: &str) -> Policy {
    Policy::parse(&format!("[defaults]\n{}\n", tenterhook_cli::untimed::defaults(defaults)), "test.toml")
        .unwrap_or_else(|error| panic!("{error}"))
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq)]
pub enum Became {
    Answered { fuel: u64 },
    Faulted,
    Denied(Denied),
}

impl World {
    pub fn request(&self, tenant: &str, source: &str) -> Request {
        Request::new("test.run", tenant, source).name(unique("quota"))
    }

    pub fn attach(&self, tenant: &str, source: &str) -> Link {
        self.bench.host.attach(self.request(tenant, source)).unwrap()
    }

    /// Attaches, and lets the tenant earn again what the load used.
    pub fn attach_rested(&self, tenant: &str, source: &str) -> Link {
        let link = self.attach(tenant, source);
        self.clock.pass(Duration::from_secs(1 << 30));
        link
    }

    /// Calls what is attached, all of it, with `n`.
    pub fn call(&self, n: i64) -> Vec<Became> {
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
    pub fn answered(&self, tries: usize, denied: Denied) -> usize {
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
pub fn told(result: Result<Link, AttachError>) -> (QuotaField, String) {
    match result {
        Err(error @ AttachError::Quota { field, .. }) => (field, error.to_string()),
        other => panic!("{other:?}"),
    }
}

/// What the tenant has used of a burst of 1 G, which it earns nothing of meanwhile.
pub fn used(world: &World) -> u64 {
    u64::try_from(1_000_000_000 - world.bench.host.usage("acme").map_or(1_000_000_000, |usage| usage.fuel_left))
        .unwrap()
}

/// What attaching is told where the tenant's rates are used up.
pub fn refused_load(result: Result<Link, AttachError>) -> (QuotaField, String) {
    match result {
        Err(error @ AttachError::Loads { field, .. }) => (field, error.to_string()),
        other => panic!("{other:?}"),
    }
}
