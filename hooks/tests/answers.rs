//! Every row of the table of what an answer may hold, and every refusal in its words.

mod common;

use std::sync::{Arc, LazyLock};

use common::wire::{self, boolean, changes, float, integer, list, pairs, string, table};
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::{Chain, Declaration, EnumType, Field, RecordType, Type, Variant};
use tenterhook_hooks::value::{Prefix, Value};

fn field(name: &str, ty: Type, writable: bool) -> Field {
    Field { name: name.to_owned(), ty, writable, doc: String::new() }
}

fn record(name: &str, fields: Vec<Field>) -> Type {
    Type::Record(Arc::new(RecordType { name: name.to_owned(), doc: String::new(), fields }))
}

fn result_types() -> Vec<(&'static str, Type, Value)> {
    let variant = |name: &str, value| Variant { name: name.to_owned(), value, doc: String::new() };
    let action = Type::Enum(Arc::new(EnumType {
        name: "Action".to_owned(),
        doc: String::new(),
        variants: vec![variant("NO", 0), variant("YES", 1), variant("LATER", 7)],
    }));
    let point =
        record("Point", vec![field("x", Type::integer(0, 9), false), field("label", Type::text(4).optional(), false)]);
    let start = Value::Record(vec![(0, Value::Integer(0))]);
    vec![
        ("flag", Type::Boolean, Value::Boolean(false)),
        ("count", Type::integer(-5, 5), Value::Integer(0)),
        ("rate", Type::Float, Value::Float(0.0)),
        ("text", Type::text(4), Value::String(Vec::new())),
        ("raw", Type::bytes(4), Value::String(Vec::new())),
        ("action", action, Value::Enum(0)),
        ("via", Type::Address, Value::Address([0, 0, 0, 0].into())),
        ("net", Type::Prefix, Value::Prefix(Prefix::SAMPLE)),
        ("maybe", Type::integer(0, 9).optional(), Value::Nil),
        ("numbers", Type::integer(0, 9).list(3), Value::List(Vec::new())),
        ("named", Type::integer(0, 9).map(2), Value::Map(Vec::new())),
        ("point", point, start),
    ]
}

/// `test.answer`: the results above, and the `inout` arguments `limit` (integer), `settings` and `extra` (records).
static DECLARATION: LazyLock<Arc<Declaration>> = LazyLock::new(|| {
    let inner = record("Inner", vec![field("level", Type::integer(0, 9), true), field("fixed", Type::INTEGER, false)]);
    let settings = record(
        "Settings",
        vec![
            field("metric", Type::integer(0, 999), true),
            field("id", Type::INTEGER, false),
            field("tags", Type::text(8).list(3), true),
            field("inner", inner.clone(), false),
            field("spare", inner.clone().optional(), false),
            field("pair", inner.clone(), true),
            field("note", Type::text(8).optional(), true),
            field("ratio", Type::Float, false),
            field("seen", Type::INTEGER.map(4), false),
        ],
    );
    let mut builder = Declaration::builder("test.answer", 1)
        .argument("name", Type::text(8), "")
        .inout("limit", Type::integer(0, 100), "")
        .inout("settings", settings, "")
        .inout("extra", inner.optional(), "");
    for (name, ty, default) in result_types() {
        builder = builder.result(name, ty, default, "");
    }
    builder.build().expect("a valid declaration")
});

/// The arguments that the answers below belong to.
static GIVEN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let inner = |level| Value::Record(vec![(0, Value::Integer(level)), (1, Value::Integer(-1))]);
    let text = |s: &str| Value::String(s.as_bytes().to_vec());
    let seen = vec![(b"a".to_vec(), Value::Integer(1)), (b"b".to_vec(), Value::Integer(2))];
    let settings = Value::Record(vec![
        (0, Value::Integer(50)),
        (1, Value::Integer(7)),
        (2, Value::List(vec![text("one"), text("two")])),
        (3, inner(3)),
        (4, Value::Nil),
        (5, inner(4)),
        (6, text("note")),
        (7, Value::Float(f64::NAN)),
        (8, Value::Map(seen)),
    ]);
    let mut out = Encoder::new();
    DECLARATION.encode_values(&[text("x"), Value::Integer(10), settings, Value::Nil], &mut out);
    out.finish(&DECLARATION, 1 << 16).expect("the arguments fit").to_vec()
});

