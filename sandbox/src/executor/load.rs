//! Starting the interpreter and loading a script, which makes images.

use std::sync::Arc;

use tenterhook_policies::{Budget, Bytes, MemoryErrors, PAGE};
use wasmtime::Store;

use super::{Executor, MAX_MESSAGE};
use crate::fault::Fault;
use crate::guest::{self, Guest};
use crate::image::Image;
use crate::script::Script;
use crate::state::StoreData;
use crate::work::HostWork;
use crate::{imports, meter};

/// The size of the pieces in which the guest receives a source, in bytes.
const SOURCE_PIECE: usize = 4096;
/// The version of the guest's ABI that this host supports.
const ABI: u32 = tenterhook_guest_lua::ABI_VERSION;

impl Executor {
    /// Starts the interpreter and takes its image.
    pub(crate) fn start(&mut self, budget: &Budget) -> Result<Image, String> {
        self.store.data_mut().start(budget);
        self.fill(budget.fuel.get()).map_err(|e| format!("{e:#}"))?;
        let started =
            self.guest.initialize.call(&mut self.store, ()).and_then(|()| self.guest.start.call(&mut self.store, ()));
        started.map_err(|e| format!("the interpreter did not start: {e:#}"))?;
        let info = self.info().ok_or("the interpreter has no info block")?;
        if info.abi != ABI {
            return Err(format!("the interpreter speaks ABI {}, expected {ABI}", info.abi));
        }
        self.image(None)
    }

    fn image(&mut self, base: Option<&Arc<Image>>) -> Result<Image, String> {
        let info = self.info().ok_or("the interpreter has no info block")?;
        let stack_pointer = self.guest.stack_pointer(&mut self.store);
        let memory = self.guest.memory.data(&self.store);
        let least = base.map_or(memory.len(), |base| base.memory_size());
        let needed = needed(memory, info.memory_end, least)
            .ok_or_else(|| format!("the guest's memory cannot end at {} of {} bytes", info.memory_end, memory.len()))?;
        Image::take(base, needed, &info, stack_pointer)
    }

    /// Loads a script into a new executor and takes its image. Fuel is used whether the load succeeds or not.
    pub(crate) fn load(
        &mut self,
        base: &Arc<Image>,
        script: &Script<'_>,
        work: Arc<dyn HostWork>,
        budget: &Budget,
    ) -> (Result<Image, Fault>, u64) {
        let loaded = self.load_within(base, script, work, budget);
        (loaded, budget.fuel.get().saturating_sub(meter::left(&self.store)))
    }

    fn load_within(
        &mut self,
        base: &Arc<Image>,
        script: &Script<'_>,
        work: Arc<dyn HostWork>,
        budget: &Budget,
    ) -> Result<Image, Fault> {
        let libraries = work.libraries();
        self.prepare(base, || work).map_err(Fault::host)?;
        self.store.data_mut().start(budget);
        self.fill(budget.fuel.get()).map_err(|e| Fault::host(format!("{e:#}")))?;
        let ours = imports::LOAD + imports::LOAD_BYTE * script.source.len() as u64;
        if !meter::take(&mut self.store, ours).map_err(|e| Fault::host(format!("{e:#}")))? {
            return Err(Fault::OutOfFuel { budget: budget.fuel });
        }
        let loaded = self.set_memory_errors(script.memory_errors).and_then(|()| self.hand_in(script, &libraries));
        match loaded {
            Ok(0) => self.image(Some(base)).map_err(Fault::host),
            Ok(flags) => Err(self.load_fault(flags)),
            Err(error) => Err(self.fault(&error, budget).while_loading()),
        }
    }

    /// This becomes part of the image, so every call of the script runs with it.
    fn set_memory_errors(&mut self, errors: MemoryErrors) -> wasmtime::Result<()> {
        match (errors, &self.guest.memory_errors) {
            (MemoryErrors::Uncatchable, _) => Ok(()),
            (MemoryErrors::Catchable, Some(set)) => set.call(&mut self.store, 1),
            (MemoryErrors::Catchable, None) => Err(wasmtime::format_err!("the guest has no catchable memory errors")),
        }
    }

    fn hand_in(&mut self, script: &Script<'_>, libraries: &[u8]) -> wasmtime::Result<u32> {
        let source = script.source;
        let mut name = Vec::with_capacity(script.name.len() + 2);
        name.push(b'@');
        name.extend(script.name.bytes().filter(|byte| *byte != 0));
        name.push(0);
        let descriptor = script.declaration.descriptor();
        for (bytes, take) in [(libraries, &self.guest.provide), (&*descriptor, &self.guest.declare)] {
            let at = hand_over(&mut self.store, &self.guest, &[bytes])?;
            take.call(&mut self.store, (at, bytes.len() as u32))?;
        }
        // The guest takes the rest piece by piece, so that the source is never in memory as a whole.
        let (first, rest) = source.split_at(source.len().min(SOURCE_PIECE));
        let at = hand_over(&mut self.store, &self.guest, &[first, &name])?;
        let name_at = at.wrapping_add(first.len() as u32);
        self.store.data_mut().source = Some((rest.to_vec(), 0));
        let loaded = self.guest.load.call(&mut self.store, (at, source.len() as u32, name_at));
        let state = self.store.data_mut();
        state.source = None;
        // The last piece does not belong in the image.
        let (reply_at, reply_cap) = state.reply_at;
        if let Some(reply) = guest::slice_mut(self.guest.memory.data_mut(&mut self.store), reply_at, reply_cap as usize)
        {
            reply.fill(0);
        }
        loaded
    }

    fn load_fault(&mut self, flags: u32) -> Fault {
        let info = self.info().unwrap_or_default();
        let memory = self.guest.memory.data(&self.store);
        let message = guest::text(memory, info.error, info.error_len, MAX_MESSAGE);
        Fault::of_load(message, flags, Bytes::new(self.store.data().limits.memory as u64))
    }
}

/// Returns memory up to where the guest reports that it may end: whole pages, no fewer than the interpreter's own.
fn needed(memory: &[u8], end: u32, least: usize) -> Option<&[u8]> {
    match end as usize {
        0 => Some(memory),
        end if end < least || !(end as u64).is_multiple_of(PAGE.get()) => None,
        end => memory.get(..end),
    }
}

/// Writes `parts`, one after the other, into a buffer that the guest provides.
fn hand_over(store: &mut Store<StoreData>, guest: &Guest, parts: &[&[u8]]) -> wasmtime::Result<u32> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let at = guest.buffer.call(&mut *store, u32::try_from(len)?)?;
    let memory = guest.memory.data_mut(&mut *store);
    let mut room = guest::slice_mut(memory, at, len)
        .ok_or_else(|| wasmtime::format_err!("the guest's buffer lies outside of memory"))?;
    for part in parts {
        let (now, later) = room.split_at_mut(part.len());
        now.copy_from_slice(part);
        room = later;
    }
    Ok(at)
}
