//! The info block, lying about everything in it and about where it is.

use crate::module::{BASE, Field, HIGH, INFO, Module, PAGES};
use crate::stand::{Stand, attack, refused};

const END: u32 = PAGES * 65536;
const THROWS: &str = "(call $throw) unreachable";

#[test]
fn another_abi() {
    for abi in [0, tenterhook_guest_lua::ABI_VERSION + 1, u32::MAX] {
        assert!(refused(&Module::new().info(Field::Abi, abi)).contains("ABI"), "{abi}");
    }
}

#[test]
fn no_block_where_it_says() {
    for at in [END, END - 63, u32::MAX, u32::MAX - 63, 1 << 31] {
        let function = format!("(func $info (export \"th_info\") (result i32) (i32.const {}))", at as i32);
        assert!(refused(&Module::new().function("th_info", &function)).contains("no info block"), "{at}");
    }
}

#[test]
fn a_block_at_the_very_end() {
    // Its last byte is the last byte of memory; what it says there is nothing but zeros.
    let function = format!("(func $info (export \"th_info\") (result i32) (i32.const {}))", END - 64);
    assert!(refused(&Module::new().function("th_info", &function)).contains("ABI"));
}

#[test]
fn a_layout_that_cannot_be() {
    let problems = [
        Module::new().info(Field::DataStart, HIGH + 1),
        Module::new().info(Field::DataStart, u32::MAX),
        Module::new().info(Field::HeapHigh, END + 1),
        Module::new().info(Field::HeapHigh, u32::MAX),
        Module::new().info(Field::HeapHigh, 0),
        Module::new().info(Field::DataStart, END + 5).info(Field::HeapHigh, END + 4),
    ];
    for module in problems {
        assert!(refused(&module).contains("laid out"), "{}", refused(&module));
    }
}

#[test]
fn an_end_of_memory_that_cannot_be() {
    for end in [1, 65536, END - 1, END + 1, END + 65536, u32::MAX, !65535] {
        let module = Module::new().info(Field::MemoryEnd, end);
        assert!(refused(&module).contains("cannot end at"), "{end}: {}", refused(&module));
    }
}

#[test]
fn an_end_of_memory_where_the_script_still_needs_it() {
    // Grows while it loads and gives up what it grew, or a page more than there was at the start; what lay there is gone.
    let load = |end: u32| {
        format!(
            "(func $load (export \"th_load\") (param i32 i32 i32) (result i32)
                 (i32.store8 (i32.const {mode}) (i32.load8_u (local.get 0)))
                 (if (i32.eq (call $grow (i32.const 2)) (i32.const -1)) (then unreachable))
                 (i32.store (i32.const {END}) (i32.const 1))
                 (i32.store (i32.const {field}) (i32.const {end}))
                 (i32.const 0))",
            mode = crate::module::MODE,
            field = INFO + 4 * Field::MemoryEnd as u32,
        )
    };
    for (end, well) in
        [(END - 65536, false), (END, true), (END + 65536, true), (END + 131_072, true), (END + 196_608, false)]
    {
        let stand = Stand::new(&Module::new().function("th_load", &load(end)));
        let attached = stand.attach("honest", "G");
        assert_eq!(attached.is_ok(), well, "{end}");
        if well {
            stand.call(4).answers(crate::stand::HONEST);
            stand.call(4).answers(crate::stand::HONEST);
        }
    }
}

#[test]
fn argument_buffers_outside_of_memory() {
    for (at, cap) in [(END, 1), (END - 1, 2), (u32::MAX, u32::MAX), (BASE, u32::MAX), (u32::MAX, 0)] {
        let module = Module::new().info(Field::Args, at).info(Field::ArgsCap, cap);
        assert!(refused(&module).contains("buffers lie outside"), "{at} {cap}");
    }
}

#[test]
fn a_stack_pointer_outside_of_memory() {
    for at in [END + 1, u32::MAX, 1 << 31] {
        let global = format!("(global $sp (export \"__stack_pointer\") (mut i32) (i32.const {}))", at as i32);
        assert!(refused(&Module::new().stack_pointer(&global)).contains("outside"), "{at}");
    }
}

#[test]
fn an_argument_buffer_over_everything() {
    // The whole of memory is the buffer, the info block and the mode in it: the guest loses its own mind, nobody else.
    let module = Module::new().info(Field::Args, 0).info(Field::ArgsCap, END);
    let stand = Stand::new(&module);
    let _link = stand.attach("honest", "G").unwrap();
    for length in [0, 100, 60_000] {
        let first = stand.call(length);
        assert_eq!(stand.call(length), first);
    }
}

#[test]
fn a_layout_that_restores_next_to_nothing() {
    // Claims that nothing outlives a call. Its own calls may see what earlier ones left; another attachment's do not.
    let module = Module::new().info(Field::DataStart, HIGH).info(Field::HeapHigh, HIGH);
    let stand = Stand::new(&module);
    let link = stand.attach("hostile", "G").unwrap();
    stand.call(4).answers(crate::stand::HONEST);
    stand.call(4).answers(crate::stand::HONEST + 1_000_000);
    drop(link);
    let _other = stand.attach("honest", "G").unwrap();
    stand.call(4).answers(crate::stand::HONEST);
}

