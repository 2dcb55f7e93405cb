//! Every field of a quota at one below, at and one above, on a clock that goes only when told.
//!
//! ```text
//! rates.rs        calls, fuel, log                    loads.rs        loading scripts
//! totals.rs       attachments, memory, disk, ...      reserved.rs     calls at once
//! quarantine.rs   attachments that keep faulting      world.rs        the host that they run on
//! ```

#![allow(clippy::unwrap_used)]

mod loads;
mod quarantine;
mod rates;
mod reserved;
mod totals;
mod world;

use tenterhook::hooks::value::Value;
use tenterhook::{Denied, FailureKind};

use world::{GOOD, WORKS, World, policy, world};

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
