//! Memory that is overwritten or grows, stack pointers that wander, and traps.

use crate::module::{ANSWER, BASE, COUNTER, INFO, MODE, Module, PAGES, packed};
use crate::stand::{HONEST, Stand, attack};

const END: u32 = PAGES * 65536;

/// An empty answer, written to the last two bytes of memory.
fn empty_answer() -> String {
    format!(
        "(i32.store8 (i32.const {}) (i32.const 6)) (i32.store8 (i32.const {}) (i32.const 7)) (i64.const {})",
        END - 2,
        END - 1,
        packed(END - 2, 2)
    )
}

#[test]
fn all_of_it_is_overwritten() {
    // Every byte but the answer's. The next tenant's counter and its answer are whole; so are the same one's next call.
    let fill = format!("(memory.fill (i32.const 0) (i32.const 0xa5) (i32.const {END})) {}", empty_answer());
    attack(&Module::hostile(&fill)).answers(0);
}

#[test]
fn all_of_it_is_overwritten_and_then_a_trap() {
    let fill = format!("(memory.fill (i32.const 0) (i32.const 0xa5) (i32.const {END})) unreachable");
    attack(&Module::hostile(&fill)).is("host", "unreachable");
    let fill = format!("(memory.fill (i32.const 0) (i32.const 0x48) (i32.const {END})) (call $throw) unreachable");
    // The flags, overwritten like all else, say of the error that it is of memory.
    attack(&Module::hostile(&fill)).is("memory", "memory");
}

#[test]
fn what_is_marked_is_gone_for_the_next_tenant() {
    // The hostile tenant marks all of memory; the honest one's script looks for the mark and counts what it finds.
    let mark = format!("(memory.fill (i32.const 0) (i32.const 0xa5) (i32.const {END})) {}", empty_answer());
    let counting = format!(
        "(func $call (export \"th_call\") (param $limit i32) (result i64) (local $at i32) (local $found i64)
             (if (i32.eq (i32.load8_u (i32.const {MODE})) (i32.const 72))
                 (then (return (call $hostile (local.get $limit)))))
             (loop $next
                 (if (i64.eq (i64.load (local.get $at)) (i64.const 0xa5a5a5a5a5a5a5a5))
                     (then (local.set $found (i64.add (local.get $found) (i64.const 1)))))
                 (local.set $at (i32.add (local.get $at) (i32.const 8)))
                 (br_if $next (i32.lt_u (local.get $at) (i32.const {END}))))
             (i64.store (i32.const {at}) (local.get $found))
             (i64.const {answer}))",
        at = ANSWER + 14,
        answer = packed(ANSWER, 23),
    );
    let stand = Stand::new(&Module::hostile(&mark).function("th_call", &counting));
    for _ in 0..3 {
        let link = stand.attach("hostile", "H").unwrap();
        stand.call(4).answers(0);
        drop(link);
        let _link = stand.attach("honest", "G").unwrap();
        stand.call(4).answers(0);
    }
}

#[test]
fn counters_do_not_last() {
    let count = format!(
        "(i32.store (i32.const {COUNTER}) (i32.add (i32.load (i32.const {COUNTER})) (i32.const 1)))
         (i64.store (i32.const {}) (i64.extend_i32_u (i32.load (i32.const {COUNTER})))) (i64.const {})",
        ANSWER + 14,
        packed(ANSWER, 23)
    );
    attack(&Module::hostile(&count)).answers(1);
}

#[test]
fn it_grows_as_far_as_it_may() {
    // Sixteen pages are the budget; one more is refused, and what did grow is not there for anybody else.
    let grow = |pages: u32| {
        let body = format!(
            "(i64.store (i32.const {}) (i64.extend_i32_s (memory.grow (i32.const {pages})))) (i64.const {})",
            ANSWER + 14,
            packed(ANSWER, 23)
        );
        attack(&Module::hostile(&body))
    };
    grow(16 - PAGES - 1).answers(i64::from(PAGES));
    grow(16 - PAGES).answers(i64::from(PAGES));
    grow(16 - PAGES + 1).answers(-1);
    grow(65536).answers(-1);
    grow(u32::MAX >> 1).answers(-1);
}

#[test]
fn it_grows_and_is_written_and_then_a_trap() {
    let body = format!(
        "(drop (memory.grow (i32.const {}))) (memory.fill (i32.const 0) (i32.const 0xa5) (i32.const {})) unreachable",
        16 - PAGES,
        16 * 65536
    );
    attack(&Module::hostile(&body)).is("host", "unreachable");
}

#[test]
fn it_grows_page_by_page_without_end() {
    attack(&Module::hostile("(loop $again (drop (memory.grow (i32.const 1))) (br $again)) unreachable"))
        .is("fuel", "out of fuel");
}

