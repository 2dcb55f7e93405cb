//! Fuel in large memory: an operator counts for more there, from the page on that is beyond a threshold.

use tenterhook::hooks::value::Value;
use tenterhook::policies::BudgetField;
use tenterhook::{CallReport, FailureKind, Fault, Request, SandboxOptions};
use tenterhook_tests::bench::{Bench, rules, unique};

use crate::module::{ANSWER, Module, PAGES, packed};

/// What the host charges for memory that is asked for, and for each page.
const GROW: u64 = 150;
const GROW_PAGE: u64 = 32_768;
const MIB: u32 = 16;

/// A guest that has so many pages, then goes around a loop so often.
struct Burner(Bench);

impl Burner {
    fn new(pages: u32, rounds: u32) -> Burner {
        let body = format!(
            "(local $i i32) (drop (call $grow (i32.const {})))
             (local.set $i (i32.const {rounds}))
             (loop $again (br_if $again (local.tee $i (i32.sub (local.get $i) (i32.const 1)))))
             (i64.const {})",
            pages - PAGES,
            packed(ANSWER, 23)
        );
        let wasm = Module::hostile(&body).wasm();
        let options = SandboxOptions { max_executors: 8, cache: None, ..SandboxOptions::default() };
        Burner(Bench::with(|builder| builder.sandbox(options).guest(wasm)))
    }

    /// Fuel of one call within a budget, and its fault.
    fn call(&self, budget: u64) -> (u64, Option<Fault>) {
        let mut rules = rules("", "acme", "test.run");
        rules.budget = rules.budget.with(BudgetField::Fuel, budget).with(BudgetField::Memory, 512 << 20);
        let request = Request::new("test.run", "acme", "H").name(unique("burner")).rules(rules);
        let _link = self.0.host.attach(request).unwrap();
        let mut seen = None;
        let args = [Value::Integer(1), Value::String(vec![])];
        let _ = self.0.hook("test.run").unwrap().invoke(&args, &mut |report: &CallReport<'_>| {
            seen = Some(match report.result {
                Ok(_) => (report.fuel, None),
                Err(FailureKind::Fault(fault)) => (report.fuel, Some(fault.clone())),
                Err(refused) => panic!("{refused:?}"),
            });
        });
        seen.unwrap()
    }

    /// Fuel beyond what the pages themselves cost.
    fn work(pages: u32, rounds: u32) -> u64 {
        let (fuel, fault) = Burner::new(pages, rounds).call(1_000_000_000);
        assert_eq!(fault, None);
        fuel - GROW - GROW_PAGE * u64::from(pages - PAGES)
    }
}

#[test]
fn units_are_dearer_from_the_page_beyond_a_threshold_on() {
    let rounds = 100_000;
    let once = Burner::work(PAGES, rounds);
    for (threshold, below, beyond) in [(16 * MIB, 1, 2), (64 * MIB, 2, 4), (256 * MIB, 4, 8)] {
        for (pages, each) in [(threshold - 1, below), (threshold, below), (threshold + 1, beyond)] {
            let work = Burner::work(pages, rounds);
            // What comes before the growth is at the price of the memory that there was.
            assert!(work <= once * each && work > once * each - 8 * 100, "{pages} pages: {work}, once {once}");
        }
    }
}

#[test]
fn the_budget_is_held_to_the_unit_and_nothing_is_gained_by_growing() {
    let burner = Burner::new(64 * MIB + 1, 1000);
    let (needed, fault) = burner.call(1_000_000_000);
    assert_eq!(fault, None);
    let mut least = None;
    // Looked at where loops begin: the last operators of a call may be beyond the budget, each of them for four units.
    for budget in needed - 60..=needed + 9 {
        let (fuel, fault) = burner.call(budget);
        match &fault {
            // Whatever the remainder is, the same call takes the same; what is less than an operator's is spent with it.
            None => {
                assert!(fuel <= budget && fuel.abs_diff(needed.min(budget)) < 4, "{fuel} of {budget}, {needed} needed")
            }
            Some(fault) => {
                assert_eq!(fuel, budget);
                assert!(matches!(fault, Fault::OutOfFuel { budget: told } if told.get() == budget), "{fault:?}");
            }
        }
        match (fault.is_some(), least) {
            (false, None) => least = Some(budget),
            (true, Some(least)) => panic!("{least} is enough, {budget} is not"),
            _ => {}
        }
    }
    assert!(least.is_some_and(|least| least > needed - 60), "{least:?} of {needed}");
}
