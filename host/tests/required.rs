//! Hook points that require attachments are closed until those are attached and enabled, and where one of them does not
//! answer: never open in silence.

use std::sync::Arc;

use tenterhook::hooks::codec::Encoder;
use tenterhook::hooks::schema::{Chain, Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::policies::Policy;
use tenterhook::{EventKind, FailureKind, HookEnum, Host, Link, Request, hook_point};

/// What to do.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Let it in.
    Allow,
    /// Later.
    Delay,
    /// Keep it out.
    Refuse,
}

hook_point! {
    /// Lets in, unless its protection is missing.
    pub Admit = "test.admit", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result verdict: Verdict = Verdict::Allow,
        closed verdict = Verdict::Refuse,
    }

    /// The same, and says itself what it requires.
    pub Gate = "test.gate", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result verdict: Verdict = Verdict::Allow,
        closed verdict = Verdict::Refuse,
        require "acme/limit",
    }

    /// Says of nothing that it is closed.
    pub Open = "test.open", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result verdict: Verdict = Verdict::Allow,
    }

    /// Only looks.
    pub Look = "test.look", version 1, chain observe {
        /// A number.
        arg n: i64,
    }
}

const REQUIRED: &str = "[hooks.'test.admit']\nrequired = ['acme/limit']\n";

fn policy(text: &str) -> Policy {
    Policy::parse(text, "policy.toml").unwrap_or_else(|error| panic!("{error}\nin\n{text}"))
}

fn host(text: &str) -> Host {
    Host::builder().policy(policy(text)).build().expect("a host")
}

/// Attaches a script as `tenant/name`.
fn attach(host: &Host, hook: &str, tenant: &str, name: &str, body: &str) -> Link {
    let handler = hook.rsplit('.').next().expect("a name");
    let request = Request::new(hook, tenant, format!("function {handler}(n) {body} end")).name(name);
    host.attach(request).unwrap_or_else(|error| panic!("{error}"))
}

/// What an invocation came to, and what it says of missing attachments.
fn fire(hook: &tenterhook::Hook<Admit>) -> (Verdict, Option<String>) {
    let outcome = hook.invoke(&AdmitArgs { n: 1 });
    let closed = outcome.failures.iter().find_map(|failure| match &failure.kind {
        FailureKind::Closed(closed) => {
            assert_eq!((failure.attachment, outcome.decided_by), (None, None), "nobody was asked");
            Some(closed.to_string())
        }
        _ => None,
    });
    (outcome.results.verdict, closed)
}

#[test]
fn a_hook_point_is_closed_until_all_that_it_requires_is_attached_and_enabled() {
    let host = host("[hooks.'test.admit']\nrequired = ['acme/limit', 'peer/block']\n");
    let hook = host.declare::<Admit>().expect("a policy that fits");
    let both = "the hook point is closed: it requires acme/limit (not attached), peer/block (not attached)";
    assert_eq!(fire(&hook), (Verdict::Refuse, Some(both.to_owned())), "from the start");
    let limit = attach(&host, "test.admit", "acme", "limit", "return {}");
    let one = "the hook point is closed: it requires peer/block (not attached)";
    assert_eq!(fire(&hook), (Verdict::Refuse, Some(one.to_owned())), "nor is the other asked meanwhile");
    // A name like it is not it.
    let _other = attach(&host, "test.admit", "acme", "block", "return {}");
    assert_eq!(fire(&hook).0, Verdict::Refuse);
    let block = attach(&host, "test.admit", "peer", "block", "return {}");
    assert_eq!(fire(&hook), (Verdict::Allow, None));
    assert_eq!(host.protection()[0].invocations, 3);

    host.enable(block.id(), false).expect("it is there");
    let disabled = "the hook point is closed: it requires peer/block (disabled)";
    assert_eq!(fire(&hook), (Verdict::Refuse, Some(disabled.to_owned())));
    host.enable(block.id(), true).expect("it is there");
    assert_eq!(fire(&hook), (Verdict::Allow, None));
    host.replace(
        block.id(),
        Request::new("test.admit", "peer", "function admit() return { verdict = 'DELAY' } end").name("block"),
    )
    .expect("another script");
    assert_eq!(fire(&hook), (Verdict::Delay, None));
    drop(limit);
    assert_eq!(fire(&hook).0, Verdict::Refuse);
}

