//! Access to the values of scripts' answers, step by step.
//!
//! A `th_value` is two pointers into an outcome, passed by value. It is valid until the outcome is used for another
//! invocation or freed.

use std::ffi::{c_char, c_void};
use std::net::IpAddr;

use tenterhook::hooks::schema::Type;
use tenterhook::hooks::value::Value;

use crate::fields::without_optional;
use crate::pointer::store;
use crate::status::{ApiError, guard, guard_value, th_status};

/// A value in an outcome, and its type. Valid until the outcome is reused or freed.
#[repr(C)]
#[derive(Debug, Clone, Copy)]
pub struct th_value {
    /// For this library.
    pub value: *const c_void,
    /// For this library.
    pub ty: *const c_void,
}

/// Kinds of values.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_kind {
    /// Nil, or a `th_value` of zeros.
    TH_KIND_NIL = 0,
    /// `th_value_bool` reads it.
    TH_KIND_BOOL = 1,
    /// `th_value_int`; enums are their variant's integer.
    TH_KIND_INT = 2,
    /// `th_value_float`.
    TH_KIND_FLOAT = 3,
    /// `th_value_string`.
    TH_KIND_STRING = 4,
    /// `th_value_address`.
    TH_KIND_ADDRESS = 5,
    /// `th_value_prefix`.
    TH_KIND_PREFIX = 6,
    /// `th_value_count` and `th_value_item`.
    TH_KIND_LIST = 7,
    /// `th_value_count`, `th_value_item` and `th_value_key`.
    TH_KIND_MAP = 8,
    /// `th_value_member`.
    TH_KIND_RECORD = 9,
}

/// A value and its type, borrowed from an outcome.
pub(crate) struct Read<'a> {
    pub value: &'a Value,
    pub ty: &'a Type,
}

impl th_value {
    pub(crate) fn of(value: &Value, ty: &Type) -> th_value {
        let (value, ty): (*const Value, *const Type) = (value, without_optional(ty));
        th_value { value: value.cast(), ty: ty.cast() }
    }

    /// # Safety
    /// Zeros, or from an outcome that lives and was not used since.
    unsafe fn read<'a>(self) -> Result<Read<'a>, ApiError> {
        // SAFETY: the pointers came from references of these types, and the caller promises that those live.
        let (value, ty) = unsafe { (self.value.cast::<Value>().as_ref(), self.ty.cast::<Type>().as_ref()) };
        match (value, ty) {
            (Some(value), Some(ty)) => Ok(Read { value, ty }),
            _ => Err(ApiError::new(th_status::TH_NULL, "the value is zeroed")),
        }
    }
}

#[cold]
fn other(expected: &str, got: &Value) -> ApiError {
    ApiError::new(th_status::TH_TYPE, format!("expected {expected}, got {}", got.kind()))
}

/// Returns the kind of a value.
///
/// # Safety
/// `value` is of zeros, or from an outcome that lives and was not used since.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_kind(value: th_value) -> th_kind {
    guard_value(th_kind::TH_KIND_NIL, || {
        // SAFETY: the caller's promise.
        let Ok(read) = (unsafe { value.read() }) else { return Ok(th_kind::TH_KIND_NIL) };
        Ok(match read.value {
            Value::Nil => th_kind::TH_KIND_NIL,
            Value::Boolean(_) => th_kind::TH_KIND_BOOL,
            Value::Integer(_) | Value::Enum(_) => th_kind::TH_KIND_INT,
            Value::Float(_) => th_kind::TH_KIND_FLOAT,
            Value::String(_) => th_kind::TH_KIND_STRING,
            Value::Address(_) => th_kind::TH_KIND_ADDRESS,
            Value::Prefix(_) => th_kind::TH_KIND_PREFIX,
            Value::List(_) => th_kind::TH_KIND_LIST,
            Value::Map(_) => th_kind::TH_KIND_MAP,
            Value::Record(_) => th_kind::TH_KIND_RECORD,
        })
    })
}

/// Reads a boolean.
///
/// # Safety
/// As `th_value_kind`; `out` is null or points to room for a boolean.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_bool(value: th_value, out: *mut bool) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            // SAFETY: the caller's promise.
            Value::Boolean(v) => unsafe { store(out, *v, "room for the boolean") },
            got => Err(other("boolean", got)),
        }
    })
}

/// Reads an integer, or the integer of an enum's variant.
///
/// # Safety
/// As `th_value_kind`; `out` is null or points to room for an integer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_int(value: th_value, out: *mut i64) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let read = unsafe { value.read() }?;
        let number = match (read.value, read.ty) {
            (Value::Integer(v), _) => *v,
            (Value::Enum(at), Type::Enum(e)) => match e.variants.get(*at) {
                Some(variant) => variant.value,
                None => return Err(other("a variant", read.value)),
            },
            (got, _) => return Err(other("integer", got)),
        };
        // SAFETY: the caller's promise.
        unsafe { store(out, number, "room for the integer") }
    })
}

/// Reads a float.
///
/// # Safety
/// As `th_value_kind`; `out` is null or points to room for a double.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_float(value: th_value, out: *mut f64) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            // SAFETY: the caller's promise.
            Value::Float(v) => unsafe { store(out, *v, "room for the float") },
            got => Err(other("float", got)),
        }
    })
}

/// Reads a string: `len` bytes, without a NUL behind them and possibly with some among them.
///
/// # Safety
/// As `th_value_kind`; `out` and `len` are null or point to room for them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_string(value: th_value, out: *mut *const c_char, len: *mut usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            // SAFETY: the caller's promise.
            Value::String(bytes) => unsafe { string(bytes, out, len) },
            got => Err(other("string", got)),
        }
    })
}

