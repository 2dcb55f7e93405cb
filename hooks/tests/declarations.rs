//! The builder's checks, fingerprints and differences, and the guest's descriptor.

use std::sync::Arc;

use tenterhook_hooks::schema::{Chain, Declaration, DeclarationBuilder, EnumType, Field, RecordType, Type, Variant};
use tenterhook_hooks::value::Value;

fn start() -> DeclarationBuilder {
    Declaration::builder("a.b", 1)
}

fn refusal(builder: DeclarationBuilder) -> String {
    builder.build().expect_err("an invalid declaration").to_string()
}

fn variant(name: &str, value: i64) -> Variant {
    Variant { name: name.to_owned(), value, doc: String::new() }
}

fn enumeration(variants: Vec<Variant>) -> Type {
    Type::Enum(Arc::new(EnumType { name: "E".to_owned(), doc: String::new(), variants }))
}

fn field(name: &str, ty: Type) -> Field {
    Field { name: name.to_owned(), ty, writable: true, doc: String::new() }
}

fn record(fields: Vec<Field>) -> Type {
    Type::Record(Arc::new(RecordType { name: "R".to_owned(), doc: String::new(), fields }))
}

#[test]
fn names_are_lua_names() {
    let expected = "expected a name of at most 64 bytes made of Lua names joined by dots, such as web.request";
    for name in ["", "a.", ".a", "a..b", "a b", "1a", "a.end", "a-b", &"x".repeat(65)] {
        assert_eq!(refusal(Declaration::builder(name, 1)), format!("hook point {name}: {expected}"));
    }
    for name in ["a", "a.b", "_a.b1.c", &"x".repeat(64)] {
        assert!(Declaration::builder(name, 1).build().is_ok(), "{name}");
    }
    let long = "x".repeat(65);
    for (builder, reason) in [
        (start().argument("end", Type::Boolean, ""), "argument 'end': expected a Lua name of at most 64 bytes"),
        (start().argument("", Type::Boolean, ""), "argument '': expected a Lua name of at most 64 bytes"),
        (start().constant("a b", 1), "constant 'a b': expected a Lua name of at most 64 bytes"),
        (
            start().result("\u{e4}", Type::Boolean, Value::Boolean(true), ""),
            "result '\u{e4}': expected a Lua name of at most 64 bytes",
        ),
        (
            start().argument("r", record(vec![field("nil", Type::Boolean)]), ""),
            "field 'nil': expected a Lua name of at most 64 bytes",
        ),
        (
            start().argument("e", enumeration(vec![variant("-", 1)]), ""),
            "variant '-': expected a Lua name of at most 64 bytes",
        ),
    ] {
        assert_eq!(refusal(builder), format!("hook point a.b: {reason}"));
    }
    assert_eq!(
        refusal(start().constant(&long, 1)),
        format!("hook point a.b: constant '{long}': expected a Lua name of at most 64 bytes")
    );
}

#[test]
fn names_are_used_once() {
    for (builder, reason) in [
        (
            start().argument("x", Type::Boolean, "").inout("x", Type::Boolean, ""),
            "argument 'x': the name is used twice",
        ),
        (start().constant("X", 1).constant("X", 2), "constant 'X': the name is used twice"),
        (start().constant("b", 1), "constant 'b': the handler has the same name"),
        (
            start().inout("x", Type::Boolean, "").result("x", Type::Boolean, Value::Boolean(true), ""),
            "result 'x': the name is used twice",
        ),
        (
            start().argument("r", record(vec![field("f", Type::Boolean), field("f", Type::Float)]), ""),
            "field 'f': the name is used twice",
        ),
        (
            start().argument("e", enumeration(vec![variant("A", 1), variant("A", 2)]), ""),
            "variant 'A': the name is used twice",
        ),
        (start().argument("e", enumeration(vec![variant("A", 1), variant("B", 1)]), ""), "e: two variants of E are 1"),
    ] {
        assert_eq!(refusal(builder), format!("hook point a.b: {reason}"));
    }
    // A read-only argument is no key of the answer, and constants are not arguments.
    let shared = start().argument("x", Type::Boolean, "").constant("x", 1);
    assert!(shared.result("x", Type::Boolean, Value::Boolean(true), "").build().is_ok());
}

