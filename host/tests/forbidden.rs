//! What hook points forbid policies to make of failures: refused when a policy is loaded, or when the hook point comes
//! later than it; never when a call has failed.

use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::policies::{DenialCause, FaultCause, Policy};
use tenterhook::{AttachError, DeclareError, HookEnum, Host, Request, hook_point};

/// What to do.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Let it in.
    Accept,
    /// Keep it out.
    Drop,
    /// Ask somebody.
    Hold,
}

hook_point! {
    /// Lets in what it declares as default: a failure must not.
    pub Guard = "test.guard", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result action: Action = Action::Accept,
        forbid action = Action::Accept,
    }

    /// Keeps out by default, and must not be skipped.
    pub Gate = "test.gate", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result action: Action = Action::Drop,
        forbid skip,
        forbid action = Action::Accept,
    }

    /// Wants an answer by name.
    pub Named = "test.named", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result action: Action = Action::Hold,
        forbid default,
    }

    /// Forbids nothing.
    pub Open = "test.open", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result action: Action = Action::Accept,
    }
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, "policy.toml").unwrap_or_else(|error| panic!("{error}\nin\n{text}"))
}

fn host(text: &str) -> Host {
    Host::builder().policy(policy(text)).build().expect("a host")
}

/// Every fault and denial at this disposition.
fn every(disposition: &str) -> String {
    format!("[defaults.on_fault]\nany = {disposition}\n[defaults.on_denied]\nany = {disposition}\n")
}

const DROP: &str = "{ result = { action = 'DROP' } }";

#[test]
fn what_opens_a_guard_is_refused_when_the_hook_point_is_declared() {
    for (disposition, reason) in [
        ("'default'", Some("default: test.guard forbids action = ACCEPT")),
        (
            "'skip'",
            Some(
                "skip: where no other attachment decides, it leads to the default, and test.guard forbids action = ACCEPT",
            ),
        ),
        ("{ result = { action = 'ACCEPT' } }", Some("result: test.guard forbids action = ACCEPT")),
        // What is not named stands at its default.
        ("{ result = {} }", Some("result: test.guard forbids action = ACCEPT")),
        (DROP, None),
        ("{ result = { action = 'HOLD' } }", None),
    ] {
        match (host(&every(disposition)).declare::<Guard>(), reason) {
            (Ok(_), None) => {}
            (Err(DeclareError::Policy(refused)), Some(reason)) => {
                let lines: Vec<String> = refused.problems.iter().map(ToString::to_string).collect();
                assert_eq!(
                    lines,
                    [
                        format!("policy.toml:2:7: defaults.on_fault.any: test.guard, fault fuel: {reason}"),
                        format!("policy.toml:4:7: defaults.on_denied.any: test.guard, denial rate: {reason}"),
                    ]
                );
            }
            (other, _) => panic!("{disposition}: {:?}", other.err()),
        }
    }
}

#[test]
fn skipping_and_defaults_can_be_forbidden_apart() {
    for (disposition, gate, named) in [
        ("'default'", true, false),
        ("'skip'", false, false),
        (DROP, true, true),
        ("{ result = { action = 'HOLD' } }", true, true),
    ] {
        let host = host(&every(disposition));
        assert_eq!(host.declare::<Gate>().is_ok(), gate, "{disposition}");
        assert_eq!(host.declare::<Named>().is_ok(), named, "{disposition}");
        assert!(host.declare::<Open>().is_ok(), "{disposition}");
    }
}

#[test]
fn a_policy_is_held_against_the_hook_points_there_are_and_changes_nothing_when_refused() {
    let host = host(&every(DROP));
    let hook = host.declare::<Guard>().expect("a policy that fits");
    let _open = host.declare::<Open>().expect("a policy that fits");
    let text = format!("{}[hooks.'test.guard'.on_fault]\nmemory = 'skip'\n", every(DROP));
    let refused = host.set_policy(policy(&text)).expect_err("it opens the guard").to_string();
    assert!(
        refused.starts_with("policy.toml:6:10: hooks.\"test.guard\".on_fault.memory: test.guard, fault memory: skip: "),
        "{refused}"
    );
    assert!(!refused.contains('\n'), "one problem: {refused}");
    let _link = host.attach(Request::new("test.guard", "acme", "function guard() error('no') end")).expect("a script");
    assert_eq!(hook.invoke(&GuardArgs { n: 1 }).results.action, Action::Drop, "the old policy is in force");
    // At another hook point it may.
    let text = format!("{}[hooks.'test.open'.on_fault]\nmemory = 'skip'\n", every(DROP));
    host.set_policy(policy(&text)).expect("it fits");
}

