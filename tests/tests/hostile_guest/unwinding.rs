//! `throw`, `try`, `out_of_memory` and `grow`, used as no interpreter uses them.

use tenterhook::Fault;
use tenterhook::policies::Fuel;

use crate::module::{Field, Module, STACK, packed};
use crate::stand::{Seen, Stand, attack, unattached};

const BODY: &str = "(func $try_body (export \"th_try_body\") (param i32 i32 i32)";
const TRY: &str = "(call $try (i32.const 1) (i32.const 2) (i32.const 3))";

fn body(text: &str) -> String {
    format!("{BODY} {text})")
}

/// A hostile call that does something, and answers `{ integer = … }` with what is left.
fn answering_with(value: &str) -> Module {
    let at = crate::module::SCRATCH;
    let bytes = b"\x06\x05\x07\0\0\0integer\x03\0\0\0\0\0\0\0\0\x07";
    Module::hostile(&format!(
        "(i64.store (i32.const {}) (i64.extend_i32_s {value})) (i64.const {})",
        at + bytes.len() as u32 - 9,
        packed(at, bytes.len() as u32)
    ))
    .extra(&format!("(data (i32.const {at}) \"{}\")", crate::module::text(bytes)))
}

#[test]
fn a_throw_that_nobody_catches() {
    attack(&Module::hostile("(call $throw) unreachable")).is("script", "error without a message");
}

#[test]
fn a_throw_while_a_script_loads() {
    let load = "(func $load (export \"th_load\") (param i32 i32 i32) (result i32)
        (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 72)) (then (call $throw)))
        (i32.store8 (i32.const 0) (i32.const 0)) (i32.const 0))";
    // What is not hostile forgets its mode here and is honest.
    assert_eq!(unattached(&Module::new().function("th_load", load)).cause().as_str(), "load");
}

#[test]
fn a_throw_is_caught_by_the_innermost_try() {
    let module = answering_with(TRY).function("th_try_body", &body("(call $throw)"));
    attack(&module).answers(1);
}

#[test]
fn a_try_without_a_throw() {
    attack(&answering_with(TRY)).answers(0);
}

#[test]
fn a_try_that_never_returns() {
    let module = answering_with(TRY).function("th_try_body", &body("(loop $again (br $again))"));
    attack(&module).is("fuel", "out of fuel");
}

#[test]
fn a_try_inside_a_try_without_end() {
    let module = answering_with(TRY).function("th_try_body", &body(&format!("(drop {TRY})")));
    attack(&module).is("stack", "native stack");
}

#[test]
fn a_try_inside_a_try_that_throws_all_the_way_up() {
    let nested = "(if (i32.gt_u (local.get 2) (i32.const 40)) (then (call $throw)))
         (if (call $try (i32.const 0) (i32.const 0) (i32.add (local.get 2) (i32.const 1))) (then (call $throw)))";
    attack(&answering_with(TRY).function("th_try_body", &body(nested))).answers(1);
}

#[test]
fn a_try_catches_no_trap() {
    for (text, words) in [
        ("unreachable", "unreachable"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "divide by zero"),
        ("(drop (i32.load (i32.const -4)))", "out of bounds"),
        ("(drop (i32.trunc_f64_s (f64.const nan)))", "conversion"),
    ] {
        let module = answering_with(TRY).function("th_try_body", &body(text));
        attack(&module).is("host", words);
    }
}

#[test]
fn a_try_catches_neither_memory_nor_a_failing_host() {
    let module = answering_with(TRY).function("th_try_body", &body("(call $out_of_memory (i32.const 5))"));
    attack(&module).is("memory", "out of memory");
    let call = "(drop (call $host_call (i32.const 9999) (i32.const 0) (i32.const 0) (i32.const 0)))";
    attack(&answering_with(TRY).function("th_try_body", &body(call))).is("host", "does not exist");
}

