//! Writes arguments into the flat buffer that guests read.

use thiserror::Error;

use super::encoded::Encoded;
use crate::dynamic::{Prefix, Value, address_to_slot};
use crate::schema::{Declaration, MAX_HEAD};
use crate::types::{MAX_STRING, Type};

/// Why arguments could not be encoded.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct EncodeError {
    /// The argument, such as `headers.accept`.
    pub path: String,
    /// What is wrong, and what was expected.
    pub reason: String,
}

/// A reusable buffer for the arguments of one invocation.
///
/// ```text
/// head   slots of the arguments    fixed room, so that a store at a known offset needs no check
/// tail   texts, lists and maps     grows
/// ```
///
/// The two stay separate: [`Encoded`] is both. `TAIL` is set in offsets that lie in the tail.
///
/// Errors are noted rather than returned, so that encoding a record is a straight line of stores. The first one is
/// kept, and [`Encoder::finish`] reports it with the path of the argument.
#[derive(Debug)]
pub struct Encoder {
    fixed: Box<[u8; MAX_HEAD]>,
    head: usize,
    tail: Vec<u8>,
    problem: Option<(usize, String)>,
}

/// Set in an offset that lies in the tail.
const TAIL: usize = 1 << 31;

/// Where the elements of a list go.
#[derive(Debug, Clone, Copy)]
pub struct Items {
    /// Offset of the first element's slot; only this encoder can use it.
    pub at: usize,
    /// The number of elements that there is room for: all, or none after an error.
    pub count: usize,
}

impl Default for Encoder {
    fn default() -> Encoder {
        Encoder::new()
    }
}

impl Encoder {
    /// An empty encoder.
    pub fn new() -> Encoder {
        Encoder { fixed: Box::new([0; MAX_HEAD]), head: 0, tail: Vec::new(), problem: None }
    }

    /// Starts over with `head` zero bytes of slots; declarations have at most 64 KiB of them.
    #[inline]
    pub fn begin(&mut self, head: usize) {
        self.problem = None;
        self.tail.clear();
        match self.fixed.get_mut(..head) {
            Some(slots) => slots.fill(0),
            None => return self.beyond(head),
        }
        self.head = head;
    }

    /// Starts over with what was encoded before, in one piece, with a head of `head` bytes.
    #[inline]
    pub fn begin_with(&mut self, encoded: &[u8], head: usize) {
        self.problem = None;
        self.tail.clear();
        match (self.fixed.get_mut(..head), encoded.split_at_checked(head)) {
            (Some(slots), Some((fixed, tail))) => {
                slots.copy_from_slice(fixed);
                self.tail.extend_from_slice(tail);
            }
            _ => return self.beyond(head),
        }
        self.head = head;
    }

    /// Integers whose slots follow each other, from the one at `at` on.
    #[inline]
    pub fn integers(&mut self, at: usize, values: &[i64]) {
        let (bytes, from) = match at.checked_sub(TAIL) {
            None => (&mut self.fixed[..], at),
            Some(from) => (&mut self.tail[..], from),
        };
        let Some(slots) = bytes.get_mut(from..).and_then(|rest| rest.get_mut(..values.len() * 8)) else {
            return self.beyond(at);
        };
        for (slot, value) in slots.as_chunks_mut::<8>().0.iter_mut().zip(values) {
            *slot = value.to_le_bytes();
        }
    }

