//! Attachments that keep faulting.

use std::time::Duration;

use tenterhook::{Denied, QuarantinePhase};

use crate::world::{Became, WORKS, World, world};

const QUARANTINE: &str = "quarantine = \"on\"\nquarantine_faults = 3\nquarantine_window = \"1s\"\n\
                          quarantine_backoff = \"100ms\"\nquarantine_backoff_max = \"400ms\"";

impl World {
    fn faults(&self, times: usize) {
        for _ in 0..times {
            assert_eq!(self.call(0), [Became::Faulted]);
        }
    }

    fn is_out(&self) -> bool {
        self.call(1) == [Became::Denied(Denied::Quarantine)]
    }
}

#[test]
fn quarantine_faults() {
    for faults in [1, 2, 3, 20] {
        let world = world(&QUARANTINE.replace("faults = 3", &format!("faults = {faults}")));
        let link = world.attach("acme", WORKS);
        world.faults(faults - 1);
        assert!(!world.is_out() && world.bench.host.quarantined().is_empty());
        world.faults(1);
        assert!(world.is_out());
        let [info] = &world.bench.host.quarantined()[..] else { panic!("one") };
        assert_eq!((info.id, &*info.hook, &*info.tenant), (link.id(), "test.run", "acme"));
        assert_eq!((info.state.phase, info.state.faults), (QuarantinePhase::Waiting, faults as u64));
        assert_eq!((info.state.since, info.state.until), (Duration::ZERO, Duration::from_millis(100)));
    }
}

#[test]
fn quarantine_window() {
    for (between, out) in [(499, true), (500, true), (501, false)] {
        let world = world(QUARANTINE);
        let _link = world.attach("acme", WORKS);
        for _ in 0..2 {
            world.faults(1);
            world.clock.pass(Duration::from_millis(between));
        }
        world.faults(1);
        assert_eq!(world.is_out(), out, "{between} ms between faults");
    }
}

#[test]
fn quarantine_backoff() {
    let world = world(QUARANTINE);
    let _link = world.attach("acme", WORKS);
    world.faults(3);
    for (wait, out) in [(99, true), (1, false)] {
        world.clock.pass(Duration::from_millis(wait));
        assert_eq!(world.is_out(), out);
    }
    assert!(world.bench.host.quarantined().is_empty(), "one good probe is enough");
    world.faults(2);
}

#[test]
fn quarantine_backoff_max() {
    let world = world(QUARANTINE);
    let _link = world.attach("acme", WORKS);
    world.faults(3);
    for backoff in [100, 200, 400, 400, 400] {
        world.clock.pass(Duration::from_millis(backoff - 1));
        assert!(world.is_out(), "{backoff} ms");
        world.clock.pass(Duration::from_millis(1));
        world.faults(1);
    }
}

#[test]
fn quarantine_probes() {
    for probes in [1, 2, 3] {
        let world = world(&format!("{QUARANTINE}\nquarantine_probes = {probes}"));
        let _link = world.attach("acme", WORKS);
        world.faults(3);
        world.clock.pass(Duration::from_millis(100));
        for good in 0..probes {
            let state = world.bench.host.quarantined().first().map(|info| info.state.good_probes);
            assert_eq!(state, Some(good), "of {probes}");
            assert!(!world.is_out());
        }
        assert!(world.bench.host.quarantined().is_empty());
    }
}

#[test]
fn an_operator_lifts_a_quarantine() {
    let world = world(QUARANTINE);
    let link = world.attach("acme", WORKS);
    let host = &world.bench.host;
    assert_eq!(host.lift_quarantine(link.id()), Ok(false));
    world.faults(3);
    assert!(host.attachments("test.run")[0].quarantine.is_some());
    assert_eq!(host.lift_quarantine(link.id()), Ok(true));
    assert!(!world.is_out());
    world.faults(2);
    let id = link.id();
    drop(link);
    assert!(host.lift_quarantine(id).is_err());
}
