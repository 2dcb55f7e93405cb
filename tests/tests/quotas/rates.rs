//! Calls, fuel and lines of the log, over time.

use std::time::Duration;

use tenterhook::hooks::value::Value;
use tenterhook::policies::QuotaField;
use tenterhook::{CallReport, Denied, Request};

use crate::world::{Became, GOOD, WORKS, refused_load, used, world};

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