fn read(bytes: &[u8]) -> Result<Answer, String> {
    Answer::read(&DECLARATION, bytes, &*GIVEN, 4096).map_err(|error| error.to_string())
}

/// The result `name` of an answer that gives it as `bytes`.
fn result(name: &str, bytes: Vec<u8>) -> Result<Value, String> {
    let position = DECLARATION.result_position(name.as_bytes()).expect("a declared result");
    read(&table(&[(name, bytes)])).map(|mut answer| answer.take_result(position).expect("the answer gives it"))
}

/// What changed in `settings`, given as `bytes`.
fn settings(bytes: Vec<u8>) -> Result<Option<Value>, String> {
    read(&table(&[("settings", bytes)])).map(|mut answer| answer.take_change(2))
}

#[test]
fn what_each_type_accepts() {
    let text = |s: &[u8]| Value::String(s.to_vec());
    let v4 = |v: [u8; 4]| Value::Address(v.into());
    let numbers = Value::List(vec![Value::Integer(4), Value::Integer(5)]);
    let point = Value::Record(vec![(0, Value::Integer(1))]);
    let labelled = Value::Record(vec![(0, Value::Integer(1)), (1, text(b"a"))]);
    for (name, bytes, value) in [
        ("flag", boolean(true), Value::Boolean(true)),
        ("count", integer(-5), Value::Integer(-5)),
        ("count", integer(-4), Value::Integer(-4)),
        ("count", integer(4), Value::Integer(4)),
        ("count", integer(5), Value::Integer(5)),
        ("count", float(4.0), Value::Integer(4)),
        ("rate", float(0.5), Value::Float(0.5)),
        ("rate", integer(2), Value::Float(2.0)),
        ("text", string("\u{e4}bc"), text("\u{e4}bc".as_bytes())),
        ("raw", string(b"\xff\0\xff\0"), text(b"\xff\0\xff\0")),
        ("action", string("LATER"), Value::Enum(2)),
        ("action", integer(7), Value::Enum(2)),
        ("action", float(1.0), Value::Enum(1)),
        ("via", wire::address([192, 0, 2, 1]), v4([192, 0, 2, 1])),
        ("via", string("192.0.2.1"), v4([192, 0, 2, 1])),
        ("net", wire::prefix([203, 0, 113, 0], 24), Value::Prefix(Prefix::SAMPLE)),
        ("net", string("203.0.113.0/24"), Value::Prefix(Prefix::SAMPLE)),
        ("maybe", wire::NIL.to_vec(), Value::Nil),
        ("maybe", integer(9), Value::Integer(9)),
        ("numbers", list(&[]), Value::List(Vec::new())),
        ("numbers", list(&[integer(4), integer(5)]), numbers.clone()),
        ("numbers", pairs(&[(integer(2), integer(5)), (integer(1), integer(4))]), numbers),
        ("named", table(&[("a", integer(1))]), Value::Map(vec![(b"a".to_vec(), Value::Integer(1))])),
        ("point", table(&[("x", integer(1))]), point.clone()),
        ("point", table(&[("label", wire::NIL.to_vec()), ("x", integer(1))]), point.clone()),
        ("point", table(&[("label", string("a")), ("x", integer(1))]), labelled),
    ] {
        let got = result(name, bytes).expect(name);
        assert!(got.same(&value), "{name}: {got:?}");
    }
}