#[test]
fn counts_hold_at_the_edge() {
    let arguments = |n: usize| (0..n).fold(start(), |b, i| b.argument(&format!("a{i}"), Type::Boolean, ""));
    assert!(arguments(32).build().is_ok());
    assert_eq!(refusal(arguments(33)), "hook point a.b: expected at most 32 arguments and as many results");

    let constants = |n: i64| (0..n).fold(start(), |b, i| b.constant(&format!("C{i}"), i));
    assert!(constants(255).build().is_ok());
    assert_eq!(refusal(constants(256)), "hook point a.b: expected at most 255 constants");

    let fields = |n: usize| record((0..n).map(|i| field(&format!("f{i}"), Type::Boolean)).collect());
    assert!(start().argument("r", fields(1), "").argument("s", fields(255), "").build().is_ok());
    for n in [0, 256] {
        assert_eq!(refusal(start().argument("r", fields(n), "")), "hook point a.b: r: expected 1 to 255 fields of R");
    }

    let variants = |n: i64| enumeration((0..n).map(|i| variant(&format!("V{i}"), i)).collect());
    assert!(start().argument("e", variants(1), "").argument("f", variants(255), "").build().is_ok());
    for n in [0, 256] {
        assert_eq!(
            refusal(start().argument("e", variants(n), "")),
            "hook point a.b: e: expected 1 to 255 variants of E"
        );
    }

    let deep = |n: usize| (1..n).fold(Type::Boolean, |ty, _| ty.list(1));
    assert!(start().argument("d", deep(8), "").build().is_ok());
    let path = "[]".repeat(8);
    assert_eq!(
        refusal(start().argument("d", deep(9), "")),
        format!("hook point a.b: d{path}: types nest deeper than 8 levels")
    );

    // 8 bytes a field, 255 fields a record: 32 such records are within 64 KiB; of optional addresses they are not.
    let wide = |ty: Type| {
        let record = record((0..255).map(|i| field(&format!("f{i}"), ty.clone())).collect());
        (0..31).fold(start(), |b, i| b.argument(&format!("a{i}"), record.clone(), ""))
    };
    assert!(wide(Type::Boolean).build().is_ok());
    assert_eq!(refusal(wide(Type::Address)), "hook point a.b: the arguments take 189720 bytes, expected at most 65536");
    assert_eq!(
        refusal(wide(Type::Boolean.list(1))),
        "hook point a.b: a16.f7[]: more than 8192 types, fields and variants in all"
    );
}

#[test]
fn types_make_sense() {
    for (ty, reason) in [
        (Type::integer(1, 0), "x: the range 1..0 is empty"),
        (Type::Boolean.optional().optional(), "x: an optional of an optional"),
        (Type::Boolean.optional().list(1), "x: a list of optionals; Lua's lists have no holes"),
        (Type::Boolean.optional().map(1), "x: a map of optionals; leave absent entries out"),
        (record(vec![field("f", Type::integer(1, 0))]), "x.f: the range 1..0 is empty"),
    ] {
        assert_eq!(refusal(start().argument("x", ty, "")), format!("hook point a.b: {reason}"));
    }
    assert!(start().argument("x", Type::integer(0, 0), "").build().is_ok());
}

#[test]
fn defaults_fit() {
    let one_field = record(vec![field("f", Type::Boolean)]);
    for (ty, default, shown) in [
        (Type::Boolean, Value::Nil, "boolean"),
        (Type::integer(0, 1), Value::Integer(2), "integer 0..1"),
        (Type::text(1), Value::String(b"ab".to_vec()), "string of at most 1 bytes"),
        (Type::text(1), Value::String(b"\xff".to_vec()), "string of at most 1 bytes"),
        (one_field, Value::Record(Vec::new()), "R"),
    ] {
        assert_eq!(
            refusal(start().result("r", ty, default, "")),
            format!("hook point a.b: result r: the default does not fit {shown}")
        );
    }
}

fn sample() -> DeclarationBuilder {
    start()
        .doc("About it.")
        .argument("x", Type::Boolean, "An argument.")
        .inout("r", record(vec![field("f", Type::unsigned(32)), field("g", Type::Float.optional())]), "A record.")
        .constant("C", 5)
        .result("action", enumeration(vec![variant("NO", 0), variant("YES", 1)]), Value::Enum(0), "A result.")
}

