//! Types and values made of bytes, encoded and read back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use arbitrary::{Result, Unstructured};
use tenterhook::hooks::codec::{ArgumentReader, Encoder};
use tenterhook::hooks::schema::{Declaration, EnumType, Field, RecordType, Type, Variant};
use tenterhook::hooks::value::{Prefix, Value};

const LIMIT: usize = 1 << 20;
const DEPTH: usize = 4;

/// A declaration and a value per argument, in part of other types; then the encoded bytes, damaged.
pub fn run(bytes: &[u8]) {
    let _ = attempt(&mut Unstructured::new(bytes));
}

fn attempt(u: &mut Unstructured<'_>) -> Result<()> {
    let count = u.int_in_range(1..=6)?;
    let mut builder = Declaration::builder("fuzz.arguments", 1);
    let mut types = Vec::new();
    for position in 0..count {
        let ty = ty(u, DEPTH)?;
        builder = builder.argument(&format!("a{position}"), ty.clone(), "");
        types.push(ty);
    }
    // Some combinations are refused; that is for the declaration's own tests.
    let Ok(of) = builder.build() else { return Ok(()) };
    let mut values = Vec::new();
    for ty in &types {
        values.push(if u.ratio(1, 16)? { any(u, DEPTH)? } else { value(u, ty)? });
    }
    let mut encoder = Encoder::new();
    of.encode_values(&values, &mut encoder);
    let fits = types.iter().zip(&values).all(|(ty, value)| value.fits(ty));
    let encoded = match encoder.finish(&of, LIMIT) {
        Ok(encoded) => encoded.to_vec(),
        Err(error) => {
            assert!(!fits || error.to_string().contains("bytes"), "{error}: {values:?}");
            return Ok(());
        }
    };
    assert!(fits, "{values:?} do not fit {types:?}");
    let reader = ArgumentReader::new(&encoded);
    for (position, value) in values.iter().enumerate() {
        let read = reader.argument(&of, position);
        assert!(read.as_ref().is_some_and(|read| read.same(value)), "{value:?} was read as {read:?}");
    }
    let json = of.arguments_to_json(&values);
    assert!(json.is_object());
    // The same buffer with bytes changed and cut: read to something or to nothing.
    let mut damaged = encoded;
    for _ in 0..u.int_in_range(0..=8)? {
        let at = u.choose_index(damaged.len())?;
        damaged[at] = u.arbitrary()?;
    }
    damaged.truncate(u.int_in_range(0..=damaged.len())?);
    let reader = ArgumentReader::new(&damaged);
    for position in 0..values.len() {
        let _ = reader.argument(&of, position);
    }
    Ok(())
}

fn ty(u: &mut Unstructured<'_>, depth: usize) -> Result<Type> {
    let last = if depth == 0 { 7 } else { 11 };
    Ok(match u.int_in_range(0..=last)? {
        0 => Type::Boolean,
        1 => Type::INTEGER,
        2 => {
            let (a, b): (i64, i64) = u.arbitrary()?;
            Type::integer(a.min(b), a.max(b))
        }
        3 => Type::Float,
        4 => Type::String { max: u.int_in_range(0..=64)?, utf8: u.arbitrary()?, syntax: None },
        5 => Type::Address,
        6 => Type::Prefix,
        7 => {
            let variants = (0..u.int_in_range(1..=4)?).map(|i| Variant {
                name: format!("V{i}"),
                value: i * 3 - 4,
                doc: String::new(),
            });
            Type::Enum(Arc::new(EnumType { name: "E".into(), doc: String::new(), variants: variants.collect() }))
        }
        8 => ty(u, depth - 1)?.optional(),
        9 => ty(u, depth - 1)?.list(u.int_in_range(0..=8)?),
        10 => ty(u, depth - 1)?.map(u.int_in_range(0..=8)?),
        _ => {
            let mut fields = Vec::new();
            for i in 0..u.int_in_range(1..=4)? {
                fields.push(Field {
                    name: format!("f{i}"),
                    ty: ty(u, depth - 1)?,
                    writable: u.arbitrary()?,
                    doc: String::new(),
                });
            }
            Type::Record(Arc::new(RecordType { name: "R".into(), doc: String::new(), fields }))
        }
    })
}

fn address(u: &mut Unstructured<'_>) -> Result<IpAddr> {
    Ok(if u.arbitrary()? {
        Ipv4Addr::from(u.arbitrary::<u32>()?).into()
    } else {
        Ipv6Addr::from(u.arbitrary::<u128>()?).into()
    })
}

fn prefix(u: &mut Unstructured<'_>) -> Result<Value> {
    let address = address(u)?;
    let length = u.arbitrary()?;
    Ok(Prefix::new(address, length).map_or(Value::Address(address), Value::Prefix))
}

/// A value of that type, mostly: bounds are not looked at.
fn value(u: &mut Unstructured<'_>, of: &Type) -> Result<Value> {
    Ok(match of {
        Type::Boolean => Value::Boolean(u.arbitrary()?),
        Type::Integer { min, max } => {
            Value::Integer(if u.ratio(1, 4)? { u.arbitrary()? } else { u.int_in_range(*min..=*max)? })
        }
        Type::Float => Value::Float(u.arbitrary()?),
        Type::String { max, utf8, .. } => {
            let mut bytes = vec![0; u.int_in_range(0..=*max as usize + 1)?];
            u.fill_buffer(&mut bytes)?;
            if *utf8 {
                Value::String(String::from_utf8_lossy(&bytes).into_owned().into_bytes())
            } else {
                Value::String(bytes)
            }
        }
        Type::Address => Value::Address(address(u)?),
        Type::Prefix => prefix(u)?,
        Type::Enum(e) => Value::Enum(u.int_in_range(0..=e.variants.len())?),
        Type::Optional(inner) => {
            if u.arbitrary()? {
                value(u, inner)?
            } else {
                Value::Nil
            }
        }
        Type::List { element, max } => {
            let count = u.int_in_range(0..=*max + 1)?;
            Value::List((0..count).map(|_| value(u, element)).collect::<Result<_>>()?)
        }
        Type::Map { value: inner, max } => {
            let count = u.int_in_range(0..=*max + 1)?;
            Value::Map(
                (0..count).map(|i| Ok((format!("key {i}").into_bytes(), value(u, inner)?))).collect::<Result<_>>()?,
            )
        }
        Type::Record(record) => {
            let fields = record.fields.iter().enumerate();
            Value::Record(fields.map(|(at, field)| Ok((at, value(u, &field.ty)?))).collect::<Result<_>>()?)
        }
    })
}

/// A value of no type in particular.
fn any(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    let ty = ty(u, depth)?;
    value(u, &ty)
}
