//! A hostile guest that does what bytes say.
//!
//! The bytes are handed over as the script's source; the guest keeps them and takes orders from them, one byte each,
//! followed by words of four bytes: host calls with any function, pointer and length, writes, growth, the stack
//! pointer, throws under and outside of `try`, and at last an answer. What it says of itself is taken from them as well.

use std::sync::{Mutex, PoisonError};

use tenterhook::hooks::value::Value;
use tenterhook::{AttachError, CallReport, FailureKind, Fault, Request, SandboxOptions};
use tenterhook_guest_lua::{ABI_VERSION, WRITABLE_FROM};

use crate::bench::{Bench, rules, unique};

const BASE: u32 = WRITABLE_FROM.next_multiple_of(65536);
/// Where it keeps its orders, and where it is among them.
const ORDERS: u32 = BASE + 8192;
const NEXT: u32 = BASE + 4096;
const LENGTH: u32 = BASE + 4100;
const MOST: usize = 4096;

/// `0` honest; `1` takes orders.
const MODE: u32 = BASE + 4104;
const PAGES: u32 = BASE / 65536 + 1;
const END: u32 = PAGES * 65536;

static BENCHES: Mutex<Vec<Bench>> = Mutex::new(Vec::new());

fn wasm() -> Vec<u8> {
    let info: [u32; 15] =
        [ABI_VERSION, BASE, BASE + 32768, BASE + 16384, 4096, 0, 0, 0, 0, 0, BASE + 1024, 1024, 0, 0, 0];
    let info: String = info.iter().flat_map(|word| word.to_le_bytes()).map(|byte| format!("\\{byte:02x}")).collect();
    let text = format!(
        r#"(module
        (import "tenterhook" "throw" (func $throw))
        (import "tenterhook" "try" (func $try (param i32 i32 i32) (result i32)))
        (import "tenterhook" "out_of_memory" (func $out_of_memory (param i32)))
        (import "tenterhook" "host_call" (func $host_call (param i32 i32 i32 i32) (result i32)))
        (memory (export "memory") {PAGES})
        (global $sp (export "__stack_pointer") (mut i32) (i32.const 65536))
        (func (export "_initialize")) (func (export "th_start"))
        (func (export "th_declare") (param i32 i32)) (func (export "th_provide") (param i32 i32))
        (func (export "th_seed") (param i64))
        (func (export "th_buffer") (param i32) (result i32) (i32.const {ORDERS}))
        (func (export "th_load") (param $at i32) (param $len i32) (param i32) (result i32)
            (i32.store (i32.const {LENGTH}) (local.get $len))
            (i32.store (i32.const {MODE}) (i32.eq (i32.load8_u (local.get $at)) (i32.const 72)))
            (i32.const 0))
        (func $byte (result i32) (local $at i32)
            (local.set $at (i32.load (i32.const {NEXT})))
            (if (i32.ge_u (local.get $at) (i32.load (i32.const {LENGTH}))) (then (return (i32.const 0))))
            (i32.store (i32.const {NEXT}) (i32.add (local.get $at) (i32.const 1)))
            (i32.load8_u (i32.add (i32.const {ORDERS}) (i32.and (local.get $at) (i32.const 4095)))))
        (func $word (result i32)
            (i32.or (call $byte) (i32.or (i32.shl (call $byte) (i32.const 8))
                (i32.or (i32.shl (call $byte) (i32.const 16)) (i32.shl (call $byte) (i32.const 24))))))
        ;; A pointer that is mostly within memory.
        (func $pointer (result i32) (local $kind i32)
            (local.set $kind (call $byte))
            (if (i32.lt_u (local.get $kind) (i32.const 200))
                (then (return (i32.add (i32.const {BASE}) (i32.shl (local.get $kind) (i32.const 7))))))
            (call $word))
        (func $obey (result i64) (local $order i32) (local $high i64)
            (loop $again
                (if (i32.ge_u (i32.load (i32.const {NEXT})) (i32.load (i32.const {LENGTH}))) (then (return (i64.const 0))))
                (local.set $order (i32.and (call $byte) (i32.const 15)))
                (if (i32.eq (local.get $order) (i32.const 0))
                    (then (drop (call $host_call (i32.and (call $byte) (i32.const 15)) (call $pointer) (call $byte) (call $word)))))
                (if (i32.eq (local.get $order) (i32.const 1))
                    (then (drop (call $host_call (call $word) (call $pointer) (call $word) (call $word)))))
                (if (i32.eq (local.get $order) (i32.const 2)) (then (i32.store (call $pointer) (call $word))))
                (if (i32.eq (local.get $order) (i32.const 3)) (then (drop (memory.grow (i32.and (call $byte) (i32.const 31))))))
                (if (i32.eq (local.get $order) (i32.const 4)) (then (global.set $sp (call $word))))
                (if (i32.eq (local.get $order) (i32.const 5)) (then (call $throw)))
                (if (i32.eq (local.get $order) (i32.const 6))
                    (then (drop (call $try (call $word) (call $word) (call $word)))))
                (if (i32.eq (local.get $order) (i32.const 7)) (then (call $out_of_memory (call $word))))
                (if (i32.eq (local.get $order) (i32.const 8)) (then unreachable))
                (if (i32.eq (local.get $order) (i32.const 9))
                    (then (memory.fill (call $pointer) (call $byte) (call $word))))
                (if (i32.eq (local.get $order) (i32.const 10))
                    (then (memory.copy (call $pointer) (call $pointer) (i32.and (call $word) (i32.const 0xffff)))))
                (if (i32.eq (local.get $order) (i32.const 11)) (then (i32.store8 (call $pointer) (call $byte))))
                (if (i32.eq (local.get $order) (i32.const 12)) (then (drop (call $obey))))
                (if (i32.ge_u (local.get $order) (i32.const 13))
                    (then
                        (local.set $high (i64.extend_i32_u (call $pointer)))
                        (return (i64.or (i64.shl (local.get $high) (i64.const 32)) (i64.extend_i32_u (call $byte))))))
                (br $again))
            unreachable)
        (func (export "th_try_body") (param i32 i32 i32) (drop (call $obey)))
        (func (export "th_info") (result i32)
            (if (i32.and (i32.load (i32.const {MODE})) (i32.ne (i32.load (i32.const {NEXT})) (i32.const 0)))
                (then (return (call $pointer))))
            (i32.const {BASE}))
        (func (export "th_args") (param i32) (result i32)
            (if (i32.load (i32.const {MODE})) (then (return (call $pointer)))) (i32.const {BASE}))
        (func (export "th_call") (param i32) (result i64)
            (if (i32.load (i32.const {MODE})) (then (return (call $obey))))
            (i64.const {honest}))
        (data (i32.const {BASE}) "{info}")
        (data (i32.const {answer}) "\06\05\07\00\00\00integer\03\2a\00\00\00\00\00\00\00\07"))"#,
        honest = u64::from(END - 64) << 32 | 23,
        answer = END - 64,
    );
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn bench() -> Bench {
    let options = SandboxOptions { max_executors: 16, cache: None, ..SandboxOptions::default() };
    Bench::with(|builder| builder.sandbox(options).guest(wasm()))
}