#[test]
fn a_try_does_not_catch_the_end_of_the_fuel_in_a_throw() {
    let module = Module::hostile(&format!("(loop $again (drop {TRY}) (br $again)) unreachable"))
        .function("th_try_body", &body("(call $throw)"));
    attack(&module).is("fuel", "out of fuel");
}

#[test]
fn a_caught_throw_puts_the_stack_pointer_back() {
    let value = format!("(i32.add {TRY} (global.get $sp))");
    let module = answering_with(&value).function("th_try_body", &body("(global.set $sp (i32.const 77)) (call $throw)"));
    attack(&module).answers(i64::from(STACK) + 1);
}

#[test]
fn a_throw_after_which_memory_claims_to_be_short() {
    let module = Module::hostile("(call $out_of_memory (i32.const -1)) unreachable");
    attack(&module).is("memory", "out of memory");
    attack(&Module::hostile("(call $out_of_memory (i32.const 0)) unreachable")).is("memory", "out of memory");
}

#[test]
fn memory_that_grows_by_the_import() {
    // 16 pages are the budget, `PAGES` there from the start; the answer's integer is what the import said.
    let growing = |pages: &str| answering_with(&format!("(call $grow (i32.const {pages}))"));
    let there = i64::from(crate::module::PAGES);
    attack(&growing("0")).answers(there);
    attack(&growing("1")).answers(there);
    attack(&growing(&(16 - there).to_string())).answers(there);
    for more in ["17", "65536", "-1", "0x80000000"] {
        attack(&growing(more)).answers(-1);
    }
    let again = "(loop $on (drop (call $grow (i32.const 0))) (br $on)) unreachable";
    attack(&Module::hostile(again)).is("fuel", "out of fuel");
}

#[test]
fn memory_that_grows_is_paid_for_by_the_page() {
    // Of the 10 million units there are, 32,768 a page: 305 pages are 9,994,240, one more is over.
    let none = Seen::Fault(Fault::OutOfFuel { budget: Fuel::new(10_000_000) });
    for (pages, outcome) in [(304, Seen::Answer(1)), (305, Seen::Answer(1)), (306, none)] {
        let body = format!("(call $grow (i32.const {pages})) (i32.const 0) (i32.gt_s)");
        let stand = Stand::new(&answering_with(&body));
        let _link = stand.attach_within("hostile", "H", "256MiB").unwrap();
        assert_eq!(stand.call(4), outcome, "{pages}");
        assert_eq!(stand.call(4), outcome, "{pages} again");
    }
}

#[test]
fn out_of_memory_while_a_script_loads() {
    let provide = "(func $provide (export \"th_provide\") (param i32 i32) (call $out_of_memory (i32.const 1)))";
    let stand = crate::stand::Stand::new(&Module::new().function("th_provide", provide));
    let error = stand.attach("hostile", "H").unwrap_err();
    assert!(error.to_string().contains("out of memory"), "{error}");
}

#[test]
fn a_declaration_that_throws() {
    let declare = "(func $declare (export \"th_declare\") (param i32 i32) (call $throw))";
    let stand = crate::stand::Stand::new(&Module::new().function("th_declare", declare));
    assert!(stand.attach("hostile", "H").unwrap_err().to_string().contains("did not load"));
}

#[test]
fn a_guest_that_calls_its_own_exports() {
    // Calls and loads inside a call are the guest's own affair.
    let module = Module::hostile(
        "(call $start) (drop (call $info)) (drop (call $load (i32.const 0) (i32.const 0) (i32.const 0))) (call $call (local.get $limit))",
    );
    let seen = attack(&module);
    seen.answers(1_000_000 + i64::from(STACK));
    attack(&Module::hostile("(call $call (local.get $limit))")).is("stack", "native stack");
}

#[test]
fn errors_with_a_stack_flag() {
    let module = Module::hostile("(call $throw) unreachable").info(Field::Flags, 0xffff_ffff);
    attack(&module).is("stack", "error without a message");
}
