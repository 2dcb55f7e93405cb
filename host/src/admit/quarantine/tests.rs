//! The quarantine by itself, on a clock that the tests set.

use std::thread;

use tenterhook_policies::QuotaField;

use super::*;
use crate::rate::Still;

const MS: u64 = 1_000_000;

/// 3 faults within 1 s; 100 ms, at most 1 s.
fn quota() -> Quota {
    Quota::DEFAULT
        .with(QuotaField::QuarantineFaults, 3)
        .with(QuotaField::QuarantineWindow, 1000)
        .with(QuotaField::QuarantineBackoff, 100)
        .with(QuotaField::QuarantineBackoffMax, 1000)
        .with(QuotaField::QuarantineProbes, 1)
}

struct Bench {
    quarantine: Quarantine,
    clock: Still,
}

fn bench(quota: Quota) -> Bench {
    let clock = Still::default();
    clock.set(10_000 * MS);
    Bench { quarantine: Quarantine::of(Some(Terms::of(&quota))), clock }
}

impl Bench {
    fn at(&self, millis: u64) -> &Bench {
        self.clock.set((10_000 + millis) * MS);
        self
    }

    fn enter(&self) -> Option<Pass> {
        self.quarantine.enter(&self.clock).map(|(pass, _)| pass)
    }

    /// Makes a call that faults, and returns the change; nothing if the call was denied.
    fn fault(&self) -> Option<Option<QuarantineChange>> {
        Some(self.quarantine.fault(self.enter()?, &self.clock))
    }

    fn good(&self) -> Option<Option<QuarantineChange>> {
        Some(self.quarantine.good(self.enter()?, &self.clock))
    }

    fn sent_in(&self) -> &Bench {
        assert_eq!((self.fault(), self.fault()), (Some(None), Some(None)));
        assert!(matches!(self.fault(), Some(Some(QuarantineChange::Entered { faults: 3, .. }))));
        self
    }
}

fn failed(millis: u64) -> Option<Option<QuarantineChange>> {
    Some(Some(QuarantineChange::ProbeFailed { backoff: Duration::from_millis(millis) }))
}

#[test]
fn so_many_faults_within_the_window_and_not_one_less() {
    for (faults, limit) in [(1_u64, 2), (2, 3), (999, 1000), (1, 1)] {
        let bench = bench(quota().with(QuotaField::QuarantineFaults, limit));
        for _ in 0..limit - 1 {
            assert_eq!(bench.fault(), Some(None), "{faults} of {limit}");
        }
        assert!(bench.quarantine.state(&bench.clock).is_none());
        let backoff = Duration::from_millis(100);
        assert_eq!(bench.fault(), Some(Some(QuarantineChange::Entered { faults: limit, backoff })));
        assert_eq!(bench.enter(), None);
    }
}

#[test]
fn faults_outside_of_the_window_do_not_count() {
    // The third is 1,001, 1,000 and 999 ms after the first.
    for (third, enters) in [(1001, false), (1000, true), (999, true)] {
        let bench = bench(quota());
        bench.at(0).fault();
        bench.at(500).fault();
        let entered = matches!(bench.at(third).fault(), Some(Some(QuarantineChange::Entered { .. })));
        assert_eq!(entered, enters, "{third} ms");
    }
}

#[test]
fn good_calls_between_do_not_wash_faults_away() {
    let bench = bench(quota());
    for _ in 0..2 {
        bench.fault();
        assert_eq!(bench.good(), Some(None));
    }
    assert!(matches!(bench.fault(), Some(Some(QuarantineChange::Entered { .. }))));
}

#[test]
fn waiting_lasts_for_the_back_off_and_one_call_probes() {
    let bench = bench(quota());
    bench.sent_in();
    for (millis, passes) in [(0, false), (99, false), (100, true)] {
        assert_eq!(bench.at(millis).enter().is_some(), passes, "{millis} ms");
    }
    // That was the probe; no other call goes through while it lasts, however long.
    assert_eq!((bench.enter(), bench.at(50_000).enter()), (None, None));
    let state = bench.quarantine.state(&bench.clock).map(|state| (state.phase, state.since, state.faults));
    assert_eq!(state, Some((QuarantinePhase::Probing, Duration::from_secs(50), 3)));
}

#[test]
fn a_good_probe_leads_out() {
    let bench = bench(quota());
    bench.sent_in().at(100);
    assert_eq!(bench.good(), Some(Some(QuarantineChange::Left)));
    assert_eq!(bench.enter(), Some(Pass::Free));
    assert_eq!(bench.quarantine.state(&bench.clock), None);
}

#[test]
fn several_good_probes_where_the_policy_wants_them_one_after_the_other() {
    for probes in [1, 2, 3] {
        let bench = bench(quota().with(QuotaField::QuarantineProbes, probes));
        bench.sent_in().at(100);
        for _ in 1..probes {
            assert_eq!(bench.good(), Some(None));
        }
        if probes > 1 {
            // A probe that faults starts the count again.
            assert_eq!(bench.fault(), failed(200));
            bench.at(300);
            for _ in 1..probes {
                assert_eq!(bench.good(), Some(None));
            }
        }
        assert_eq!(bench.good(), Some(Some(QuarantineChange::Left)), "{probes}");
    }
}

