//! A value of any type, known at run time.

use std::net::IpAddr;

use thiserror::Error;

use super::prefix::Prefix;
use crate::types::{EnumType, Type};

/// A value of some [`Type`]. Names are positions in the type, so that creating and moving one needs no strings.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// An absent optional.
    Nil,
    /// A boolean.
    Boolean(bool),
    /// An integer.
    Integer(i64),
    /// A float.
    Float(f64),
    /// Bytes.
    String(Vec<u8>),
    /// An address.
    Address(IpAddr),
    /// A prefix.
    Prefix(Prefix),
    /// Position of a variant in its [`EnumType`].
    Enum(usize),
    /// Elements.
    List(Vec<Value>),
    /// Items, in no particular order.
    Map(Vec<(Vec<u8>, Value)>),
    /// Fields by position, in order of declaration; in a change, those that changed. Optional ones may be left out.
    Record(Vec<(usize, Value)>),
}

/// A value of another type than expected.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("expected {expected}, got {got}")]
pub struct Mismatch {
    /// The expected type.
    pub expected: String,
    /// What was found.
    pub got: String,
}

impl Mismatch {
    /// `got` was expected to be of the type `expected`.
    pub fn new(expected: &str, got: &Value) -> Mismatch {
        Mismatch { expected: expected.to_owned(), got: got.kind().to_owned() }
    }
}

impl Value {
    /// The variant of this name.
    pub fn variant(of: &EnumType, name: &str) -> Option<Value> {
        of.position(name.as_bytes()).map(Value::Enum)
    }

    /// The kind of value, for messages.
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Nil => "nil",
            Value::Boolean(_) => "boolean",
            Value::Integer(_) => "integer",
            Value::Float(_) => "number",
            Value::String(_) => "string",
            Value::Address(_) => "address",
            Value::Prefix(_) => "prefix",
            Value::Enum(_) => "enum",
            Value::List(_) => "list",
            Value::Map(_) => "map",
            Value::Record(_) => "record",
        }
    }

    /// Equality as scripts see it: maps in any order, nil fields equal to absent ones, NaN equal to NaN.
    pub fn same(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Float(a), Value::Float(b)) => a == b || (a.is_nan() && b.is_nan()),
            (Value::List(a), Value::List(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same(b)),
            (Value::Map(a), Value::Map(b)) => {
                let sorted = |entries: &[(Vec<u8>, Value)]| {
                    let mut order: Vec<usize> = (0..entries.len()).collect();
                    order.sort_by(|x, y| entries[*x].0.cmp(&entries[*y].0));
                    order
                };
                a.len() == b.len()
                    && sorted(a).into_iter().zip(sorted(b)).all(|(x, y)| a[x].0 == b[y].0 && a[x].1.same(&b[y].1))
            }
            (Value::Record(a), Value::Record(b)) => {
                let (mut a, mut b) = (present(a), present(b));
                loop {
                    match (a.next(), b.next()) {
                        (Some((i, x)), Some((j, y))) if i == j && x.same(y) => {}
                        (None, None) => return true,
                        _ => return false,
                    }
                }
            }
            (a, b) => a == b,
        }
    }

    /// Whether this is a value of `ty`: of the right kind, within bounds at every level, with every field that is not
    /// optional.
    pub fn fits(&self, ty: &Type) -> bool {
        match (self, ty) {
            (Value::Nil, Type::Optional(_)) => true,
            (value, Type::Optional(inner)) => value.fits(inner),
            (Value::Boolean(_), Type::Boolean)
            | (Value::Float(_), Type::Float)
            | (Value::Address(_), Type::Address)
            | (Value::Prefix(_), Type::Prefix) => true,
            (Value::Integer(v), Type::Integer { min, max }) => min <= v && v <= max,
            (Value::String(bytes), Type::String { max, utf8, syntax }) => {
                bytes.len() <= *max as usize
                    && (!utf8 || std::str::from_utf8(bytes).is_ok())
                    && syntax.is_none_or(|syntax| syntax.accepts(bytes))
            }
            (Value::Enum(at), Type::Enum(e)) => *at < e.variants.len(),
            (Value::List(items), Type::List { element, max }) => {
                items.len() <= *max as usize && items.iter().all(|v| v.fits(element))
            }
            (Value::Map(entries), Type::Map { value, max }) => {
                entries.len() <= *max as usize && entries.iter().all(|(_, v)| v.fits(value))
            }
            (Value::Record(fields), Type::Record(record)) => {
                let given = |at: usize| fields.iter().any(|(known, _)| *known == at);
                fields.iter().all(|(at, v)| record.fields.get(*at).is_some_and(|f| v.fits(&f.ty)))
                    && record.fields.iter().enumerate().all(|(at, f)| matches!(f.ty, Type::Optional(_)) || given(at))
            }
            _ => false,
        }
    }
}

/// The fields of a record that are not nil.
fn present(fields: &[(usize, Value)]) -> impl Iterator<Item = &(usize, Value)> {
    fields.iter().filter(|(_, value)| *value != Value::Nil)
}

/// The integer that a float represents, if it does so exactly.
pub(crate) fn whole(v: f64) -> Option<i64> {
    // 2^63 is the first float above every i64; NaN is in no range.
    let in_range = (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&v);
    (in_range && v.trunc() == v).then_some(v as i64)
}
