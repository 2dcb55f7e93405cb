//! Writes arguments into the flat buffer that guests read.

use thiserror::Error;

use crate::schema::{Declaration, Type};
use crate::value::{MAX_STRING, Prefix, Value};

/// Why arguments could not be encoded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct EncodeError {
    /// Which argument, such as `attributes.communities`.
    pub path: String,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// A buffer for one invocation's arguments; meant to be reused.
///
/// Problems are noted rather than returned, so that encoding a record is a straight line of stores: the first one is
/// kept, and [`Encoder::finish`] reports it with the path of the argument.
#[derive(Debug, Default)]
pub struct Encoder {
    bytes: Vec<u8>,
    head: usize,
    problem: Option<(usize, String)>,
}

/// Where the elements of a list go.
#[derive(Debug, Clone, Copy)]
pub struct Items {
    /// Offset of the first element's slot.
    pub at: usize,
    /// How many there is room for: all, or none after a problem.
    pub count: usize,
}

impl Encoder {
    /// An empty encoder.
    pub fn new() -> Encoder {
        Encoder::default()
    }

    /// Starts over with `head` zero bytes of slots.
    #[inline]
    pub fn begin(&mut self, head: usize) {
        self.bytes.clear();
        self.bytes.resize(head, 0);
        self.head = head;
        self.problem = None;
    }

    /// The encoded bytes, at most `limit` of them.
    ///
    /// # Errors
    /// The first problem noted, or a buffer over the limit.
    #[inline]
    pub fn finish(&self, of: &Declaration, limit: usize) -> Result<&[u8], EncodeError> {
        if let Some((at, reason)) = &self.problem {
            return Err(EncodeError { path: path_of(of, *at), reason: reason.clone() });
        }
        if self.bytes.len() > limit {
            let reason = format!("expected at most {limit} bytes of arguments, got {}", self.bytes.len());
            return Err(EncodeError { path: of.name.clone(), reason });
        }
        Ok(&self.bytes)
    }

    /// The bytes of one value whose slot is at 0.
    pub(crate) fn finish_value(&self, ty: &Type) -> Result<&[u8], EncodeError> {
        let Some((at, reason)) = &self.problem else { return Ok(&self.bytes) };
        let mut path = String::from("value");
        descend(&mut path, ty, *at);
        Err(EncodeError { path, reason: reason.clone() })
    }

