//! Where the answer lies, and what it says.

use crate::module::{ANSWER, Module, PAGES, packed};
use crate::stand::attack;

const END: u32 = PAGES * 65536;

/// A hostile call that says its answer lies there.
fn lying_at(at: u32, len: u32) -> Module {
    Module::hostile(&format!("(i64.const {})", packed(at, len) as i64))
}

/// Bytes of an answer with `rest` as the value of the result `integer`.
fn integer_is(rest: &[u8]) -> Vec<u8> {
    [b"\x06\x05\x07\0\0\0integer", rest].concat()
}

#[test]
fn beyond_memory() {
    for at in [END, END + 1, 1 << 30, u32::MAX, u32::MAX - 15] {
        attack(&lying_at(at, 16)).is("host", "outside of its memory");
    }
}

#[test]
fn over_the_end_of_memory() {
    attack(&lying_at(END - 1, 2)).is("host", "outside of its memory");
    // Memory ends with zeros: one is nil, an empty answer, and a second one is too much.
    attack(&lying_at(END - 2, 2)).is("answer", "result");
    attack(&lying_at(END, 0)).is("answer", "result");
}

#[test]
fn longer_than_memory() {
    for len in [END, u32::MAX, u32::MAX - ANSWER + 1, 1 << 31] {
        attack(&lying_at(ANSWER, len)).is("host", "outside of its memory");
    }
}

#[test]
fn longer_than_its_limit() {
    // One byte more than the limit is the mark for too large; what is there does not begin with it.
    attack(&lying_at(ANSWER, 1024)).is("answer", "result");
    attack(&lying_at(ANSWER, 1025)).is("answer", "result");
    attack(&lying_at(ANSWER, 1026)).is("host", "outside of its memory");
}

#[test]
fn of_no_bytes() {
    attack(&lying_at(ANSWER, 0)).is("answer", "malformed");
    attack(&lying_at(0, 0)).is("answer", "malformed");
}

#[test]
fn all_ones() {
    attack(&Module::hostile("(i64.const -1)")).is("host", "outside of its memory");
}

#[test]
fn of_every_single_byte() {
    // Nil and nothing are empty answers; no other byte alone is an answer.
    for byte in (0..=255u8).filter(|byte| !matches!(byte, 0 | 15)) {
        let stand = crate::stand::Stand::new(&Module::answering(&[byte]));
        let _link = stand.attach("hostile", "H").unwrap();
        stand.call(4).is("answer", "result");
    }
}

#[test]
fn cut_short_anywhere() {
    let whole = integer_is(b"\x03\x2a\0\0\0\0\0\0\0\x07");
    attack(&Module::answering(&whole)).answers(42);
    let stands = (0..whole.len()).map(|len| Module::answering(&whole[..len]));
    for module in stands {
        let stand = crate::stand::Stand::new(&module);
        let _link = stand.attach("hostile", "H").unwrap();
        stand.call(4).is("answer", "malformed");
    }
}

#[test]
fn with_bytes_after_its_end() {
    attack(&Module::answering(&integer_is(b"\x03\x2a\0\0\0\0\0\0\0\x07\x00"))).is("answer", "bytes follow its end");
    attack(&Module::answering(b"\x06\x07\x06\x07")).is("answer", "bytes follow its end");
}

#[test]
fn with_strings_that_claim_gigabytes() {
    attack(&Module::answering(&integer_is(b"\x05\xff\xff\xff\xff"))).is("answer", "malformed");
    attack(&Module::answering(b"\x06\x05\xff\xff\xff\x7finteger")).is("answer", "malformed");
}

#[test]
fn of_tables_without_end() {
    attack(&Module::answering(&integer_is(&[6; 400]))).is("answer", "result.integer");
    attack(&Module::answering(&[6; 400])).is("answer", "result");
}

#[test]
fn with_more_ends_than_tables() {
    attack(&Module::answering(b"\x06\x07\x07")).is("answer", "bytes follow its end");
    attack(&Module::answering(b"\x07")).is("answer", "result");
}

#[test]
fn with_changes_of_what_is_no_argument() {
    for argument in [0, 1, 2, 200, 255] {
        attack(&Module::answering(&[10, argument, 7])).is("answer", "result");
        attack(&Module::answering(&integer_is(&[10, argument, 7, 7]))).is("answer", "result.integer");
    }
}

#[test]
fn with_addresses_and_prefixes_that_are_none() {
    let mut slot = [0xff; 25];
    for tag in [8, 9] {
        slot[0] = tag;
        attack(&Module::answering(&integer_is(&[&slot[..], b"\x07"].concat()))).is("answer", "result");
        attack(&Module::answering(&integer_is(&slot[..20]))).is("answer", "malformed");
    }
}

#[test]
fn with_the_same_key_twice() {
    // The last one counts, as in a table.
    let twice = b"\x06\x05\x07\0\0\0integer\x03\x01\0\0\0\0\0\0\0\x05\x07\0\0\0integer\x03\x02\0\0\0\0\0\0\0\x07";
    attack(&Module::answering(twice)).answers(2);
}

#[test]
fn that_claims_to_be_too_large() {
    attack(&Module::answering(&[14])).is("answer", "larger than 1024 bytes");
    attack(&Module::answering(&integer_is(&[14]))).is("answer", "larger than 1024 bytes");
}

#[test]
fn in_the_stack_and_in_the_constants() {
    // Memory is the guest's own: an answer may lie anywhere in it.
    let store = "(i32.store8 (i32.const 16) (i32.const 6)) (i32.store8 (i32.const 17) (i32.const 7))";
    attack(&Module::hostile(&format!("{store} (i64.const {})", packed(16, 2)))).answers(0);
}

#[test]
fn that_is_the_argument_buffer() {
    let module = Module::hostile(&format!("(i64.const {})", packed(crate::module::ARGS, 16)));
    attack(&module).is("answer", "");
}