    /// The encoded bytes, at most `limit` of them.
    ///
    /// # Errors
    /// The first error that was noted, or a buffer over the limit.
    #[inline]
    pub fn finish(&self, of: &Declaration, limit: usize) -> Result<Encoded<'_>, EncodeError> {
        if let Some((at, reason)) = &self.problem {
            return Err(EncodeError { path: path_of(of, *at), reason: reason.clone() });
        }
        let size = self.head + self.tail.len();
        if size > limit {
            let reason = format!("expected at most {limit} bytes of arguments, got {size}");
            return Err(EncodeError { path: of.name.clone(), reason });
        }
        Ok(self.bytes())
    }

    /// The bytes of one value whose slot is at 0.
    pub(crate) fn finish_value(&self, ty: &Type) -> Result<Encoded<'_>, EncodeError> {
        let Some((at, reason)) = &self.problem else { return Ok(self.bytes()) };
        let mut path = String::from("value");
        descend(&mut path, ty, *at);
        Err(EncodeError { path, reason: reason.clone() })
    }

    /// The bytes encoded so far.
    #[inline]
    pub fn bytes(&self) -> Encoded<'_> {
        // The head lies within `fixed`: `begin` checked that.
        Encoded { head: self.fixed.get(..self.head).unwrap_or_default(), tail: &self.tail }
    }

    #[inline]
    fn slot<const N: usize>(&mut self, at: usize, bytes: &[u8; N]) {
        // A slot beyond the buffer would be a bug of a HookValue implementation: it is noted, and does not panic.
        let slot = match at.checked_sub(TAIL) {
            None => self.fixed.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<N>()),
            Some(at) => self.tail.get_mut(at..).and_then(|rest| rest.first_chunk_mut::<N>()),
        };
        match slot {
            Some(slot) => *slot = *bytes,
            None => self.beyond(at),
        }
    }

    #[cold]
    #[inline(never)]
    fn beyond(&mut self, at: usize) {
        self.fail(at, format!("slot beyond the buffer of {} bytes", self.head + self.tail.len()));
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
        let offset = self.tail.len();
        self.tail.extend_from_slice(bytes);
        self.span(at, offset, bytes.len());
    }

    /// A string that `write` appends, such as a formatted number; at most [`MAX_STRING`] bytes.
    #[inline]
    pub fn string_with(&mut self, at: usize, write: impl FnOnce(&mut Vec<u8>)) {
        let offset = self.tail.len();
        write(&mut self.tail);
        let len = self.tail.len().saturating_sub(offset);
        if len > MAX_STRING as usize {
            self.tail.truncate(offset);
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
        let offset = self.tail.len();
        self.tail.resize(offset + count * slot, 0);
        self.span(at, offset, count);
        Items { at: TAIL + offset, count }
    }

    /// `offset` lies within the tail.
    #[inline]
    fn span(&mut self, at: usize, offset: usize, len: usize) {
        // Limits keep both far below 4 GiB; otherwise finish() would reject the buffer.
        let span = ((len as u64) << 32) | ((self.head + offset) as u64 & 0xffff_ffff);
        self.slot(at, &span.to_le_bytes());
    }

    /// Notes an error in the value whose slot is at `at`; the first one is kept.
    #[cold]
    #[inline(never)]
    pub fn fail(&mut self, at: usize, reason: String) {
        if self.problem.is_none() {
            self.problem = Some((at, reason));
        }
    }

    /// Whether an error was noted.
    pub fn is_broken(&self) -> bool {
        self.problem.is_some()
    }

    /// Attributes everything encoded since to the list or map at `at`, so that an error names it.
    #[inline]
    pub fn within(&mut self, at: usize) {
        if let Some((place, _)) = &mut self.problem
            && *place >= TAIL
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
            (Type::String { syntax: Some(syntax), .. }, Value::String(bytes)) if !syntax.accepts(bytes) => {
                let got = String::from_utf8_lossy(&bytes[..bytes.len().min(64)]);
                self.fail(at, format!("expected {syntax}, got {got:?}"));
            }
            (Type::String { max, .. }, Value::String(bytes)) => self.string(at, bytes, *max),
            (Type::Address, Value::Address(v)) => self.net(at, address_to_slot(*v)),
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
    /// Encodes arguments known at run time, one value each, in order. Errors are noted in the encoder.
    pub fn encode_values(&self, values: &[Value], out: &mut Encoder) {
        out.begin(self.head());
        self.encode_begun(values, out);
    }

    /// Does the same with an encoder that has begun with this declaration's head, whose size takes a walk over all
    /// types to compute.
    pub fn encode_begun(&self, values: &[Value], out: &mut Encoder) {
        if values.len() != self.arguments.len() {
            out.fail(usize::MAX, format!("expected {} arguments, got {}", self.arguments.len(), values.len()));
            return;
        }
        for ((argument, at), value) in self.arguments.iter().zip(self.offsets()).zip(values) {
            out.value(at, &argument.ty, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A slot of eight bytes at 0, and a string's at 8.
    const SLOTS: usize = 16;

    #[test]
    fn what_is_set_after_the_bytes_were_looked_at_is_among_them() {
        let (first, second) = (vec![b'a'; 10], vec![b'b'; 10]);
        let mut out = Encoder::new();
        out.begin(SLOTS);
        out.integer(0, 1);
        out.string(8, &first, u32::MAX);
        assert_eq!(out.bytes().tail, first);
        out.string(8, &second, u32::MAX);
        assert_eq!(out.bytes().tail, [&first[..], &second].concat(), "a string more");
        assert_eq!(out.bytes().head[8..12], (SLOTS as u32 + 10).to_le_bytes(), "and its place");
        assert_eq!(out.bytes().get(SLOTS + 10, 10), Some(&second[..]), "found by its place");
        assert_eq!(out.bytes().get(SLOTS - 1, 2), None, "nothing lies in both");
        out.integer(0, 2);
        assert_eq!(out.bytes().head[0], 2, "a slot of the head");
        out.integers(0, &[3]);
        assert_eq!(out.bytes().head[0], 3, "slots in a row");
        out.string_with(8, |to| to.push(b'c'));
        assert_eq!(out.bytes().tail.last(), Some(&b'c'), "a string that is appended");
        let items = out.list(8, 1, 8, 1);
        assert_eq!(out.bytes().tail[21..], [0; 8], "a list");
        out.integer(items.at, 4);
        assert_eq!(out.bytes().tail[21], 4, "a slot of the tail");
        out.integers(items.at, &[5]);
        assert_eq!(out.bytes().tail[21], 5, "slots of the tail in a row");
        assert_eq!(out.bytes().to_vec().len(), out.bytes().len());
    }
}
