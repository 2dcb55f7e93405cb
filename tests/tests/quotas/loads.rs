//! What loading scripts takes, over time and each.

use std::time::Duration;

use tenterhook::policies::QuotaField;
use tenterhook::{AttachError, Denied, Fault};

use crate::world::{Became, GOOD, World, refused_load, used, world};

/// Fuel of loading [`GOOD`].
fn fuel_of_load() -> u64 {
    let world = world("fuel_burst = \"1G\"");
    let _link = world.attach("acme", GOOD);
    used(&world)
}

#[test]
fn loading_uses_the_tenants_fuel() {
    let fuel = fuel_of_load();
    assert!(fuel > 50_000, "an executor, the source, and what the guest did: {fuel}");
    for (burst, second) in [(fuel - 1, false), (fuel, false), (fuel + 1, true)] {
        let world = world(&format!("fuel_per_second = 1000\nfuel_burst = {burst}"));
        let _link = world.attach("acme", GOOD);
        assert_eq!(world.bench.host.usage("acme").unwrap().fuel_left, burst as i64 - fuel as i64, "to the unit");
        let again = world.bench.host.attach(world.request("acme", GOOD));
        if second {
            let _ = again.unwrap();
        } else {
            let (field, message) = refused_load(again);
            assert_eq!(field, QuotaField::FuelPerSecond);
            assert_eq!(
                message,
                "tenant acme: fuel_per_second is used up, and loading is charged to it: at most 1 K (set at test.toml:2); \
                 try again later"
            );
            assert_eq!(world.call(1), [Became::Denied(Denied::Fuel)], "calls use the same");
        }
        let _other = world.attach("other", GOOD);
    }
}

#[test]
fn a_load_that_fails_a_check_and_a_replacement_use_fuel_too() {
    let world = world("fuel_burst = \"1G\"");
    let mut before = 0;
    let mut uses = |what: &str, least: u64| {
        let now = used(&world);
        assert!(now - before > least, "{what}: {}", now - before);
        before = now;
    };
    let load = |source: &str| world.bench.host.attach(world.request("acme", source)).err().unwrap();
    assert!(matches!(load("x ="), AttachError::Load(_)));
    uses("a syntax error", 50_000);
    assert!(matches!(load("for i = 1, 1e6 do end error('no')"), AttachError::Load(_)));
    uses("an error after a while", 1_000_000);
    assert!(matches!(load("while true do end"), AttachError::Load(_)));
    uses("a loop without end", 499_999_999);
    world.bench.host.check(world.request("acme", GOOD)).unwrap();
    uses("a check", 50_000);
    let link = world.attach("acme", GOOD);
    uses("attaching", 50_000);
    world.bench.host.replace(link.id(), world.request("acme", GOOD)).unwrap();
    uses("replacing", 50_000);
}

#[test]
fn load_fuel() {
    // Fuel is looked at where loops begin: a load's last operators may be beyond what it has.
    let source = format!("local x = 0 for i = 1, 1e5 do x = x + i end {GOOD}");
    let world = world("fuel_burst = \"1G\"");
    let _link = world.attach("acme", &source);
    let needed = used(&world);
    assert!(needed > QuotaField::LoadFuel.info().min, "{needed}");
    for (fuel, fits) in [(needed - 3000, false), (needed, true), (needed + 1, true)] {
        let world = self::world(&format!("fuel_burst = \"1G\"\nload_fuel = {fuel}"));
        match world.bench.host.attach(world.request("acme", &source)) {
            Ok(_) => assert!(fits && used(&world) == needed),
            Err(AttachError::Load(Fault::OutOfFuel { budget })) => {
                assert!(!fits && budget.get() == fuel && used(&world) == fuel, "{fuel} of {needed}");
            }
            Err(other) => panic!("{other}"),
        }
    }
}

impl World {
    /// How many scripts are loaded, one right after the other, before one is refused.
    fn loads(&self) -> u64 {
        let load = |_: &u64| self.bench.host.attach(self.request("acme", GOOD)).map(|_| ());
        (0..40).take_while(|n| load(n).is_ok()).count() as u64
    }
}

#[test]
fn loads_burst() {
    for burst in [1, 2, 15, 16, 17] {
        let world = world(&format!("loads_per_second = 1\nloads_burst = {burst}"));
        assert_eq!(world.loads(), burst);
        world.clock.pass(Duration::from_secs(3600));
        assert_eq!(world.loads(), burst, "no more is saved up");
        let (field, message) = refused_load(world.bench.host.attach(world.request("acme", GOOD)));
        assert_eq!(field, QuotaField::LoadsPerSecond);
        assert!(message.contains("loads_per_second is used up") && message.contains("test.toml:2"), "{message}");
        drop(world.attach("other", GOOD));
    }
}

#[test]
fn loads_per_second() {
    for rate in [1, 2, 3] {
        let world = world(&format!("loads_per_second = {rate}\nloads_burst = 1"));
        assert_eq!(world.loads(), 1, "the burst");
        let earns_one = Duration::from_nanos(1_000_000_000_u64.div_ceil(rate));
        for _ in 0..3 {
            world.clock.pass(earns_one - Duration::from_nanos(1));
            assert_eq!(world.loads(), 0, "{rate} per second");
            world.clock.pass(Duration::from_nanos(1));
            assert_eq!(world.loads(), 1, "{rate} per second");
        }
    }
}
