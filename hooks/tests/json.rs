//! JSON: what reads back, what is refused and where, and listings.
#![cfg(feature = "json")]

mod common;

use common::{generate, request, wire};
use proptest::prelude::*;
use serde_json::json;
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::{Chain, Declaration, Syntax, Type};
use tenterhook_hooks::value::{Prefix, Value};

static WORD: Syntax = Syntax::new("word", "word: lower-case letters such as abc", "abc", |text| {
    text.bytes().all(|byte| byte.is_ascii_lowercase())
});

proptest! {
    #[test]
    fn values_read_back(
        (ty, value) in generate::ty().prop_flat_map(|ty| (Just(ty.clone()), generate::value(&ty)))
    ) {
        let text = value.to_json(&ty).to_string();
        let parsed: serde_json::Value = serde_json::from_str(&text).expect("JSON");
        let back = Value::from_json(&ty, &parsed).expect("the JSON is of the type");
        prop_assert!(back.same(&value), "{} became {:?}", text, back);
    }
}

#[test]
fn each_type_has_its_form() {
    let map = Value::Map(vec![(b"k".to_vec(), Value::Integer(1))]);
    let odd_map = Value::Map(vec![(b"\xff".to_vec(), Value::Integer(1))]);
    for (ty, value, json) in [
        (Type::Float, Value::Float(0.5), json!(0.5)),
        (Type::Float, Value::Float(f64::NAN), json!("nan")),
        (Type::Float, Value::Float(f64::INFINITY), json!("inf")),
        (Type::Float, Value::Float(f64::NEG_INFINITY), json!("-inf")),
        (Type::bytes(9), Value::String(b"text".to_vec()), json!("text")),
        (Type::bytes(9), Value::String(b"\xff\x00".to_vec()), json!({ "bytes": "ff00" })),
        (Type::Address, Value::Address([192, 0, 2, 1].into()), json!("192.0.2.1")),
        (Type::Prefix, Value::Prefix(Prefix::SAMPLE), json!("203.0.113.0/24")),
        (Type::Boolean.optional(), Value::Nil, json!(null)),
        (Type::INTEGER.map(2), map, json!({ "k": 1 })),
        (Type::INTEGER.map(2), odd_map, json!([[{ "bytes": "ff" }, 1]])),
    ] {
        assert_eq!(value.to_json(&ty), json);
        assert!(Value::from_json(&ty, &json).expect("it reads back").same(&value), "{json}");
    }
}

#[test]
fn values_that_do_not_fit_are_refused_with_their_place() {
    let list = Type::integer(0, 9).list(2);
    for (ty, json, error) in [
        (Type::Boolean, json!(0), "value: expected boolean, got 0"),
        (Type::integer(0, 9), json!(10), "value: expected integer 0..9, got 10"),
        (Type::integer(0, 9), json!(-1), "value: expected integer 0..9, got -1"),
        (Type::integer(0, 9), json!(0.5), "value: expected integer 0..9, got 0.5"),
        (Type::INTEGER, json!(u64::MAX), "value: expected integer, got 18446744073709551615"),
        (Type::Float, json!("NaN"), "value: expected number, got \"NaN\""),
        (Type::bytes(2), json!("abc"), "value: expected at most 2 bytes, got 3"),
        (
            Type::bytes(2),
            json!({ "bytes": "0" }),
            "value: expected a string or {\"bytes\": \"hex digits\"}, got an object",
        ),
        (Type::text(2), json!({ "bytes": "ff" }), "value: expected UTF-8 text, got other bytes"),
        (Type::Address, json!("192.0.2"), "value: expected address, got \"192.0.2\""),
        (Type::Prefix, json!("192.0.2.0/33"), "value: expected prefix, got \"192.0.2.0/33\""),
        (list.clone(), json!([1, 2, 3]), "value: expected at most 2 elements, got 3"),
        (list, json!([1, "x"]), "value[2]: expected integer 0..9, got \"x\""),
        (Type::Boolean.map(1), json!({ "a": 1 }), "value[\"a\"]: expected boolean, got 1"),
    ] {
        assert_eq!(Value::from_json(&ty, &json).expect_err("it does not fit").to_string(), error);
    }
    assert_eq!(Value::from_json(&Type::integer(0, 9), &json!(5.0)), Ok(Value::Integer(5)));
}

#[test]
fn sample_arguments_read_back() {
    let (declaration, sample) = (request::declaration(), request::sample());
    let json = declaration.arguments_to_json(&sample);
    let back = declaration.arguments_from_json(&json).expect("the sample is of its types");
    assert_eq!(back, sample);
    let mut out = Encoder::new();
    declaration.encode_values(&back, &mut out);
    assert!(out.finish(declaration, 1 << 16).is_ok());
}