#[test]
fn every_way_to_fire_it_comes_to_the_closed_result() {
    let host = host("[hooks.'test.gate']\nrequired = ['acme/block']\n");
    let gate = host.declare::<Gate>().expect("a policy that fits");
    let dynamic = host.declare_dynamic(gate.declaration()).expect("the same");
    let refused = |outcome: tenterhook::DynamicOutcome| {
        assert!(matches!(outcome.failures[0].kind, FailureKind::Closed(_)), "{outcome:?}");
        assert_eq!(outcome.answer.result(0), Some(&Value::Enum(2)), "{outcome:?}");
    };
    for attached in [false, true] {
        assert!(dynamic.is_active(), "whoever asks first is told that there is something to ask");
        assert_eq!(gate.invoke(&GateArgs { n: 1 }).results.verdict, Verdict::Refuse);
        assert_eq!(gate.invoke_observed(&GateArgs { n: 1 }, &mut ()).results.verdict, Verdict::Refuse);
        refused(dynamic.invoke(&[Value::Integer(1)], &mut ()));
        refused(dynamic.invoke_encoded(|_| {}, &mut ()));
        let mut encoder = Encoder::default();
        encoder.begin(gate.declaration().head());
        for only in [None, Some("limit"), Some("block"), Some("nobody")] {
            refused(dynamic.invoke_prepared(&mut encoder, only, &mut ()));
        }
        if !attached {
            // What the declaration and the policy require is required together.
            attach(&host, "test.gate", "acme", "limit", "return {}").keep();
        }
    }
    let required = host.protection()[0].required.iter().map(|of| (of.name.clone(), of.attached)).collect::<Vec<_>>();
    assert_eq!(required, [("limit".to_owned(), true), ("block".to_owned(), false)]);
    attach(&host, "test.gate", "acme", "block", "return {}").keep();
    assert_eq!(gate.invoke(&GateArgs { n: 1 }).results.verdict, Verdict::Allow);
}

#[test]
fn a_required_attachment_that_does_not_answer_does_not_open_it_whatever_the_policy_says() {
    for disposition in ["'skip'", "'default'", "'closed'"] {
        let every = format!("[defaults.on_fault]\nany = {disposition}\n[defaults.on_denied]\nany = {disposition}\n");
        // Ten faults, then quarantine: denied.
        let quarantine = "[defaults]\nquarantine = 'on'\nquarantine_faults = 10\nquarantine_backoff = '1h'\nquarantine_backoff_max = '1h'\n";
        let host = host(&format!("{quarantine}{REQUIRED}{every}"));
        let hook = host.declare::<Admit>().expect("a policy that fits");
        let _limit = attach(&host, "test.admit", "acme", "limit", "error('no')");
        let mut kinds = Vec::new();
        for _ in 0..12 {
            let outcome = hook.invoke(&AdmitArgs { n: 1 });
            assert_eq!(outcome.results.verdict, Verdict::Refuse, "{disposition}: {:?}", outcome.failures);
            kinds.push(matches!(outcome.failures[0].kind, FailureKind::Denied(_)));
        }
        assert_eq!(kinds.iter().filter(|denied| **denied).count(), 2, "{disposition}: quarantine is reached");
        assert!(host.protection()[0].required[0].quarantined);
    }
    // What the policy gives by name stands.
    let named = "[defaults.on_fault]\nany = { result = { verdict = 'DELAY' } }\n";
    let host = host(&format!("{REQUIRED}{named}"));
    let hook = host.declare::<Admit>().expect("a policy that fits");
    let _limit = attach(&host, "test.admit", "acme", "limit", "error('no')");
    assert_eq!(fire(&hook).0, Verdict::Delay);
}

#[test]
fn nobody_s_failure_keeps_a_required_attachment_from_being_asked() {
    for (disposition, verdict) in [("default", Verdict::Refuse), ("closed", Verdict::Refuse), ("skip", Verdict::Delay)]
    {
        let fault = format!("[tenants.acme]\n[tenants.peer.on_fault]\nany = '{disposition}'\n");
        let host = host(&format!("{REQUIRED}{fault}"));
        let hook = host.declare::<Admit>().expect("a policy that fits");
        let _first = attach(&host, "test.admit", "peer", "faulty", "error('no')");
        let _limit = attach(&host, "test.admit", "acme", "limit", "return { verdict = 'DELAY' }");
        assert_eq!(fire(&hook).0, verdict, "{disposition}");
    }
}

#[test]
fn closed_is_what_a_failure_comes_to_where_nothing_is_said() {
    let host = host("");
    let (admit, open) = (host.declare::<Admit>().expect("a hook point"), host.declare::<Open>().expect("a hook point"));
    let _admit = attach(&host, "test.admit", "acme", "admit", "error('no')");
    let _open = attach(&host, "test.open", "acme", "open", "error('no')");
    assert_eq!(admit.invoke(&AdmitArgs { n: 1 }).results.verdict, Verdict::Refuse, "its closed result");
    assert_eq!(open.invoke(&OpenArgs { n: 1 }).results.verdict, Verdict::Allow, "it has none but its default");
    assert_eq!(host.protection(), [], "nothing is required");
}

