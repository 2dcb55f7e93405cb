//! Lists and maps among the arguments.
//!
//! In one step for an array of integers, element by element for everything else: say how many
//! there are, select an element, set its slots.

use std::ffi::c_char;

use tenterhook::hooks::codec::Encoder;
use tenterhook::hooks::value::MAX_STRING;

use crate::args::{broken, mismatch, out_of_range, th_args};
use crate::pointer::{exclusive, slice};
use crate::slots::{Holds, Kind, Slot, th_slot};
use crate::status::{Problem, guard, th_status};

/// Sets a list of integers.
///
/// # Safety
/// `args` is null or live, in use by nobody else; `values` points to `count` integers.
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

/// Says how many elements a list or map has; then select each with `th_args_element` or `th_args_entry` and set its
/// slots, whose paths go through "[]".
///
/// # Safety
/// `args` is null or live, in use by nobody else.
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

/// Selects element `index`, from 0, of the list `slot`: its slots are set from now on.
///
/// # Safety
/// `args` is null or live, in use by nobody else.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_element(args: *mut th_args, slot: th_slot, index: usize) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        select(args, slot, index).map(|_| ()).map_err(|problem| broken(&mut args.encoder, problem))
    })
}

/// Selects entry `index`, from 0, of the map `slot` and gives it a key.
///
/// # Safety
/// `args` is null or live, in use by nobody else; `key` points to `len` bytes.
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
        let entry = select(args, slot, index).map_err(|problem| broken(&mut args.encoder, problem))?;
        if len > MAX_STRING as usize {
            let problem = Problem::new(th_status::TH_RANGE, format!("expected a key of at most {MAX_STRING} bytes"));
            return Err(broken(&mut args.encoder, problem));
        }
        args.encoder.string(entry, key, MAX_STRING);
        Ok(())
    })
}

/// Selects an element and says where it is.
fn select(args: &mut th_args, number: th_slot, index: usize) -> Result<usize, Problem> {
    let Some(slot) = args.point.slots.get(number) else {
        return Err(Problem::new(th_status::TH_NAME, format!("{number} is no slot of this hook point")));
    };
    let (Kind::List { element, scope, .. } | Kind::Map { element, scope, .. }) = slot.kind else {
        return Err(mismatch(slot, "a call for a list or map"));
    };
    let (at, count) = args.elements.get(scope as usize).copied().unwrap_or_default();
    if index >= count {
        return Err(Problem::new(th_status::TH_SEQUENCE, format!("{}: has {count} elements, not {index}", slot.path)));
    }
    let place = at + index * element as usize;
    if let Some(base) = args.bases.get_mut(scope as usize) {
        *base = Some(place);
    }
    Ok(place)
}
