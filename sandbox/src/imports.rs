//! What the guest can call in the host: five functions, no more (a test lists them).
//!
//! | import | does | fuel |
//! | --- | --- | --- |
//! | `throw` | unwinds to the innermost `try` | [`THROW`] |
//! | `try` | runs guest code again, catches `throw` and nothing else | [`TRY`] |
//! | `out_of_memory` | ends the invocation | |
//! | `grow` | grows memory | [`GROW`] + [`GROW_PAGE`] per page that there is then |
//! | `host_call` | a capability function, or the next piece of a source | [`HOST_CALL`] + [`HOST_BYTE`] per byte, both ways |
//!
//! The host's work is charged as fuel, so that a script cannot buy wall time cheaply with it. Unwinding is an error
//! that wasmtime creates without allocating or capturing a backtrace; its meaning is in the store (`StoreData::ended`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::{Caller, Linker, OutOfMemory, Val};

use crate::guest::{slice, slice_mut};
use crate::meter;
use crate::state::{Ended, StoreData};
use crate::work::HostCall;

/// Fuel for unwinding through the host.
pub(crate) const THROW: u64 = 400;
/// Fuel for entering guest code again.
pub(crate) const TRY: u64 = 150;
/// Fuel for a request to grow memory.
pub(crate) const GROW: u64 = 150;
/// Fuel for a page of memory, half a unit per byte: the system has to find 64 KiB, clear them when they are first used,
/// and take them back after the call. The instruction `memory.grow` has no such charge; the interpreter does not use
/// it.
pub(crate) const GROW_PAGE: u64 = 32_768;
/// Fuel for a host call.
pub(crate) const HOST_CALL: u64 = 300;
/// Fuel per byte of its arguments and its reply. The most expensive byte is a control character in a log line, which is
/// written as six or seven characters.
pub(crate) const HOST_BYTE: u64 = 6;
/// Fuel for a page of an image beyond the interpreter's own: one and a half units per byte. An executor may have to be
/// created for it, and its memory requested, cleared, written, and returned after the call.
pub(crate) const RESTORE_PAGE: u64 = 98_304;
/// Fuel for loading a script, beside the guest's own work: an executor is created and discarded.
pub(crate) const LOAD: u64 = 50_000;
/// Fuel per byte of its source, which is copied, hashed and stored.
pub(crate) const LOAD_BYTE: u64 = 4;
/// The function number of the host call that returns the next piece of the source being loaded.
const SOURCE: u32 = u32::MAX;
/// The most bytes of arguments of one host call.
const MAX_ARGUMENTS: u32 = 64 * 1024 + 1;

pub(crate) fn define(linker: &mut Linker<StoreData>) -> wasmtime::Result<()> {
    linker.func_wrap("tenterhook", "throw", throw)?;
    linker.func_wrap("tenterhook", "try", try_)?;
    linker.func_wrap("tenterhook", "out_of_memory", out_of_memory)?;
    linker.func_wrap("tenterhook", "grow", grow)?;
    linker.func_wrap("tenterhook", "host_call", host_call)?;
    Ok(())
}

/// An error for wasmtime to unwind with. It is cheap and carries nothing: `StoreData::ended` has the reason.
fn unwind(caller: &mut Caller<'_, StoreData>, ended: Ended) -> wasmtime::Error {
    caller.data_mut().ended = Some(ended);
    OutOfMemory::new(0).into()
}

fn charge(caller: &mut Caller<'_, StoreData>, fuel: u64) -> wasmtime::Result<()> {
    if meter::take(&mut *caller, fuel)? { Ok(()) } else { Err(unwind(caller, Ended::OutOfFuel)) }
}

fn throw(mut caller: Caller<'_, StoreData>) -> wasmtime::Result<()> {
    charge(&mut caller, THROW)?;
    Err(unwind(&mut caller, Ended::Thrown))
}

fn try_(mut caller: Caller<'_, StoreData>, body: u32, lua: u32, ud: u32) -> wasmtime::Result<u32> {
    charge(&mut caller, TRY)?;
    let Some(items) = &caller.data().items else {
        return Err(unwind(&mut caller, Ended::HostCall("try before the guest was set up".into())));
    };
    let (try_body, stack_pointer) = (items.try_body.clone(), items.stack_pointer);
    let before = stack_pointer.get(&mut caller);
    let Err(error) = try_body.call(&mut caller, (body, lua, ud)) else {
        return Ok(0);
    };
    // Only a throw is caught. Fuel, memory, stack and host errors end the invocation.
    if caller.data().ended != Some(Ended::Thrown) {
        return Err(error);
    }
    caller.data_mut().ended = None;
    let Val::I32(_) = before else { return Err(error) };
    stack_pointer.set(&mut caller, before)?;
    Ok(1)
}

