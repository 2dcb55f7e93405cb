//! What the macros make of declarations.

use std::net::IpAddr;

use tenterhook_hooks::codec::{Answer, ArgumentReader, Encoder};
use tenterhook_hooks::schema::{Chain, Type};
use tenterhook_hooks::value::{FromValue, HookValue, ReadOnly, Value};
use tenterhook_hooks::{HookEnum, HookPoint, HookRecord, hook_point};

/// How loud.
///
/// In two
/// paragraphs.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
#[hook(name = "Volume")]
enum Loudness {
    /// Not at all.
    Silent,
    VeryLoud = 10,
    #[hook(name = "eleven")]
    BeyondLoud,
    Negative = -3,
}

#[test]
fn enums_have_names_docs_and_integers() {
    let ty = Loudness::enum_type();
    assert_eq!(ty.name, "Volume");
    assert_eq!(ty.doc, "How loud.\nIn two paragraphs.");
    let variants: Vec<(&str, i64, &str)> =
        ty.variants.iter().map(|v| (v.name.as_str(), v.value, v.doc.as_str())).collect();
    assert_eq!(
        variants,
        [("SILENT", 0, "Not at all."), ("VERY_LOUD", 10, ""), ("eleven", 11, ""), ("NEGATIVE", -3, "")]
    );
    for (position, variant) in
        [Loudness::Silent, Loudness::VeryLoud, Loudness::BeyondLoud, Loudness::Negative].into_iter().enumerate()
    {
        assert_eq!(variant.position(), position);
        assert_eq!(Value::of(&variant), Ok(Value::Enum(position)));
        assert_eq!(Loudness::from_value(Value::Enum(position)), Ok(variant));
    }
    let error = Loudness::from_value(Value::Integer(1)).expect_err("an integer");
    assert_eq!(error.to_string(), "expected Volume, got integer");
}

/// A house with a sign.
#[derive(HookRecord, Debug, Clone, PartialEq)]
struct House<'a> {
    /// What the sign says.
    #[hook(writable, max = 5)]
    sign: &'a str,
    #[hook(name = "type")]
    kind: Loudness,
    #[hook(writable)]
    mirror: Option<IpAddr>,
    #[hook(nested)]
    door: Door,
    #[hook(writable)]
    visitors: Vec<Visitor>,
    owner: Option<Visitor>,
}

#[derive(HookRecord, Debug, Clone, PartialEq)]
struct Door {
    width: f64,
    #[hook(writable)]
    open: bool,
}

#[derive(HookRecord, Debug, Clone, PartialEq)]
#[hook(owned)]
struct Visitor {
    name: String,
    // Names that the generated code might use as well.
    value: u8,
    fields: Option<Vec<u8>>,
    position: Vec<String>,
}

/// Only looked at.
#[derive(HookRecord, Debug, Clone, Copy)]
struct Weather {
    rain: bool,
}

fn visitor() -> Visitor {
    Visitor { name: "v".to_owned(), value: 3, fields: None, position: vec!["p".to_owned()] }
}

#[test]
fn records_have_fields_in_order() {
    let Type::Record(record) = House::ty() else { panic!("a record") };
    assert_eq!((record.name.as_str(), record.doc.as_str()), ("House", "A house with a sign."));
    let fields: Vec<(&str, bool)> = record.fields.iter().map(|f| (f.name.as_str(), f.writable)).collect();
    assert_eq!(
        fields,
        [("sign", true), ("type", false), ("mirror", true), ("door", false), ("visitors", true), ("owner", false)]
    );
    assert_eq!(record.fields[0].doc, "What the sign says.");
    assert_eq!(record.fields[0].ty, Type::text(5));
    assert_eq!(House::SLOT, House::ty().slot());
    assert_eq!(Visitor::SLOT, Visitor::ty().slot());

    // The type is made once.
    let (Type::Record(one), Type::Record(other)) = (Visitor::ty(), Visitor::ty()) else { panic!("records") };
    assert!(std::sync::Arc::ptr_eq(&one, &other));
}

#[test]
fn owned_forms_follow_the_rule() {
    // With writable fields: the changes.
    let change = HouseChange::from_value(Value::Record(vec![
        (1, Value::Enum(0)),
        (2, Value::Nil),
        (3, Value::Record(vec![(1, Value::Boolean(true))])),
    ]));
    assert_eq!(
        change,
        Ok(HouseChange {
            mirror: Some(None),
            door: Some(std::sync::Arc::new(DoorChange { open: Some(true) })),
            ..HouseChange::default()
        })
    );
    // Owned: the record itself, optional fields possibly left out.
    let whole = Value::of(&visitor()).expect("it encodes");
    assert_eq!(Visitor::from_value(whole.clone()), Ok(visitor()));
    let Value::Record(mut fields) = whole else { panic!("a record") };
    fields.retain(|(at, _)| *at != 2);
    assert_eq!(Visitor::from_value(Value::Record(fields.clone())), Ok(visitor()));
    fields.retain(|(at, _)| *at != 0);
    assert_eq!(
        Visitor::from_value(Value::Record(fields)).expect_err("no name").to_string(),
        "expected string, got nil"
    );
    // Neither: nothing.
    assert_eq!(<Weather as HookValue>::Owned::from_value(Value::Record(Vec::new())), Ok(ReadOnly));
}

