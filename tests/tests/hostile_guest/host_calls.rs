//! `host_call` with functions, arguments and lines of the guest's making.

use tenterhook_guest_lua::WRITABLE_FROM;

use crate::module::{Field, Module, PAGES, SCRATCH, text};
use crate::stand::attack;

const END: u32 = PAGES * 65536;
/// `log.info`: the log is the first library, and info its third function.
const LOG: u32 = 2;
/// `probe.echo`, `probe.panic`, `probe.long` and `probe.nest`: the library after the log's six functions.
const ECHO: u32 = 6;
const PANIC: u32 = 9;
const LONG: u32 = 10;
const NEST: u32 = 11;

/// A hostile call that makes a host call and answers `{}`.
fn calling(function: u32, at: u32, len: u32, line: i32) -> Module {
    Module::hostile(&format!(
        "(drop (call $host_call (i32.const {}) (i32.const {}) (i32.const {}) (i32.const {line}))) (i64.const {})",
        function as i32,
        at as i32,
        len as i32,
        crate::module::packed(SCRATCH + 400, 2)
    ))
    .extra(&format!("(data (i32.const {}) \"\\06\\07\")", SCRATCH + 400))
}

/// The same, with these bytes as arguments.
fn with(function: u32, arguments: &[u8]) -> Module {
    calling(function, SCRATCH, arguments.len() as u32, 1)
        .extra(&format!("(data (i32.const {SCRATCH}) \"{}\")", text(arguments)))
}

#[test]
fn of_a_function_that_does_not_exist() {
    for function in [13, 1000, 1 << 31, u32::MAX] {
        attack(&calling(function, SCRATCH, 0, 1)).is("host", "does not exist");
    }
}

/// Takes what there is of the source while it loads, and once more than there is; the mode is its first byte.
#[test]
fn for_the_source_while_it_loads_and_afterwards() {
    use crate::module::{MODE, REPLY, REPLY_CAP};
    let take = "(call $host_call (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0))";
    let load = format!(
        "(func $load (export \"th_load\") (param i32 i32 i32) (result i32) (local $left i32) (local $got i32)
             (i32.store8 (i32.const {MODE}) (i32.load8_u (local.get 0)))
             (local.set $left (i32.sub (local.get 1) (i32.const 4096)))
             (loop $more
                 (local.set $got {take})
                 (if (i32.gt_u (local.get $got) (i32.const {REPLY_CAP})) (then unreachable))
                 (if (local.get $got) (then
                     (if (i32.ne (i32.load8_u (i32.const {REPLY})) (i32.const 120)) (then unreachable))
                     (local.set $left (i32.sub (local.get $left) (local.get $got)))
                     (br $more))))
             (if (local.get $left) (then unreachable))
             {take})"
    );
    let stand = crate::stand::Stand::new(&Module::new().function("th_load", &load));
    for length in [4097, 5120, 5121, 100_000] {
        let source = format!("G{}", "x".repeat(length - 1));
        let _link = stand.attach("honest", &source).unwrap();
        stand.call(4).answers(crate::stand::HONEST);
    }
    attack(&calling(u32::MAX, SCRATCH, 0, 1)).is("host", "does not exist");
}

#[test]
fn with_arguments_outside_of_memory() {
    for (at, len) in [(END, 1), (END - 1, 2), (u32::MAX, 1), (u32::MAX, 60_000), (1 << 31, 16)] {
        attack(&calling(LOG, at, len, 1)).is("host", "outside of memory");
    }
    // Nothing at all may lie anywhere; the log refuses it, by a reply.
    attack(&calling(LOG, END, 0, 1)).answers(0);
}

#[test]
fn with_more_arguments_than_there_may_be() {
    for len in [65_538, 1 << 20] {
        attack(&calling(LOG, 0, len, 1)).is("host", "bytes of arguments");
    }
    // Paid for by the byte: what is larger than any budget ends with it.
    for len in [1 << 31, u32::MAX] {
        attack(&calling(LOG, 0, len, 1)).is("fuel", "out of fuel");
    }
}

