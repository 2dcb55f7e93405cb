//! Exports that are missing or of another type, imports that are none of ours, and modules that run before anybody
//! called them.

use tenterhook::Host;

use crate::module::{Module, PAGES};
use crate::stand::{Stand, refused, refused_wasm};

#[test]
fn an_honest_module_is_fine() {
    let stand = Stand::new(&Module::new());
    stand.another_tenant_is_well();
    stand.attack_with(4).answers(0);
}

#[test]
fn each_of_them_missing() {
    let exports = [
        "_initialize",
        "th_start",
        "th_info",
        "th_buffer",
        "th_declare",
        "th_provide",
        "th_load",
        "th_seed",
        "th_args",
        "th_call",
        "th_try_body",
    ];
    for export in exports {
        let problem = refused(&Module::new().without(export));
        assert!(problem.contains(export), "{export}: {problem}");
    }
}

#[test]
fn each_of_them_of_another_type() {
    let wrong = [
        ("_initialize", "(func $x (export \"_initialize\") (param i32))"),
        ("th_start", "(func $x (export \"th_start\") (result i32) (i32.const 0))"),
        ("th_info", "(func $x (export \"th_info\") (result i64) (i64.const 0))"),
        ("th_buffer", "(func $x (export \"th_buffer\") (param i64) (result i32) (i32.const 0))"),
        ("th_declare", "(func $x (export \"th_declare\") (param i32))"),
        ("th_provide", "(func $x (export \"th_provide\") (param i32 f32))"),
        ("th_load", "(func $x (export \"th_load\") (param i32 i32 i32))"),
        ("th_seed", "(func $x (export \"th_seed\") (param i32))"),
        ("th_args", "(func $x (export \"th_args\") (param i32) (result f64) (f64.const 0))"),
        ("th_call", "(func $x (export \"th_call\") (param i32) (result i32) (i32.const 0))"),
        ("th_call", "(func $x (export \"th_call\") (param i32) (result i32 i32) (i32.const 0) (i32.const 0))"),
        ("th_try_body", "(func $x (export \"th_try_body\"))"),
        ("th_call", "(global (export \"th_call\") i32 (i32.const 0))"),
    ];
    for (export, text) in wrong {
        let problem = refused(&Module::new().function(export, text));
        assert!(problem.contains(export), "{export}: {problem}");
    }
}

#[test]
fn no_memory_or_another_kind_of_it() {
    let none = format!("(memory $memory {PAGES})");
    assert!(refused(&Module::new().memory(&none)).contains("memory"));
    let function = format!("(memory $memory {PAGES}) (func (export \"memory\"))");
    assert!(refused(&Module::new().memory(&function)).contains("memory"));
}

#[test]
fn more_memory_than_an_executor_may_have() {
    // 1 GiB is the most; the module asks for as much as there are addresses.
    assert!(refused(&Module::new().memory("(memory $memory (export \"memory\") 65536)")).contains("memory"));
    assert!(refused(&Module::new().memory("(memory $memory (export \"memory\") 16385)")).contains("memory"));
}

#[test]
fn no_memory_at_all_to_speak_of() {
    // The data segments do not fit, and neither does anything else.
    assert!(!refused(&Module::new().memory("(memory $memory (export \"memory\") 0)")).is_empty());
}

#[test]
fn a_stack_pointer_that_is_none() {
    let export = |kind: &str| format!("(global $sp i32 (i32.const 0)) (global (export \"__stack_pointer\") {kind})");
    for kind in ["(mut i64) (i64.const 0)", "f64 (f64.const 0)"] {
        let problem = refused(&Module::new().stack_pointer(&export(kind)));
        assert!(problem.contains("__stack_pointer"), "{kind}: {problem}");
    }
    let missing = "(global $sp i32 (i32.const 0))";
    assert!(refused(&Module::new().stack_pointer(missing)).contains("__stack_pointer"));
}

