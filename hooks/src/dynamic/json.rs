//! Values to and from JSON, according to their type.
//!
//! | type | JSON |
//! | --- | --- |
//! | boolean, integer | as they are |
//! | float | a number, or `"nan"`, `"inf"`, `"-inf"` |
//! | string | a string; bytes that are not UTF-8: `{"bytes": "hex digits"}` |
//! | address, prefix | its text |
//! | enum | the variant's name; its integer is read too |
//! | optional | the value or `null` |
//! | list | an array |
//! | map | an object; where a key is not UTF-8, an array of `[key, value]` |
//! | record | an object; read with all fields that are not optional |

use serde_json::{Map, Number, Value as Json};
use thiserror::Error;

use super::value::{Value, whole};
use crate::types::{EnumType, RecordType, Syntax, Type};

/// Why JSON does not represent a value of its type.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{path}: {reason}")]
pub struct JsonError {
    /// The location, such as `headers.accept[2]`; elements count from 1, as in scripts.
    pub path: String,
    /// What was expected and what was found.
    pub reason: String,
}

impl JsonError {
    pub(crate) fn new(path: &str, reason: impl Into<String>) -> JsonError {
        JsonError { path: path.to_owned(), reason: reason.into() }
    }
}

impl Value {
    /// This value, which has the type `ty`, as JSON. What does not fit the type is `null`.
    pub fn to_json(&self, ty: &Type) -> Json {
        match (self, ty) {
            (Value::Nil, _) => Json::Null,
            (value, Type::Optional(inner)) => value.to_json(inner),
            (Value::Boolean(v), _) => Json::Bool(*v),
            (Value::Integer(v), _) => Json::from(*v),
            (Value::Float(v), _) => float(*v),
            (Value::String(bytes), _) => string(bytes),
            (Value::Address(v), _) => Json::String(v.to_string()),
            (Value::Prefix(v), _) => Json::String(v.to_string()),
            (Value::Enum(at), Type::Enum(e)) => e.variants.get(*at).map_or(Json::Null, |v| Json::from(v.name.as_str())),
            (Value::List(items), Type::List { element, .. }) => items.iter().map(|v| v.to_json(element)).collect(),
            (Value::Map(entries), Type::Map { value, .. }) => map(entries, value),
            (Value::Record(fields), Type::Record(record)) => Json::Object(
                fields
                    .iter()
                    .filter_map(|(at, v)| record.fields.get(*at).map(|f| (f.name.clone(), v.to_json(&f.ty))))
                    .collect(),
            ),
            _ => Json::Null,
        }
    }

    /// The value of type `ty` that the JSON represents.
    ///
    /// # Errors
    /// A value of another kind or out of bounds, an unknown or a missing field. The path starts with `value`.
    pub fn from_json(ty: &Type, json: &Json) -> Result<Value, JsonError> {
        read("value", ty, json)
    }
}

fn float(v: f64) -> Json {
    let text = if v.is_nan() {
        "nan"
    } else if v > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    Number::from_f64(v).map_or_else(|| Json::from(text), Json::Number)
}

fn string(bytes: &[u8]) -> Json {
    match std::str::from_utf8(bytes) {
        Ok(text) => Json::from(text),
        Err(_) => {
            let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
            Json::Object(Map::from_iter([("bytes".to_owned(), Json::String(hex))]))
        }
    }
}

fn map(entries: &[(Vec<u8>, Value)], ty: &Type) -> Json {
    let texts: Option<Map<String, Json>> = entries
        .iter()
        .map(|(key, value)| Some((std::str::from_utf8(key).ok()?.to_owned(), value.to_json(ty))))
        .collect();
    match texts {
        Some(object) => Json::Object(object),
        None => entries.iter().map(|(key, value)| Json::Array(vec![string(key), value.to_json(ty)])).collect(),
    }
}

/// The value of type `ty`; errors call it `path`.
pub(crate) fn read(path: &str, ty: &Type, json: &Json) -> Result<Value, JsonError> {
    let fitting = match (ty, json) {
        (Type::Optional(_), Json::Null) => Some(Value::Nil),
        (Type::Optional(inner), json) => return read(path, inner, json),
        (Type::Boolean, Json::Bool(v)) => Some(Value::Boolean(*v)),
        (Type::Integer { min, max }, Json::Number(n)) => {
            integer(n).filter(|v| min <= v && v <= max).map(Value::Integer)
        }
        (Type::Float, Json::Number(n)) => n.as_f64().map(Value::Float),
        (Type::Float, Json::String(text)) => match text.as_str() {
            "nan" => Some(Value::Float(f64::NAN)),
            "inf" => Some(Value::Float(f64::INFINITY)),
            "-inf" => Some(Value::Float(f64::NEG_INFINITY)),
            _ => None,
        },
        (Type::String { max, utf8, syntax }, json) => return read_string(path, *max, *utf8, *syntax, json),
        (Type::Address, Json::String(text)) => text.parse().ok().map(Value::Address),
        (Type::Prefix, Json::String(text)) => text.parse().ok().map(Value::Prefix),
        (Type::Enum(e), json) => return variant(path, e, json),
        (Type::List { element, max }, Json::Array(items)) => {
            at_most(path, "elements", *max, items.len())?;
            let items = (1..).zip(items).map(|(i, item)| read(&format!("{path}[{i}]"), element, item));
            Some(Value::List(items.collect::<Result<_, _>>()?))
        }
        (Type::Map { value, max }, json @ (Json::Object(_) | Json::Array(_))) => {
            return read_map(path, value, *max, json);
        }
        (Type::Record(record), Json::Object(object)) => return read_record(path, record, object),
        _ => None,
    };
    fitting.ok_or_else(|| JsonError::new(path, format!("expected {ty}, got {}", describe(json))))
}

