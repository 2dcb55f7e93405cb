//! Fuel as policies count it, kept in wasmtime's counter.
//!
//! One of wasmtime's units is one of ours while memory is small. An operator that reads memory which the processor's
//! caches do not hold waits for it, so in larger memory one of wasmtime's units counts for several of ours: the counter
//! then holds what is left divided by that number, and the remainder waits beside it. When memory grows over a threshold,
//! what is left is divided anew. Nothing but the size of linear memory decides, so the same call uses the same fuel
//! wherever it runs; memory does not shrink within a call, so units get dearer and never cheaper.

use wasmtime::{AsContext, AsContextMut, StoreContextMut};

use crate::state::{Meter, State};

/// Linear memory beyond so many bytes, and how many units one of wasmtime's counts for there.
const DEARER: [(usize, u64); 3] = [(256 << 20, 8), (64 << 20, 4), (16 << 20, 2)];

/// How many units one of wasmtime's counts for with so much linear memory.
#[inline]
pub(crate) fn each(memory: usize) -> u64 {
    DEARER.iter().find(|(beyond, _)| memory > *beyond).map_or(1, |(_, each)| *each)
}

/// Sets what is left to so many units, with so many bytes of linear memory.
#[inline]
pub(crate) fn fill(mut store: impl AsContextMut<Data = State>, fuel: u64, memory: usize) -> wasmtime::Result<()> {
    let each = each(memory);
    set(store.as_context_mut(), each, fuel)
}

/// How many units are left. With the counter at 0 the remainder is spent too: guest code ends there, and may have gone a
/// little beyond it (fuel is looked at where loops and functions begin), which the counter does not tell.
#[inline]
pub(crate) fn left(store: impl AsContext<Data = State>) -> u64 {
    let store = store.as_context();
    let Meter { each, rest } = store.data().meter;
    match store.get_fuel() {
        Ok(counter) if counter > 0 => counter.saturating_mul(each).saturating_add(rest),
        _ => 0,
    }
}

/// Takes so many units for work of the host; `false` where there are fewer, and none after that.
pub(crate) fn take(mut store: impl AsContextMut<Data = State>, fuel: u64) -> wasmtime::Result<bool> {
    let store = store.as_context_mut();
    let left = left(&store);
    let each = store.data().meter.each;
    set(store, each, left.saturating_sub(fuel))?;
    Ok(left >= fuel)
}

/// Sets what is left, where one of wasmtime's units counts for so many. Small memory, which nearly every call has, takes no
/// division.
#[inline]
fn set(mut store: StoreContextMut<'_, State>, each: u64, fuel: u64) -> wasmtime::Result<()> {
    let (counter, rest) = if each == 1 { (fuel, 0) } else { (fuel / each, fuel % each) };
    store.data_mut().meter = Meter { each, rest };
    store.set_fuel(counter)
}

/// Divides what is left anew, after memory has grown to so many bytes.
pub(crate) fn grown(store: impl AsContextMut<Data = State>, memory: usize) -> wasmtime::Result<()> {
    let left = left(&store);
    fill(store, left, memory)
}
