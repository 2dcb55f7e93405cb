//! [`HookValue`] for booleans, numbers, addresses and prefixes, and for references and options.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::typed::{Bounded, FromValue, HookValue};
use crate::codec::Encoder;
use crate::dynamic::{Mismatch, Prefix, Value, address_to_slot};
use crate::types::{MAX_STRING, Type};

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl HookValue for $t {
            const SLOT: usize = 8;
            type Owned = $t;
            fn ty() -> Type {
                Type::integer(i64::from(<$t>::MIN), i64::from(<$t>::MAX))
            }
            #[inline]
            fn encode(&self, at: usize, out: &mut Encoder) {
                out.integer(at, i64::from(*self));
            }
        }
        impl FromValue for $t {
            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match value {
                    Value::Integer(v) => <$t>::try_from(v).map_err(|_| Mismatch::new(stringify!($t), &value)),
                    other => Err(Mismatch::new(stringify!($t), &other)),
                }
            }
        }
    )*};
}
integers!(i8, i16, i32, i64, u16, u32);

/// An integer by itself; several in a row are a byte string.
impl HookValue for u8 {
    const SLOT: usize = 8;
    const LIST_MAX: u32 = MAX_STRING;
    type Owned = u8;
    fn ty() -> Type {
        Type::unsigned(8)
    }
    #[inline]
    fn encode(&self, at: usize, out: &mut Encoder) {
        out.integer(at, i64::from(*self));
    }
    fn list_ty(max: u32) -> Type {
        Type::bytes(max)
    }
    #[inline]
    fn encode_list(items: &[u8], max: u32, at: usize, out: &mut Encoder) {
        out.string(at, items, max);
    }
}

impl FromValue for u8 {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(v) => u8::try_from(v).map_err(|_| Mismatch::new("u8", &value)),
            other => Err(Mismatch::new("u8", &other)),
        }
    }
    fn list_from_value(value: Value) -> Result<Vec<u8>, Mismatch> {
        match value {
            Value::String(bytes) => Ok(bytes),
            other => Err(Mismatch::new("string", &other)),
        }
    }
}

impl HookValue for u64 {
    const SLOT: usize = 8;
    type Owned = u64;
    fn ty() -> Type {
        Type::unsigned(64)
    }
    #[inline]
    fn encode(&self, at: usize, out: &mut Encoder) {
        match i64::try_from(*self) {
            Ok(v) => out.integer(at, v),
            Err(_) => out.fail(at, format!("expected at most {}, got {self}", i64::MAX)),
        }
    }
}

impl FromValue for u64 {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Integer(v) => u64::try_from(v).map_err(|_| Mismatch::new("u64", &value)),
            other => Err(Mismatch::new("u64", &other)),
        }
    }
}

/// Scalars whose [`FromValue`] takes one variant apart.
macro_rules! plain {
    ($t:ty, $slot:expr, $ty:expr, $variant:ident, |$value:ident, $at:ident, $out:ident| $encode:expr) => {
        impl HookValue for $t {
            const SLOT: usize = $slot;
            type Owned = $t;
            fn ty() -> Type {
                $ty
            }
            #[inline]
            fn encode(&self, $at: usize, $out: &mut Encoder) {
                let $value = self;
                $encode
            }
        }
        impl FromValue for $t {
            fn from_value(value: Value) -> Result<Self, Mismatch> {
                match value {
                    Value::$variant(v) => Ok(v),
                    other => Err(Mismatch::new(stringify!($t), &other)),
                }
            }
        }
    };
}
plain!(bool, 8, Type::Boolean, Boolean, |value, at, out| out.integer(at, i64::from(*value)));
plain!(f64, 8, Type::Float, Float, |value, at, out| out.float(at, *value));
plain!(IpAddr, 24, Type::Address, Address, |value, at, out| out.net(at, address_to_slot(*value)));
plain!(Prefix, 24, Type::Prefix, Prefix, |value, at, out| out.net(at, value.to_slot()));

/// One family of addresses; an answer may contain either, so its owned form is an [`IpAddr`].
macro_rules! one_family {
    ($t:ty) => {
        impl HookValue for $t {
            const SLOT: usize = 24;
            type Owned = IpAddr;
            fn ty() -> Type {
                Type::Address
            }
            #[inline]
            fn encode(&self, at: usize, out: &mut Encoder) {
                out.net(at, address_to_slot((*self).into()));
            }
        }
    };
}
one_family!(Ipv4Addr);
one_family!(Ipv6Addr);

impl<T: HookValue + ?Sized> HookValue for &T {
    const SLOT: usize = T::SLOT;
    type Owned = T::Owned;
    fn ty() -> Type {
        T::ty()
    }
    #[inline]
    fn encode(&self, at: usize, out: &mut Encoder) {
        T::encode(self, at, out);
    }
}

impl<T: Bounded + ?Sized> Bounded for &T {
    fn ty_within(max: u32) -> Type {
        T::ty_within(max)
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        T::encode_within(self, max, at, out);
    }
}

impl<T: HookValue> HookValue for Option<T> {
    const SLOT: usize = 8 + T::SLOT;
    type Owned = Option<T::Owned>;
    fn ty() -> Type {
        T::ty().optional()
    }
    #[inline]
    fn encode(&self, at: usize, out: &mut Encoder) {
        // Slots start as zeros, so an absent value writes nothing.
        if let Some(value) = self {
            out.integer(at, 1);
            value.encode(at + 8, out);
        }
    }
}

impl<T: Bounded> Bounded for Option<T> {
    fn ty_within(max: u32) -> Type {
        T::ty_within(max).optional()
    }
    #[inline]
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder) {
        if let Some(value) = self {
            out.integer(at, 1);
            value.encode_within(max, at + 8, out);
        }
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Nil => Ok(None),
            other => T::from_value(other).map(Some),
        }
    }
}
