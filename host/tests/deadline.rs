//! Deadlines by the clock: what ends by them, what cannot catch them, and hosts without.

use std::sync::Arc;
use std::time::Duration;

use tenterhook::policies::{FaultCause, Millis, Policy};
use tenterhook::{
    Argument, AttachError, CallError, Caller, Capability, Fault, Host, Reply, Request, SandboxError, hook_point,
};

hook_point! {
    /// Works.
    pub Work = "test.work", version 1, chain first {
        /// A number.
        arg n: i64,
        /// Another one.
        result n: i64 = 0,
    }
}

/// `slow.wait(ms)` takes its time.
struct Slow;

impl Capability for Slow {
    fn library(&self) -> &str {
        "slow"
    }

    fn functions(&self) -> &[&str] {
        &["wait"]
    }

    fn call(&self, _: usize, arguments: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        if let [Argument::Integer(millis)] = arguments {
            std::thread::sleep(Duration::from_millis(u64::try_from(*millis).unwrap_or(0)));
        }
        Ok(Reply::Nothing)
    }
}

fn policy(deadline: &str) -> Policy {
    let text = format!(
        "[ceilings]\nfuel = '1T'\n[defaults]\nfuel = '1T'\ndeadline = '{deadline}'\n\
         [[tenants.acme.grants]]\ncapability = 'slow'\nreason = 'test'\n"
    );
    Policy::parse(&text, "policy.toml").unwrap_or_else(|error| panic!("{error}"))
}

fn host(deadline: &str) -> Host {
    Host::builder().deadlines(true).policy(policy(deadline)).capability(Arc::new(Slow)).build().expect("a host")
}

#[test]
fn guest_code_and_host_calls_end_by_the_deadline_and_nothing_catches_it() {
    let host = host("20ms");
    let hook = host.declare::<Work>().expect("a new hook point");
    let expected = Fault::Deadline { limit: Millis::new(20) };
    for (source, late) in [
        ("function work() while true do end end", true),
        ("function work() while true do pcall(function() while true do end end) end end", true),
        (
            "function work() local co = coroutine.wrap(function() while true do end end) while true do pcall(co) end end",
            true,
        ),
        ("function work() return { n = #string.rep('a', 1000):find(('.-'):rep(40) .. 'b') } end", true),
        ("function work() while true do pcall(error, 'x') end end", true),
        ("function work() slow.wait(60) return {} end", true),
        ("function work() pcall(slow.wait, 60) return {} end", true),
        ("function work() for i = 1, 1000 do slow.wait(1) end return {} end", true),
        ("function work() slow.wait(1) return { n = 5 } end", false),
        ("function work(n) return { n = n } end", false),
    ] {
        let _link = host.attach(Request::new("test.work", "acme", source)).expect("a good script");
        let outcome = hook.invoke(&WorkArgs { n: 5 });
        let faults: Vec<&Fault> = outcome.faults().collect();
        if late {
            assert_eq!(faults, [&expected], "{source}");
            assert_eq!(faults[0].cause(), FaultCause::Deadline);
        } else {
            assert!(faults.is_empty() && outcome.results.n == 5, "{source}: {faults:?}");
        }
        // Whatever ended, the next call is well, and has all of its time.
        let _after = host
            .attach(Request::new("test.work", "acme", "function work() return { n = 7 } end").name("after").order(-1));
        assert_eq!(hook.invoke(&WorkArgs { n: 5 }).results.n, 7, "after {source}");
    }
}

#[test]
fn without_a_deadline_a_host_with_deadlines_lets_calls_take_their_time() {
    let host = host("off");
    let hook = host.declare::<Work>().expect("a new hook point");
    let _link = host.attach(Request::new("test.work", "acme", "function work() slow.wait(60) return { n = 3 } end"));
    assert_eq!(hook.invoke(&WorkArgs { n: 1 }).results.n, 3);
}

#[test]
fn executors_go_from_calls_with_a_deadline_to_calls_without() {
    let host = host("20ms");
    let hook = host.declare::<Work>().expect("a new hook point");
    let slow = "function work() slow.wait(60) return { n = 3 } end";
    let first =
        host.attach(Request::new("test.work", "acme", "function work() return { n = 1 } end")).expect("a script");
    assert_eq!(hook.invoke(&WorkArgs { n: 1 }).results.n, 1);
    drop(first);
    host.set_policy(policy("off")).expect("it fits");
    let _link = host.attach(Request::new("test.work", "acme", slow)).expect("a script");
    assert_eq!(hook.invoke(&WorkArgs { n: 1 }).results.n, 3);
}

#[test]
fn a_host_without_deadlines_refuses_policies_and_rules_with_one() {
    let expected = "policy.toml:5:12: defaults.deadline: this host was built without deadlines \
                    (`Host::builder().deadlines(true)`)";
    match Host::builder().policy(policy("20ms")).build() {
        Err(error @ SandboxError::Policy(_)) => assert_eq!(error.to_string(), expected),
        other => panic!("{:?}", other.err()),
    }
    let host = Host::builder().policy(policy("off")).build().expect("a host");
    let _hook = host.declare::<Work>().expect("a new hook point");
    assert_eq!(host.set_policy(policy("1ms")).map_err(|error| error.to_string()), Err(expected.to_owned()));
    let rules = policy("5ms").resolve("acme", "test.work").expect("rules");
    let refused = host.attach(Request::new("test.work", "acme", "function work() return {} end").rules(rules));
    assert!(matches!(refused, Err(AttachError::Deadline { .. })), "{:?}", refused.err());
}
