//! Decodes encoded arguments to values.
//!
//! The host uses it to compare a read-only field in an answer with what the script was given; tools use it to display
//! arguments.

use super::encoded::Encoded;
use crate::dynamic::{Prefix, Value, address_from_slot};
use crate::schema::Declaration;
use crate::types::Type;

/// Encoded arguments, as [`Encoder`](super::Encoder) wrote them.
#[derive(Debug, Clone, Copy)]
pub struct ArgumentReader<'a> {
    bytes: Encoded<'a>,
}

impl<'a> ArgumentReader<'a> {
    /// Arguments in `bytes`.
    pub fn new(bytes: impl Into<Encoded<'a>>) -> ArgumentReader<'a> {
        ArgumentReader { bytes: bytes.into() }
    }

    /// The argument at `position` of the declaration, if the bytes contain one.
    pub fn argument(&self, of: &Declaration, position: usize) -> Option<Value> {
        self.value(&of.arguments.get(position)?.ty, of.offset(position))
    }

    /// Whether the optional whose slot is at `at` is present.
    pub(super) fn present(&self, at: usize) -> bool {
        self.take(at).is_some_and(|bytes| i64::from_le_bytes(bytes) != 0)
    }

    fn take<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes.get(at, N)?.try_into().ok()
    }

    fn span(&self, at: usize) -> Option<(usize, usize)> {
        let offset = u32::from_le_bytes(self.take(at)?);
        let len = u32::from_le_bytes(self.take(at + 4)?);
        Some((offset as usize, len as usize))
    }

    fn string(&self, at: usize) -> Option<Vec<u8>> {
        let (offset, len) = self.span(at)?;
        self.bytes.get(offset, len).map(<[u8]>::to_vec)
    }

    /// The value of type `ty` in the slot at `at`.
    pub fn value(&self, ty: &Type, at: usize) -> Option<Value> {
        let integer = || Some(i64::from_le_bytes(self.take(at)?));
        Some(match ty {
            Type::Boolean => Value::Boolean(integer()? != 0),
            Type::Integer { .. } => Value::Integer(integer()?),
            Type::Float => Value::Float(f64::from_le_bytes(self.take(at)?)),
            Type::String { .. } => Value::String(self.string(at)?),
            Type::Address => Value::Address(address_from_slot(&self.take(at)?)?),
            Type::Prefix => Value::Prefix(Prefix::from_slot(&self.take(at)?)?),
            Type::Enum(e) => Value::Enum(usize::try_from(integer()?).ok().filter(|v| *v < e.variants.len())?),
            Type::Optional(_) if integer()? == 0 => Value::Nil,
            Type::Optional(inner) => self.value(inner, at + 8)?,
            Type::List { element, .. } => {
                let (offset, count) = self.span(at)?;
                // Elements past the end make this None before memory is allocated for them.
                Value::List(
                    (0..count).map(|i| self.value(element, offset + i * element.slot())).collect::<Option<_>>()?,
                )
            }
            Type::Map { value, .. } => {
                let (offset, count) = self.span(at)?;
                let entry = |i: usize| {
                    let at = offset + i * (8 + value.slot());
                    Some((self.string(at)?, self.value(value, at + 8)?))
                };
                Value::Map((0..count).map(entry).collect::<Option<_>>()?)
            }
            Type::Record(record) => Value::Record(
                record
                    .fields
                    .iter()
                    .zip(record.offsets())
                    .enumerate()
                    .map(|(i, (field, offset))| Some((i, self.value(&field.ty, at + offset)?)))
                    .collect::<Option<_>>()?,
            ),
        })
    }
}