#[test]
fn a_stack_pointer_that_cannot_be_set() {
    let module = Module::new().stack_pointer("(global $sp (export \"__stack_pointer\") i32 (i32.const 65536))");
    let stand = Stand::new(&module);
    let problem = stand.attach("hostile", "H").unwrap_err().to_string();
    assert!(problem.contains("cannot set the stack pointer"), "{problem}");
}

#[test]
fn imports_that_are_none_of_ours() {
    for import in [
        "(import \"wasi_snapshot_preview1\" \"proc_exit\" (func (param i32)))",
        "(import \"env\" \"system\" (func (param i32) (result i32)))",
        "(import \"tenterhook\" \"exit\" (func))",
        "(import \"tenterhook\" \"memory\" (memory 1))",
        "(import \"tenterhook\" \"throw\" (func (result i32)))",
        "(import \"tenterhook\" \"host_call\" (func (param i64 i64 i64 i64) (result i64)))",
        "(import \"tenterhook\" \"throw\" (global i32))",
    ] {
        assert!(!refused(&Module::new().import(import)).is_empty(), "{import}");
    }
}

#[test]
fn a_start_function_that_does_anything() {
    // A module's own start has no fuel: whatever it does, it does not get far.
    for body in [
        "(loop $again (br $again))",
        "(call $throw)",
        "(drop (call $try (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(call $out_of_memory (i32.const 1))",
        "(drop (call $host_call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))",
        "unreachable",
        "(call $own)",
        "(drop (memory.grow (i32.const 10000)))",
    ] {
        let module = Module::new().extra(&format!("(func $own {body}) (start $own)"));
        assert!(!refused(&module).is_empty(), "{body}");
    }
}

#[test]
fn an_initialisation_that_does_anything() {
    for export in ["_initialize", "th_start"] {
        for body in [
            "(loop $again (br $again))",
            "(call $throw)",
            "(call $out_of_memory (i32.const -1))",
            "unreachable",
            "(drop (call $host_call (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))",
            "(call $again)",
        ] {
            let function = format!("(func $again (export \"{export}\") {body})");
            let problem = refused(&Module::new().function(export, &function));
            assert!(problem.contains("did not start"), "{export} {body}: {problem}");
        }
    }
}

#[test]
fn an_initialisation_that_tries() {
    // Trying is fine before there is anybody to try for; what is thrown there is caught there.
    let module = Module::new()
        .function(
            "th_start",
            "(func $start (export \"th_start\") (drop (call $try (i32.const 0) (i32.const 0) (i32.const 0))))",
        )
        .function("th_try_body", "(func $try_body (export \"th_try_body\") (param i32 i32 i32) (call $throw))");
    Stand::new(&module).another_tenant_is_well();
}

#[test]
fn bytes_that_are_no_module() {
    for wasm in [&b""[..], b"\0asm", b"\0asm\x01\0\0\0\xff", b"\0asm\x0d\0\x01\0", b"#!/bin/sh", &[0xff; 1000]] {
        assert!(!refused_wasm(wasm.to_vec()).is_empty());
    }
    let whole = Module::new().wasm();
    for len in (0..whole.len()).step_by(7) {
        assert!(!refused_wasm(whole[..len].to_vec()).is_empty(), "cut at {len}");
    }
}

#[test]
fn instructions_that_could_wait_or_share() {
    // Threads are off: a wait would be a stall, and shared memory another's to change.
    let waits =
        "(module (memory 1 1 shared) (func (drop (memory.atomic.wait32 (i32.const 0) (i32.const 0) (i64.const -1)))))";
    assert!(!refused_wasm(wat::parse_str(waits).unwrap()).is_empty());
    let shared = "(module (memory 1 1 shared))";
    assert!(!refused_wasm(wat::parse_str(shared).unwrap()).is_empty());
    assert!(
        Host::builder()
            .threads(1)
            .sandbox(tenterhook::SandboxOptions { cache: None, ..Default::default() })
            .build()
            .is_ok()
    );
}