#[test]
fn what_each_type_refuses() {
    for (name, bytes, error) in [
        ("flag", integer(1), "result.flag: expected boolean, got integer"),
        ("count", integer(-6), "result.count: expected integer -5..5, got -6"),
        ("count", integer(6), "result.count: expected integer -5..5, got 6"),
        ("count", float(0.5), "result.count: expected integer -5..5, got 0.5"),
        ("count", float(f64::NAN), "result.count: expected integer -5..5, got NaN"),
        ("count", float(9.3e18), "result.count: expected integer -5..5, got 9.3e18"),
        ("count", string("5"), "result.count: expected integer -5..5, got string \"5\""),
        ("rate", string("0"), "result.rate: expected number, got string \"0\""),
        ("text", string("12345"), "result.text: expected string of at most 4 bytes, got 5 bytes"),
        ("text", string(b"\xff"), "result.text: expected UTF-8 text, got other bytes"),
        ("raw", integer(1), "result.raw: expected string of at most 4 bytes, got integer"),
        ("action", string("MAYBE"), "result.action: expected NO, YES or LATER, got \"MAYBE\""),
        ("action", integer(2), "result.action: expected NO, YES or LATER, got 2"),
        ("action", boolean(true), "result.action: expected NO, YES or LATER, got boolean"),
        ("via", string("192.0.2"), "result.via: expected address, got \"192.0.2\""),
        ("via", wire::prefix([1, 2, 3, 4], 32), "result.via: expected address, got prefix"),
        ("net", string("192.0.2.0/33"), "result.net: expected prefix, got \"192.0.2.0/33\""),
        ("net", wire::address([1, 2, 3, 4]), "result.net: expected prefix, got address"),
        ("maybe", integer(10), "result.maybe: expected integer 0..9 or nil, got 10"),
        ("numbers", integer(1), "result.numbers: expected list of at most 3 (integer 0..9), got integer"),
        ("numbers", list(&[integer(1), integer(10)]), "result.numbers[2]: expected integer 0..9, got 10"),
        (
            "numbers",
            list(&[integer(1), integer(1), integer(1), integer(1)]),
            "result.numbers: expected at most 3 elements, got more",
        ),
        (
            "numbers",
            pairs(&[(integer(1), integer(1)), (integer(3), integer(1))]),
            "result.numbers: expected a list with the keys 1..2, got 3 where 2 should be",
        ),
        (
            "numbers",
            pairs(&[(integer(0), integer(1))]),
            "result.numbers: expected a list with the keys 1..1, got 0 where 1 should be",
        ),
        (
            "numbers",
            pairs(&[(integer(1), integer(1)), (integer(1), integer(1))]),
            "result.numbers: expected a list with the keys 1..2, got 1 where 2 should be",
        ),
        ("numbers", table(&[("n", integer(1))]), "result.numbers: expected a list, got the key string \"n\""),
        ("numbers", pairs(&[(float(1.5), integer(1))]), "result.numbers: expected a list, got the key 1.5"),
        (
            "numbers",
            pairs(&[(boolean(true), integer(1))]),
            "result.numbers: expected a list, got a key that is boolean",
        ),
        ("named", list(&[integer(1)]), "result.named: expected string keys, got the key 1"),
        (
            "named",
            table(&[("a", integer(1)), ("b", integer(2)), ("c", integer(3))]),
            "result.named: expected at most 2 entries, got more",
        ),
        ("named", table(&[("a b", integer(-1))]), "result.named[\"a b\"]: expected integer 0..9, got -1"),
        ("point", table(&[]), "result.point.x: expected integer 0..9, got nothing"),
        ("point", table(&[("x", integer(10))]), "result.point.x: expected integer 0..9, got 10"),
        ("point", table(&[("labl", string("a"))]), "result.point.labl: no such field in Point; did you mean 'label'?"),
        ("point", table(&[("anything", string("a"))]), "result.point.anything: no such field in Point"),
        ("point", list(&[integer(1)]), "result.point: expected fields of Point, got the key 1"),
        ("point", integer(1), "result.point: expected Point, got integer"),
        ("flag", wire::unsupported(6), "result.flag: expected boolean, got function"),
        ("flag", wire::unsupported(8), "result.flag: expected boolean, got thread"),
        ("flag", wire::unsupported(7), "result.flag: expected boolean, got userdata"),
        ("flag", wire::unsupported(0x63), "result.flag: expected boolean, got a stale argument of an earlier call"),
        ("point", wire::CYCLE.to_vec(), "result.point: expected Point, got a table that contains itself"),
        ("point", wire::TOO_DEEP.to_vec(), "result.point: expected Point, got tables nested deeper than 32 levels"),
        ("flag", wire::NIL.to_vec(), "result.flag: expected boolean, got nil"),
        ("flag", table(&[]), "result.flag: expected boolean, got table"),
        ("flag", string("x".repeat(33)), "result.flag: expected boolean, got string"),
        ("flag", changes(2, &[]), "result.flag: expected boolean, got argument"),
    ] {
        assert_eq!(result(name, bytes), Err(error.to_owned()));
    }
}