#[test]
fn a_result_that_there_is_not_is_refused_where_it_is_meant_for_this_hook_point() {
    let at = |section: &str, result: &str| format!("[{section}.on_fault]\nany = {{ result = {{ {result} }} }}\n");
    for (section, result, problem) in [
        ("hooks.'test.open'", "action = 'OPEN'", Some("result.action: expected ACCEPT, DROP or HOLD, got \"OPEN\"")),
        ("hooks.'test.open'", "acton = 'DROP'", Some("result.acton: no such result; did you mean 'action'?")),
        ("tenants.acme.hooks.'test.open'", "action = 'OPEN'", Some("result.action: expected ACCEPT, DROP or HOLD")),
        ("hooks.'test.open'", "action = 'DROP'", None),
        // These may be meant for other hook points.
        ("hooks.'test.other'", "verdict = 5", None),
        ("tenants.acme", "verdict = 5", None),
        ("defaults", "verdict = 5", None),
    ] {
        let text = at(section, result);
        let fresh = Host::builder().build().expect("a host");
        let _open = fresh.declare::<Open>().expect("nothing is said of it");
        let set = fresh.set_policy(policy(&text)).map_err(|refused| refused.to_string());
        let declared = host(&text).declare::<Open>().map(drop).map_err(|refused| refused.to_string());
        for outcome in [set, declared] {
            match (outcome, problem) {
                (Ok(()), None) => {}
                (Err(told), Some(problem)) => {
                    assert!(told.contains("policy.toml:2:7: ") && told.contains(problem), "{told}");
                    assert_eq!(told.matches("policy.toml").count(), 1, "once for all causes: {told}");
                }
                (outcome, _) => panic!("{text}: {outcome:?}"),
            }
        }
    }
}

#[test]
fn every_tenant_counts_and_so_do_those_that_are_not_listed() {
    let host = host(&every(DROP));
    let _hook = host.declare::<Guard>().expect("a policy that fits");
    let tenant =
        "[tenants.acme.on_denied]\nbusy = 'default'\n[tenants.other.hooks.'test.guard'.on_fault]\nhost = 'skip'\n";
    let refused = host.set_policy(policy(&format!("{}{tenant}", every(DROP)))).expect_err("two of them");
    let keys: Vec<String> =
        refused.to_string().lines().map(|line| line.split(": ").nth(1).unwrap_or("").to_owned()).collect();
    assert_eq!(keys, ["tenants.acme.on_denied.busy", "tenants.other.hooks.\"test.guard\".on_fault.host"]);
    // The preset's defaults are nobody's where tenants that are not listed are refused and those listed say otherwise.
    let listed = format!("unknown_tenants = 'refuse'\n{}", every(DROP).replace("defaults", "tenants.acme"));
    host.set_policy(policy(&listed)).expect("nobody gets the defaults");
    host.set_policy(policy(&listed.replace("refuse", "default"))).expect_err("everybody else would");
}

#[test]
fn every_cause_is_looked_at() {
    for cause in FaultCause::ALL {
        let refused =
            host(&format!("{}[hooks.'test.guard'.on_fault]\n{cause} = 'skip'\n", every(DROP))).declare::<Guard>();
        assert!(refused.is_err_and(|error| error.to_string().contains(&format!("fault {cause}: skip"))), "{cause}");
    }
    for cause in DenialCause::ALL {
        let refused =
            host(&format!("{}[hooks.'test.guard'.on_denied]\n{cause} = 'skip'\n", every(DROP))).declare::<Guard>();
        assert!(refused.is_err_and(|error| error.to_string().contains(&format!("denial {cause}: skip"))), "{cause}");
    }
}

#[test]
fn results_that_a_hook_point_does_not_have_are_no_problem_of_the_whole_policy() {
    let host = host(&every("{ result = { acton = 'DROP' } }"));
    let _hook = host.declare::<Open>().expect("a policy that opens nothing");
    let refused = host.attach(Request::new("test.open", "acme", "function open() return {} end"));
    let Err(error @ AttachError::Disposition(_)) = refused else { panic!("{refused:?}") };
    assert_eq!(
        error.to_string(),
        "policy.toml:2:7: defaults.on_fault.any: test.open, fault fuel: result.acton: \
         no such result; did you mean 'action'?"
    );
}

#[test]
fn rules_of_ones_own_are_held_to_it_too() {
    let host = host(&every(DROP));
    let _hook = host.declare::<Guard>().expect("a policy that fits");
    let rules = Policy::preset(tenterhook::policies::Preset::Default).defaults();
    let refused = host.attach(Request::new("test.guard", "acme", "function guard() return {} end").rules(rules));
    assert!(matches!(refused, Err(AttachError::Disposition(_))), "{:?}", refused.err());
}

#[test]
fn declaring_again_must_forbid_the_same() {
    let host = host(&every(DROP));
    let open = || {
        Declaration::builder("test.open", 1).argument("n", Type::INTEGER, "a number").result(
            "score",
            Type::INTEGER,
            Value::Integer(0),
            "a score",
        )
    };
    let plain = open().build().expect("a good declaration");
    let guarded = open().forbid_skip().forbid_result("score", Value::Integer(-1)).build().expect("a good declaration");
    assert_eq!(plain.fingerprint(), guarded.fingerprint(), "scripts do not notice");
    host.declare_dynamic(&guarded).expect("a new hook point");
    host.declare_dynamic(&guarded).expect("the same again");
    let error = host.declare_dynamic(&plain).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(error.ends_with("- forbid skip\n- forbid score = -1"), "{error}");
    for (builder, reason) in [
        (open().forbid_result("skore", Value::Integer(1)), "no such result"),
        (open().forbid_result("score", Value::Nil), "the value does not fit"),
    ] {
        let error = builder.build().expect_err("a bad declaration").to_string();
        assert!(error.contains(reason), "{error}");
    }
}
