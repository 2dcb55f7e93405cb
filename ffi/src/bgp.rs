//! BGP: the hook points of the catalog, and communities in wire format.

use std::ffi::c_char;

use tenterhook::hooks::schema::Syntax;
use tenterhook::hooks::value::HookValue;
use tenterhook_bgp::catalog::bgp::{Communities, ExtendedCommunities, LargeCommunities};
use tenterhook_bgp::catalog::find;
use tenterhook_bgp::syntax::{COMMUNITY, EXTENDED_COMMUNITY, LARGE_COMMUNITY};

use crate::args::{Scratch, mismatch, out_of_range, th_args};
use crate::hook::th_hook;
use crate::host::{hand_over, th_host};
use crate::pointer::{exclusive, shared, slice, text};
use crate::slots::{Holds, Kind, th_slot};
use crate::status::{ApiError, guard, th_status};

/// Strings with a smaller bound have no room for every community's text.
const MAX_COMMUNITY: u32 = 64;

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

/// Declares a hook point of the catalog, such as "bgp.route_match". Free the handle with `th_hook_free`.
///
/// # Safety
/// `host` is null or live; `name` is null or ends with a NUL; `hook` is null or points to room for a pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn th_hook_catalog(
    host: *const th_host,
    name: *const c_char,
    hook: *mut *mut th_hook,
) -> th_status {
    guard(|| {
        // SAFETY: the caller's promise.
        let (host, name) = unsafe { (shared(host, "host")?, text(name, "name")?) };
        let declaration = find(name)
            .ok_or_else(|| ApiError::new(th_status::TH_NAME, format!("the catalog has no hook point {name}")))?;
        let declared = host.declare(declaration)?;
        // SAFETY: the caller's promise.
        unsafe { hand_over(declared, hook) }
    })
}

/// Sets a list of communities' texts from `count` communities in wire format. `kind` is a `th_community`.
///
/// # Safety
/// `args` is null or live, not in use elsewhere; `wire` points to `count` times as many bytes as the kind has.
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
            let Kind::List { max, holds: Holds::Texts { max: room, syntax }, .. } = slot.kind else {
                return Err(mismatch(slot, "communities"));
            };
            if room < MAX_COMMUNITY {
                return Err(mismatch(slot, "communities"));
            }
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

/// The size in bytes of one community on the wire; 0 for other texts.
fn size_of_one(syntax: &Syntax) -> usize {
    [(&COMMUNITY, 4), (&EXTENDED_COMMUNITY, 8), (&LARGE_COMMUNITY, 12)]
        .into_iter()
        .find(|(known, _)| *known == syntax)
        .map_or(0, |(_, size)| size)
}

fn number(bytes: &[u8; 12], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