#[test]
fn each_probe_that_faults_doubles_the_back_off_up_to_the_longest() {
    let bench = bench(quota());
    bench.sent_in();
    let mut at = 100;
    for backoff in [200, 400, 800, 1000, 1000] {
        assert_eq!(bench.at(at - 1).enter(), None, "{at}");
        assert_eq!(bench.at(at).fault(), failed(backoff));
        at += backoff;
    }
    assert_eq!(bench.quarantine.state(&bench.clock).map(|state| state.faults), Some(8));
}

#[test]
fn flapping_goes_on_where_it_left_off() {
    let bench = bench(quota());
    bench.sent_in().at(100);
    assert_eq!(bench.good(), Some(Some(QuarantineChange::Left)));
    let backoff = |bench: &Bench| {
        bench.fault();
        bench.fault();
        match bench.fault() {
            Some(Some(QuarantineChange::Entered { backoff, .. })) => backoff.as_millis(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(backoff(&bench), 200, "straight back");
    bench.at(300).good();
    assert_eq!(backoff(bench.at(1299)), 400, "within the longest back-off after leaving");
    bench.at(1699).good();
    assert_eq!(backoff(bench.at(2699)), 100, "well for as long as the longest back-off");
}

#[test]
fn a_probe_that_is_not_made_is_left_to_the_next_call() {
    let bench = bench(quota());
    bench.sent_in().at(100);
    let probe = bench.enter().expect("the probe");
    bench.quarantine.unused(probe);
    assert_eq!(bench.good(), Some(Some(QuarantineChange::Left)));
}

#[test]
fn a_clock_that_jumps_neither_frees_nor_keeps_for_good() {
    let bench = bench(quota());
    bench.sent_in();
    // The clock goes far back: the wait begins anew, and lasts no longer than before.
    bench.clock.set(5);
    assert_eq!(bench.enter(), None);
    bench.clock.set(5 + 99 * MS);
    assert_eq!(bench.enter(), None);
    bench.clock.set(5 + 100 * MS);
    assert_eq!(bench.fault(), failed(200));
    // The clock goes far forward: one probe, no more.
    bench.clock.set(u64::MAX - 1);
    assert_eq!(bench.fault(), failed(400));
    assert_eq!(bench.enter(), None);
    // Faults from before a jump back do not count.
    let bench = self::bench(quota());
    bench.fault();
    bench.fault();
    bench.clock.set(5);
    assert_eq!(bench.fault(), Some(None));
}

#[test]
fn while_the_clock_stands_still_nobody_is_let_through_and_an_operator_can() {
    let bench = bench(quota());
    bench.sent_in();
    assert!((0..10_000).all(|_| bench.enter().is_none()));
    assert_eq!(bench.quarantine.lift(), Some(QuarantineChange::Lifted));
    assert_eq!(bench.enter(), Some(Pass::Free));
    assert_eq!(bench.quarantine.lift(), None, "there is nothing to lift any more");
}

#[test]
fn a_probe_that_ends_after_lifting_decides_nothing() {
    for well in [true, false] {
        let bench = bench(quota());
        bench.sent_in().at(100);
        let probe = bench.enter().expect("the probe");
        bench.quarantine.lift();
        let change = match well {
            true => bench.quarantine.good(probe, &bench.clock),
            false => bench.quarantine.fault(probe, &bench.clock),
        };
        assert_eq!(change, None);
        assert_eq!(bench.enter(), Some(Pass::Free));
    }
}

#[test]
fn calls_that_were_on_their_way_change_nothing() {
    let bench = bench(quota());
    let late = bench.enter().expect("free");
    bench.sent_in();
    assert_eq!(bench.quarantine.fault(late, &bench.clock), None);
    assert_eq!(bench.quarantine.good(late, &bench.clock), None);
    assert_eq!(bench.at(99).enter(), None);
    assert_eq!(bench.quarantine.state(&bench.clock).map(|state| state.faults), Some(3));
}

#[test]
fn of_many_threads_one_probes() {
    for _ in 0..200 {
        let bench = bench(quota());
        bench.sent_in().at(100);
        let passed: usize = thread::scope(|scope| {
            let threads: Vec<_> =
                (0..4).map(|_| scope.spawn(|| (0..50).filter(|_| bench.enter().is_some()).count())).collect();
            threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
        });
        assert_eq!(passed, 1);
    }
}

#[test]
fn of_many_threads_no_fault_is_lost() {
    let bench = bench(quota().with(QuotaField::QuarantineFaults, 1000));
    let entered: usize = thread::scope(|scope| {
        let calls = || (0..250).filter(|_| matches!(bench.fault(), Some(Some(_)))).count();
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(calls)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).sum()
    });
    assert_eq!(entered, 1, "the thousandth of four times 250");
}

#[test]
fn without_a_quarantine_nothing_is_counted() {
    let bench = Bench { quarantine: Quarantine::of(None), clock: Still::default() };
    assert!((0..10_000).all(|_| bench.fault() == Some(None)));
    assert_eq!(bench.quarantine.state(&bench.clock), None);
}
