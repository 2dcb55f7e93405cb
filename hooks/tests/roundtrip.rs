//! Values survive the way in and the way out.

mod common;

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use common::{generate, wire};
use proptest::prelude::*;
use tenterhook_hooks::codec::{Answer, ArgumentReader, Encoder};
use tenterhook_hooks::schema::Type;
use tenterhook_hooks::value::{FromValue, HookValue, MAX_LIST, MAX_STRING, Prefix, Value};

const LIMIT: usize = 1 << 20;

proptest! {
    #[test]
    fn encoded_arguments_read_back(typed in generate::typed_values()) {
        let (types, values): (Vec<Type>, Vec<Value>) = typed.into_iter().unzip();
        let declaration = generate::declaration(&types, &values);
        let mut out = Encoder::new();
        declaration.encode_values(&values, &mut out);
        let bytes = out.finish(&declaration, LIMIT).expect("the values fit");
        let reader = ArgumentReader::new(bytes);
        for (position, value) in values.iter().enumerate() {
            prop_assert_eq!(reader.argument(&declaration, position), Some(value.clone()));
        }
    }

    #[test]
    fn arguments_returned_as_results_are_the_same_and_no_change(typed in generate::typed_values()) {
        let (types, values): (Vec<Type>, Vec<Value>) = typed.into_iter().unzip();
        let declaration = generate::declaration(&types, &values);
        let mut out = Encoder::new();
        declaration.encode_values(&values, &mut out);
        let given = out.finish(&declaration, LIMIT).expect("the values fit");

        let fields: Vec<(String, Vec<u8>)> = types.iter().zip(&values).enumerate()
            .filter(|(_, (_, value))| **value != Value::Nil)
            .flat_map(|(i, (ty, value))| {
                let bytes = wire::value(ty, value);
                [(format!("r{i}"), bytes.clone()), (format!("a{i}"), bytes)]
            })
            .collect();
        let fields: Vec<(&str, Vec<u8>)> = fields.iter().map(|(k, v)| (k.as_str(), v.clone())).collect();
        let answer = Answer::read(&declaration, &wire::table(&fields), given, LIMIT).expect("values of their types");
        for (position, value) in values.iter().enumerate() {
            match answer.result(position) {
                Some(result) => prop_assert!(result.same(value), "{:?} {:?}", result, value),
                None => prop_assert_eq!(value, &Value::Nil),
            }
            prop_assert_eq!(answer.change(position), None);
        }
        prop_assert!(answer.is_default(&declaration));
    }

    #[test]
    fn what_fits_encodes_and_what_does_not_is_noted(
        (ty, value) in generate::ty().prop_flat_map(|ty| (Just(ty.clone()), generate::value(&ty))),
        other in generate::ty(),
    ) {
        prop_assert!(value.fits(&ty));
        let declaration = generate::declaration(std::slice::from_ref(&other), &[]);
        let mut out = Encoder::new();
        declaration.encode_values(std::slice::from_ref(&value), &mut out);
        prop_assert_eq!(out.finish(&declaration, LIMIT).is_ok(), value.fits(&other));
    }
}

fn typed<T: HookValue>(value: T) -> T::Owned {
    assert_eq!(T::SLOT, T::ty().slot());
    let dynamic = Value::of(&value).expect("the value is within its bounds");
    assert!(dynamic.fits(&T::ty()), "{dynamic:?}");
    T::Owned::from_value(dynamic).expect("what was encoded is of the type")
}

#[test]
fn typed_values_read_back() {
    assert!(typed(true));
    assert_eq!(typed(i8::MIN), i8::MIN);
    assert_eq!(typed(i64::MIN), i64::MIN);
    assert_eq!(typed(u8::MAX), u8::MAX);
    assert_eq!(typed(u32::MAX), u32::MAX);
    assert_eq!(typed(i64::MAX as u64), i64::MAX as u64);
    assert!(typed(f64::NAN).is_nan());
    assert_eq!(typed("ä"), "ä");
    assert_eq!(typed(&b"\xff\0"[..]), b"\xff\0");
    assert_eq!(typed(vec![1u8, 2]), [1, 2]);
    assert_eq!(typed(vec!["a", ""]), ["a", ""]);
    assert_eq!(typed(&[1u32, 2][..]), [1, 2]);
    assert_eq!(typed(vec![vec![1u8], vec![]]), [vec![1u8], vec![]]);
    assert_eq!(typed(Ipv4Addr::LOCALHOST), Ipv4Addr::LOCALHOST);
    assert_eq!(typed(Ipv6Addr::LOCALHOST), Ipv6Addr::LOCALHOST);
    assert_eq!(typed(Prefix::SAMPLE), Prefix::SAMPLE);
    assert_eq!(typed(Some(5u16)), Some(5));
    assert_eq!(typed(None::<Prefix>), None);
    let map = BTreeMap::from([("a".to_owned(), 1u32), ("b".to_owned(), 2)]);
    assert_eq!(typed(map.clone()), map);
}

#[test]
fn bytes_are_strings_and_not_lists() {
    assert_eq!(<Vec<u8>>::ty(), Type::bytes(MAX_STRING));
    assert_eq!(<&[u8]>::ty(), Type::bytes(MAX_STRING));
    assert_eq!(<Vec<u16>>::ty(), Type::unsigned(16).list(MAX_LIST));
    assert_eq!(<&str>::ty(), Type::text(MAX_STRING));
}

#[test]
fn bounds_hold_at_the_edge() {
    let text = |len| Value::of(&"x".repeat(len));
    assert!(text(MAX_STRING as usize - 1).is_ok());
    assert!(text(MAX_STRING as usize).is_ok());
    let error = text(MAX_STRING as usize + 1).expect_err("one byte over");
    assert_eq!(error.to_string(), "value: expected at most 65536 bytes, got 65537");

    let list = |len| Value::of(&vec![0u32; len]);
    assert!(list(MAX_LIST as usize).is_ok());
    let error = list(MAX_LIST as usize + 1).expect_err("one element over");
    assert_eq!(error.to_string(), "value: expected at most 4096 elements, got 4097");

    assert!(Value::of(&(i64::MAX as u64)).is_ok());
    let error = Value::of(&(i64::MAX as u64 + 1)).expect_err("one over");
    assert_eq!(error.to_string(), "value: expected at most 9223372036854775807, got 9223372036854775808");
}

#[test]
fn arguments_are_counted_and_limited() {
    let declaration = generate::declaration(&[Type::INTEGER, Type::bytes(8)], &[]);
    let mut out = Encoder::new();
    declaration.encode_values(&[Value::Integer(1)], &mut out);
    let error = out.finish(&declaration, LIMIT).expect_err("one is missing");
    assert_eq!(error.to_string(), "test.generated: expected 2 arguments, got 1");

    declaration.encode_values(&[Value::Integer(1), Value::String(b"12345678".to_vec())], &mut out);
    assert_eq!(out.finish(&declaration, 24).map(|encoded| encoded.len()), Ok(24));
    assert_eq!(out.finish(&declaration, 25).map(|encoded| encoded.len()), Ok(24));
    let error = out.finish(&declaration, 23).expect_err("one byte too many");
    assert_eq!(error.to_string(), "test.generated: expected at most 23 bytes of arguments, got 24");
}
