//! [`HookValue`] for text, lists (bytes among them) and maps.

use std::collections::BTreeMap;

use super::typed::{Bounded, FromValue, HookValue};
use crate::codec::Encoder;
use crate::dynamic::{Mismatch, Value};
use crate::types::{MAX_LIST, MAX_STRING, Type};

/// Types whose bound has a default, implemented through [`Bounded`] with that default.
macro_rules! bounded_by_default {
    ($max:expr, $owned:ty) => {
        const SLOT: usize = 8;
        type Owned = $owned;
        fn ty() -> Type {
            Self::ty_within($max)
        }
        #[inline]
        fn encode(&self, at: usize, out: &mut Encoder) {
            self.encode_within($max, at, out);
        }
    };
}

impl HookValue for str {
    bounded_by_default!(MAX_STRING, String);
}

impl Bounded for str {
    fn ty_within(max: u32) -> Type {
        Type::text(max)
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        out.string(at, self.as_bytes(), max);
    }
}

impl HookValue for String {
    bounded_by_default!(MAX_STRING, String);
}

impl Bounded for String {
    fn ty_within(max: u32) -> Type {
        Type::text(max)
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        out.string(at, self.as_bytes(), max);
    }
}

impl FromValue for String {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(bytes) => {
                String::from_utf8(bytes).map_err(|e| Mismatch::new("UTF-8 text", &Value::String(e.into_bytes())))
            }
            other => Err(Mismatch::new("string", &other)),
        }
    }
}

impl<T: HookValue> HookValue for [T] {
    bounded_by_default!(T::LIST_MAX, Vec<T::Owned>);
}

impl<T: HookValue> Bounded for [T] {
    fn ty_within(max: u32) -> Type {
        T::list_ty(max)
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        T::encode_list(self, max, at, out);
    }
}

impl<T: HookValue> HookValue for Vec<T> {
    bounded_by_default!(T::LIST_MAX, Vec<T::Owned>);
}

impl<T: HookValue> Bounded for Vec<T> {
    fn ty_within(max: u32) -> Type {
        T::list_ty(max)
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        T::encode_list(self, max, at, out);
    }
}

impl<T: FromValue> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        T::list_from_value(value)
    }
}

impl<T: HookValue> HookValue for BTreeMap<String, T> {
    bounded_by_default!(MAX_LIST, BTreeMap<String, T::Owned>);
}

impl<T: HookValue> Bounded for BTreeMap<String, T> {
    fn ty_within(max: u32) -> Type {
        T::ty().map(max)
    }
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        let entries = out.list(at, self.len(), 8 + T::SLOT, max);
        for (i, (key, value)) in self.iter().enumerate().take(entries.count) {
            let entry = entries.at + i * (8 + T::SLOT);
            out.string(entry, key.as_bytes(), MAX_STRING);
            value.encode(entry + 8, out);
        }
        out.within(at);
    }
}

impl<T: FromValue> FromValue for BTreeMap<String, T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(entries) => entries
                .into_iter()
                .map(|(key, value)| Ok((String::from_value(Value::String(key))?, T::from_value(value)?)))
                .collect(),
            other => Err(Mismatch::new("map", &other)),
        }
    }
}
