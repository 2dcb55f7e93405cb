//! JSON: what reads back, what is refused and where, and listings.
#![cfg(feature = "json")]

mod common;

use common::{generate, wire};
use proptest::prelude::*;
use serde_json::json;
use tenterhook_hooks::catalog;
use tenterhook_hooks::codec::{Answer, Encoder};
use tenterhook_hooks::schema::{Chain, Declaration, Type};
use tenterhook_hooks::value::{Prefix, Value};

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
    for declaration in catalog::all() {
        let sample = catalog::sample(&declaration.name).expect("every hook point has a sample");
        let json = declaration.arguments_to_json(&sample);
        let back = declaration.arguments_from_json(&json).expect("the sample is of its types");
        assert_eq!(back, sample);
        let mut out = Encoder::new();
        declaration.encode_values(&back, &mut out);
        assert!(out.finish(declaration, 1 << 16).is_ok());
    }
}

#[test]
fn arguments_are_refused_with_the_argument() {
    let declaration = catalog::find("bgp.peer_status").expect("it is in the catalog");
    let sample = catalog::sample("bgp.peer_status").expect("it has a sample");
    let whole = declaration.arguments_to_json(&sample);
    let refused = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut json = whole.clone();
        change(&mut json);
        declaration.arguments_from_json(&json).expect_err("it was broken").to_string()
    };
    assert_eq!(
        refused(&|j| *j = json!([])),
        "bgp.peer_status: expected an object with the arguments' names, got an array"
    );
    assert_eq!(
        refused(&|j| j["reasons"] = json!("")),
        "reasons: no such argument of bgp.peer_status; did you mean 'reason'?"
    );
    assert_eq!(
        refused(&|j| {
            j.as_object_mut().expect("an object").shift_remove("reason");
        }),
        "reason: expected string of at most 1024 bytes, got nothing"
    );
    assert_eq!(
        refused(&|j| j["peer"]["timers"]["negotiated"]["hold"] = json!(-1)),
        "peer.timers.negotiated.hold: expected integer 0..4294967295, got -1"
    );
    assert_eq!(
        refused(&|j| j["peer"]["remoteas"] = json!(1)),
        "peer.remoteas: no such field in Peer; did you mean 'remote_as'?"
    );
    assert_eq!(
        refused(&|j| {
            j["peer"].as_object_mut().expect("an object").shift_remove("stats");
        }),
        "peer.stats: expected PeerStats, got nothing"
    );
    assert_eq!(
        refused(&|j| j["new"] = json!("Establishd")),
        "new: expected Idle, Connect, Active, OpenSent, OpenConfirm, Established, Clearing or Deleted, \
         got \"Establishd\"; did you mean \"Established\"?"
    );
    let mut by_integer = whole.clone();
    by_integer["new"] = json!(6);
    assert_eq!(declaration.arguments_from_json(&by_integer), Ok(sample));
}

#[test]
fn answers_show_defaults_and_changes() {
    let declaration = catalog::find("bgp.route_match").expect("it is in the catalog");
    let sample = catalog::sample("bgp.route_match").expect("it has a sample");
    let mut out = Encoder::new();
    declaration.encode_values(&sample, &mut out);
    assert_eq!(declaration.answer_to_json(&Answer::empty()), json!({ "action": "NOMATCH" }));

    let bytes = wire::table(&[
        ("action", wire::integer(3)),
        ("attributes", wire::table(&[("metric", wire::integer(123)), ("next_hop", wire::string("2001:db8::1"))])),
    ]);
    let answer = Answer::read(declaration, &bytes, out.bytes(), 1 << 16).expect("a good answer");
    assert_eq!(
        declaration.answer_to_json(&answer),
        json!({ "action": "MATCH_AND_CHANGE", "attributes": { "metric": 123, "next_hop": "2001:db8::1" } })
    );
}

#[test]
fn listings_tell_everything() {
    let json = catalog::find("bgp.route_match").expect("it is in the catalog").to_json();
    assert_eq!(json["name"], "bgp.route_match");
    assert_eq!(json["handler"], "route_match");
    assert_eq!(json["chain"], "first");
    assert_eq!(json["constants"][3], json!({ "name": "RM_MATCH_AND_CHANGE", "value": 3 }));
    assert_eq!(json["results"][0]["default"], "NOMATCH");
    assert_eq!(json["arguments"][1]["inout"], true);
    assert_eq!(json["arguments"][1]["type"]["fields"][0]["name"], "metric");
    assert_eq!(json["arguments"][1]["type"]["fields"][0]["writable"], true);
    assert_eq!(json["fingerprint"].as_str().map(str::len), Some(64));
}

#[test]
fn a_declaration_reads_back() {
    let mut declarations: Vec<_> = catalog::all().into_iter().cloned().collect();
    let every = Declaration::builder("test.every", 3)
        .doc("Every type.\n\nIn two paragraphs.")
        .argument("number", Type::Float, "A float.")
        .inout("map", Type::bytes(9).list(3).map(2), "Lists in a map.")
        .argument("maybe", Type::Prefix.optional(), "")
        .result("weight", Type::Float, Value::Float(f64::NAN), "Nothing yet.")
        .result("data", Type::bytes(9), Value::String(b"\xff".to_vec()), "Bytes.")
        .constant("ONE", 1)
        .chain(Chain::Observe)
        .build()
        .expect("a sound declaration");
    declarations.push(every);
    for declaration in declarations {
        let json = declaration.to_json();
        let back = Declaration::from_json(&json).expect("what was written");
        assert_eq!(back.fingerprint(), declaration.fingerprint(), "{}", declaration.name);
        assert_eq!(back.to_json(), json);
    }
}

#[test]
fn a_declaration_that_is_none_is_refused_where_it_is_wrong() {
    let good = catalog::find("bgp.route_match").expect("in the catalog").to_json();
    let cases = [
        ("/name", json!(5), "hook point.name: expected a string, got 5"),
        ("/chain", json!("last"), "bgp.route_match.chain: expected \"first\" or \"observe\", got \"last\""),
        (
            "/arguments/0/type",
            json!({ "kind": "word" }),
            "bgp.route_match.arguments[1].type.kind: expected a kind of type, got \"word\"",
        ),
        ("/arguments/1/inout", json!(null), "bgp.route_match.arguments[2].inout: expected true or false, got null"),
        (
            "/results/0/default",
            json!("MAYBE"),
            "bgp.route_match.results[1].default: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got \"MAYBE\"; did you mean \"MATCH\"?",
        ),
    ];
    for (pointer, value, message) in cases {
        let mut json = good.clone();
        *json.pointer_mut(pointer).expect("a key of the declaration") = value;
        let error = Declaration::from_json(&json).expect_err("not a declaration");
        assert_eq!(error.to_string(), message);
    }
    let mut deep = json!({ "kind": "boolean" });
    for _ in 0..200 {
        deep = json!({ "kind": "list", "of": deep, "max": 1 });
    }
    let mut json = good;
    json["arguments"][0]["type"] = deep;
    let error = Declaration::from_json(&json).expect_err("nests too deep").to_string();
    assert!(error.contains("types nest deeper"), "{error}");
}
