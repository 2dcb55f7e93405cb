//! Every field of a budget at one below, at and one above: what fits, fits, and what does not is told by its cause.

#![allow(clippy::unwrap_used)]

use tenterhook::hooks::value::Value;
use tenterhook::policies::{Budget, BudgetField, Bytes, FaultCause, PAGE, QuotaField, Rules};
use tenterhook::{AttachError, CallReport, FailureKind, Fault, Request};
use tenterhook_tests::bench::{Bench, rules, unique};

/// A call of `test.run` within a budget.
#[derive(Debug, Clone, PartialEq)]
struct Called {
    fault: Option<Fault>,
    fuel: u64,
    memory: u64,
    logged: Vec<String>,
    dropped: u64,
}

impl Called {
    fn cause(&self) -> Option<FaultCause> {
        self.fault.as_ref().map(Fault::cause)
    }
}

struct Limits {
    bench: Bench,
}

/// The default budget of `test.run`, one field changed.
fn with(field: BudgetField, value: u64) -> Rules {
    let mut rules = rules("", "acme", "test.run");
    rules.budget = rules.budget.with(field, value);
    rules
}

impl Limits {
    fn new() -> Limits {
        Limits { bench: Bench::new() }
    }

    fn try_call(&self, rules: Rules, source: &str, s: &[u8]) -> Result<Called, AttachError> {
        let name = unique("limits");
        let link = self.bench.host.attach(Request::new("test.run", "acme", source).name(&name).rules(rules))?;
        let mut called = Called { fault: None, fuel: 0, memory: 0, logged: vec![], dropped: 0 };
        let hook = self.bench.hook("test.run").unwrap();
        let _ = hook.invoke(&[Value::Integer(7), Value::String(s.to_vec())], &mut |report: &CallReport<'_>| {
            (called.fuel, called.memory, called.dropped) = (report.fuel, report.memory_bytes, report.log_lines_dropped);
            called.fault = match report.result {
                Ok(_) => None,
                Err(FailureKind::Fault(fault)) => Some(fault.clone()),
                Err(other) => panic!("{other:?}"),
            };
        });
        called.logged = self.bench.lines.take(&name);
        drop(link);
        Ok(called)
    }

    fn call(&self, rules: Rules, source: &str) -> Called {
        self.try_call(rules, source, b"text").unwrap()
    }
}

#[test]
fn fuel() {
    let limits = Limits::new();
    for rounds in [50, 200, 1000] {
        let source = format!(
            "function run() local t = {{}} for i = 1, {rounds} do t[i] = ('x'):rep(i % 9) end return {{ integer = #t }} end"
        );
        let needed = limits.call(with(BudgetField::Fuel, 100_000_000), &source).fuel;
        assert!(needed > BudgetField::Fuel.info().min, "{rounds} rounds take {needed}");
        let fits_in = |fuel: u64| limits.call(with(BudgetField::Fuel, fuel), &source).fault.is_none();
        // Fuel is looked at where loops and functions begin: what follows the last of these is not refused any more.
        let (mut too_little, mut least) = (needed - 2000, needed);
        assert!(!fits_in(too_little) && fits_in(least));
        while least - too_little > 1 {
            let middle = u64::midpoint(too_little, least);
            if fits_in(middle) { least = middle } else { too_little = middle }
        }
        for (budget, fits) in [(least - 1, false), (least, true), (least + 1, true), (needed, true), (needed + 1, true)]
        {
            let called = limits.call(with(BudgetField::Fuel, budget), &source);
            assert_eq!(called.cause(), (!fits).then_some(FaultCause::Fuel), "{budget} of {needed}: {called:?}");
            assert_eq!(
                called.fuel,
                needed.min(budget),
                "the budget does not change what a call takes, and is never exceeded"
            );
            if !fits {
                assert_eq!(
                    called.fault,
                    Some(Fault::OutOfFuel { budget: with(BudgetField::Fuel, budget).budget.fuel })
                );
            }
        }
    }
}

