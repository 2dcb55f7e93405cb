//! Reads an answer step by step, and checks each step against the declaration.

use super::arguments::ArgumentReader;
use super::encoded::Encoded;
use super::refusal::{Checked, describe, expected, keys, mismatch, refuse, segment, unknown_field, unknown_key};
use super::refusal::{within, wrong_key};
use super::wire::{Tag, Wire};
use crate::dynamic::{self, Value};
use crate::schema::Declaration;
use crate::types::{Field, RecordType, Type};

/// Results by position, and changes of `inout` arguments with their position.
pub(super) type Parts = (Vec<Option<Value>>, Vec<(usize, Value)>);

/// An answer being read. The declaration bounds its depth, and its length bounds its memory.
pub(super) struct Check<'a> {
    wire: Wire<'a>,
    given: ArgumentReader<'a>,
    limit: usize,
}

impl<'a> Check<'a> {
    /// An answer of at most `limit` bytes to a call with the encoded arguments `given`.
    pub(super) fn new(bytes: &'a [u8], given: Encoded<'a>, limit: usize) -> Check<'a> {
        Check { wire: Wire::new(bytes), given: ArgumentReader::new(given), limit }
    }

    fn step(&mut self) -> Checked<Tag<'a>> {
        match self.wire.step() {
            Some(Tag::TooLarge) => refuse(format!("the answer is larger than {} bytes", self.limit)),
            Some(tag) => Ok(tag),
            None => refuse("the answer is malformed"),
        }
    }

    /// A key of the innermost table, or `None` at its end.
    #[inline]
    fn key(&mut self, expected: impl FnOnce() -> String) -> Checked<Option<&'a [u8]>> {
        if self.wire.end() {
            return Ok(None);
        }
        match self.wire.string() {
            Some(key) => Ok(Some(key)),
            None => wrong_key(&expected(), &self.step()?),
        }
    }

    /// The whole answer.
    pub(super) fn answer(&mut self, of: &Declaration) -> Checked<Parts> {
        let mut results = vec![None; of.results.len()];
        let mut changes: Vec<(usize, Value)> = Vec::new();
        match self.step()? {
            Tag::Table => {
                while let Some(key) = self.key(|| keys(of))? {
                    if let Some(at) = of.result_position(key) {
                        let value = self.value(&of.results[at].ty);
                        results[at] = Some(within(value, || segment(key))?);
                    } else if let Some(at) = of.inout_position(key) {
                        let change = self.inout(of, at);
                        changes.retain(|(known, _)| *known != at);
                        changes.extend(within(change, || segment(key))?.map(|change| (at, change)));
                    } else {
                        return unknown_key(of, key);
                    }
                }
            }
            // A handler may return nothing: every result is its default, and nothing changes.
            Tag::Nothing | Tag::Nil => {}
            other => return refuse(format!("expected a table, got {}", describe(&other))),
        }
        if !self.wire.is_empty() {
            return refuse("the answer is malformed: bytes follow its end");
        }
        Ok((results, changes))
    }

    /// What changed in the `inout` argument at `at`; `None` if nothing did.
    fn inout(&mut self, of: &Declaration, at: usize) -> Checked<Option<Value>> {
        let argument = &of.arguments[at];
        let place = of.offset(at);
        let Some((record, inner)) = record_in(&argument.ty, place) else {
            let value = self.value(&argument.ty)?;
            return Ok(self.differs(&argument.ty, place, &value).then_some(value));
        };
        match self.step()? {
            Tag::Table => {}
            Tag::Changes(position) if usize::from(position) == at => {}
            Tag::Changes(position) => {
                let other = of.arguments.get(usize::from(position)).map_or("another", |a| a.name.as_str());
                return refuse(format!("expected {}, got the argument {other}", record.name));
            }
            other => return refuse(format!("expected a table, got {}", describe(&other))),
        }
        self.present(&argument.ty, place)?;
        self.changes(record, inner)
    }

    /// The fields of a record that changed, up to the end of the table; the others, including read-only ones, are
    /// dropped.
    fn changes(&mut self, record: &RecordType, place: usize) -> Checked<Option<Value>> {
        let mut changes: Vec<(usize, Value)> = Vec::new();
        while let Some(key) = self.key(|| format!("fields of {}", record.name))? {
            let Some(at) = record.position(key) else {
                return unknown_field(record, key);
            };
            let change = self.change(&record.fields[at], place + record.offset(at));
            changes.retain(|(known, _)| *known != at);
            changes.extend(within(change, || segment(key))?.map(|change| (at, change)));
        }
        changes.sort_by_key(|(at, _)| *at);
        Ok((!changes.is_empty()).then_some(Value::Record(changes)))
    }

    /// What changed in the field whose slot is at `place`.
    fn change(&mut self, field: &Field, place: usize) -> Checked<Option<Value>> {
        // For a record inside: its changed fields, unless it may only be set as a whole.
        if let (Some((record, inner)), false) = (record_in(&field.ty, place), field.writable) {
            return match self.step()? {
                Tag::Table => {
                    self.present(&field.ty, place)?;
                    self.changes(record, inner)
                }
                Tag::Nil if self.given.value(&field.ty, place) == Some(Value::Nil) => Ok(None),
                other => refuse(format!("expected a table, got {}", describe(&other))),
            };
        }
        let value = self.value(&field.ty)?;
        if !self.differs(&field.ty, place, &value) {
            Ok(None)
        } else if field.writable {
            Ok(Some(value))
        } else {
            refuse("is read-only, got another value")
        }
    }

    fn differs(&self, ty: &Type, place: usize, value: &Value) -> bool {
        self.given.value(ty, place).is_none_or(|given| !given.same(value))
    }

    /// Rejects changes inside an optional record that the call did not have.
    fn present(&self, ty: &Type, place: usize) -> Checked<()> {
        if matches!(ty, Type::Optional(_)) && !self.given.present(place) {
            return refuse("expected nil, as it was given, got a table");
        }
        Ok(())
    }

    #[inline]
    fn value(&mut self, ty: &Type) -> Checked<Value> {
        let number = match ty {
            Type::Integer { .. } | Type::Enum(_) => self.wire.integer(),
            _ => None,
        };
        match number {
            None => self.any_value(ty),
            Some(v) => numbered(ty, v).map_or_else(|| mismatch(ty, &Tag::Integer(v)), Ok),
        }
    }

    #[inline(never)]
    fn any_value(&mut self, ty: &Type) -> Checked<Value> {
        let tag = self.step()?;
        let inner = match ty {
            Type::Optional(_) if tag == Tag::Nil => return Ok(Value::Nil),
            Type::Optional(inner) => inner,
            other => other,
        };
        let fitting = match (inner, tag) {
            (Type::Boolean, Tag::Boolean(v)) => Some(Value::Boolean(v)),
            (Type::Integer { .. } | Type::Enum(_), Tag::Integer(_) | Tag::Float(_)) => {
                whole(&tag).and_then(|v| numbered(inner, v))
            }
            (Type::Float, Tag::Float(v)) => Some(Value::Float(v)),
            (Type::Float, Tag::Integer(v)) => Some(Value::Float(v as f64)),
            (Type::String { max, utf8, syntax }, Tag::String(bytes)) if bytes.len() <= *max as usize => {
                if syntax.is_some_and(|syntax| !syntax.accepts(bytes)) {
                    return mismatch(ty, &tag);
                }
                if *utf8 && std::str::from_utf8(bytes).is_err() {
                    return refuse("expected UTF-8 text, got other bytes");
                }
                Some(Value::String(bytes.to_vec()))
            }
            (Type::Address, Tag::Address(v)) => Some(Value::Address(v)),
            (Type::Address, Tag::String(text)) => parse(text).map(Value::Address),
            (Type::Prefix, Tag::Prefix(v)) => Some(Value::Prefix(v)),
            (Type::Prefix, Tag::String(text)) => parse(text).map(Value::Prefix),
            (Type::Enum(e), Tag::String(name)) => e.position(name).map(Value::Enum),
            (Type::List { element, max }, Tag::Table) => return self.list(element, *max),
            (Type::Map { value, max }, Tag::Table) => return self.map(value, *max),
            (Type::Record(record), Tag::Table) => return self.record(record),
            _ => None,
        };
        fitting.map_or_else(|| mismatch(ty, &tag), Ok)
    }

    fn list(&mut self, element: &Type, max: u32) -> Checked<Value> {
        let mut items: Vec<(i64, Value)> = Vec::new();
        loop {
            let key = match self.step()? {
                Tag::End => break,
                Tag::Integer(key) => key,
                other => return wrong_key("a list", &other),
            };
            if items.len() >= max as usize {
                return refuse(format!("expected at most {max} elements, got more"));
            }
            items.push((key, within(self.value(element), || format!("[{key}]"))?));
        }
        // Lua returns the array part in order and the rest in any order.
        if !items.is_sorted_by_key(|(key, _)| *key) {
            items.sort_by_key(|(key, _)| *key);
        }
        if let Some((at, (key, _))) = (1..).zip(&items).find(|(at, (key, _))| key != at) {
            let count = items.len();
            return refuse(format!("expected a list with the keys 1..{count}, got {key} where {at} should be"));
        }
        Ok(Value::List(items.into_iter().map(|(_, value)| value).collect()))
    }

    fn map(&mut self, of: &Type, max: u32) -> Checked<Value> {
        let mut entries: Vec<(Vec<u8>, Value)> = Vec::new();
        while let Some(key) = self.key(|| "string keys".to_owned())? {
            if entries.len() >= max as usize {
                return refuse(format!("expected at most {max} entries, got more"));
            }
            entries.push((key.to_vec(), within(self.value(of), || segment(key))?));
        }
        Ok(Value::Map(entries))
    }

    /// All fields except absent optional ones, in order.
    fn record(&mut self, record: &RecordType) -> Checked<Value> {
        let mut fields: Vec<(usize, Value)> = Vec::new();
        while let Some(key) = self.key(|| format!("fields of {}", record.name))? {
            let Some(at) = record.position(key) else {
                return unknown_field(record, key);
            };
            let value = within(self.value(&record.fields[at].ty), || segment(key))?;
            fields.retain(|(known, _)| *known != at);
            fields.push((at, value));
        }
        fields.sort_by_key(|(at, _)| *at);
        let mut given = fields.iter().map(|(at, _)| *at).peekable();
        for (at, field) in record.fields.iter().enumerate() {
            if given.next_if_eq(&at).is_none() && !matches!(field.ty, Type::Optional(_)) {
                let missing = refuse(format!("expected {}, got nothing", expected(&field.ty)));
                return within(missing, || segment(field.name.as_bytes()));
            }
        }
        Ok(Value::Record(fields))
    }
}

/// The record in a slot at `place`, and where its fields begin.
fn record_in(ty: &Type, place: usize) -> Option<(&RecordType, usize)> {
    match ty {
        Type::Record(record) => Some((record, place)),
        Type::Optional(inner) => match &**inner {
            Type::Record(record) => Some((record, place + 8)),
            _ => None,
        },
        _ => None,
    }
}

/// The value of an integer where an integer or a variant is expected, if it is acceptable there.
#[inline]
fn numbered(ty: &Type, v: i64) -> Option<Value> {
    match ty {
        Type::Integer { min, max } => (*min <= v && v <= *max).then_some(Value::Integer(v)),
        Type::Enum(e) => e.position_of_value(v).map(Value::Enum),
        _ => None,
    }
}

/// The integer that a number represents, if it does so exactly.
fn whole(tag: &Tag<'_>) -> Option<i64> {
    match *tag {
        Tag::Integer(v) => Some(v),
        Tag::Float(v) => dynamic::whole(v),
        _ => None,
    }
}

fn parse<T: std::str::FromStr>(text: &[u8]) -> Option<T> {
    std::str::from_utf8(text).ok()?.parse().ok()
}
