//! The position of each value in the argument buffer.
//!
//! Every value has a slot of a fixed size. What has no fixed size (text, lists, maps) lies behind the fixed head of the
//! buffer, at an offset that its slot contains. All numbers are little-endian, and offsets count from the buffer's
//! start.
//!
//! | type | slot |
//! | --- | --- |
//! | boolean, integer, float | 8 bytes: the value |
//! | enum | 8 bytes: position of the variant |
//! | string | offset u32, length u32 |
//! | list, map | offset u32, count u32; elements lie slot after slot, a map's as (string, value) |
//! | address, prefix | 24 bytes: family (2 or 10), prefix length, 16 bytes of address, 6 of zero |
//! | optional | 8 bytes: 1 if present; then the slot of the value |
//! | record | the slots of its fields, in order |

use super::ty::{RecordType, Type};

impl Type {
    /// Size of this type's slot in bytes.
    pub fn slot(&self) -> usize {
        match self {
            Type::Address | Type::Prefix => 24,
            Type::Optional(inner) => 8 + inner.slot(),
            Type::Record(record) => record.fields.iter().map(|f| f.ty.slot()).sum(),
            _ => 8,
        }
    }
}

impl RecordType {
    /// Offset of each field within the record, in order.
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        self.fields.iter().scan(0, |at, field| {
            let offset = *at;
            *at += field.ty.slot();
            Some(offset)
        })
    }

    /// Offset of the field at `position`: the sum of the slots before it.
    pub fn offset(&self, position: usize) -> usize {
        self.fields.iter().take(position).map(|field| field.ty.slot()).sum()
    }
}