#[test]
fn messages_outside_of_memory() {
    for (at, len) in [(END, 1), (END - 1, 2), (u32::MAX, 1), (u32::MAX, u32::MAX), (1 << 31, 16)] {
        let module = Module::hostile(THROWS).info(Field::Error, at).info(Field::ErrorLen, len);
        attack(&module).is("script", "error without a message");
    }
}

#[test]
fn messages_longer_than_memory() {
    // As much as is kept of a message is read, if it is there.
    let module = Module::hostile(THROWS).info(Field::Error, BASE).info(Field::ErrorLen, u32::MAX);
    attack(&module).is("script", "");
    let module = Module::hostile(THROWS).info(Field::Error, END - 4096).info(Field::ErrorLen, u32::MAX);
    attack(&module).is("script", "");
    let module = Module::hostile(THROWS).info(Field::Error, END - 4095).info(Field::ErrorLen, u32::MAX);
    attack(&module).is("script", "error without a message");
}

#[test]
fn messages_that_are_no_text() {
    let module = Module::hostile(THROWS)
        .info(Field::Error, crate::module::SCRATCH)
        .info(Field::ErrorLen, 5)
        .extra(&format!("(data (i32.const {}) \"\\ff\\fe\\00\\1b[\")", crate::module::SCRATCH));
    attack(&module).is("script", "\u{fffd}\u{fffd}\0\u{1b}[");
}

#[test]
fn tracebacks_outside_of_memory() {
    for (at, len) in [(END, 1), (u32::MAX, u32::MAX), (END - 1, 2)] {
        let module = Module::hostile(THROWS).info(Field::Trace, at).info(Field::TraceLen, len);
        attack(&module).is("script", "error without a message");
    }
}

#[test]
fn a_block_that_moves_after_the_load() {
    // Honest until the first throw; then it says that the block is somewhere else.
    let mode = crate::module::MODE;
    for at in [END as i32, -1, (END - 63) as i32] {
        let function = format!(
            "(func $info (export \"th_info\") (result i32)
                 (if (i32.eq (i32.load8_u (i32.const {})) (i32.const 1)) (then (return (i32.const {at}))))
                 (i32.const {INFO}))",
            mode + 4
        );
        let body = format!("(i32.store8 (i32.const {}) (i32.const 1)) {THROWS}", mode + 4);
        attack(&Module::hostile(&body).function("th_info", &function)).is("script", "error without a message");
    }
}

#[test]
fn a_block_that_cannot_be_asked_for() {
    let mode = crate::module::MODE;
    for then in [
        "(loop $again (br $again))",
        "(call $throw)",
        "unreachable",
        "(drop (memory.grow (i32.const 1)))",
        "(call $out_of_memory (i32.const 1))",
        "(drop (call $host_call (i32.const -1) (i32.const 0) (i32.const 0) (i32.const 0)))",
        "(drop (call $info))",
    ] {
        let function = format!(
            "(func $info (export \"th_info\") (result i32)
                 (if (i32.eq (i32.load8_u (i32.const {})) (i32.const 1)) (then {then})) (i32.const {INFO}))",
            mode + 4
        );
        let body = format!("(i32.store8 (i32.const {}) (i32.const 1)) {THROWS}", mode + 4);
        attack(&Module::hostile(&body).function("th_info", &function)).is("script", "error without a message");
    }
}

#[test]
fn settled_memory_that_is_none() {
    // Claims to have settled what it has not: spans beyond memory, over each other, over everything. Its own calls may
    // see what earlier ones left; another attachment's do not.
    let spans = |spans: &[(u32, u32)]| {
        let bytes: Vec<u8> =
            spans.iter().flat_map(|(at, size)| [at.to_le_bytes(), size.to_le_bytes()].concat()).collect();
        Module::new()
            .info(Field::Settled, crate::module::SCRATCH)
            .info(Field::SettledLen, spans.len() as u32)
            .extra(&format!("(data (i32.const {}) \"{}\")", crate::module::SCRATCH, crate::module::text(&bytes)))
    };
    for lie in [
        &[(0, u32::MAX)][..],
        &[(u32::MAX, u32::MAX), (END, 1), (0, 0)],
        &[(BASE, 1 << 31 | 65536), (BASE + 8, 65536), (BASE, 65536)],
        &[(BASE + 100, 0x7fff_ffff), (BASE, 0xffff_ffff)],
    ] {
        let stand = Stand::new(&spans(lie));
        let link = stand.attach("hostile", "G").unwrap();
        stand.call(4).answers(crate::stand::HONEST);
        let _ = stand.call(4);
        drop(link);
        let _other = stand.attach("honest", "G").unwrap();
        stand.call(4).answers(crate::stand::HONEST);
    }
}

#[test]
fn more_settled_spans_than_memory_holds() {
    for (at, len) in [(BASE, u32::MAX), (BASE, u32::MAX / 8), (END, 1), (END - 7, 1), (u32::MAX, 1 << 29), (0, END / 8)]
    {
        let stand = Stand::new(&Module::new().info(Field::Settled, at).info(Field::SettledLen, len));
        let _link = stand.attach("honest", "G").unwrap();
        stand.call(4).answers(crate::stand::HONEST);
    }
}

#[test]
fn a_note_outside_of_memory() {
    for at in [END, END - 3, u32::MAX, 1 << 31] {
        Stand::new(&Module::new().info(Field::Unsettled, at)).another_tenant_is_well();
    }
}