    /// The encoded bytes as far as they are.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    #[inline]
    fn slot<const N: usize>(&mut self, at: usize, bytes: &[u8; N]) {
        // A slot beyond the buffer would be an error of a HookValue implementation: noted, never a panic.
        match self.bytes.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<N>()) {
            Some(slot) => *slot = *bytes,
            None => self.beyond(at),
        }
    }

    #[cold]
    #[inline(never)]
    fn beyond(&mut self, at: usize) {
        self.fail(at, format!("slot beyond the buffer of {} bytes", self.bytes.len()));
    }

    #[cold]
    #[inline(never)]
    fn too_long(&mut self, at: usize, what: &str, max: u32, got: usize) {
        self.fail(at, format!("expected at most {max} {what}, got {got}"));
    }

    /// An integer, a boolean or the position of a variant.
    #[inline]
    pub fn integer(&mut self, at: usize, value: i64) {
        self.slot(at, &value.to_le_bytes());
    }

    /// A float.
    #[inline]
    pub fn float(&mut self, at: usize, value: f64) {
        self.slot(at, &value.to_le_bytes());
    }

    /// An address or a prefix, as slot bytes.
    #[inline]
    pub fn net(&mut self, at: usize, slot: [u8; 24]) {
        self.slot(at, &slot);
    }

    /// A string of at most `max` bytes.
    #[inline]
    pub fn string(&mut self, at: usize, bytes: &[u8], max: u32) {
        if bytes.len() > max as usize {
            self.too_long(at, "bytes", max, bytes.len());
            return;
        }
        let offset = self.bytes.len();
        self.bytes.extend_from_slice(bytes);
        self.span(at, offset, bytes.len());
    }

    /// A string that `write` appends, such as a formatted number; at most [`MAX_STRING`] bytes.
    #[inline]
    pub fn string_with(&mut self, at: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let offset = self.bytes.len();
        write(&mut self.bytes);
        let len = self.bytes.len().saturating_sub(offset);
        if len > MAX_STRING as usize {
            self.bytes.truncate(offset);
            self.too_long(at, "bytes", MAX_STRING, len);
            return;
        }
        self.span(at, offset, len);
    }

    /// Makes room for `count` elements of `slot` bytes each.
    #[inline]
    pub fn list(&mut self, at: usize, count: usize, slot: usize, max: u32) -> Items {
        if count > max as usize {
            self.too_long(at, "elements", max, count);
            return Items { at: 0, count: 0 };
        }
        let offset = self.bytes.len();
        self.bytes.resize(offset + count * slot, 0);
        self.span(at, offset, count);
        Items { at: offset, count }
    }

    #[inline]
    fn span(&mut self, at: usize, offset: usize, len: usize) {
        // Limits keep both far below 4 GiB; should they not, finish() refuses the buffer.
        let mut slot = [0; 8];
        slot[..4].copy_from_slice(&(offset as u32).to_le_bytes());
        slot[4..].copy_from_slice(&(len as u32).to_le_bytes());
        self.slot(at, &slot);
    }

    /// Notes a problem with the value whose slot is at `at`; the first one is kept.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, at: usize, reason: String) {
        if self.problem.is_none() {
            self.problem = Some((at, reason));
        }
    }

    /// Says that everything encoded since belongs to the list or map at `at`, so that a problem names it.
    #[inline]
    pub fn within(&mut self, at: usize) {
        if let Some((place, _)) = &mut self.problem
            && *place >= self.head
        {
            *place = at;
        }
    }

    /// Any value of a type known at run time.
    pub fn value(&mut self, at: usize, ty: &Type, value: &Value) {
        match (ty, value) {
            (Type::Optional(_), Value::Nil) => {}
            (Type::Optional(inner), value) => {
                self.integer(at, 1);
                self.value(at + 8, inner, value);
            }
            (Type::Boolean, Value::Boolean(v)) => self.integer(at, i64::from(*v)),
            (Type::Integer { min, max }, Value::Integer(v)) if min <= v && v <= max => self.integer(at, *v),
            (Type::Integer { .. }, Value::Integer(v)) => self.fail(at, format!("expected {ty}, got {v}")),
            (Type::Float, Value::Float(v)) => self.float(at, *v),
            (Type::String { utf8: true, .. }, Value::String(bytes)) if std::str::from_utf8(bytes).is_err() => {
                self.fail(at, "expected UTF-8 text, got other bytes".to_owned());
            }
            (Type::String { max, .. }, Value::String(bytes)) => self.string(at, bytes, *max),
            (Type::Address, Value::Address(v)) => self.net(at, crate::value::address_slot(*v)),
            (Type::Prefix, Value::Prefix(v)) => self.net(at, Prefix::to_slot(*v)),
            (Type::Enum(e), Value::Enum(v)) if *v < e.variants.len() => self.integer(at, *v as i64),
            (Type::List { element, max }, Value::List(values)) => {
                let items = self.list(at, values.len(), element.slot(), *max);
                for (i, value) in values.iter().enumerate().take(items.count) {
                    self.value(items.at + i * element.slot(), element, value);
                }
                self.within(at);
            }
            (Type::Map { value: of, max }, Value::Map(values)) => {
                let items = self.list(at, values.len(), 8 + of.slot(), *max);
                for (i, (key, value)) in values.iter().enumerate().take(items.count) {
                    let entry = items.at + i * (8 + of.slot());
                    self.string(entry, key, MAX_STRING);
                    self.value(entry + 8, of, value);
                }
                self.within(at);
            }
            (Type::Record(record), Value::Record(fields)) => {
                if let Some((unknown, _)) = fields.iter().find(|(at, _)| *at >= record.fields.len()) {
                    self.fail(at, format!("expected {ty}, got a field at position {unknown}"));
                }
                for (i, (field, offset)) in record.fields.iter().zip(record.offsets()).enumerate() {
                    match fields.iter().find(|(at, _)| *at == i) {
                        Some((_, value)) => self.value(at + offset, &field.ty, value),
                        None if matches!(field.ty, Type::Optional(_)) => {}
                        None => self.fail(at + offset, format!("expected {}, got nothing", field.ty)),
                    }
                }
            }
            (ty, value) => self.fail(at, format!("expected {ty}, got {}", value.kind())),
        }
    }
}

/// The argument, or the field of one, whose slot holds offset `at`.
fn path_of(of: &Declaration, at: usize) -> String {
    for (argument, offset) in of.arguments.iter().zip(of.offsets()) {
        if (offset..offset + argument.ty.slot()).contains(&at) {
            let mut path = argument.name.clone();
            descend(&mut path, &argument.ty, at - offset);
            return path;
        }
    }
    of.name.clone()
}

fn descend(path: &mut String, ty: &Type, at: usize) {
    match ty {
        Type::Optional(inner) if at >= 8 => descend(path, inner, at - 8),
        Type::Record(record) => {
            for (field, offset) in record.fields.iter().zip(record.offsets()) {
                if (offset..offset + field.ty.slot()).contains(&at) {
                    path.push('.');
                    path.push_str(&field.name);
                    descend(path, &field.ty, at - offset);
                    return;
                }
            }
        }
        _ => {}
    }
}

impl Declaration {
    /// Writes arguments known at run time, one value each, in order. What does not fit is noted in the encoder.
    pub fn encode_values(&self, values: &[Value], out: &mut Encoder) {
        out.begin(self.head());
        if values.len() != self.arguments.len() {
            out.fail(usize::MAX, format!("expected {} arguments, got {}", self.arguments.len(), values.len()));
            return;
        }
        for ((argument, at), value) in self.arguments.iter().zip(self.offsets()).zip(values) {
            out.value(at, &argument.ty, value);
        }
    }
}
