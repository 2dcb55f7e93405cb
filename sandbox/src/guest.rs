//! What the guest exports, and what it reports about itself.
//!
//! Names and offsets are those of `guest-lua/shim/abi.h`. A guest may report anything: every number read here is
//! checked against the size of memory before it is used.

use wasmtime::{AsContextMut, Global, Instance, Memory, TypedFunc, Val};

use crate::state::{Items, StoreData};

/// Exports of an instance, typed.
pub(crate) struct Guest {
    pub memory: Memory,
    pub stack_pointer: Global,
    pub initialize: TypedFunc<(), ()>,
    pub start: TypedFunc<(), ()>,
    pub info: TypedFunc<(), u32>,
    pub buffer: TypedFunc<u32, u32>,
    pub declare: TypedFunc<(u32, u32), ()>,
    pub provide: TypedFunc<(u32, u32), ()>,
    /// Selects how scripts see memory errors; a guest without it supports only one way.
    pub memory_errors: Option<TypedFunc<u32, ()>>,
    pub load: TypedFunc<(u32, u32, u32), u32>,
    pub seed: TypedFunc<u64, ()>,
    pub args: TypedFunc<u32, u32>,
    pub call: TypedFunc<u32, u64>,
    pub try_body: TypedFunc<(u32, u32, u32), ()>,
}

impl Guest {
    pub fn of(mut store: impl AsContextMut<Data = StoreData>, instance: &Instance) -> wasmtime::Result<Guest> {
        let mut store = store.as_context_mut();
        let memory = instance
            .get_memory(&mut store, "memory")
            .ok_or_else(|| wasmtime::format_err!("the guest exports no memory"))?;
        let stack_pointer = instance
            .get_global(&mut store, "__stack_pointer")
            .ok_or_else(|| wasmtime::format_err!("the guest exports no __stack_pointer"))?;
        if !matches!(stack_pointer.get(&mut store), Val::I32(_)) {
            return Err(wasmtime::format_err!("the guest's __stack_pointer is not an i32"));
        }
        Ok(Guest {
            memory,
            stack_pointer,
            initialize: instance.get_typed_func(&mut store, "_initialize")?,
            start: instance.get_typed_func(&mut store, "th_start")?,
            info: instance.get_typed_func(&mut store, "th_info")?,
            buffer: instance.get_typed_func(&mut store, "th_buffer")?,
            declare: instance.get_typed_func(&mut store, "th_declare")?,
            provide: instance.get_typed_func(&mut store, "th_provide")?,
            memory_errors: instance.get_typed_func(&mut store, "th_memory_errors").ok(),
            load: instance.get_typed_func(&mut store, "th_load")?,
            seed: instance.get_typed_func(&mut store, "th_seed")?,
            args: instance.get_typed_func(&mut store, "th_args")?,
            call: instance.get_typed_func(&mut store, "th_call")?,
            try_body: instance.get_typed_func(&mut store, "th_try_body")?,
        })
    }

    pub fn items(&self) -> Items {
        Items { memory: self.memory, stack_pointer: self.stack_pointer, try_body: self.try_body.clone() }
    }

    /// The current stack pointer.
    pub fn stack_pointer(&self, mut store: impl AsContextMut) -> u32 {
        // An i32: `of` checked that, and globals do not change their type.
        self.stack_pointer.get(&mut store).i32().unwrap_or(0) as u32
    }
}

/// The info block, as read at one moment.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Info {
    pub abi: u32,
    pub data_start: u32,
    pub heap_high: u32,
    pub args: u32,
    pub args_cap: u32,
    pub error: u32,
    pub error_len: u32,
    pub trace: u32,
    pub trace_len: u32,
    pub flags: u32,
    pub reply: u32,
    pub reply_cap: u32,
    pub settled: u32,
    pub settled_len: u32,
    pub unsettled: u32,
    pub memory_end: u32,
}

/// `Info::flags`.
pub(crate) const FLAG_STACK: u32 = 1;
pub(crate) const FLAG_NO_HANDLER: u32 = 2;
pub(crate) const FLAG_SYNTAX: u32 = 4;
pub(crate) const FLAG_MEMORY: u32 = 8;

impl Info {
    const FIELDS: usize = 16;

    /// The block at `at`; `None` where memory does not hold one.
    pub fn read(memory: &[u8], at: u32) -> Option<Info> {
        let block = slice(memory, at, (Info::FIELDS * 4) as u32)?;
        let mut words = [0u32; Info::FIELDS];
        for (word, bytes) in words.iter_mut().zip(block.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        let [
            abi,
            data_start,
            heap_high,
            args,
            args_cap,
            error,
            error_len,
            trace,
            trace_len,
            flags,
            reply,
            reply_cap,
            settled,
            settled_len,
            unsettled,
            memory_end,
        ] = words;
        Some(Info {
            abi,
            data_start,
            heap_high,
            args,
            args_cap,
            error,
            error_len,
            trace,
            trace_len,
            flags,
            reply,
            reply_cap,
            settled,
            settled_len,
            unsettled,
            memory_end,
        })
    }
}

/// Guest memory from `at`, `len` bytes; `None` if that is outside of memory.
#[inline]
pub(crate) fn slice(memory: &[u8], at: u32, len: u32) -> Option<&[u8]> {
    memory.get(at as usize..(at as usize).checked_add(len as usize)?)
}

/// The same, mutable.
#[inline]
pub(crate) fn slice_mut(memory: &mut [u8], at: u32, len: usize) -> Option<&mut [u8]> {
    memory.get_mut(at as usize..(at as usize).checked_add(len)?)
}

/// Text at the address that a guest reports, at most `most` bytes of it, made safe to display.
pub(crate) fn text(memory: &[u8], at: u32, len: u32, most: usize) -> Option<String> {
    if at == 0 {
        return None;
    }
    let bytes = slice(memory, at, len.min(u32::try_from(most).unwrap_or(u32::MAX)))?;
    Some(String::from_utf8_lossy(bytes).into_owned())
}

/// The info block of an instance, at the address that the instance reports.
pub(crate) fn info(mut store: impl AsContextMut<Data = StoreData>, guest: &Guest) -> Option<Info> {
    let at = guest.info.call(store.as_context_mut(), ()).ok()?;
    Info::read(guest.memory.data(&store), at)
}
