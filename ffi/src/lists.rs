//! Lists and maps among the arguments.
//!
//! An array of integers is set in one step, everything else element by element: set the number of elements, select an
//! element, set its slots.

use std::ffi::c_char;

use tenterhook::hooks::codec::Encoder;
use tenterhook::hooks::value::MAX_STRING;

use crate::args::{broken, mismatch, out_of_range, th_args};
use crate::pointer::{exclusive, slice};
use crate::slots::{Holds, Kind, Slot, th_slot};
use crate::status::{ApiError, guard, th_status};

/// Sets a list of integers.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `values` points to `count` integers.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_u32s(
    args: *mut th_args,
    slot: th_slot,
    values: *const u32,
    count: usize,
) -> th_status {
    let write = |slot: &Slot, at: usize, out: &mut Encoder| {
        // SAFETY: the caller's promise.
        let values = unsafe { slice(values, count, "values") }?;
        let Kind::List { max, holds: Holds::Integers { min, max: greatest }, .. } = slot.kind else {
            return Err(mismatch(slot, "integers"));
        };
        if count > max as usize {
            return Err(out_of_range(slot, &format!("at most {max} elements"), count));
        }
        let items = out.list(at, count, 8, max);
        for (i, value) in values.iter().enumerate().take(items.count) {
            let value = i64::from(*value);
            if value < min || value > greatest {
                return Err(out_of_range(slot, &format!("integers {min}..{greatest}"), value));
            }
            out.integer(items.at + i * 8, value);
        }
        Ok(())
    };
    // SAFETY: the caller's promise.
    guard(|| unsafe { exclusive(args, "args") }?.put(slot, write))
}

/// Sets the number of elements of a list or map; then select each with `th_args_element` or `th_args_entry` and set its
/// slots, whose paths contain "[]".
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_count(args: *mut th_args, slot: th_slot, count: usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        let mut made = None;
        args.put(slot, |slot, at, out| {
            let (Kind::List { max, element, scope, .. } | Kind::Map { max, element, scope }) = slot.kind else {
                return Err(mismatch(slot, "a count of elements"));
            };
            if count > max as usize {
                return Err(out_of_range(slot, &format!("at most {max} elements"), count));
            }
            made = Some((scope as usize, out.list(at, count, element as usize, max)));
            Ok(())
        })?;
        if let Some((scope, items)) = made
            && let Some(elements) = args.elements.get_mut(scope)
        {
            *elements = (items.at, items.count);
            args.bases[scope] = None;
        }
        Ok(())
    })
}

/// Selects element `index`, from 0, of the list `slot`; its slots are set from now on.
///
/// # Safety
/// `args` is null or live, not in use elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_element(args: *mut th_args, slot: th_slot, index: usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        select(args, slot, index).map(|_| ()).map_err(|error| broken(&mut args.encoder, error))
    })
}

/// Selects item `index`, from 0, of the map `slot` and sets its key.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `key` points to `len` bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_entry(
    args: *mut th_args,
    slot: th_slot,
    index: usize,
    key: *const c_char,
    len: usize,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (args, key) = unsafe { (exclusive(args, "args")?, slice(key.cast::<u8>(), len, "the key")?) };
        let entry = select(args, slot, index).map_err(|error| broken(&mut args.encoder, error))?;
        if len > MAX_STRING as usize {
            let error = ApiError::new(th_status::TH_RANGE, format!("expected a key of at most {MAX_STRING} bytes"));
            return Err(broken(&mut args.encoder, error));
        }
        args.encoder.string(entry, key, MAX_STRING);
        Ok(())
    })
}

/// Selects an element and returns its position.
fn select(args: &mut th_args, number: th_slot, index: usize) -> Result<usize, ApiError> {
    let Some(slot) = args.point.slots.get(number) else {
        return Err(ApiError::new(th_status::TH_NAME, format!("{number} is not a slot of this hook point")));
    };
    let (Kind::List { element, scope, .. } | Kind::Map { element, scope, .. }) = slot.kind else {
        return Err(mismatch(slot, "a call for a list or map"));
    };
    let (at, count) = args.elements.get(scope as usize).copied().unwrap_or_default();
    if index >= count {
        return Err(ApiError::new(th_status::TH_SEQUENCE, format!("{}: has {count} elements, not {index}", slot.path)));
    }
    let place = at + index * element as usize;
    if let Some(base) = args.bases.get_mut(scope as usize) {
        *base = Some(place);
    }
    Ok(place)
}