#[test]
fn an_answer_is_a_table_of_known_keys() {
    assert_eq!(read(&table(&[])), Ok(Answer::read(&DECLARATION, &[6, 7], &*GIVEN, 9).expect("an empty table")));
    for nothing in [wire::NIL, wire::NOTHING] {
        let answer = read(&nothing).expect("an empty answer");
        assert!(answer.is_default(&DECLARATION), "who returns nothing leaves everything at its default");
        let more = [nothing, [0]].concat();
        assert_eq!(read(&more), Err("result: the answer is malformed: bytes follow its end".to_owned()));
    }
    let keys = "flag, count, rate, text, raw, action, via, net, maybe, numbers, named, point, limit, settings or extra";
    for (bytes, error) in [
        (integer(1), "result: expected a table, got integer".to_owned()),
        (changes(2, &[]), "result: expected a table, got argument".to_owned()),
        (list(&[integer(1)]), format!("result: expected {keys}, got the key 1")),
        (table(&[("actoin", integer(1))]), format!("result.actoin: unknown key; expected {keys}")),
        // A read-only argument is no key of the answer.
        (table(&[("name", string("y"))]), format!("result.name: unknown key; expected {keys}")),
        (table(&[("\x1b[31m", integer(1))]), format!("result[\"\\u{{1b}}[31m\"]: unknown key; expected {keys}")),
        (wire::TOO_LARGE.to_vec(), "result: the answer is larger than 4096 bytes".to_owned()),
        (
            vec![6, 5, 4, 0, 0, 0, b'f', b'l', b'a', b'g', 14],
            "result.flag: the answer is larger than 4096 bytes".to_owned(),
        ),
        (vec![], "result: the answer is malformed".to_owned()),
        (vec![6], "result: the answer is malformed".to_owned()),
        (vec![16], "result: the answer is malformed".to_owned()),
        (vec![6, 5, 255, 255, 255, 255], "result: the answer is malformed".to_owned()),
        (vec![6, 7, 0], "result: the answer is malformed: bytes follow its end".to_owned()),
        (vec![7], "result: expected a table, got something malformed".to_owned()),
    ] {
        assert_eq!(read(&bytes), Err(error));
    }
}

#[test]
fn records_change_by_field() {
    let metric = |v| Some(Value::Record(vec![(0, Value::Integer(v))]));
    // The argument itself, or a table.
    assert_eq!(settings(changes(2, &[("metric", integer(5))])), Ok(metric(5)));
    assert_eq!(settings(table(&[("metric", integer(5))])), Ok(metric(5)));
    // What equals the arguments is no change: also read-only fields, NaN, and maps in another order.
    assert_eq!(settings(changes(2, &[])), Ok(None));
    assert_eq!(settings(changes(2, &[("metric", integer(50))])), Ok(None));
    let seen = table(&[("b", integer(2)), ("a", integer(1))]);
    let copy = [
        ("metric", integer(6)),
        ("id", integer(7)),
        ("tags", list(&[string("one"), string("two")])),
        ("inner", table(&[("level", integer(3)), ("fixed", integer(-1))])),
        ("pair", table(&[("level", integer(4)), ("fixed", integer(-1))])),
        ("note", string("note")),
        ("ratio", float(f64::NAN)),
        ("seen", seen),
    ];
    assert_eq!(settings(table(&copy)), Ok(metric(6)));
    assert_eq!(settings(table(&copy[1..])), Ok(None));
    // The last of a repeated key counts.
    assert_eq!(settings(table(&[("metric", integer(5)), ("metric", integer(6))])), Ok(metric(6)));
    assert_eq!(settings(table(&[("metric", integer(5)), ("metric", integer(50))])), Ok(None));

    let inner = Value::Record(vec![(0, Value::Integer(9))]);
    assert_eq!(
        settings(table(&[("inner", table(&[("level", integer(9))]))])),
        Ok(Some(Value::Record(vec![(3, inner)])))
    );
    let pair = Value::Record(vec![(0, Value::Integer(9)), (1, Value::Integer(2))]);
    assert_eq!(
        settings(table(&[("pair", table(&[("fixed", integer(2)), ("level", integer(9))]))])),
        Ok(Some(Value::Record(vec![(5, pair)])))
    );
    assert_eq!(settings(table(&[("note", wire::NIL.to_vec())])), Ok(Some(Value::Record(vec![(6, Value::Nil)]))));
    assert_eq!(settings(table(&[("spare", wire::NIL.to_vec())])), Ok(None));
}

