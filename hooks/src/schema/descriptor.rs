//! The declaration as bytes for the guest (guest-lua/shim/schema.h reads this format).
//!
//! Types come first, each after its parts, so that the guest can build them in one pass; then arguments, constants and
//! the handler's name. Integers are little-endian; names are a u16 length and bytes.

use std::sync::Arc;

use super::declaration::Declaration;
use crate::types::Type;

struct Descriptor {
    bytes: Vec<u8>,
    types: u16,
    /// Types of records and enums that were already written, so that each exists once in the guest.
    shared: Vec<(*const (), u16)>,
}

impl Descriptor {
    fn name(&mut self, name: &str) {
        // Declarations contain names of at most 64 bytes (DeclarationBuilder checks that), so this never truncates.
        let len = u16::try_from(name.len()).unwrap_or(u16::MAX);
        self.bytes.extend_from_slice(&len.to_le_bytes());
        self.bytes.extend_from_slice(&name.as_bytes()[..usize::from(len)]);
    }

    /// Writes the type, its parts first, and returns its number.
    fn ty(&mut self, ty: &Type) -> u16 {
        let identity = match ty {
            Type::Enum(e) => Some(Arc::as_ptr(e).cast::<()>()),
            Type::Record(r) => Some(Arc::as_ptr(r).cast::<()>()),
            _ => None,
        };
        if let Some(known) = identity.and_then(|id| self.shared.iter().find(|(p, _)| *p == id)) {
            return known.1;
        }
        match ty {
            Type::Boolean => self.bytes.push(0),
            Type::Integer { min, max } => {
                self.bytes.push(1);
                self.bytes.extend_from_slice(&min.to_le_bytes());
                self.bytes.extend_from_slice(&max.to_le_bytes());
            }
            Type::Float => self.bytes.push(2),
            Type::String { max, .. } => {
                self.bytes.push(3);
                self.bytes.extend_from_slice(&max.to_le_bytes());
            }
            Type::Address => self.bytes.push(4),
            Type::Prefix => self.bytes.push(5),
            Type::Enum(e) => {
                self.bytes.push(6);
                self.name(&e.name);
                self.bytes.extend_from_slice(&(e.variants.len() as u16).to_le_bytes());
                for variant in &e.variants {
                    self.name(&variant.name);
                    self.bytes.extend_from_slice(&variant.value.to_le_bytes());
                }
            }
            Type::Optional(inner) => {
                let inner = self.ty(inner);
                self.bytes.push(7);
                self.bytes.extend_from_slice(&inner.to_le_bytes());
            }
            Type::List { element, max } => {
                let element = self.ty(element);
                self.bytes.push(8);
                self.bytes.extend_from_slice(&element.to_le_bytes());
                self.bytes.extend_from_slice(&max.to_le_bytes());
            }
            Type::Map { value, max } => {
                let value = self.ty(value);
                self.bytes.push(9);
                self.bytes.extend_from_slice(&value.to_le_bytes());
                self.bytes.extend_from_slice(&max.to_le_bytes());
            }
            Type::Record(record) => {
                let types: Vec<u16> = record.fields.iter().map(|f| self.ty(&f.ty)).collect();
                self.bytes.push(10);
                self.name(&record.name);
                self.bytes.extend_from_slice(&(record.fields.len() as u16).to_le_bytes());
                for ((field, ty), offset) in record.fields.iter().zip(types).zip(record.offsets()) {
                    self.name(&field.name);
                    self.bytes.extend_from_slice(&ty.to_le_bytes());
                    self.bytes.extend_from_slice(&(offset as u32).to_le_bytes());
                    self.bytes.push(u8::from(field.writable));
                }
            }
        }
        let number = self.types;
        self.types += 1;
        if let Some(identity) = identity {
            self.shared.push((identity, number));
        }
        number
    }
}

impl Declaration {
    /// The declaration in the guest's format.
    pub fn descriptor(&self) -> Vec<u8> {
        let mut d = Descriptor { bytes: vec![0, 0], types: 0, shared: Vec::new() };
        let types: Vec<u16> = self.arguments.iter().map(|a| d.ty(&a.ty)).collect();
        let count = d.types;
        d.bytes[..2].copy_from_slice(&count.to_le_bytes());
        d.bytes.push(self.arguments.len() as u8);
        for ((argument, ty), offset) in self.arguments.iter().zip(types).zip(self.offsets()) {
            d.name(&argument.name);
            d.bytes.extend_from_slice(&ty.to_le_bytes());
            d.bytes.extend_from_slice(&(offset as u32).to_le_bytes());
            d.bytes.push(u8::from(argument.inout));
        }
        d.bytes.extend_from_slice(&(self.constants.len() as u16).to_le_bytes());
        for constant in &self.constants {
            d.name(&constant.name);
            d.bytes.extend_from_slice(&constant.value.to_le_bytes());
        }
        d.name(&self.handler);
        d.bytes
    }
}
