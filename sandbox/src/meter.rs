//! Fuel as policies count it, kept in wasmtime's counter.
//!
//! One of wasmtime's units is one unit of fuel while memory is small. An operator that reads memory outside of the
//! processor's caches has to wait for it, so in larger memory one of wasmtime's units counts for several units of fuel:
//! the counter then holds the remaining fuel divided by that factor, and the remainder is kept beside it. When memory
//! grows over a threshold, the remaining fuel is divided anew. The factor depends only on the size of linear memory, so
//! the same call uses the same fuel everywhere. Memory does not shrink within a call, so the factor never decreases.

use wasmtime::{AsContext, AsContextMut, StoreContextMut};

use crate::state::{Meter, StoreData};

/// Sizes of linear memory, and the factor that applies beyond each.
const DEARER: [(usize, u64); 3] = [(256 << 20, 8), (64 << 20, 4), (16 << 20, 2)];

/// The factor that applies to this size of linear memory.
#[inline]
pub(crate) fn each(memory: usize) -> u64 {
    DEARER.iter().find(|(beyond, _)| memory > *beyond).map_or(1, |(_, each)| *each)
}

/// Sets the remaining fuel, given the size of linear memory in bytes.
#[inline]
pub(crate) fn fill(mut store: impl AsContextMut<Data = StoreData>, fuel: u64, memory: usize) -> wasmtime::Result<()> {
    let each = each(memory);
    set(store.as_context_mut(), each, fuel)
}

/// The remaining fuel. With the counter at 0 the remainder is spent too: guest code ends there, and may have gone a
/// little beyond (fuel is checked where loops and functions begin), which the counter does not show.
#[inline]
pub(crate) fn left(store: impl AsContext<Data = StoreData>) -> u64 {
    let store = store.as_context();
    let Meter { each, rest } = store.data().meter;
    match store.get_fuel() {
        Ok(counter) if counter > 0 => counter.saturating_mul(each).saturating_add(rest),
        _ => 0,
    }
}

/// Takes fuel for work of the host; `false` if there is less, and then nothing is left.
pub(crate) fn take(mut store: impl AsContextMut<Data = StoreData>, fuel: u64) -> wasmtime::Result<bool> {
    let store = store.as_context_mut();
    let left = left(&store);
    let each = store.data().meter.each;
    set(store, each, left.saturating_sub(fuel))?;
    Ok(left >= fuel)
}

/// Sets the remaining fuel, given the factor. Small memory, which nearly every call has, needs no division.
#[inline]
fn set(mut store: StoreContextMut<'_, StoreData>, each: u64, fuel: u64) -> wasmtime::Result<()> {
    let (counter, rest) = if each == 1 { (fuel, 0) } else { (fuel / each, fuel % each) };
    store.data_mut().meter = Meter { each, rest };
    store.set_fuel(counter)
}

/// Divides the remaining fuel anew, after memory has grown to this many bytes.
pub(crate) fn grown(store: impl AsContextMut<Data = StoreData>, memory: usize) -> wasmtime::Result<()> {
    let left = left(&store);
    fill(store, left, memory)
}