#[test]
fn it_grows_while_room_for_arguments_is_asked_for() {
    let function = format!(
        "(func $args (export \"th_args\") (param i32) (result i32)
             (drop (memory.grow (i32.const 1))) (i32.const {END}))"
    );
    // The buffer lies where there was nothing before: it is checked against memory as it is then.
    let stand = Stand::new(&Module::new().function("th_args", &function));
    stand.attack_with(6_000).answers(0);
}

#[test]
fn it_grows_while_the_interpreter_starts() {
    let start = "(func $start (export \"th_start\") (drop (memory.grow (i32.const 2))))";
    Stand::new(&Module::new().function("th_start", start)).another_tenant_is_well();
}

#[test]
fn tables_do_not_grow() {
    let body = format!(
        "(i64.store (i32.const {}) (i64.extend_i32_s (table.grow $t (ref.null func) (i32.const 1)))) (i64.const {})",
        ANSWER + 14,
        packed(ANSWER, 23)
    );
    attack(&Module::hostile(&body).extra("(table $t 4 funcref)")).answers(-1);
}

#[test]
fn the_stack_pointer_wanders() {
    for at in [0, 1, 77, -1, i32::MIN, i32::MAX] {
        let body = format!("(global.set $sp (i32.const {at})) {}", empty_answer());
        attack(&Module::hostile(&body)).answers(0);
        let body = format!("(global.set $sp (i32.const {at})) (call $throw) unreachable");
        attack(&Module::hostile(&body)).is("script", "error without a message");
        let body = format!("(global.set $sp (i32.const {at})) unreachable");
        attack(&Module::hostile(&body)).is("host", "unreachable");
    }
}

#[test]
fn the_stack_pointer_makes_a_trap_look_like_an_overflow() {
    // Leaving memory with next to no stack left is taken for an overflow, which it mostly is.
    attack(&Module::hostile("(global.set $sp (i32.const 16)) (i64.load (i32.const -8))")).is("stack", "exhausted");
    attack(&Module::hostile("(i64.load (i32.const -8))")).is("host", "out of bounds");
}

#[test]
fn recursion_without_end() {
    attack(&Module::hostile("(call $hostile (local.get $limit))")).is("stack", "native stack");
}

#[test]
fn a_loop_without_end() {
    attack(&Module::hostile("(loop $again (br $again)) unreachable")).is("fuel", "out of fuel");
}

#[test]
fn bulk_work_without_end() {
    let copy = format!(
        "(loop $again (memory.copy (i32.const 0) (i32.const 1) (i32.const {})) (br $again)) unreachable",
        END - 1
    );
    attack(&Module::hostile(&copy)).is("fuel", "out of fuel");
    let fill = format!(
        "(loop $again (memory.fill (i32.const {}) (i32.const 0) (i32.const 4096)) (br $again)) unreachable",
        END - 4096
    );
    attack(&Module::hostile(&fill)).is("fuel", "out of fuel");
}

#[test]
fn traps_of_every_kind() {
    for (body, words) in [
        ("unreachable", "unreachable"),
        ("(drop (i32.div_s (i32.const 1) (i32.const 0))) unreachable", "divide by zero"),
        ("(drop (i32.div_s (i32.const 0x80000000) (i32.const -1))) unreachable", "overflow"),
        ("(drop (i32.trunc_f32_u (f32.const inf))) unreachable", "overflow"),
        ("(memory.fill (i32.const -1) (i32.const 0) (i32.const 2)) unreachable", "out of bounds"),
        ("(call_indirect $t (i32.const 3)) unreachable", "uninitialized element"),
        ("(call_indirect $t (i32.const 100)) unreachable", "table"),
        ("(call_indirect $t (i32.const 0)) unreachable", "type mismatch"),
    ] {
        let module = Module::hostile(body).extra("(table $t 4 funcref) (elem (i32.const 0) func $info)");
        attack(&module).is("host", words);
    }
}

#[test]
fn a_call_that_rewrites_the_info_block() {
    // Layout and buffers are those of the load; what the block says later is of errors alone.
    let body = format!("(memory.fill (i32.const {INFO}) (i32.const 0xff) (i32.const 48)) {}", empty_answer());
    attack(&Module::hostile(&body)).answers(0);
    let body = format!("(memory.fill (i32.const {INFO}) (i32.const 0xff) (i32.const 48)) (call $throw) unreachable");
    attack(&Module::hostile(&body)).is("stack", "error without a message");
}

#[test]
fn honest_calls_between_hostile_ones_count_from_their_image() {
    let body = format!("(memory.fill (i32.const {BASE}) (i32.const 0x77) (i32.const 40000)) unreachable");
    let stand = Stand::new(&Module::hostile(&body));
    for _ in 0..10 {
        let link = stand.attach("hostile", "H").unwrap();
        stand.call(4).is("host", "unreachable");
        drop(link);
        let _link = stand.attach("honest", "G").unwrap();
        stand.call(4).answers(HONEST);
    }
}