#[test]
fn arguments_are_refused_with_the_argument() {
    let (declaration, sample) = (request::declaration(), request::sample());
    let whole = declaration.arguments_to_json(&sample);
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = whole.clone();
        change(&mut json);
        declaration.arguments_from_json(&json).expect_err("it was broken").to_string()
    };
    assert_eq!(refused(&|j| *j = json!([])), "web.request: expected an object with the arguments' names, got an array");
    assert_eq!(
        refused(&|j| j["reasons"] = json!("")),
        "reasons: no such argument of web.request; did you mean 'reason'?"
    );
    assert_eq!(
        refused(&|j| {
            j.as_object_mut().expect("an object").shift_remove("reason");
        }),
        "reason: expected string of at most 1024 bytes, got nothing"
    );
    assert_eq!(
        refused(&|j| j["client"]["limits"]["agreed"]["requests"] = json!(-1)),
        "client.limits.agreed.requests: expected integer 0..4294967295, got -1"
    );
    assert_eq!(
        refused(&|j| j["client"]["localaddress"] = json!(1)),
        "client.localaddress: no such field in Client; did you mean 'local_address'?"
    );
    assert_eq!(
        refused(&|j| {
            j["client"].as_object_mut().expect("an object").shift_remove("limits");
        }),
        "client.limits: expected Limits, got nothing"
    );
    assert_eq!(
        refused(&|j| j["phase"] = json!("Establishd")),
        "phase: expected Accepted, Established or Closing, got \"Establishd\"; did you mean \"Established\"?"
    );
    let mut by_integer = whole.clone();
    by_integer["phase"] = json!(6);
    assert_eq!(declaration.arguments_from_json(&by_integer), Ok(sample));
}

#[test]
fn answers_show_defaults_and_changes() {
    let (declaration, sample) = (request::declaration(), request::sample());
    let mut out = Encoder::new();
    declaration.encode_values(&sample, &mut out);
    assert_eq!(declaration.answer_to_json(&Answer::empty()), json!({ "verdict": "REFUSE" }));

    let bytes = wire::table(&[
        ("verdict", wire::integer(3)),
        ("headers", wire::table(&[("priority", wire::integer(123)), ("via", wire::string("2001:db8::1"))])),
    ]);
    let answer = Answer::read(declaration, &bytes, out.bytes(), 1 << 16).expect("a good answer");
    assert_eq!(
        declaration.answer_to_json(&answer),
        json!({ "verdict": "PASS_CHANGED", "headers": { "priority": 123, "via": "2001:db8::1" } })
    );
}

#[test]
fn listings_tell_everything() {
    let json = request::declaration().to_json();
    assert_eq!(json["name"], "web.request");
    assert_eq!(json["handler"], "request");
    assert_eq!(json["chain"], "first");
    assert_eq!(json["constants"][3], json!({ "name": "V_PASS_CHANGED", "value": 3 }));
    assert_eq!(json["results"][0]["default"], "REFUSE");
    assert_eq!(json["arguments"][1]["inout"], true);
    assert_eq!(json["arguments"][1]["type"]["fields"][0]["name"], "priority");
    assert_eq!(json["arguments"][1]["type"]["fields"][0]["writable"], true);
    assert_eq!(json["fingerprint"].as_str().map(str::len), Some(64));
}

#[test]
fn a_declaration_reads_back() {
    let every = Declaration::builder("test.every", 3)
        .doc("Every type.\n\nIn two paragraphs.")
        .argument("number", Type::Float, "A float.")
        .inout("map", Type::bytes(9).list(3).map(2), "Lists in a map.")
        .argument("maybe", Type::Prefix.optional(), "")
        .argument("word", Type::written(&WORD, 9).list(2), "Words.")
        .result("weight", Type::Float, Value::Float(f64::NAN), "Nothing yet.")
        .result("data", Type::bytes(9), Value::String(b"\xff".to_vec()), "Bytes.")
        .constant("ONE", 1)
        .chain(Chain::Observe)
        .build()
        .expect("a sound declaration");
    for declaration in [&every, request::declaration()] {
        let json = declaration.to_json();
        let back = Declaration::from_json(&json, &[&WORD]).expect("what was written");
        assert_eq!(back.fingerprint(), declaration.fingerprint(), "{}", declaration.name);
        assert_eq!(back.to_json(), json);
    }
    let unknown = Declaration::from_json(&every.to_json(), &[]).expect_err("nobody knows words").to_string();
    assert_eq!(unknown, "test.every.arguments[4].type.of.syntax: expected no syntax, got \"word\"");
}

#[test]
fn a_declaration_that_is_none_is_refused_where_it_is_wrong() {
    let good = request::declaration().to_json();
    let cases = [
        ("/name", json!(5), "hook point.name: expected a string, got 5"),
        ("/chain", json!("last"), "web.request.chain: expected \"first\" or \"observe\", got \"last\""),
        (
            "/arguments/0/type",
            json!({ "kind": "word" }),
            "web.request.arguments[1].type.kind: expected a kind of type, got \"word\"",
        ),
        ("/arguments/1/inout", json!(null), "web.request.arguments[2].inout: expected true or false, got null"),
        (
            "/results/0/default",
            json!("PAS"),
            "web.request.results[1].default: expected FAILURE, REFUSE, PASS or PASS_CHANGED, got \"PAS\"; did you mean \"PASS\"?",
        ),
    ];
    for (pointer, value, message) in cases {
        let mut json = good.clone();
        *json.pointer_mut(pointer).expect("a key of the declaration") = value;
        let error = Declaration::from_json(&json, &[]).expect_err("not a declaration");
        assert_eq!(error.to_string(), message);
    }
    let mut deep = json!({ "kind": "boolean" });
    for _ in 0..200 {
        deep = json!({ "kind": "list", "of": deep, "max": 1 });
    }
    let mut json = good;
    json["arguments"][0]["type"] = deep;
    let error = Declaration::from_json(&json, &[]).expect_err("nests too deep").to_string();
    assert!(error.contains("types nest deeper"), "{error}");
}