#[test]
fn another_policy_requires_from_the_next_invocation_on() {
    let host = host("");
    let hook = host.declare::<Admit>().expect("a hook point");
    let mut events = host.events();
    assert_eq!(fire(&hook), (Verdict::Allow, None));
    host.set_policy(policy(REQUIRED)).expect("it fits");
    assert_eq!(fire(&hook).0, Verdict::Refuse);
    let text = format!("{REQUIRED}closed = {{ verdict = 'DELAY' }}\n");
    host.set_policy(policy(&text)).expect("it fits");
    assert_eq!(fire(&hook).0, Verdict::Delay, "the policy's own result");
    let _limit = attach(&host, "test.admit", "acme", "limit", "return {}");
    assert_eq!(fire(&hook), (Verdict::Allow, None));
    host.set_policy(policy("")).expect("it fits");
    let mut told = Vec::new();
    events.read(100, &mut told);
    let kinds: Vec<&str> = told.iter().map(|event| event.kind.name()).collect();
    assert_eq!(kinds, ["closed", "policy", "policy", "opened", "attached", "policy"]);
    let EventKind::Closed { message } = &told[0].kind else { panic!("{told:?}") };
    assert_eq!(&**message, "the hook point is closed: it requires acme/limit (not attached)");
    let subject = told[0].subject.as_ref().expect("about the one that is missing");
    assert_eq!((&*subject.tenant, &*subject.attachment, &*subject.hook), ("acme", "limit", "test.admit"));
}

#[test]
fn a_policy_that_requires_what_cannot_close_is_refused_with_its_place() {
    for (hook, closed, error) in [
        (
            "test.open",
            "",
            "policy.toml:2:13: hooks.\"test.open\".required[0]: test.open declares no closed result, which applies without \
             them; expected `closed = { verdict = … }` beside it",
        ),
        ("test.open", "closed = { verdict = 'REFUSE' }", ""),
        (
            "test.admit",
            "closed = { verdct = 'REFUSE' }",
            "policy.toml:3:10: hooks.\"test.admit\".closed: test.admit: result.verdct: no such result; did you mean 'verdict'?",
        ),
        (
            "test.admit",
            "closed = { verdict = 7 }",
            "policy.toml:3:10: hooks.\"test.admit\".closed: test.admit: result.verdict: ",
        ),
        (
            "test.look",
            "closed = {}",
            "policy.toml:2:13: hooks.\"test.look\".required[0]: test.look observes and decides nothing, so it cannot have a closed result",
        ),
    ] {
        let text = format!("[hooks.'{hook}']\nrequired = ['acme/limit']\n{closed}\n");
        let host = host("");
        let _ = (host.declare::<Admit>().expect("it fits"), host.declare::<Open>().expect("it fits"));
        let _ = host.declare::<Look>().expect("it fits");
        match (host.set_policy(policy(&text)), error) {
            (Ok(()), "") => assert!(host.protection()[0].closed),
            (Err(refused), error) if !error.is_empty() => {
                assert!(refused.to_string().starts_with(error), "{refused}\nexpected {error}");
                assert_eq!(host.protection(), [], "nothing changed");
            }
            (other, _) => panic!("{text}: {other:?}"),
        }
    }
    // A hook point that comes later than the policy is refused then.
    let late =
        Host::builder().policy(policy("[hooks.'test.open']\nrequired = ['acme/limit']\n")).build().expect("a host");
    let refused = late.declare::<Open>().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("declares no closed result"), "{refused}");
}

#[test]
fn declaring_again_must_protect_the_same() {
    let host = host("");
    let start = || Declaration::builder("test.score", 1).result("score", Type::INTEGER, Value::Integer(0), "a score");
    let plain = start().build().expect("a declaration");
    let closed = start().closed("score", Value::Integer(9)).require("acme/limit").build().expect("a declaration");
    host.declare_dynamic(&closed).expect("a new hook point");
    let error = host.declare_dynamic(&plain).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.ends_with("- closed score = 9\n- require acme/limit"), "{error}");
    assert_eq!(host.protection()[0].result, serde_json::json!({ "score": 9 }));
    assert!(start().chain(Chain::Observe).closed("score", Value::Integer(1)).build().is_err());
}

#[test]
fn no_invocation_sees_it_open_while_what_it_requires_is_replaced_under_load() {
    let host = Arc::new(host(REQUIRED));
    let hook = host.declare::<Admit>().expect("a policy that fits");
    let script = |n: i64| {
        Request::new("test.admit", "acme", format!("function admit() return {{ verdict = {n} }} end")).name("limit")
    };
    let limit = host.attach(script(1)).expect("a script");
    let (stop, calls) = (std::sync::atomic::AtomicBool::new(false), std::sync::atomic::AtomicU64::new(0));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while !stop.load(std::sync::atomic::Ordering::Relaxed) {
                    let outcome = hook.invoke(&AdmitArgs { n: 1 });
                    assert_ne!(outcome.results.verdict, Verdict::Allow, "{:?}", outcome.failures);
                    calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                }
            });
        }
        let mut limit = Some(limit);
        for round in 0..50 {
            match round % 5 {
                0..=2 => drop(limit.as_ref().map(|link| host.replace(link.id(), script(1 + round % 2)))),
                3 => drop(limit.as_ref().map(|link| host.enable(link.id(), round % 2 == 0))),
                _ => {
                    limit = {
                        drop(limit.take());
                        Some(host.attach(script(1)).expect("a script"))
                    }
                }
            }
        }
        stop.store(true, std::sync::atomic::Ordering::Relaxed);
    });
    assert!(calls.load(std::sync::atomic::Ordering::Relaxed) > 0);
}