#[test]
fn with_arguments_that_are_none() {
    for bytes in [
        &[0x10][..],
        &[0xff; 40],
        &[5, 0xff, 0xff, 0xff, 0xff],
        &[3, 1, 2],
        &[7],
        &[6, 7, 7],
        &[8, 1],
        &[9; 10],
        &[4],
        &[11],
    ] {
        attack(&with(LOG, bytes)).is("host", "malformed arguments");
    }
}

#[test]
fn with_arguments_nested_without_end() {
    // Depth is counted, not recursed into.
    attack(&with(ECHO, &[6; 390])).answers(0);
    attack(&with(ECHO, &[[6; 190], [7; 190]].concat())).answers(0);
}

#[test]
fn with_more_arguments_than_a_function_takes() {
    attack(&with(ECHO, &[0; 390])).answers(0);
}

#[test]
fn with_lines_that_are_none() {
    for line in [0, -1, i32::MIN, i32::MAX] {
        let arguments = format!("(data (i32.const {SCRATCH}) \"\\05\\01\\00\\00\\00x\")");
        attack(&calling(LOG, SCRATCH, 6, line).extra(&arguments)).answers(0);
    }
}

#[test]
fn whose_reply_has_no_room() {
    let long = |module: Module| {
        let mut bytes = vec![3];
        bytes.extend(100i64.to_le_bytes());
        attack(&with_extra(module, &bytes))
    };
    for (at, cap) in
        [(END, 1024), (END - 4, 1024), (u32::MAX, u32::MAX), (0, 0), (SCRATCH, 5), (u32::MAX - 16, 1 << 20)]
    {
        let module = calling(LONG, SCRATCH, 9, 1).info(Field::Reply, at).info(Field::ReplyCap, cap);
        long(module).is("host", "no room");
    }
    // Over its own stack and constants it may write as it likes: they are its own.
    for at in [0, 64, WRITABLE_FROM - 200] {
        let module = calling(LONG, SCRATCH, 9, 1).info(Field::Reply, at).info(Field::ReplyCap, u32::MAX);
        long(module).answers(0);
    }
}

fn with_extra(module: Module, bytes: &[u8]) -> Module {
    module.extra(&format!("(data (i32.const {SCRATCH}) \"{}\")", text(bytes)))
}

#[test]
fn of_a_capability_that_panics() {
    attack(&with(PANIC, &[])).is("host", "panicked");
}

#[test]
fn that_fires_hook_points_again_and_again() {
    let body = format!(
        "(loop $again (drop (call $host_call (i32.const {NEST}) (i32.const 0) (i32.const 0) (i32.const 0))) (br $again)) unreachable"
    );
    attack(&Module::hostile(&body)).is("fuel", "out of fuel");
}

#[test]
fn without_end() {
    let body = format!(
        "(loop $again (drop (call $host_call (i32.const {ECHO}) (i32.const 0) (i32.const 60000) (i32.const 0))) (br $again)) unreachable"
    );
    attack(&Module::hostile(&body)).is("fuel", "out of fuel");
    let empty = body.replace("60000", "0");
    attack(&Module::hostile(&empty)).is("fuel", "out of fuel");
}

#[test]
fn in_the_middle_of_a_try() {
    let body = format!(
        "(drop (call $try (i32.const 0) (i32.const 0) (i32.const 0))) (i64.const {})",
        crate::module::packed(SCRATCH, 2)
    );
    let try_body = format!(
        "(func $try_body (export \"th_try_body\") (param i32 i32 i32)
             (drop (call $host_call (i32.const {LOG}) (i32.const {}) (i32.const 1) (i32.const 0))) (call $throw))",
        END - 1
    );
    let module = Module::hostile(&body).function("th_try_body", &try_body);
    // The argument is nil, which the log refuses by a reply; the throw after it is caught; the answer is malformed.
    attack(&module).is("answer", "result");
}