#[test]
fn scalars_change_as_a_whole() {
    let limit = |bytes| read(&table(&[("limit", bytes)])).map(|answer| answer.change(1).cloned());
    assert_eq!(limit(integer(11)), Ok(Some(Value::Integer(11))));
    assert_eq!(limit(integer(10)), Ok(None));
    assert_eq!(limit(integer(101)), Err("result.limit: expected integer 0..100, got 101".to_owned()));
}

#[test]
fn changes_are_refused_with_their_field() {
    for (bytes, error) in [
        (table(&[("id", integer(8))]), "result.settings.id: is read-only, got another value"),
        (table(&[("id", string("7"))]), "result.settings.id: expected integer, got string \"7\""),
        (table(&[("metric", integer(1000))]), "result.settings.metric: expected integer 0..999, got 1000"),
        (table(&[("metrc", integer(1))]), "result.settings.metrc: no such field in Settings; did you mean 'metric'?"),
        (list(&[integer(1)]), "result.settings: expected fields of Settings, got the key 1"),
        (integer(1), "result.settings: expected a table, got integer"),
        (changes(1, &[]), "result.settings: expected Settings, got the argument limit"),
        (changes(77, &[]), "result.settings: expected Settings, got the argument another"),
        (
            table(&[("inner", table(&[("fixed", integer(0))]))]),
            "result.settings.inner.fixed: is read-only, got another value",
        ),
        (table(&[("inner", integer(1))]), "result.settings.inner: expected a table, got integer"),
        (table(&[("inner", wire::NIL.to_vec())]), "result.settings.inner: expected a table, got nil"),
        (table(&[("spare", table(&[]))]), "result.settings.spare: expected nil, as it was given, got a table"),
        (
            table(&[("pair", table(&[("level", integer(1))]))]),
            "result.settings.pair.fixed: expected integer, got nothing",
        ),
        (
            table(&[("tags", list(&[string("one"), string("far too long")]))]),
            "result.settings.tags[2]: expected string of at most 8 bytes, got 12 bytes",
        ),
        (table(&[("seen", table(&[("a", integer(1))]))]), "result.settings.seen: is read-only, got another value"),
    ] {
        assert_eq!(settings(bytes), Err(error.to_owned()));
    }
    let extra = read(&table(&[("extra", table(&[("level", integer(1))]))]));
    assert_eq!(extra, Err("result.extra: expected nil, as it was given, got a table".to_owned()));
}

#[test]
fn observers_need_not_answer() {
    let declaration = Declaration::builder("test.watch", 1).chain(Chain::Observe).build().expect("a valid declaration");
    for bytes in [&wire::NOTHING[..], &wire::NIL, &table(&[])] {
        assert_eq!(Answer::read(&declaration, bytes, &[], 64), Ok(Answer::empty()));
    }
    let error = Answer::read(&declaration, &table(&[("x", integer(1))]), &[], 64).expect_err("no keys are declared");
    assert_eq!(error.to_string(), "result.x: unknown key; expected no keys");
}

#[test]
fn named_results_are_checked() {
    let one = |position, value| Answer::from_values(&DECLARATION, vec![(position, value)]).map_err(|e| e.to_string());
    let answer = one(1, Value::Integer(3)).expect("it fits");
    assert_eq!(answer.result(1), Some(&Value::Integer(3)));
    assert!(!answer.is_default(&DECLARATION));
    assert!(one(1, Value::Integer(0)).expect("it fits").is_default(&DECLARATION));
    assert_eq!(one(1, Value::Integer(6)), Err("result.count: expected integer -5..5, got integer".to_owned()));
    assert_eq!(one(99, Value::Nil), Err("result: expected one of 12 results, got position 99".to_owned()));
    assert_eq!(one(11, Value::Record(Vec::new())), Err("result.point: expected Point, got record".to_owned()));
}
