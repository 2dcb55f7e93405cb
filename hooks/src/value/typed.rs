//! Rust types that can be used in declarations.
//!
//! | Rust | type |
//! | --- | --- |
//! | `bool` | boolean |
//! | `i8`–`i64`, `u16`, `u32` (and `u8` outside of lists) | integer of that range |
//! | `u64` | integer 0..2^63-1; a greater value is an encode error |
//! | `f64` | float |
//! | `&str`, `String` | UTF-8 text, at most [`MAX_STRING`](super::MAX_STRING) bytes |
//! | `&[u8]`, `Vec<u8>` | bytes, at most [`MAX_STRING`](super::MAX_STRING) |
//! | [`IpAddr`](std::net::IpAddr), [`Ipv4Addr`](std::net::Ipv4Addr), [`Ipv6Addr`](std::net::Ipv6Addr) | address |
//! | [`Prefix`](super::Prefix) | prefix |
//! | `Option<T>` | optional |
//! | `Vec<T>`, `&[T]` | list, at most [`MAX_LIST`] elements |
//! | `BTreeMap<String, T>` | map, at most [`MAX_LIST`] entries |
//! | `&T` | as `T` |
//! | `#[derive(HookEnum)]`, `#[derive(HookRecord)]` | enum, record |
//!
//! ```text
//! HookValue  a type that goes in        ──Owned──▶ FromValue  a type that comes out
//!    ├─ Bounded     text, bytes, lists and maps: #[hook(max = N)] sets their bound
//!    ├─ ResultValue what comes out is what was declared: Owned = Self
//!    └─ HookEnum    closed sets of names
//! ```
//!
//! The implementations for the types above are in `scalars.rs` and `collections.rs`.

use std::sync::Arc;

use crate::codec::{ArgumentReader, EncodeError, Encoder};
use crate::dynamic::{Mismatch, Value};
use crate::types::{EnumType, MAX_LIST, Type};

/// A Rust type that can be an argument, a result or a part of one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be used in a hook point",
    label = "not a hook value",
    note = "numbers, bool, text, bytes, addresses and `Prefix` can, and `Option`, `Vec`, slices and maps of them",
    note = "derive `HookEnum` or `HookRecord` for types of your own"
)]
pub trait HookValue {
    /// Size of the slot in bytes, as [`Type::slot`] of [`HookValue::ty`] gives it.
    const SLOT: usize;

    /// The most elements of a list of these that sets no other bound.
    const LIST_MAX: u32 = MAX_LIST;

    /// What an answer turns it into: `Self` for plain values, the changed fields for records.
    type Owned: FromValue;

    /// The type.
    fn ty() -> Type;

    /// Writes the value into its slot at `at`; an error is noted in the encoder.
    fn encode(&self, at: usize, out: &mut Encoder);

    /// The type of at most `max` of these in a row. For `u8` it is a byte string; no other type overrides it.
    fn list_ty(max: u32) -> Type {
        Self::ty().list(max)
    }

    /// Writes at most `max` values in a row into the slot of the list at `at`, as for [`HookValue::list_ty`].
    #[inline]
    fn encode_list(items: &[Self], max: u32, at: usize, out: &mut Encoder)
    where
        Self: Sized,
    {
        let room = out.list(at, items.len(), Self::SLOT, max);
        for (i, item) in items.iter().enumerate().take(room.count) {
            item.encode(room.at + i * Self::SLOT, out);
        }
        out.within(at);
    }
}

/// A Rust type that can be created from an answer's value.
pub trait FromValue: Sized {
    /// The Rust value.
    ///
    /// # Errors
    /// A value of another type. Answers are checked against the declaration first, so this means that the type's
    /// [`HookValue::ty`] and its `FromValue` disagree.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Values in a row. `u8` takes them from a byte string; no other type overrides it.
    ///
    /// # Errors
    /// As [`FromValue::from_value`].
    fn list_from_value(value: Value) -> Result<Vec<Self>, Mismatch> {
        match value {
            Value::List(items) => items.into_iter().map(Self::from_value).collect(),
            other => Err(Mismatch::new("list", &other)),
        }
    }
}

impl<T: FromValue> FromValue for Arc<T> {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        T::from_value(value).map(Arc::new)
    }
}

/// A type whose size can be bounded: text, bytes, lists and maps, and references to and options of them.
///
/// `#[hook(max = N)]` on a field or an argument sets the bound: the most bytes of a string, the most elements
/// otherwise.
#[diagnostic::on_unimplemented(
    message = "`#[hook(max = …)]` is for text, bytes, lists and maps, not for `{Self}`",
    label = "has no size to bound"
)]
pub trait Bounded: HookValue {
    /// The type with this bound.
    fn ty_within(max: u32) -> Type;

    /// Writes the value as [`HookValue::encode`] does; a value over the bound is noted as an error in the encoder.
    fn encode_within(&self, max: u32, at: usize, out: &mut Encoder);
}

/// A type that can be declared as a result: an answer's value becomes the type itself.
///
/// This holds for all owned types: `String` but not `&str`, and records that are declared `#[hook(owned)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a result",
    label = "an answer cannot produce this type",
    note = "results are owned: `String` instead of `&str`, `Vec<T>` instead of `&[T]`, records with `#[hook(owned)]`"
)]
pub trait ResultValue: HookValue<Owned = Self> + FromValue {}
impl<T: HookValue<Owned = T> + FromValue> ResultValue for T {}

/// A closed set of names as a Rust enum. `#[derive(HookEnum)]` implements it.
pub trait HookEnum: HookValue {
    /// The type, made once.
    fn enum_type() -> &'static Arc<EnumType>;

    /// Position of this variant.
    fn position(&self) -> usize;

    /// The name of this variant in scripts.
    fn name(&self) -> &'static str {
        Self::enum_type().variants.get(self.position()).map_or("", |v| v.name.as_str())
    }
}

/// What an answer turns a `T` into.
pub type Change<T> = <T as HookValue>::Owned;

/// The owned form of a record without writable fields: it is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOnly;

impl FromValue for ReadOnly {
    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Record(_) => Ok(ReadOnly),
            other => Err(Mismatch::new("record", &other)),
        }
    }
}

impl Value {
    /// The dynamic form of a typed value.
    ///
    /// # Errors
    /// A value that exceeds the bounds of its type.
    pub fn of<T: HookValue + ?Sized>(value: &T) -> Result<Value, EncodeError> {
        let mut out = Encoder::new();
        out.begin(T::SLOT);
        value.encode(0, &mut out);
        let bytes = out.finish_value(&T::ty())?;
        ArgumentReader::new(bytes).value(&T::ty(), 0).ok_or_else(|| EncodeError {
            path: "value".to_owned(),
            reason: format!("the bytes are not a {}; HookValue::ty and encode disagree", T::ty()),
        })
    }
}
