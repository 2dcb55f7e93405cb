//! What the guest may ask of the host: five functions, no more (a test lists them).
//!
//! | import | does | fuel |
//! | --- | --- | --- |
//! | `throw` | unwinds to the innermost `try` | [`THROW`] |
//! | `try` | runs guest code again, catches `throw` and nothing else | [`TRY`] |
//! | `out_of_memory` | ends the invocation | |
//! | `grow` | grows memory | [`GROW`] + [`GROW_PAGE`] per page that there is then |
//! | `host_call` | a capability function, or the next piece of a source | [`HOST_CALL`] + [`HOST_BYTE`] per byte, both ways |
//!
//! Work of the host is charged as fuel, so that a script cannot buy wall time cheaply with it. Unwinding is an error
//! that wasmtime makes without allocating or capturing a backtrace; what it means is in the store (`State::ended`).

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::{Caller, Linker, OutOfMemory, Val};

use crate::guest::{slice, slice_mut};
use crate::meter;
use crate::state::{Ended, State};
use crate::work::HostCall;

/// Fuel for unwinding through the host.
pub(crate) const THROW: u64 = 400;
/// Fuel for entering guest code again.
pub(crate) const TRY: u64 = 150;
/// Fuel for asking for memory.
pub(crate) const GROW: u64 = 150;
/// Fuel for a page of memory, half a unit a byte: the machine has to find 64 KiB, clear them when they are first touched,
/// and take them back after the call. The instruction `memory.grow` has no such charge; the interpreter does without it.
pub(crate) const GROW_PAGE: u64 = 32_768;
/// Fuel for a host call.
pub(crate) const HOST_CALL: u64 = 300;
/// Fuel per byte of its arguments and its reply. The dearest is a control byte in a line of the log, which is written as
/// six or seven characters.
pub(crate) const HOST_BYTE: u64 = 6;
/// Fuel for a page of an image beyond the interpreter's own: one and a half units a byte. An executor may have to be made for
/// it, its memory found, cleared and written, and taken back after the call.
pub(crate) const RESTORE_PAGE: u64 = 98_304;
/// Fuel for loading a script, beside what the guest does for it: an executor that is made and taken down again.
pub(crate) const LOAD: u64 = 50_000;
/// Fuel per byte of its source, which is copied, hashed and kept.
pub(crate) const LOAD_BYTE: u64 = 4;
/// The function of a host call that gives the next piece of the source of the script that is loaded.
const SOURCE: u32 = u32::MAX;
/// Most bytes of arguments of one host call.
const MAX_ARGUMENTS: u32 = 64 * 1024 + 1;

pub(crate) fn define(linker: &mut Linker<State>) -> wasmtime::Result<()> {
    linker.func_wrap("tenterhook", "throw", throw)?;
    linker.func_wrap("tenterhook", "try", try_)?;
    linker.func_wrap("tenterhook", "out_of_memory", out_of_memory)?;
    linker.func_wrap("tenterhook", "grow", grow)?;
    linker.func_wrap("tenterhook", "host_call", host_call)?;
    Ok(())
}

/// An error for wasmtime to unwind with: costs nothing to make, says nothing. `State::ended` says it.
fn unwind(caller: &mut Caller<'_, State>, ended: Ended) -> wasmtime::Error {
    caller.data_mut().ended = Some(ended);
    OutOfMemory::new(0).into()
}

fn charge(caller: &mut Caller<'_, State>, fuel: u64) -> wasmtime::Result<()> {
    if meter::take(&mut *caller, fuel)? { Ok(()) } else { Err(unwind(caller, Ended::OutOfFuel)) }
}

fn throw(mut caller: Caller<'_, State>) -> wasmtime::Result<()> {
    charge(&mut caller, THROW)?;
    Err(unwind(&mut caller, Ended::Thrown))
}

fn try_(mut caller: Caller<'_, State>, body: u32, lua: u32, ud: u32) -> wasmtime::Result<u32> {
    charge(&mut caller, TRY)?;
    let Some(items) = &caller.data().items else {
        return Err(unwind(&mut caller, Ended::HostCall("try before the guest was set up".into())));
    };
    let (try_body, stack_pointer) = (items.try_body.clone(), items.stack_pointer);
    let before = stack_pointer.get(&mut caller);
    let Err(error) = try_body.call(&mut caller, (body, lua, ud)) else {
        return Ok(0);
    };
    // Only a throw is caught. Fuel, memory, stack and host errors go on to the end of the invocation.
    if caller.data().ended != Some(Ended::Thrown) {
        return Err(error);
    }
    caller.data_mut().ended = None;
    let Val::I32(_) = before else { return Err(error) };
    stack_pointer.set(&mut caller, before)?;
    Ok(1)
}

fn out_of_memory(mut caller: Caller<'_, State>, asked: u32) -> wasmtime::Result<()> {
    Err(unwind(&mut caller, Ended::OutOfMemory { asked: u64::from(asked) }))
}

/// How many pages there were; all bits where that is refused.
fn grow(mut caller: Caller<'_, State>, pages: u32) -> wasmtime::Result<u32> {
    charge(&mut caller, GROW)?;
    let Some(memory) = caller.data().items.as_ref().map(|items| items.memory) else {
        return Err(unwind(&mut caller, Ended::HostCall("memory grows before the guest was set up".into())));
    };
    let Ok(before) = memory.grow(&mut caller, u64::from(pages)) else { return Ok(u32::MAX) };
    charge(&mut caller, GROW_PAGE * u64::from(pages))?;
    let now = memory.data_size(&caller);
    meter::grown(&mut caller, now)?;
    // As many as there are in 32 bits of address.
    Ok(u32::try_from(before).unwrap_or(u32::MAX))
}

/// A negative answer would be an error of ours; the guest gets the length of the reply, 0 for none.
fn host_call(mut caller: Caller<'_, State>, function: u32, at: u32, len: u32, line: i32) -> wasmtime::Result<u32> {
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
    // A panic of a capability is an error of the program that embeds us; it ends this call and nothing else.
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

/// Puts the next piece of the source that is loaded into the reply buffer: nothing where there is no more.
fn source(mut caller: Caller<'_, State>) -> wasmtime::Result<u32> {
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