#[test]
fn memory() {
    let limits = Limits::new();
    // Strings of 16 KiB, kept: memory grows by pages, and its use is the same in every run.
    let source = "function run() local t, unit = {}, ('0123456789abcdef'):rep(1024) for i = 1, 40 do t[i] = unit .. i end return { integer = #t } end";
    let plenty = limits.call(with(BudgetField::Memory, 64 << 20), source);
    assert_eq!(plenty.fault, None);
    assert_eq!(plenty.memory % PAGE.get(), 0);
    let fits_in = |memory: u64| limits.call(with(BudgetField::Memory, memory), source).fault.is_none();
    // The least that is enough, found from above, page by page: garbage is collected before growth is refused.
    let mut least = plenty.memory;
    while fits_in(least - PAGE.get()) {
        least -= PAGE.get();
    }
    assert!(least >= 40 * (16 << 10), "it cannot be less than what is kept: {least}");
    for (budget, fits) in [(least - 1, false), (least, true), (least + 1, true)] {
        let called = limits.call(with(BudgetField::Memory, budget), source);
        assert_eq!(called.cause(), (!fits).then_some(FaultCause::Memory), "{budget}: {called:?}");
        assert!(called.memory <= budget, "{called:?}");
    }
}

#[test]
fn image() {
    let limits = Limits::new();
    // Strings of 16 KiB that the load keeps.
    let source = "kept, unit = {}, ('0123456789abcdef'):rep(1024) for i = 1, 40 do kept[i] = unit .. i end\n\
                  function run() return { integer = #kept } end";
    let mut plenty = with(BudgetField::Image, 1 << 20);
    let called = limits.call(plenty.clone(), source);
    assert_eq!(called.fault, None);
    let needed = called.memory;
    assert!(needed >= 40 * (16 << 10) && needed.is_multiple_of(PAGE.get()), "{needed}");
    for (image, fits) in [(needed - 1, false), (needed, true), (needed + 1, true)] {
        match limits.try_call(with(BudgetField::Image, image), source, b"text") {
            Ok(again) => assert!(fits && again == called, "{image}: {again:?}"),
            Err(error) => {
                assert!(!fits && matches!(error, AttachError::LargeImage { .. }), "{image}: {error}");
                let says = error.to_string();
                assert!(says.contains(&format!("would be {}", Bytes::new(needed))), "{says}");
                assert!(says.contains(&format!("at most {}", Bytes::new(image))), "{says}");
            }
        }
    }
    // Each page beyond the interpreter's own costs every call as much as one that it asks for itself.
    let pages = (needed - limits.bench.host.base_memory() as u64) / PAGE.get();
    let restoring = pages * 98_304;
    assert!(called.fuel >= restoring, "{called:?}");
    for (fuel, fits) in [(restoring - 1, false), (restoring, true), (restoring + 1, true)] {
        plenty.budget = plenty.budget.with(BudgetField::Fuel, fuel);
        match limits.try_call(plenty.clone(), source, b"text") {
            // What is left of it is too little for the handler.
            Ok(again) => assert!(fits && again.cause() == Some(FaultCause::Fuel), "{fuel}: {again:?}"),
            Err(error) => assert!(!fits && matches!(error, AttachError::LittleFuel { .. }), "{fuel}: {error}"),
        }
    }
}

#[test]
fn no_policy_gives_less_memory_than_the_interpreter_needs() {
    let limits = Limits::new();
    let least = BudgetField::Memory.info().min;
    let needed = limits.bench.host.base_memory() as u64 + PAGE.get();
    assert!(needed <= least, "{needed}");
    let source = "function run() return {} end";
    assert_eq!(limits.call(with(BudgetField::Memory, least), source).fault, None);
    // Rules that a program makes itself are refused when the script is attached, and told what is needed.
    for (memory, ok) in [(needed - 1, false), (needed, true), (needed + 1, true)] {
        match limits.try_call(with(BudgetField::Memory, memory), source, b"") {
            Ok(called) => assert!(ok && called.fault.is_none(), "{memory}: {called:?}"),
            Err(error) => {
                assert!(!ok && matches!(error, AttachError::LittleMemory { .. }), "{memory}: {error}");
                assert!(
                    error.to_string().contains(&format!("the interpreter needs {}", Bytes::new(needed))),
                    "{error}"
                );
            }
        }
    }
}

