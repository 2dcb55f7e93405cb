//! Answers as a guest writes them.

use std::net::{IpAddr, Ipv4Addr};

use tenterhook_hooks::schema::Type;
use tenterhook_hooks::value::Value;

pub const NIL: [u8; 1] = [0];
pub const TOO_LARGE: [u8; 1] = [14];
pub const NOTHING: [u8; 1] = [15];
pub const CYCLE: [u8; 1] = [12];
pub const TOO_DEEP: [u8; 1] = [13];

pub fn boolean(v: bool) -> Vec<u8> {
    vec![if v { 2 } else { 1 }]
}

pub fn integer(v: i64) -> Vec<u8> {
    [&[3][..], &v.to_le_bytes()].concat()
}

pub fn float(v: f64) -> Vec<u8> {
    [&[4][..], &v.to_le_bytes()].concat()
}

pub fn string(v: impl AsRef<[u8]>) -> Vec<u8> {
    let v = v.as_ref();
    [&[5][..], &(v.len() as u32).to_le_bytes(), v].concat()
}

pub fn unsupported(lua_type: u8) -> Vec<u8> {
    vec![11, lua_type]
}

/// The 24 bytes of an address (length 0) or a prefix.
pub fn slot(address: IpAddr, length: u8) -> [u8; 24] {
    let mut slot = [0; 24];
    slot[1] = length;
    match address {
        IpAddr::V4(v4) => {
            slot[0] = 2;
            slot[2..6].copy_from_slice(&v4.octets());
        }
        IpAddr::V6(v6) => {
            slot[0] = 10;
            slot[2..18].copy_from_slice(&v6.octets());
        }
    }
    slot
}

pub fn address(v: [u8; 4]) -> Vec<u8> {
    [&[8][..], &slot(Ipv4Addr::from(v).into(), 0)].concat()
}

pub fn prefix(v: [u8; 4], length: u8) -> Vec<u8> {
    [&[9][..], &slot(Ipv4Addr::from(v).into(), length)].concat()
}

/// A table of keys and values.
pub fn pairs(pairs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut out = vec![6];
    for (key, value) in pairs {
        out.extend_from_slice(key);
        out.extend_from_slice(value);
    }
    out.push(7);
    out
}

/// A table with string keys.
pub fn table(fields: &[(&str, Vec<u8>)]) -> Vec<u8> {
    pairs(&fields.iter().map(|(key, value)| (string(key), value.clone())).collect::<Vec<_>>())
}

/// A table with the keys 1..n.
pub fn list(items: &[Vec<u8>]) -> Vec<u8> {
    pairs(&(1..).zip(items).map(|(i, value)| (integer(i), value.clone())).collect::<Vec<_>>())
}

/// What changed in the argument at `position`.
pub fn changes(position: u8, fields: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let table = table(fields);
    [&[10, position][..], &table[1..]].concat()
}

/// Any value, as a script would give it in full.
pub fn value(ty: &Type, v: &Value) -> Vec<u8> {
    match (ty, v) {
        (_, Value::Nil) => NIL.to_vec(),
        (Type::Optional(inner), v) => value(inner, v),
        (_, Value::Boolean(v)) => boolean(*v),
        (_, Value::Integer(v)) => integer(*v),
        (_, Value::Float(v)) => float(*v),
        (_, Value::String(v)) => string(v),
        (_, Value::Address(v)) => [&[8][..], &slot(*v, 0)].concat(),
        (_, Value::Prefix(v)) => [&[9][..], &slot(v.address(), v.length())].concat(),
        (Type::Enum(e), Value::Enum(at)) => string(&e.variants[*at].name),
        (Type::List { element, .. }, Value::List(items)) => {
            list(&items.iter().map(|v| value(element, v)).collect::<Vec<_>>())
        }
        (Type::Map { value: of, .. }, Value::Map(entries)) => {
            pairs(&entries.iter().rev().map(|(k, v)| (string(k), value(of, v))).collect::<Vec<_>>())
        }
        (Type::Record(record), Value::Record(fields)) => table(
            &fields
                .iter()
                .rev()
                .filter(|(_, v)| *v != Value::Nil)
                .map(|(at, v)| (record.fields[*at].name.as_str(), value(&record.fields[*at].ty, v)))
                .collect::<Vec<_>>(),
        ),
        other => panic!("{other:?}"),
    }
}
