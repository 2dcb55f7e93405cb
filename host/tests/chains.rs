//! Several attachments at one hook point: order, who decides, and what faults turn into.

use tenterhook::policies::Policy;
use tenterhook::{AttachError, FailureKind, HookEnum, Host, Link, Request, hook_point};

/// What to do.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Pass,
    /// Away with it.
    Drop,
    /// Let somebody look.
    Hold,
}

hook_point! {
    /// Decides about something.
    pub Decide = "test.decide", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result action: Action = Action::Pass,
    }

    /// Sees something.
    pub Seen = "test.seen", version 1, chain observe {
        /// A number.
        arg n: i64,
    }
}

const DROPS: &str = "function decide() return { action = 'DROP' } end";
const HOLDS: &str = "function decide() return { action = 'HOLD' } end";
const PASSES: &str = "function decide() return {} end";
const FAILS: &str = "function decide() error('no') end";
const LOOPS: &str = "function decide() while true do end end";

fn host(policy: &str) -> Host {
    Host::builder().policy(Policy::parse(policy, "test.toml").expect("a good policy")).build().expect("a host")
}

fn attach(host: &Host, name: &str, order: i32, source: &str) -> Link {
    host.attach(Request::new("test.decide", "acme", source).name(name).order(order)).expect("a good script")
}

#[test]
fn the_first_answer_that_is_not_the_default_decides() {
    let host = host("");
    let hook = host.declare::<Decide>().expect("a new hook point");
    let _holds = attach(&host, "holds", 20, HOLDS);
    let _passes = attach(&host, "passes", 5, PASSES);
    let drops = attach(&host, "drops", 10, DROPS);
    let outcome = hook.invoke(&DecideArgs { n: 1 });
    assert_eq!((outcome.results.action, outcome.decided_by), (Action::Drop, Some(drops.id())));
    drop(drops);
    assert_eq!(hook.invoke(&DecideArgs { n: 1 }).results.action, Action::Hold, "a dropped link detaches");
    let names: Vec<String> = host.attachments("test.decide").into_iter().map(|a| a.name).collect();
    assert_eq!(names, ["passes", "holds"]);
}

#[test]
fn a_fault_becomes_what_the_policy_says() {
    let cases = [
        ("", Action::Pass),
        ("[defaults.on_fault]\nany = 'skip'\n", Action::Hold),
        ("[defaults.on_fault]\nscript = { result = { action = 'DROP' } }\n", Action::Drop),
        ("[defaults.on_fault]\nfuel = { result = { action = 'DROP' } }\nany = 'skip'\n", Action::Hold),
    ];
    for (policy, expected) in cases {
        let host = host(policy);
        let hook = host.declare::<Decide>().expect("a new hook point");
        let fails = attach(&host, "fails", 0, FAILS);
        let _holds = attach(&host, "holds", 1, HOLDS);
        let outcome = hook.invoke(&DecideArgs { n: 1 });
        assert_eq!(outcome.results.action, expected, "{policy}");
        assert_eq!(outcome.failures.len(), 1, "{policy}: the fault is listed whatever it turned into");
        assert_eq!(outcome.failures[0].attachment, Some(fails.id()));
    }
}

#[test]
fn each_cause_has_its_own_disposition() {
    let host = host(
        "[defaults.on_fault]\nfuel = { result = { action = 'HOLD' } }\nscript = { result = { action = 'DROP' } }\n",
    );
    let hook = host.declare::<Decide>().expect("a new hook point");
    for (source, expected) in [(LOOPS, Action::Hold), (FAILS, Action::Drop)] {
        let _link = attach(&host, "bad", 0, source);
        assert_eq!(hook.invoke(&DecideArgs { n: 1 }).results.action, expected);
    }
}

#[test]
fn a_named_result_that_the_hook_point_does_not_have_is_refused_at_attach() {
    let host = host("[defaults.on_fault]\nany = { result = { acton = 'DROP' } }\n");
    let _hook = host.declare::<Decide>().expect("a new hook point");
    let error = host.attach(Request::new("test.decide", "acme", DROPS)).expect_err("a bad disposition");
    assert!(matches!(error, AttachError::Disposition(_)), "{error}");
    assert!(error.to_string().contains("did you mean 'action'?"), "{error}");
}

#[test]
fn observers_all_run_and_their_answers_decide_nothing() {
    let host = host("");
    let hook = host.declare::<Seen>().expect("a new hook point");
    let script = |name: &str, source: &str| {
        host.attach(Request::new("test.seen", "acme", source).name(name)).expect("a good script")
    };
    let _links = [
        script("a", "function seen() return {} end"),
        script("b", "function seen() error('no') end"),
        script("c", "function seen() end"),
    ];
    let mut calls = 0;
    let outcome = hook.invoke_observed(&SeenArgs { n: 1 }, &mut |_: &tenterhook::CallReport<'_>| calls += 1);
    assert_eq!(calls, 3);
    assert_eq!(outcome.decided_by, None);
    assert!(matches!(&outcome.failures[..], [f] if matches!(&f.kind, FailureKind::Fault(_))));
}

#[test]
fn replacing_keeps_id_and_place_and_a_bad_script_changes_nothing() {
    let host = host("");
    let hook = host.declare::<Decide>().expect("a new hook point");
    let link = attach(&host, "one", 0, DROPS);
    let bad = host.replace(link.id(), Request::new("test.decide", "acme", "function decide(").name("one"));
    assert!(matches!(bad, Err(AttachError::Load(_))), "{bad:?}");
    assert_eq!(hook.invoke(&DecideArgs { n: 1 }).results.action, Action::Drop);
    host.replace(link.id(), Request::new("test.decide", "acme", HOLDS).name("one")).expect("a good script");
    assert_eq!(hook.invoke(&DecideArgs { n: 1 }).results.action, Action::Hold);
    let id = link.id();
    link.detach().expect("still there");
    assert_eq!(host.detach(id).expect_err("gone").to_string(), format!("attachment {id} is gone"));
    assert!(matches!(host.replace(id, Request::new("test.decide", "acme", HOLDS)), Err(AttachError::Gone(_))));
}

#[test]
fn requests_are_refused_with_reasons() {
    let host = host("unknown_tenants = 'refuse'\n[tenants.acme]\n");
    let hook = host.declare::<Decide>().expect("a new hook point");
    let older = tenterhook::hooks::schema::Declaration::builder("test.decide", 1).build().expect("a good declaration");
    let _link = attach(&host, "one", 0, DROPS);
    let refused = |request: Request| host.attach(request).expect_err("refused").to_string();
    let request = |name: &str| Request::new("test.decide", "acme", DROPS).name(name);
    assert_eq!(
        refused(Request::new("test.decid", "acme", DROPS)),
        "no hook point test.decid; did you mean test.decide?"
    );
    assert!(refused(Request::new("test.decide", "other", DROPS)).contains("other"));
    assert!(refused(request("a/b")).contains("expected 1 to 64 letters"));
    assert!(refused(request("one")).contains("has an attachment one"));
    let changed = refused(request("two").written_against(older.fingerprint(), Some(older)));
    assert!(changed.contains("+ argument n: integer"), "{changed}");
    let large = Request::new("test.decide", "acme", vec![b' '; (1 << 20) + 1]).name("large");
    let large = refused(large);
    assert!(large.contains("tenant acme: script_size: 1048577 B requested, expected at most 1 MiB"), "{large}");
    assert_eq!(hook.invoke(&DecideArgs { n: 1 }).results.action, Action::Drop, "nothing of this disturbed calls");
}