fn out_of_memory(mut caller: Caller<'_, StoreData>, asked: u32) -> wasmtime::Result<()> {
    Err(unwind(&mut caller, Ended::OutOfMemory { asked: u64::from(asked) }))
}

/// Returns the previous number of pages, or all bits set if the request is denied.
fn grow(mut caller: Caller<'_, StoreData>, pages: u32) -> wasmtime::Result<u32> {
    charge(&mut caller, GROW)?;
    let Some(memory) = caller.data().items.as_ref().map(|items| items.memory) else {
        return Err(unwind(&mut caller, Ended::HostCall("memory grows before the guest was set up".into())));
    };
    let Ok(before) = memory.grow(&mut caller, u64::from(pages)) else { return Ok(u32::MAX) };
    charge(&mut caller, GROW_PAGE * u64::from(pages))?;
    let now = memory.data_size(&caller);
    meter::grown(&mut caller, now)?;
    // A 32-bit address space has no more pages than this.
    Ok(u32::try_from(before).unwrap_or(u32::MAX))
}

/// The guest gets the length of the reply, 0 for none; a negative length would be a bug of the host.
fn host_call(mut caller: Caller<'_, StoreData>, function: u32, at: u32, len: u32, line: i32) -> wasmtime::Result<u32> {
    charge(&mut caller, HOST_CALL + HOST_BYTE * u64::from(len))?;
    if function == SOURCE && caller.data().source.is_some() {
        return source(caller);
    }
    let (Some(items), Some(work)) = (caller.data().items.clone(), caller.data().work.clone()) else {
        return Err(unwind(&mut caller, Ended::HostCall("a host call outside an invocation".into())));
    };
    if len > MAX_ARGUMENTS {
        return Err(unwind(&mut caller, Ended::HostCall(format!("host call with {len} bytes of arguments"))));
    }
    if let Some(ended) = caller.data().late() {
        return Err(unwind(&mut caller, ended));
    }
    let (memory, state) = items.memory.data_and_store_mut(&mut caller);
    let Some(arguments) = slice(memory, at, len) else {
        return Err(unwind(&mut caller, Ended::HostCall("host call with arguments outside of memory".into())));
    };
    let mut reply = std::mem::take(&mut state.reply);
    reply.clear();
    let line = u32::try_from(line).ok().filter(|line| *line > 0);
    let call = HostCall { function, arguments, line, log: &mut state.log };
    // A panic in a capability is a bug of the embedding program; it ends this call and nothing else.
    let done = catch_unwind(AssertUnwindSafe(|| work.call(call, &mut reply)));
    let problem = match done {
        Ok(Ok(())) => None,
        Ok(Err(problem)) => Some(problem),
        Err(_) => Some("a capability panicked".to_owned()),
    };
    let written = match problem {
        Some(problem) => Err(problem),
        None => write_reply(memory, state.reply_at, &reply),
    };
    state.reply = reply;
    if let Some(ended) = state.late() {
        return Err(unwind(&mut caller, ended));
    }
    match written {
        Ok(len) => {
            charge(&mut caller, HOST_BYTE * u64::from(len))?;
            Ok(len)
        }
        Err(problem) => Err(unwind(&mut caller, Ended::HostCall(problem))),
    }
}

/// Puts the next piece of the source being loaded into the reply buffer; nothing at its end.
fn source(mut caller: Caller<'_, StoreData>) -> wasmtime::Result<u32> {
    let Some(memory) = caller.data().items.as_ref().map(|items| items.memory) else {
        return Err(unwind(&mut caller, Ended::HostCall("a source before the guest was set up".into())));
    };
    let (memory, state) = memory.data_and_store_mut(&mut caller);
    let (source, taken) = state.source.get_or_insert_default();
    let left = source.get(*taken..).unwrap_or_default();
    let piece = &left[..left.len().min(state.reply_at.1 as usize)];
    let written = write_reply(memory, state.reply_at, piece);
    *taken += piece.len();
    match written {
        Ok(len) => {
            charge(&mut caller, HOST_BYTE * u64::from(len))?;
            Ok(len)
        }
        Err(problem) => Err(unwind(&mut caller, Ended::HostCall(problem))),
    }
}

fn write_reply(memory: &mut [u8], (at, cap): (u32, u32), reply: &[u8]) -> Result<u32, String> {
    let len = u32::try_from(reply.len()).ok().filter(|len| *len <= cap);
    let room = slice_mut(memory, at, reply.len());
    let (Some(len), Some(room)) = (len, room) else {
        return Err(format!("a reply of {} bytes has no room in the guest", reply.len()));
    };
    room.copy_from_slice(reply);
    Ok(len)
}