/// # Safety
/// Both are null or point to room.
unsafe fn string(bytes: &[u8], out: *mut *const c_char, len: *mut usize) -> Result<(), ApiError> {
    // SAFETY: the caller's promise.
    unsafe {
        store(out, bytes.as_ptr().cast(), "room for the string")?;
        store(len, bytes.len(), "room for its length")
    }
}

/// # Safety
/// `bytes` is null or points to room for 16 bytes.
unsafe fn store_address(address: IpAddr, family: *mut u8, bytes: *mut u8) -> Result<(), ApiError> {
    let mut octets = [0; 16];
    let number = match address {
        IpAddr::V4(v4) => {
            octets[..4].copy_from_slice(&v4.octets());
            2
        }
        IpAddr::V6(v6) => {
            octets = v6.octets();
            10
        }
    };
    // SAFETY: the caller's promise.
    unsafe {
        store(family, number, "room for the family")?;
        store(bytes.cast::<[u8; 16]>(), octets, "room for the address")
    }
}

/// Reads an address: `family` becomes 2 (IPv4) or 10 (IPv6), `bytes` 16 bytes, of which an IPv4 address has 4.
///
/// # Safety
/// As `th_value_kind`; `family` is null or points to a byte, `bytes` to 16.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_address(value: th_value, family: *mut u8, bytes: *mut u8) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            // SAFETY: the caller's promise.
            Value::Address(v) => unsafe { store_address(*v, family, bytes) },
            got => Err(other("address", got)),
        }
    })
}

/// Reads a prefix; the address is as for `th_value_address`.
///
/// # Safety
/// As `th_value_address`; `length` is null or points to a byte.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_prefix(
    value: th_value,
    family: *mut u8,
    bytes: *mut u8,
    length: *mut u8,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            // SAFETY: the caller's promise.
            Value::Prefix(v) => unsafe {
                store_address(v.address(), family, bytes)?;
                store(length, v.length(), "room for the length")
            },
            got => Err(other("prefix", got)),
        }
    })
}

/// Returns the number of items of a list or map, or of the members of a record that are present; 0 for other values.
///
/// # Safety
/// As `th_value_kind`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_count(value: th_value) -> usize {
    guard_value(0, || {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }.map(|read| read.value) {
            Ok(Value::List(items)) => Ok(items.len()),
            Ok(Value::Map(entries)) => Ok(entries.len()),
            Ok(Value::Record(fields)) => Ok(fields.len()),
            _ => Ok(0),
        }
    })
}

/// Gets item `index`, from 0, of a list or map, or of the members of a record that are present.
///
/// # Safety
/// As `th_value_kind`; `out` is null or points to room for a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_item(value: th_value, index: usize, out: *mut th_value) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let read = unsafe { value.read() }?;
        let item = match (read.value, read.ty) {
            (Value::List(items), Type::List { element, .. }) => {
                items.get(index).map(|item| th_value::of(item, element))
            }
            (Value::Map(entries), Type::Map { value, .. }) => {
                entries.get(index).map(|(_, item)| th_value::of(item, value))
            }
            (Value::Record(fields), Type::Record(record)) => {
                let given = fields.get(index).and_then(|(at, item)| Some((item, record.fields.get(*at)?)));
                given.map(|(item, field)| th_value::of(item, &field.ty))
            }
            (got, _) => return Err(other("list, map or record", got)),
        };
        // SAFETY: the caller's promise.
        unsafe { store(out, item.ok_or_else(ApiError::absent)?, "room for the item") }
    })
}

/// Gets the position of item `index`, from 0, in its record, in order of declaration, as `th_hook_member` returns it.
///
/// # Safety
/// As `th_value_kind`; `position` is null or points to room for a position.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_position(value: th_value, index: usize, position: *mut usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            Value::Record(fields) => {
                let (at, _) = fields.get(index).ok_or_else(ApiError::absent)?;
                // SAFETY: the caller's promise.
                unsafe { store(position, *at, "room for the position") }
            }
            got => Err(other("record", got)),
        }
    })
}

/// Gets key `index`, from 0, of a map, as `th_value_string`.
///
/// # Safety
/// As `th_value_string`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_key(
    value: th_value,
    index: usize,
    out: *mut *const c_char,
    len: *mut usize,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        match unsafe { value.read() }?.value {
            Value::Map(entries) => {
                let (key, _) = entries.get(index).ok_or_else(ApiError::absent)?;
                // SAFETY: the caller's promise.
                unsafe { string(key, out, len) }
            }
            got => Err(other("map", got)),
        }
    })
}

/// Gets the member at `position`, from 0 in order of declaration, of a record; `TH_ABSENT` if it is nil or not present.
///
/// # Safety
/// As `th_value_kind`; `out` is null or points to room for a value.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_value_member(value: th_value, position: usize, out: *mut th_value) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let read = unsafe { value.read() }?;
        let (Value::Record(fields), Type::Record(record)) = (read.value, read.ty) else {
            return Err(other("record", read.value));
        };
        let member = fields.iter().find(|(at, value)| *at == position && *value != Value::Nil);
        let ty = record.fields.get(position).map(|field| &field.ty);
        match (member, ty) {
            // SAFETY: the caller's promise.
            (Some((_, value)), Some(ty)) => unsafe { store(out, th_value::of(value, ty), "room for the member") },
            _ => Err(ApiError::absent()),
        }
    })
}
