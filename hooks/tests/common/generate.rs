//! Types, and values of them.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use proptest::prelude::*;
use tenterhook_hooks::schema::{Declaration, EnumType, Field, RecordType, Type, Variant};
use tenterhook_hooks::value::{Prefix, Value};

/// Any type that a declaration accepts, a few levels deep.
pub fn ty() -> impl Strategy<Value = Type> {
    let leaf = prop_oneof![
        Just(Type::Boolean),
        any::<(i64, i64)>().prop_map(|(a, b)| Type::integer(a.min(b), a.max(b))),
        Just(Type::INTEGER),
        Just(Type::Float),
        (0..40u32, any::<bool>()).prop_map(|(max, utf8)| Type::String { max, utf8, syntax: None }),
        Just(Type::Address),
        Just(Type::Prefix),
        proptest::collection::btree_set(any::<i64>(), 1..6).prop_map(enumeration),
    ];
    leaf.prop_recursive(3, 24, 5, |inner| {
        prop_oneof![
            (inner.clone(), 0..5u32).prop_map(|(of, max)| not_optional(of).list(max)),
            (inner.clone(), 0..5u32).prop_map(|(of, max)| not_optional(of).map(max)),
            inner.clone().prop_map(|of| not_optional(of).optional()),
            proptest::collection::vec((inner, any::<bool>()), 1..5).prop_map(record),
        ]
    })
}

fn not_optional(ty: Type) -> Type {
    match ty {
        Type::Optional(inner) => (*inner).clone(),
        other => other,
    }
}

fn enumeration(values: impl IntoIterator<Item = i64>) -> Type {
    let variants =
        values.into_iter().enumerate().map(|(i, value)| Variant { name: format!("V{i}"), value, doc: String::new() });
    Type::Enum(Arc::new(EnumType { name: "E".to_owned(), doc: String::new(), variants: variants.collect() }))
}

fn record(fields: Vec<(Type, bool)>) -> Type {
    let fields = fields.into_iter().enumerate().map(|(i, (ty, writable))| Field {
        name: format!("f{i}"),
        ty,
        writable,
        doc: String::new(),
    });
    Type::Record(Arc::new(RecordType { name: "R".to_owned(), doc: String::new(), fields: fields.collect() }))
}

fn prefix() -> impl Strategy<Value = Prefix> {
    (any::<IpAddr>(), any::<u8>()).prop_map(|(address, length)| {
        let most = if address.is_ipv4() { 32 } else { 128 };
        Prefix::new(address, length % (most + 1)).expect("the length is in range")
    })
}

/// Any value of the type.
pub fn value(ty: &Type) -> BoxedStrategy<Value> {
    match ty {
        Type::Boolean => any::<bool>().prop_map(Value::Boolean).boxed(),
        Type::Integer { min, max } => (*min..=*max).prop_map(Value::Integer).boxed(),
        // Comparisons below use ==, so no NaN here.
        Type::Float => any::<f64>().prop_filter("not NaN", |v| !v.is_nan()).prop_map(Value::Float).boxed(),
        Type::String { max, utf8: true, .. } => {
            let max = *max as usize;
            any::<String>()
                .prop_map(move |mut s| {
                    while s.len() > max {
                        s.pop();
                    }
                    Value::String(s.into_bytes())
                })
                .boxed()
        }
        Type::String { max, .. } => {
            proptest::collection::vec(any::<u8>(), 0..=*max as usize).prop_map(Value::String).boxed()
        }
        Type::Address => any::<IpAddr>().prop_map(Value::Address).boxed(),
        Type::Prefix => prefix().prop_map(Value::Prefix).boxed(),
        Type::Enum(e) => (0..e.variants.len()).prop_map(Value::Enum).boxed(),
        Type::Optional(inner) => prop_oneof![Just(Value::Nil), value(inner)].boxed(),
        Type::List { element, max } => {
            proptest::collection::vec(value(element), 0..=*max as usize).prop_map(Value::List).boxed()
        }
        Type::Map { value: of, max } => {
            let key = proptest::collection::vec(any::<u8>(), 0..6);
            proptest::collection::btree_map(key, value(of), 0..=*max as usize)
                .prop_map(|entries: BTreeMap<_, _>| Value::Map(entries.into_iter().collect()))
                .boxed()
        }
        Type::Record(record) => record
            .fields
            .iter()
            .map(|f| value(&f.ty))
            .collect::<Vec<_>>()
            .prop_map(|values| Value::Record(values.into_iter().enumerate().collect()))
            .boxed(),
    }
}

/// A few types, and a value of each.
pub fn typed_values() -> impl Strategy<Value = Vec<(Type, Value)>> {
    proptest::collection::vec(ty().prop_flat_map(|ty| (Just(ty.clone()), value(&ty))), 1..5)
}

/// A declaration with `inout` arguments and results of these types.
pub fn declaration(types: &[Type], defaults: &[Value]) -> Arc<Declaration> {
    let mut builder = Declaration::builder("test.generated", 1);
    for (i, ty) in types.iter().enumerate() {
        builder = builder.inout(&format!("a{i}"), ty.clone(), "");
    }
    for (i, (ty, default)) in types.iter().zip(defaults).enumerate() {
        builder = builder.result(&format!("r{i}"), ty.clone(), default.clone(), "");
    }
    builder.build().expect("generated types are valid")
}