#[test]
fn fingerprints_are_of_the_shape() {
    let base = sample().build().expect("a valid declaration");
    let same = sample().doc("Other words.").build().expect("a valid declaration");
    assert_eq!(base.fingerprint(), same.fingerprint());
    assert_eq!(base.difference(&same), [""; 0]);
    let text = base.fingerprint().to_string();
    assert_eq!(text.parse(), Ok(base.fingerprint()));
    assert_eq!(text, "feb73dcebdb1b8a37fcdc1812802170c282eed4c39593b4fcd9e6a9c56d0427e");
    for wrong in ["", "00", &"g".repeat(64), &"+f".repeat(32), &"\u{e4}".repeat(32)] {
        assert_eq!(
            wrong.parse::<tenterhook_hooks::schema::Fingerprint>(),
            Err(format!("expected 64 hexadecimal digits, got \"{wrong}\""))
        );
    }
}

#[test]
fn differences_are_spelled_out() {
    let base = sample().build().expect("a valid declaration");
    for (other, lines) in [
        (sample().constant("D", 6), vec!["+ constant D = 6"]),
        (sample().argument("y", Type::text(9), ""), vec!["+ argument y: string 9 utf8"]),
        (sample().chain(Chain::Observe), vec!["- chain first", "+ chain observe"]),
    ] {
        let other = other.build().expect("a valid declaration");
        assert_ne!(other.fingerprint(), base.fingerprint());
        assert_eq!(other.difference(&base), lines);
    }
    let one = start().argument("x", Type::Boolean, "").argument("y", Type::Boolean, "").build();
    let other = start().argument("y", Type::Boolean, "").argument("x", Type::Boolean, "").build();
    let (one, other) = (one.expect("valid"), other.expect("valid"));
    assert_ne!(one.fingerprint(), other.fingerprint());
    assert_eq!(other.difference(&one), ["* the same, in another order"]);
}

#[test]
fn layouts_follow_the_table() {
    let declaration = sample().build().expect("a valid declaration");
    assert_eq!(declaration.offsets().collect::<Vec<_>>(), [0, 8]);
    assert_eq!(declaration.head(), 8 + 8 + 16);
    for (position, at) in declaration.offsets().chain([declaration.head()]).enumerate() {
        assert_eq!(declaration.offset(position), at, "{position}");
    }
    assert_eq!(declaration.offset(usize::MAX), declaration.head(), "beyond the last");
    for (ty, slot) in [
        (Type::Boolean, 8),
        (Type::Address, 24),
        (Type::Prefix.optional(), 32),
        (Type::Prefix.list(9), 8),
        (record(vec![field("a", Type::Prefix), field("b", Type::text(1).optional())]), 40),
    ] {
        assert_eq!(ty.slot(), slot);
    }
}

#[test]
fn descriptors_are_what_the_guest_reads() {
    let declaration = sample().build().expect("a valid declaration");
    let name = |s: &str| [&(s.len() as u16).to_le_bytes()[..], s.as_bytes()].concat();
    let field = |s: &str, ty: u16, offset: u32, flag: u8| {
        [name(s), ty.to_le_bytes().to_vec(), offset.to_le_bytes().to_vec(), vec![flag]].concat()
    };
    let expected = [
        5u16.to_le_bytes().to_vec(),
        vec![0],                                                                                  // 0: boolean
        [vec![1], 0i64.to_le_bytes().to_vec(), 4_294_967_295i64.to_le_bytes().to_vec()].concat(), // 1: integer
        vec![2],                                                                                  // 2: float
        vec![7, 2, 0],                                                                            // 3: optional of 2
        [vec![10], name("R"), vec![2, 0], field("f", 1, 0, 1), field("g", 3, 8, 1)].concat(),     // 4: record
        vec![2],
        field("x", 0, 0, 0),
        field("r", 4, 8, 1),
        vec![1, 0],
        [name("C"), 5i64.to_le_bytes().to_vec()].concat(),
        name("b"),
    ]
    .concat();
    assert_eq!(declaration.descriptor(), expected);
}

#[test]
fn records_are_described_once() {
    let shared = record(vec![field("f", Type::Boolean)]);
    let one = start().argument("a", shared.clone(), "").build().expect("valid").descriptor().len();
    let two = start().argument("a", shared.clone(), "").argument("b", shared, "").build().expect("valid");
    // The second argument costs its own line only: name, type, offset, mode.
    assert_eq!(two.descriptor().len(), one + 3 + 2 + 4 + 1);
}
