//! Places that tenants have for themselves are promised to those that the policy lists: no more of them than there can be.

#![allow(clippy::unwrap_used)]

use tenterhook::policies::Policy;
use tenterhook::{Host, HostBuilder, PolicyProblem, SandboxError, SandboxOptions};

/// Executors for seven calls beside ten threads, for loading, and for one that keeps state.
fn builder() -> HostBuilder {
    Host::builder().sandbox(SandboxOptions { max_executors: 20, ..SandboxOptions::default() }).threads(10)
}

fn policy(text: &str) -> Policy {
    Policy::parse(text, "policy.toml").unwrap()
}

/// So many tenants, with as many reserved calls as anybody has.
fn tenants(count: usize) -> String {
    (0..count).map(|n| format!("[tenants.t{n}]\n")).collect()
}

fn refused(result: Result<Host, SandboxError>) -> (u64, u64, String) {
    match result {
        Err(SandboxError::Policy(refused)) => match &refused.problems[..] {
            [PolicyProblem::Reserved { reserved, limit, .. }] => (*reserved, *limit, refused.to_string()),
            other => panic!("{other:?}"),
        },
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("the policy was taken"),
    }
}

#[test]
fn there_are_as_many_as_the_host_has_executors_for() {
    for count in [6, 7] {
        builder().policy(policy(&tenants(count))).build().unwrap();
    }
    let (reserved, limit, message) = refused(builder().policy(policy(&tenants(8))).build());
    assert_eq!((reserved, limit), (8, 7));
    assert!(message.starts_with("<default preset>:") && message.contains("defaults.reserved_calls"), "{message}");

    for calls in [5, 6] {
        let text = format!("[tenants.a]\n[tenants.b]\nreserved_calls = {calls}\n");
        builder().policy(policy(&text)).build().unwrap();
    }
    let (reserved, limit, message) =
        refused(builder().policy(policy("[tenants.a]\n[tenants.b]\nreserved_calls = 7\n")).build());
    assert_eq!((reserved, limit), (8, 7));
    assert_eq!(
        message,
        "policy.toml:3:18: tenants.b.reserved_calls: the listed tenants have 8 reserved calls up to here, and this host \
         has executors for 7 beside its threads: lower `reserved_calls`, or give it more executors (`max_executors`)"
    );
    builder().policy(policy(&format!("[defaults]\nreserved_calls = 0\n{}", tenants(100)))).build().unwrap();
}

#[test]
fn a_policy_that_is_set_later_is_held_to_the_same() {
    let host = builder().policy(policy(&tenants(7))).build().unwrap();
    let error = host.set_policy(policy(&tenants(8))).unwrap_err();
    assert!(error.to_string().contains("the listed tenants have 8 reserved calls"), "{error}");
    assert_eq!(host.policy().tenants().count(), 7, "nothing changed");
    host.set_policy(policy("[tenants.a]\nreserved_calls = 7\n")).unwrap();
}