hook_point! {
    /// Decides what happens at a house.
    ///
    /// In detail.
    pub(crate) Enter = "demo.enter", version 3, chain first {
        /// Where.
        inout house: &'a House<'a>,
        arg weather: Weather,
        /// At most four bytes.
        #[hook(max = 4)]
        inout r#type: Option<&'a str>,
        inout count: u16,
        constants Loudness prefix "L_",
        constant LIMIT = 2 * 8,
        /// How loud.
        result loudness: Loudness = Loudness::Silent,
        #[hook(max = 3)]
        result names: Vec<String> = vec!["a".to_owned()],
        result guest: Option<Visitor> = None,
        result rate: f64 = 0.5,
    }

    pub(crate) Leave = "demo.leave", version 1, chain observe {}
}

#[test]
fn hook_points_declare_what_they_say() {
    let d = Enter::declaration();
    assert_eq!((d.name.as_str(), d.version, d.handler.as_str(), d.chain), ("demo.enter", 3, "enter", Chain::First));
    assert_eq!(d.doc, "Decides what happens at a house.\nIn detail.");
    let arguments: Vec<(&str, bool, &str)> =
        d.arguments.iter().map(|a| (a.name.as_str(), a.inout, a.doc.as_str())).collect();
    assert_eq!(
        arguments,
        [("house", true, "Where."), ("weather", false, ""), ("type", true, "At most four bytes."), ("count", true, "")]
    );
    assert_eq!(d.arguments[2].ty, Type::text(4).optional());
    let constants: Vec<(&str, i64)> = d.constants.iter().map(|c| (c.name.as_str(), c.value)).collect();
    assert_eq!(constants, [("L_SILENT", 0), ("L_VERY_LOUD", 10), ("L_eleven", 11), ("L_NEGATIVE", -3), ("LIMIT", 16)]);
    let results: Vec<(&str, &Value)> = d.results.iter().map(|r| (r.name.as_str(), &r.default)).collect();
    assert_eq!(
        results,
        [
            ("loudness", &Value::Enum(0)),
            ("names", &Value::List(vec![Value::String(b"a".to_vec())])),
            ("guest", &Value::Nil),
            ("rate", &Value::Float(0.5)),
        ]
    );
    assert_eq!(d.results[1].ty, Type::text(64 * 1024).list(3));

    let leave = Leave::declaration();
    assert_eq!((leave.chain, leave.head()), (Chain::Observe, 0));
    assert_eq!(Leave::defaults(), LeaveResults {});
    let mut out = Encoder::new();
    Leave::encode(&LeaveArgs {}, &mut out);
    assert!(out.bytes().is_empty());
}

#[test]
fn arguments_lie_where_the_declaration_says() {
    let house = House {
        sign: "exit",
        kind: Loudness::BeyondLoud,
        mirror: Some(IpAddr::from([192, 0, 2, 1])),
        door: Door { width: 0.9, open: false },
        visitors: vec![visitor(), visitor()],
        owner: Some(visitor()),
    };
    let args = EnterArgs { house: &house, weather: Weather { rain: true }, r#type: Some("abcd"), count: 7 };
    let mut out = Encoder::new();
    out.begin(Enter::declaration().head());
    Enter::encode(&args, &mut out);
    let bytes = out.finish(Enter::declaration(), 4096).expect("the arguments fit");
    let reader = ArgumentReader::new(bytes);
    assert_eq!(reader.argument(Enter::declaration(), 0), Value::of(&house).ok());
    assert_eq!(reader.argument(Enter::declaration(), 1), Value::of(&args.weather).ok());
    assert_eq!(reader.argument(Enter::declaration(), 2), Value::of("abcd").ok());
    assert_eq!(reader.argument(Enter::declaration(), 3), Some(Value::Integer(7)));

    let closed = House { sign: "closed", ..house.clone() };
    let args = EnterArgs { house: &closed, ..args };
    out.begin(Enter::declaration().head());
    Enter::encode(&args, &mut out);
    let error = out.finish(Enter::declaration(), 4096).expect_err("the sign is too long");
    assert_eq!(error.to_string(), "house.sign: expected at most 5 bytes, got 6");
}

#[test]
fn results_come_out_typed() {
    assert_eq!(
        Enter::results(Answer::empty()),
        Ok(EnterResults {
            loudness: Loudness::Silent,
            names: vec!["a".to_owned()],
            guest: None,
            rate: 0.5,
            house: None,
            r#type: None,
            count: None,
        })
    );
    assert_eq!(Enter::results(Answer::empty()), Ok(Enter::defaults()));
    let guest = Value::of(&visitor()).expect("it encodes");
    let values = vec![(0, Value::Enum(3)), (1, Value::List(Vec::new())), (2, guest), (3, Value::Float(1.0))];
    let answer = Answer::from_values(Enter::declaration(), values).expect("they fit");
    let results = Enter::results(answer).expect("types agree");
    assert_eq!(results.loudness, Loudness::Negative);
    assert_eq!(results.names, [""; 0]);
    assert_eq!(results.guest, Some(visitor()));

    // An answer checked against another declaration is an error, not a panic.
    let answer = Answer::from_values(Leave::declaration(), vec![]).expect("nothing fits anything");
    assert_eq!(Leave::results(answer), Ok(LeaveResults {}));
}

hook_point! {
    Wrong = "demo.wrong", version 1, chain first {
        #[hook(max = 2)]
        result text: String = "abc".to_owned(),
    }
}

#[test]
#[should_panic(expected = "hook point demo.wrong: result text: the default does not fit string of at most 2 bytes")]
fn what_only_types_tell_panics_with_the_reason() {
    Wrong::declaration();
}
