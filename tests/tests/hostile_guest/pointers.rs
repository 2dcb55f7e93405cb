//! Where the host may write: buffers for what it hands over, and for arguments; and what loads come to.

use crate::module::{INFO, Module, PAGES};
use crate::stand::{Stand, unattached};

const END: u32 = PAGES * 65536;

fn buffer(at: u32) -> Module {
    let function = format!("(func $buffer (export \"th_buffer\") (param i32) (result i32) (i32.const {}))", at as i32);
    Module::new().function("th_buffer", &function)
}

fn args(at: u32) -> Module {
    let function = format!("(func $args (export \"th_args\") (param i32) (result i32) (i32.const {}))", at as i32);
    Module::new().function("th_args", &function)
}

/// A load that answers with these flags for hostile scripts.
fn loading(flags: u32) -> Module {
    let function = format!(
        "(func $load (export \"th_load\") (param i32 i32 i32) (result i32)
             (if (i32.eq (i32.load8_u (local.get 0)) (i32.const 72)) (then (return (i32.const {}))))
             (i32.const 0))",
        flags as i32
    );
    Module::new().function("th_load", &function)
}

#[test]
fn room_for_a_load_outside_of_memory() {
    for at in [END, END - 1, u32::MAX, u32::MAX - 16, 1 << 31] {
        let error = Stand::new(&buffer(at)).attach("hostile", "H").unwrap_err();
        assert!(error.to_string().contains("buffer lies outside of memory"), "{at}: {error}");
    }
}

#[test]
fn room_for_a_load_at_zero() {
    // The bottom of its stack: its own affair.
    let stand = Stand::new(&buffer(0));
    stand.another_tenant_is_well();
}

#[test]
fn room_for_a_load_over_the_info_block() {
    // The declaration's bytes become the layout, which cannot be.
    let error = Stand::new(&buffer(INFO)).attach("hostile", "H").unwrap_err();
    let says = error.to_string();
    assert!(["laid out", "buffers lie", "cannot end at"].iter().any(|word| says.contains(word)), "{says}");
}

#[test]
fn room_that_is_asked_for_without_end() {
    for body in [
        "(loop $again (br $again)) (i32.const 0)",
        "(call $throw) (i32.const 0)",
        "unreachable",
        "(call $out_of_memory (i32.const 1)) (i32.const 0)",
        "(call $buffer (local.get 0))",
    ] {
        let function = format!("(func $buffer (export \"th_buffer\") (param i32) (result i32) {body})");
        let error = Stand::new(&Module::new().function("th_buffer", &function)).attach("hostile", "H").unwrap_err();
        assert!(error.to_string().contains("did not load"), "{error}");
    }
}

#[test]
fn room_for_arguments_outside_of_memory() {
    for at in [END, END - 5_000, u32::MAX, u32::MAX - 4096, 1 << 31] {
        let stand = Stand::new(&args(at));
        let _link = stand.attach("hostile", "H").unwrap();
        stand.call(4).answers(0);
        stand.call(6_000).is("host", "argument buffer lies outside of memory");
        stand.call(4).answers(0);
    }
}

#[test]
fn room_for_arguments_at_zero() {
    let stand = Stand::new(&args(0));
    let _link = stand.attach("hostile", "H").unwrap();
    stand.call(6_000).answers(0);
    drop(_link);
    stand.another_tenant_is_well();
}

#[test]
fn room_for_arguments_that_is_never_given() {
    for (body, cause) in [
        ("(loop $again (br $again)) (i32.const 0)", "fuel"),
        ("(call $throw) (i32.const 0)", "script"),
        ("unreachable", "host"),
        ("(call $out_of_memory (i32.const 1)) (i32.const 0)", "memory"),
        ("(call $args (local.get 0))", "stack"),
    ] {
        let function = format!("(func $args (export \"th_args\") (param i32) (result i32) {body})");
        let stand = Stand::new(&Module::new().function("th_args", &function));
        stand.attack_with(6_000).is(cause, "");
    }
}

#[test]
fn room_for_arguments_over_the_guests_own_variables() {
    // The mode is overwritten: neither hostile nor honest, and the counter is what the arguments were.
    let stand = Stand::new(&args(INFO));
    let _link = stand.attach("hostile", "H").unwrap();
    let first = stand.call(6_000);
    assert_eq!(stand.call(6_000), first);
    drop(_link);
    stand.another_tenant_is_well();
}

#[test]
fn loads_with_flags_that_mean_nothing() {
    for flags in [16, 1 << 31, 0xffff_fff0] {
        assert!(unattached(&loading(flags)).to_string().contains("answered a load with"), "{flags}");
    }
}

#[test]
fn loads_with_flags_and_no_message() {
    for (flags, cause) in [(1, "stack"), (2, "load"), (4, "load"), (u32::MAX, "stack")] {
        let fault = unattached(&loading(flags));
        assert_eq!(fault.cause().as_str(), cause, "{flags}");
        assert!(fault.to_string().contains("did not load"), "{fault}");
    }
    assert_eq!(unattached(&loading(8)).cause().as_str(), "memory");
}

#[test]
fn a_load_that_grows_memory_beyond_the_budget() {
    // 1 MiB is the budget: sixteen pages; the growth beyond is refused, the load goes on.
    let function = format!(
        "(func $load (export \"th_load\") (param i32 i32 i32) (result i32)
             (drop (memory.grow (i32.const 1000))) (drop (memory.grow (i32.const {}))) (i32.const 0))",
        16 - PAGES
    );
    let stand = Stand::new(&Module::new().function("th_load", &function));
    let _link = stand.attach("hostile", "H").unwrap();
    let first = stand.call(4);
    assert_eq!(stand.call(4), first);
}