fn integer(n: &Number) -> Option<i64> {
    n.as_i64().or_else(|| if n.is_f64() { n.as_f64().and_then(whole) } else { None })
}

fn variant(path: &str, e: &EnumType, json: &Json) -> Result<Value, JsonError> {
    let hint = match json {
        Json::String(name) => match e.position(name.as_bytes()) {
            Some(at) => return Ok(Value::Enum(at)),
            None => crate::nearest(name, e.variants.iter().map(|v| v.name.as_str())),
        },
        Json::Number(n) => match integer(n).and_then(|v| e.position_of_value(v)) {
            Some(at) => return Ok(Value::Enum(at)),
            None => None,
        },
        _ => None,
    };
    let hint = hint.map(|name| format!("; did you mean \"{name}\"?")).unwrap_or_default();
    Err(JsonError::new(path, format!("expected {}, got {}{hint}", e.names(), describe(json))))
}

fn at_most(path: &str, what: &str, max: u32, got: usize) -> Result<(), JsonError> {
    if got > max as usize {
        return Err(JsonError::new(path, format!("expected at most {max} {what}, got {got}")));
    }
    Ok(())
}

/// The bytes of a string or of `{"bytes": "hex digits"}`.
fn bytes(json: &Json) -> Option<Vec<u8>> {
    match json {
        Json::String(text) => Some(text.as_bytes().to_vec()),
        Json::Object(object) if object.len() == 1 => {
            let hex = object.get("bytes")?.as_str()?;
            if !hex.is_ascii() || hex.len() % 2 != 0 {
                return None;
            }
            (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(hex.get(i..i + 2)?, 16).ok()).collect()
        }
        _ => None,
    }
}

fn read_string(path: &str, max: u32, utf8: bool, syntax: Option<&Syntax>, json: &Json) -> Result<Value, JsonError> {
    let Some(bytes) = bytes(json) else {
        let reason = format!("expected a string or {{\"bytes\": \"hex digits\"}}, got {}", describe(json));
        return Err(JsonError::new(path, reason));
    };
    at_most(path, "bytes", max, bytes.len())?;
    if utf8 && std::str::from_utf8(&bytes).is_err() {
        return Err(JsonError::new(path, "expected UTF-8 text, got other bytes"));
    }
    if let Some(syntax) = syntax.filter(|syntax| !syntax.accepts(&bytes)) {
        return Err(JsonError::new(path, format!("expected {syntax}, got {}", describe(json))));
    }
    Ok(Value::String(bytes))
}

fn read_map(path: &str, ty: &Type, max: u32, json: &Json) -> Result<Value, JsonError> {
    let entry = |key: Vec<u8>, json: &Json| {
        let value = read(&format!("{path}[{:?}]", String::from_utf8_lossy(&key)), ty, json)?;
        Ok((key, value))
    };
    let entries: Vec<(Vec<u8>, Value)> = match json {
        Json::Object(object) => {
            object.iter().map(|(key, json)| entry(key.as_bytes().to_vec(), json)).collect::<Result<_, _>>()?
        }
        Json::Array(pairs) => pairs
            .iter()
            .map(|pair| match pair.as_array().map(Vec::as_slice) {
                Some([key, json]) if bytes(key).is_some() => entry(bytes(key).unwrap_or_default(), json),
                _ => Err(JsonError::new(path, format!("expected [key, value], got {}", describe(pair)))),
            })
            .collect::<Result<_, _>>()?,
        other => return Err(JsonError::new(path, format!("expected an object, got {}", describe(other)))),
    };
    at_most(path, "entries", max, entries.len())?;
    Ok(Value::Map(entries))
}

fn read_record(path: &str, record: &RecordType, object: &Map<String, Json>) -> Result<Value, JsonError> {
    if let Some(unknown) = object.keys().find(|key| record.position(key.as_bytes()).is_none()) {
        let nearest = crate::nearest(unknown, record.fields.iter().map(|f| f.name.as_str()));
        return Err(unknown_name(&format!("{path}.{unknown}"), &format!("field in {}", record.name), nearest));
    }
    let fields = record.fields.iter().enumerate().map(|(at, field)| {
        let path = format!("{path}.{}", field.name);
        Ok((at, read_or_absent(&path, &field.ty, object.get(&field.name))?))
    });
    Ok(Value::Record(fields.collect::<Result<_, _>>()?))
}

/// The value of an item that may be left out if it is optional.
pub(crate) fn read_or_absent(path: &str, ty: &Type, json: Option<&Json>) -> Result<Value, JsonError> {
    match (json, ty) {
        (Some(json), _) => read(path, ty, json),
        (None, Type::Optional(_)) => Ok(Value::Nil),
        (None, ty) => Err(JsonError::new(path, format!("expected {ty}, got nothing"))),
    }
}

pub(crate) fn unknown_name(path: &str, what: &str, nearest: Option<&str>) -> JsonError {
    let hint = nearest.map(|name| format!("; did you mean '{name}'?")).unwrap_or_default();
    JsonError::new(path, format!("no such {what}{hint}"))
}

/// A shortened description of a JSON value.
pub(crate) fn describe(json: &Json) -> String {
    match json {
        Json::Null => "null".to_owned(),
        Json::Bool(v) => v.to_string(),
        Json::Number(n) => n.to_string(),
        Json::String(text) if text.len() <= 64 => format!("{text:?}"),
        Json::String(text) => format!("a string of {} bytes", text.len()),
        Json::Array(_) => "an array".to_owned(),
        Json::Object(_) => "an object".to_owned(),
    }
}
