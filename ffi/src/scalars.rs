//! Setting arguments that are single values.

use std::ffi::c_char;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tenterhook::hooks::codec::Encoder;
use tenterhook::hooks::value::{HookValue, Prefix};

use crate::args::{mismatch, out_of_range, th_args};
use crate::pointer::{bytes, exclusive, slice};
use crate::slots::{Kind, Slot, th_slot};
use crate::status::{ApiError, guard, th_status};

/// Family of an address, as AF_INET and AF_INET6 are on Linux; 4 and 6 are accepted too.
pub(crate) fn address(family: u8, bytes: &[u8]) -> Option<IpAddr> {
    match family {
        2 | 4 => Some(IpAddr::V4(Ipv4Addr::from(*bytes.first_chunk::<4>()?))),
        10 | 6 => Some(IpAddr::V6(Ipv6Addr::from(*bytes.first_chunk::<16>()?))),
        _ => None,
    }
}

/// The number of bytes of an address of this family.
fn address_len(family: u8) -> Result<usize, ApiError> {
    match family {
        2 | 4 => Ok(4),
        10 | 6 => Ok(16),
        other => Err(ApiError::new(th_status::TH_RANGE, format!("{other} is not an address family: expected 2 or 10"))),
    }
}

#[inline]
fn integer(slot: &Slot, at: usize, value: i64, out: &mut Encoder) -> Result<(), ApiError> {
    match &slot.kind {
        Kind::Integer { min, max } if *min <= value && value <= *max => out.integer(at, value),
        Kind::Integer { min, max } => return Err(out_of_range(slot, &format!("integer {min}..{max}"), value)),
        Kind::Enum(e) => match e.position_of_value(value) {
            Some(position) => out.integer(at, position as i64),
            None => return Err(out_of_range(slot, &e.names(), value)),
        },
        _ => return Err(mismatch(slot, "integer")),
    }
    Ok(())
}

/// Sets a slot of `args`.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[inline]
unsafe fn set(
    args: *mut th_args,
    slot: th_slot,
    write: impl FnOnce(&Slot, usize, &mut Encoder) -> Result<(), ApiError>,
) -> th_status {
    // SAFETY: the caller's promise.
    guard(|| unsafe { exclusive(args, "args") }?.put(slot, write))
}

/// Sets a boolean.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_bool(args: *mut th_args, slot: th_slot, value: bool) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| match slot.kind {
        Kind::Boolean => {
            out.integer(at, i64::from(value));
            Ok(())
        }
        _ => Err(mismatch(slot, "boolean")),
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}

/// Sets an integer, or an enum by its variant's integer.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_int(args: *mut th_args, slot: th_slot, value: i64) -> th_status {
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, |slot, at, out| integer(slot, at, value, out)) }
}

/// Sets `count` consecutive integer fields of a record, beginning with `first`. Optional integers, and integers with
/// other fields in between, have to be set one by one.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `values` points to `count` integers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_ints(
    args: *mut th_args,
    first: th_slot,
    values: *const i64,
    count: usize,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (args, values) = unsafe { (exclusive(args, "args")?, slice(values, count, "values")?) };
        args.put_among(first, |slots, slot, at, out| {
            // Behind the row lies something else, such as the byte that says whether an optional is present.
            let row = slots.row(first);
            if count > row.len() {
                return Err(mismatch(slot, &format!("{count} integers, but only {} are consecutive", row.len())));
            }
            for (of, value) in row.iter().zip(values) {
                match of.kind {
                    Kind::Integer { min, max } if min <= *value && *value <= max => {}
                    Kind::Integer { min, max } => {
                        return Err(out_of_range(of, &format!("integer {min}..{max}"), value));
                    }
                    _ => return Err(mismatch(of, "integer")),
                }
            }
            out.integers(at, values);
            Ok(())
        })
    })
}

/// Sets a float.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_float(args: *mut th_args, slot: th_slot, value: f64) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| match slot.kind {
        Kind::Float => {
            out.float(at, value);
            Ok(())
        }
        _ => Err(mismatch(slot, "float")),
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}

/// Sets a string of `len` bytes, which must be UTF-8 if the slot is for text.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `value` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_string(
    args: *mut th_args,
    slot: th_slot,
    value: *const c_char,
    len: usize,
) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| {
        // SAFETY: the caller's promise.
        let bytes = unsafe { slice(value.cast::<u8>(), len, "the string") }?;
        let Kind::String { max, utf8 } = slot.kind else { return Err(mismatch(slot, "string")) };
        if len > max as usize {
            return Err(out_of_range(slot, &format!("at most {max} bytes"), len));
        }
        if utf8 && std::str::from_utf8(bytes).is_err() {
            return Err(ApiError::new(th_status::TH_TEXT, format!("{}: expected UTF-8 text", slot.path)));
        }
        out.string(at, bytes, max);
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}

/// Sets a string to any text up to its NUL: what is not UTF-8 becomes `?` if the slot is for text, and what does not
/// fit is cut off. This is for text from other sources, such as descriptions. Null is the empty string.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `value` is null or ends with a NUL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_text(args: *mut th_args, slot: th_slot, value: *const c_char) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| {
        let Kind::String { max, utf8 } = slot.kind else { return Err(mismatch(slot, "string")) };
        if value.is_null() {
            out.string(at, b"", max);
            return Ok(());
        }
        // SAFETY: the caller's promise.
        let given = unsafe { bytes(value, "the text") }?;
        match std::str::from_utf8(given) {
            Ok(text) => out.string(at, &given[..text.floor_char_boundary(max as usize)], max),
            Err(_) if !utf8 => out.string(at, &given[..given.len().min(max as usize)], max),
            Err(_) => {
                let text: String = given.iter().map(|b| if b.is_ascii() { char::from(*b) } else { '?' }).collect();
                out.string(at, &text.as_bytes()[..text.len().min(max as usize)], max);
            }
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}

/// Sets an address from 4 (`family` AF_INET) or 16 bytes (AF_INET6) in network byte order.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `bytes` points to as many bytes as the family has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_address(
    args: *mut th_args,
    slot: th_slot,
    family: u8,
    bytes: *const u8,
) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| {
        if !matches!(slot.kind, Kind::Address) {
            return Err(mismatch(slot, "address"));
        }
        // SAFETY: the caller's promise.
        let bytes = unsafe { slice(bytes, address_len(family)?, "the address") }?;
        match address(family, bytes) {
            Some(address) => address.encode(at, out),
            None => return Err(mismatch(slot, "an invalid address")),
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}

/// Sets a prefix of `length` bits; the address is as for `th_args_set_address`.
///
/// # Safety
/// As `th_args_set_address`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_prefix(
    args: *mut th_args,
    slot: th_slot,
    family: u8,
    bytes: *const u8,
    length: u8,
) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| {
        if !matches!(slot.kind, Kind::Prefix) {
            return Err(mismatch(slot, "prefix"));
        }
        // SAFETY: the caller's promise.
        let bytes = unsafe { slice(bytes, address_len(family)?, "the prefix") }?;
        let prefix = address(family, bytes).and_then(|address| Prefix::new(address, length).ok());
        match prefix {
            Some(prefix) => prefix.encode(at, out),
            None => return Err(out_of_range(slot, "at most 32 or 128 bits", length)),
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    unsafe { set(args, slot, write) }
}