#[test]
fn no_policy_gives_less_room_than_the_arguments_of_every_call_take() {
    let limits = Limits::new();
    // Two slots of 8 bytes.
    for (args, ok) in [(15, false), (16, true), (17, true)] {
        let called = limits.try_call(with(BudgetField::Args, args), "function run() return {} end", b"");
        match called {
            Ok(called) => assert!(ok && called.fault.is_none(), "{args}: {called:?}"),
            Err(error) => {
                assert!(!ok && matches!(error, AttachError::LittleArguments { .. }), "{args}: {error}");
                assert!(error.to_string().contains("every call of test.run takes at least 16 B"), "{error}");
            }
        }
    }
}

#[test]
fn args() {
    let limits = Limits::new();
    let source = "function run(n, s) return { integer = #s } end";
    // Two slots of 8 bytes, then the string.
    let room = |budget: u64| usize::try_from(budget - 16).unwrap();
    for budget in [1 << 10, 4096, 60_000] {
        for (bytes, fits) in [(room(budget) - 1, true), (room(budget), true), (room(budget) + 1, false)] {
            let called = limits.try_call(with(BudgetField::Args, budget), source, &vec![b'x'; bytes]).unwrap();
            assert_eq!(called.fault.is_none(), fits, "{bytes} bytes in {budget}: {called:?}");
            if let Some(fault) = called.fault {
                let message = fault.to_string();
                assert!(message.contains(&format!("expected at most {budget} bytes")), "{message}");
                assert_eq!(called.fuel, 0, "the script is not asked");
            }
        }
    }
}

#[test]
fn answer() {
    let limits = Limits::new();
    // The table is 2 bytes, the key "text" 5 and 4, the string 5 and its own.
    let source = |bytes: u64| format!("function run() return {{ text = ('x'):rep({bytes}) }} end");
    for budget in [256, 1 << 10, 5000] {
        let room = budget - 2 - 9 - 5;
        for (bytes, fits) in [(room - 1, true), (room, true), (room + 1, false)] {
            let called = limits.call(with(BudgetField::Answer, budget), &source(bytes));
            assert_eq!(called.cause(), (!fits).then_some(FaultCause::Answer), "{bytes} bytes in {budget}: {called:?}");
            if let Some(fault) = called.fault {
                assert!(fault.to_string().contains(&format!("larger than {budget} bytes")), "{fault}");
            }
        }
    }
}

#[test]
fn log_lines() {
    let limits = Limits::new();
    let source = "function run() for i = 1, 5 do log.info('line ' .. i) end return {} end";
    for (budget, heard) in [(0, 0), (1, 1), (4, 4), (5, 5), (6, 5)] {
        let called = limits.call(with(BudgetField::LogLines, budget), source);
        assert_eq!((called.fault, called.logged.len(), called.dropped), (None, heard, 5 - heard as u64), "{budget}");
    }
}

#[test]
fn log_bytes() {
    let limits = Limits::new();
    let source = "function run() log.info('12345') log.info('67890') return {} end";
    for (budget, heard) in [(0, 0), (4, 0), (5, 1), (9, 1), (10, 2), (11, 2)] {
        let called = limits.call(with(BudgetField::LogBytes, budget), source);
        assert_eq!((called.fault, called.logged.len(), called.dropped), (None, heard, 2 - heard as u64), "{budget}");
    }
}

#[test]
fn a_script_of_a_mebibyte_and_not_a_byte_more() {
    let limits = Limits::new();
    let source = |bytes: usize| {
        let code = "function run() return {} end --";
        format!("{code}{}", "x".repeat(bytes - code.len()))
    };
    let rules = || with(BudgetField::Memory, 16 << 20);
    for bytes in [(1 << 20) - 1, 1 << 20] {
        assert_eq!(limits.try_call(rules(), &source(bytes), b"").unwrap().fault, None, "{bytes}");
    }
    match limits.try_call(rules(), &source((1 << 20) + 1), b"") {
        Err(AttachError::Quota { field: QuotaField::ScriptSize, asked, .. }) => assert_eq!(asked.value, (1 << 20) + 1),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_field_of_a_budget_has_a_test_here() {
    let source = include_str!("limits.rs");
    for field in BudgetField::ALL {
        let name = field.info().name;
        assert!(source.contains(&format!("\nfn {name}() {{")), "{name}: one below, at and one above are not tested");
        assert_eq!(with(field, 12_345).budget.get(field), 12_345);
    }
    assert_eq!(rules("", "acme", "test.run").budget, Budget::DEFAULT);
}