/// The bytes are orders. Whatever they are, calls come to outcomes, and an honest tenant's call to its answer.
pub fn run(bytes: &[u8]) {
    let idle = BENCHES.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let bench = idle.unwrap_or_else(bench);
    let policy = "[defaults]\nfuel = \"200K\"\nmemory = \"512KiB\"\n[[tenants.guest.grants]]\ncapability = \"probe\"\nreason = \"tested\"\n";
    let rules = rules(policy, "guest", "test.run");
    let mut orders = vec![b'H'];
    orders.extend(bytes.iter().take(MOST - 1));
    let attach = |source: &[u8]| {
        bench.host.attach(Request::new("test.run", "guest", source).name(unique("guest")).rules(rules.clone()))
    };
    let hook = bench.hook("test.run").unwrap();
    let call = |length: usize| {
        let mut seen = None;
        let args = [Value::Integer(7), Value::String(vec![b'x'; length])];
        let outcome = hook.invoke(&args, &mut |report: &CallReport<'_>| {
            seen = Some(match report.result {
                Ok(answer) => Ok(answer.result(2).cloned()),
                Err(kind) => Err(kind.clone()),
            });
        });
        drop(outcome);
        seen.unwrap()
    };
    match attach(&orders) {
        Ok(_link) => {
            for length in [4, 6000, 4] {
                if let Err(FailureKind::Denied(denied)) = call(length) {
                    panic!("{denied}");
                }
            }
        }
        Err(AttachError::Load(Fault::Host { .. } | Fault::Load { .. })) => {}
        Err(error) => panic!("{error}"),
    }
    let _link = attach(b"G").unwrap();
    assert_eq!(call(4), Ok(Some(Value::Integer(42))), "an honest tenant's call");
    BENCHES.lock().unwrap_or_else(PoisonError::into_inner).push(bench);
}
