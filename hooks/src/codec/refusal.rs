//! Why an answer is rejected, in words: what was expected, what was found, and where.

use std::borrow::Cow;

use super::wire::Tag;
use crate::schema::Declaration;
use crate::types::{RecordType, Type};

/// A rejection on its way up; its path is assembled from the end.
pub(super) struct Refusal {
    path: Vec<String>,
    reason: String,
}

pub(super) type Checked<T> = Result<T, Box<Refusal>>;

impl Refusal {
    /// The path from `result` on, and the reason.
    pub(super) fn into_parts(self) -> (String, String) {
        let mut path = String::from("result");
        for segment in self.path.iter().rev() {
            path.push_str(segment);
        }
        (path, self.reason)
    }
}

#[cold]
pub(super) fn refuse<T>(reason: impl Into<String>) -> Checked<T> {
    Err(Box::new(Refusal { path: Vec::new(), reason: reason.into() }))
}

/// Adds the next segment to the path of a rejection.
pub(super) fn within<T>(result: Checked<T>, segment: impl FnOnce() -> String) -> Checked<T> {
    result.map_err(|mut refusal| {
        refusal.path.push(segment());
        refusal
    })
}

/// The rejection of `tag` where a `ty` was expected.
#[cold]
pub(super) fn mismatch<T>(ty: &Type, tag: &Tag<'_>) -> Checked<T> {
    refuse(format!("expected {}, got {}", expected(ty), got(ty, tag)))
}

/// The rejection of `tag` where a key was expected.
#[cold]
pub(super) fn wrong_key<T>(expected: &str, tag: &Tag<'_>) -> Checked<T> {
    match tag {
        Tag::Integer(key) => refuse(format!("expected {expected}, got the key {key}")),
        Tag::Float(key) => refuse(format!("expected {expected}, got the key {key:?}")),
        Tag::String(_) => refuse(format!("expected {expected}, got the key {}", describe(tag))),
        other => refuse(format!("expected {expected}, got a key that is {}", describe(other))),
    }
}

#[cold]
pub(super) fn unknown_field<T>(record: &RecordType, key: &[u8]) -> Checked<T> {
    let text = String::from_utf8_lossy(key);
    let nearest = crate::nearest(&text, record.fields.iter().map(|f| f.name.as_str()));
    let hint = nearest.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
    within(refuse(format!("no such field in {}{hint}", record.name)), || segment(key))
}

#[cold]
pub(super) fn unknown_key<T>(of: &Declaration, key: &[u8]) -> Checked<T> {
    within(refuse(format!("unknown key; expected {}", keys(of))), || segment(key))
}

/// The keys that an answer may have, for messages.
pub(super) fn keys(of: &Declaration) -> String {
    let results = of.results.iter().map(|r| r.name.as_str());
    let inout = of.arguments.iter().filter(|a| a.inout).map(|a| a.name.as_str());
    let names: Vec<&str> = results.chain(inout).collect();
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} or {last}", rest.join(", ")),
        Some((only, _)) => (*only).to_owned(),
        None => "no keys".to_owned(),
    }
}

/// A key as part of a path. Scripts choose keys, so they are shortened and escaped.
pub(super) fn segment(key: &[u8]) -> String {
    let text = String::from_utf8_lossy(&key[..key.len().min(64)]);
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
        format!(".{text}")
    } else {
        format!("[{text:?}]")
    }
}

pub(super) fn expected(ty: &Type) -> String {
    match ty {
        Type::Enum(e) => e.names(),
        Type::String { syntax: Some(syntax), .. } => syntax.to_string(),
        Type::Optional(inner) => format!("{} or nil", expected(inner)),
        other => other.to_string(),
    }
}

/// What was found instead: its value if that explains the rejection, its kind otherwise.
fn got(ty: &Type, tag: &Tag<'_>) -> String {
    let ty = if let Type::Optional(inner) = ty { inner } else { ty };
    match (ty, tag) {
        (Type::Enum(_) | Type::Address | Type::Prefix | Type::String { syntax: Some(_), .. }, Tag::String(text))
            if text.len() <= 64 =>
        {
            format!("{:?}", String::from_utf8_lossy(text))
        }
        (Type::String { .. }, Tag::String(text)) => format!("{} bytes", text.len()),
        (Type::Integer { .. } | Type::Enum(_), Tag::Integer(v)) => v.to_string(),
        (Type::Integer { .. } | Type::Enum(_), Tag::Float(v)) => format!("{v:?}"),
        (_, tag) => describe(tag).into_owned(),
    }
}

pub(super) fn describe(tag: &Tag<'_>) -> Cow<'static, str> {
    let name = match tag {
        Tag::Nil => "nil",
        Tag::Boolean(_) => "boolean",
        Tag::Integer(_) => "integer",
        Tag::Float(_) => "number",
        Tag::String(text) if text.len() <= 32 => return format!("string {:?}", String::from_utf8_lossy(text)).into(),
        Tag::String(_) => "string",
        Tag::Table => "table",
        Tag::Address(_) => "address",
        Tag::Prefix(_) => "prefix",
        Tag::Changes(_) => "argument",
        Tag::Cycle => "a table that contains itself",
        Tag::TooDeep => "tables nested deeper than 32 levels",
        Tag::Nothing => "nothing (the handler returned no value)",
        // Lua's type numbers; 0x63 is the guest's own number for a stale view.
        Tag::Unsupported(2 | 7) => "userdata",
        Tag::Unsupported(6) => "function",
        Tag::Unsupported(8) => "thread",
        Tag::Unsupported(0x63) => "a stale argument of an earlier call",
        Tag::Unsupported(_) | Tag::End | Tag::TooLarge => "something malformed",
    };
    name.into()
}
