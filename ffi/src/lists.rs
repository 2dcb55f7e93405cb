//! Lists and maps among the arguments.
//!
//! In one step for what comes as an array (integers, communities), element by element for everything else: say how many
//! there are, select an element, set its slots.

use std::ffi::c_char;

use tenterhook::hooks::catalog::bgp::{Communities, ExtendedCommunities, LargeCommunities};
use tenterhook::hooks::codec::Encoder;
use tenterhook::hooks::schema::Syntax;
use tenterhook::hooks::value::{HookValue, MAX_STRING};

use crate::args::{Scratch, broken, mismatch, out_of_range, th_args};
use crate::pointer::{exclusive, slice};
use crate::slots::{Holds, Kind, Slot, th_slot};
use crate::status::{Problem, guard, th_status};

/// Kinds of communities, by the size of one on the wire.
#[repr(C)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum th_community {
    /// RFC 1997: 4 bytes.
    TH_COMMUNITY = 4,
    /// RFC 4360: 8 bytes.
    TH_COMMUNITY_EXTENDED = 8,
    /// RFC 8092: 12 bytes.
    TH_COMMUNITY_LARGE = 12,
}

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

/// Sets a list of communities' texts from `count` communities as they are on the wire. `kind` is a `th_community`.
///
/// # Safety
/// `args` is null or live, in use by nobody else; `wire` points to `count` times as many bytes as the kind has.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_args_set_communities(
    args: *mut th_args,
    slot: th_slot,
    kind: u32,
    wire: *const u8,
    count: usize,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let args = unsafe { exclusive(args, "args") }?;
        let mut scratch = std::mem::take(&mut args.scratch);
        let Scratch { ones, threes } = &mut scratch;
        let result = args.put(slot, |slot, at, out| {
            let Kind::List { max, holds: Holds::Communities(syntax), .. } = slot.kind else {
                return Err(mismatch(slot, "communities"));
            };
            if count > max as usize {
                return Err(out_of_range(slot, &format!("at most {max} communities"), count));
            }
            let size = match kind {
                4 | 8 | 12 => kind as usize,
                other => return Err(out_of_range(slot, "a th_community", other)),
            };
            if syntax.is_some_and(|syntax| size_of_one(syntax) != size) {
                return Err(mismatch(slot, "communities of another kind"));
            }
            // SAFETY: the caller's promise; the count is small, so the size does not wrap.
            let wire = unsafe { slice(wire, count * size, "the communities") }?;
            match size {
                8 => ExtendedCommunities(wire.as_chunks::<8>().0).encode(at, out),
                12 => {
                    threes.clear();
                    threes.extend(wire.as_chunks::<12>().0.iter().map(|c| [number(c, 0), number(c, 4), number(c, 8)]));
                    LargeCommunities(threes).encode(at, out);
                }
                _ => {
                    ones.clear();
                    ones.extend(wire.as_chunks::<4>().0.iter().map(|c| u32::from_be_bytes(*c)));
                    Communities(ones).encode(at, out);
                }
            }
            Ok(())
        });
        args.scratch = scratch;
        result
    })
}

/// Bytes of one on the wire.
fn size_of_one(syntax: Syntax) -> usize {
    match syntax {
        Syntax::Community => 4,
        Syntax::ExtendedCommunity => 8,
        Syntax::LargeCommunity => 12,
    }
}

fn number(bytes: &[u8; 12], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
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
