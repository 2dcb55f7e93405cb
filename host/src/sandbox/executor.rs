//! One wasmtime store and instance, used by one thread at a time.
//!
//! An executor is not tied to a program: [`Executor::call`] brings it to the program's image first. What it may have
//! held before decides how much has to be written:
//!
//! | before | written |
//! | --- | --- |
//! | the same image, last call ended well | static data and heap, less what is settled (image.rs) |
//! | the same image, last call trapped | everything |
//! | another image | everything |
//! | memory that grew | the executor is replaced, at the end of the call that it grew in |

use std::sync::Arc;
use std::time::Instant;

use tenterhook_hooks::codec::{Answer, AnswerError};
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Budget, Bytes, MemoryErrors, Millis, PAGE};
use wasmtime::{AsContext, Engine, InstancePre, Store, Val};

use super::guest::{self, FLAG_MEMORY, FLAG_NO_HANDLER, FLAG_STACK, FLAG_SYNTAX, Guest, Info};
use super::image::Image;
use super::state::{Context, Ended, State};
use super::{imports, meter};
use crate::admit::Claim;
use crate::verdict::{Ending, Fault, Said};

/// Most bytes of an error message that are kept, and of a traceback.
const MAX_MESSAGE: usize = 4096;
const MAX_TRACEBACK: usize = 16 * 1024;
/// Bytes of a source that the guest is given at once.
const SOURCE_PIECE: usize = 4096;
/// The contract with the guest that this host knows.
const ABI: u32 = tenterhook_guest_lua::ABI_VERSION;

/// Bytes that restores have missed; see [`Image::differences`].
#[cfg(feature = "inspect")]
pub(crate) static MISSED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
/// Ticks that no process lives to see.
const NEVER: u64 = 1 << 60;

pub(crate) struct Executor {
    store: Store<State>,
    guest: Guest,
    /// The image that memory was restored to last, and whether nothing has trapped since.
    holds: Option<u64>,
    clean: bool,
    /// Where arguments go now, and how many bytes fit.
    args: (u32, u32),
    /// What the tenant whose state this executor keeps is charged for it.
    claim: Option<Claim>,
}

/// What to call, and with what.
pub(crate) struct Call<'a> {
    pub image: &'a Image,
    pub context: &'a Arc<Context>,
    pub declaration: &'a Declaration,
    pub arguments: &'a [u8],
    pub budget: &'a Budget,
    pub deadline: Option<Millis>,
    /// Whether memory is brought back to the image first.
    pub fresh: bool,
    /// Seed of `math.random`, if it is not the image's.
    pub seed: Option<u64>,
}

/// What a call took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Metered {
    pub fuel: u64,
    pub memory: u64,
    pub log_lines: u64,
    pub log_dropped: u64,
    /// Bytes of the answer that was read.
    pub answer: u32,
    pub restored: Restored,
    /// The part of the fuel that restoring took.
    pub restore_fuel: u64,
}

/// What was written before a call to bring memory to the image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Restored {
    /// Nothing: state is kept.
    #[default]
    Nothing,
    /// What a call of the same image can have touched.
    Touched,
    /// All of it.
    All,
}

impl Executor {
    pub fn new(engine: &Engine, pre: &InstancePre<State>) -> wasmtime::Result<Executor> {
        let mut store = Store::new(engine, State::new());
        store.limiter(|state| &mut state.limits);
        // What an instance starts with is the module's affair; images and budgets decide about more.
        store.data_mut().limits.memory = usize::MAX;
        store.data_mut().limits.table = usize::MAX;
        // Without epochs this is a number that nobody looks at.
        store.set_epoch_deadline(NEVER);
        let instance = pre.instantiate(&mut store)?;
        store.data_mut().limits.table = 0;
        let guest = Guest::of(&mut store, &instance)?;
        store.data_mut().items = Some(guest.items());
        Ok(Executor { store, guest, holds: None, clean: true, args: (0, 0), claim: None })
    }

    /// The same, on a tenant's account for as long as it lives.
    pub fn claimed(mut self, claim: Option<Claim>) -> Executor {
        self.claim = claim;
        self
    }

    /// Starts the interpreter and takes its image.
    pub fn start(&mut self, budget: &Budget) -> Result<Image, String> {
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

    /// Gives the guest so much fuel; memory is as large as it is going to start with.
    fn fill(&mut self, fuel: u64) -> wasmtime::Result<()> {
        let memory = self.memory_size();
        meter::fill(&mut self.store, fuel, memory)
    }

    fn info(&mut self) -> Option<Info> {
        guest::info(&mut self.store, &self.guest)
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

    /// Loads a script into an executor that holds nothing yet, and takes its image. Fuel is used whether it loads or not.
    pub fn load(
        &mut self,
        base: &Arc<Image>,
        context: &Arc<Context>,
        of: &Declaration,
        source: &[u8],
        budget: &Budget,
        memory_errors: MemoryErrors,
    ) -> (Result<Image, Fault>, u64) {
        let loaded = self.load_within(base, context, of, source, budget, memory_errors);
        (loaded, budget.fuel.get().saturating_sub(meter::left(&self.store)))
    }

    fn load_within(
        &mut self,
        base: &Arc<Image>,
        context: &Arc<Context>,
        of: &Declaration,
        source: &[u8],
        budget: &Budget,
        memory_errors: MemoryErrors,
    ) -> Result<Image, Fault> {
        let broken = |message: String| Fault::Host { message };
        self.prepare(base, context).map_err(broken)?;
        self.store.data_mut().start(budget);
        self.fill(budget.fuel.get()).map_err(|e| broken(format!("{e:#}")))?;
        let ours = imports::LOAD + imports::LOAD_BYTE * source.len() as u64;
        if !meter::take(&mut self.store, ours).map_err(|e| broken(format!("{e:#}")))? {
            return Err(Fault::OutOfFuel { budget: budget.fuel });
        }

        let mut name = Vec::with_capacity(context.script.len() + 2);
        name.push(b'@');
        name.extend(context.script.bytes().filter(|byte| *byte != 0));
        name.push(0);
        let loaded = self
            .set_memory_errors(memory_errors)
            .and_then(|()| self.load_into(of, &context.capabilities.descriptor(), source, &name));
        match loaded {
            Ok(0) => self.image(Some(base)).map_err(broken),
            Ok(flags) => Err(self.load_fault(flags)),
            Err(error) => Err(self.ending(&error, budget).into_load_fault()),
        }
    }

    /// Part of the image from here on: every call of the script finds it so.
    fn set_memory_errors(&mut self, errors: MemoryErrors) -> wasmtime::Result<()> {
        match (errors, &self.guest.memory_errors) {
            (MemoryErrors::Uncatchable, _) => Ok(()),
            (MemoryErrors::Catchable, Some(set)) => set.call(&mut self.store, 1),
            (MemoryErrors::Catchable, None) => Err(wasmtime::format_err!("the guest has no catchable memory errors")),
        }
    }

    fn load_into(&mut self, of: &Declaration, libraries: &[u8], source: &[u8], name: &[u8]) -> wasmtime::Result<u32> {
        for (bytes, take) in [(libraries, &self.guest.provide), (&of.descriptor(), &self.guest.declare)] {
            let at = hand_over(&mut self.store, &self.guest, &[bytes])?;
            take.call(&mut self.store, (at, bytes.len() as u32))?;
        }
        // The guest takes the rest piece by piece, so that it is never in memory as a whole.
        let (first, rest) = source.split_at(source.len().min(SOURCE_PIECE));
        let at = hand_over(&mut self.store, &self.guest, &[first, name])?;
        let name_at = at.wrapping_add(first.len() as u32);
        self.store.data_mut().source = Some((rest.to_vec(), 0));
        let loaded = self.guest.load.call(&mut self.store, (at, source.len() as u32, name_at));
        let state = self.store.data_mut();
        state.source = None;
        // The last piece is no part of the image.
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
        let message = message.unwrap_or_else(|| "the script did not load".to_owned());
        match flags {
            f if f & FLAG_STACK != 0 => Fault::Stack { message, traceback: None },
            f if f & FLAG_MEMORY != 0 => {
                let limit = Bytes::new(self.store.data().limits.memory as u64);
                Fault::OutOfMemory { asked: PAGE, limit }
            }
            f if f & (FLAG_SYNTAX | FLAG_NO_HANDLER) != 0 => Fault::Load { message, traceback: None },
            f => Fault::Host { message: format!("the interpreter answered a load with {f}") },
        }
    }

    /// Brings memory to the image, writing as little as may be (see the module's table).
    fn prepare(&mut self, image: &Image, context: &Arc<Context>) -> Result<Restored, String> {
        let memory = self.guest.memory;
        self.args = image.args;
        if self.holds == Some(image.id) && self.clean && memory.data_size(&self.store) == image.memory_size() {
            image.restore_touched(memory.data_mut(&mut self.store));
            #[cfg(feature = "inspect")]
            MISSED.fetch_add(image.differences(memory.data(&self.store)), std::sync::atomic::Ordering::Relaxed);
            return Ok(Restored::Touched);
        }
        let size = memory.data_size(&self.store);
        if size < image.memory_size() {
            let more = (image.memory_size() - size).div_ceil(64 * 1024) as u64;
            self.store.data_mut().limits.memory = image.memory_size();
            memory.grow(&mut self.store, more).map_err(|e| format!("no memory for the image: {e:#}"))?;
        }
        if memory.data_size(&self.store) != image.memory_size() {
            return Err("the executor's memory is larger than the image".to_owned());
        }
        image.restore_all(memory.data_mut(&mut self.store));
        self.guest
            .stack_pointer
            .set(&mut self.store, Val::I32(image.stack_pointer as i32))
            .map_err(|e| format!("cannot set the stack pointer: {e:#}"))?;
        self.holds = Some(image.id);
        self.clean = true;
        let state = self.store.data_mut();
        state.context = Some(Arc::clone(context));
        state.reply_at = image.reply;
        Ok(Restored::All)
    }

    /// Whether this executor can go on to that image; if not, it has to be replaced.
    pub fn can_hold(&self, image: &Image) -> bool {
        self.memory_size() <= image.memory_size()
    }

    /// Bytes of linear memory that there are now.
    pub fn memory_size(&self) -> usize {
        self.guest.memory.data_size(&self.store)
    }

    /// Belongs to no attachment any more; all of memory is written before the next call.
    pub fn release(&mut self) {
        self.holds = None;
        self.store.data_mut().context = None;
    }

    /// Whether a program's state is in memory, unharmed (for attachments that keep it).
    pub fn keeps(&self, image: &Image) -> bool {
        self.holds == Some(image.id) && self.clean
    }

    /// Linear memory, for tests that look for what should not be there.
    #[cfg(feature = "inspect")]
    pub fn memory(&mut self) -> &mut [u8] {
        self.guest.memory.data_mut(&mut self.store)
    }

    /// One call of the image's handler.
    pub fn call(&mut self, call: &Call<'_>) -> (Result<Answer, Fault>, Metered) {
        let broken = |message: String| (Err(Fault::Host { message }), Metered::default());
        let fuel = call.budget.fuel.get();
        let (mut restored, mut restore_fuel) = (Restored::Nothing, 0);
        if call.fresh || !self.keeps(call.image) {
            restore_fuel = call.image.fuel;
            if restore_fuel > fuel {
                let metered = Metered { fuel, restore_fuel: fuel, ..Metered::default() };
                return (Err(Fault::OutOfFuel { budget: call.budget.fuel }), metered);
            }
            match self.prepare(call.image, call.context) {
                Ok(done) => restored = done,
                Err(message) => {
                    self.clean = false;
                    return broken(message);
                }
            }
        }
        self.store.data_mut().start(call.budget);
        self.set_deadline(call.deadline);
        if let Err(error) = self.fill(fuel - restore_fuel) {
            return broken(format!("{error:#}"));
        }
        let limit = u32::try_from(call.budget.answer.get()).unwrap_or(u32::MAX);
        let answered = self.run(call, limit);
        let answer = answered.as_ref().map_or(0, |packed| *packed as u32);
        let result = match answered {
            Ok(answer) => self.read(answer, call, limit),
            Err(error) => {
                let ending = self.ending(&error, call.budget);
                // After a script error Lua has put its state in order; after anything else nobody knows.
                self.clean = matches!(ending, Ending::Script { .. })
                    // The outermost throw unwound past the frames that would have put the stack pointer back.
                    && self.guest.stack_pointer.set(&mut self.store, Val::I32(call.image.stack_pointer as i32)).is_ok();
                Err(ending.into_fault())
            }
        };
        let metered = Metered {
            fuel: fuel.saturating_sub(meter::left(&self.store)),
            memory: self.guest.memory.data_size(&self.store) as u64,
            log_lines: self.store.data().log.written,
            log_dropped: self.store.data().log.dropped,
            answer,
            restored,
            restore_fuel,
        };
        (result, metered)
    }

    fn set_deadline(&mut self, deadline: Option<Millis>) {
        if deadline.is_none() && self.store.data().deadline.is_none() {
            return;
        }
        self.store.data_mut().deadline = deadline.map(|limit| (Instant::now() + limit.duration(), limit));
        // The tick that is running counts as none: never too early, and up to one too late.
        self.store.set_epoch_deadline(deadline.map_or(NEVER, |limit| limit.get() + 1));
    }

    fn run(&mut self, call: &Call<'_>, limit: u32) -> wasmtime::Result<u64> {
        if let Some(seed) = call.seed {
            self.guest.seed.call(&mut self.store, seed)?;
        }
        let (mut at, cap) = self.args;
        let len = call.arguments.len();
        if len > cap as usize {
            let len = u32::try_from(len)?;
            at = self.guest.args.call(&mut self.store, len)?;
            // With state that is kept the buffer stays where it went: the old one is free memory now.
            self.args = (at, len);
        }
        let memory = self.guest.memory.data_mut(&mut self.store);
        let room = guest::slice_mut(memory, at, len)
            .ok_or_else(|| wasmtime::format_err!("the argument buffer lies outside of memory"))?;
        room.copy_from_slice(call.arguments);
        self.guest.call.call(&mut self.store, limit)
    }

    /// Checks the answer that the guest says lies at the place packed into `packed`.
    fn read(&mut self, packed: u64, call: &Call<'_>, limit: u32) -> Result<Answer, Fault> {
        let (at, len) = ((packed >> 32) as u32, packed as u32);
        let memory = self.guest.memory.data(&self.store);
        // One byte more than the limit is the mark for "too large".
        let bytes = guest::slice(memory, at, len).filter(|bytes| bytes.len() <= limit as usize + 1);
        let Some(bytes) = bytes else {
            self.clean = false;
            return Err(Fault::Host { message: "the interpreter's answer lies outside of its memory".to_owned() });
        };
        Answer::read(call.declaration, bytes, call.arguments, limit as usize)
            .map_err(|AnswerError { path, reason }| Fault::Answer { path, reason })
    }

    /// Why guest code ended with an error.
    fn ending(&mut self, error: &wasmtime::Error, budget: &Budget) -> Ending {
        let stack_pointer = self.guest.stack_pointer(&mut self.store);
        let ended = self.store.data_mut().ended.take();
        let thrown = matches!(ended, Some(Ended::Thrown));
        let refused = self.store.data().limits.refused;
        let deadline = self.store.data().deadline.map(|(_, limit)| limit);
        let info = if thrown {
            // The guest is whole after a throw; asking it costs a little fuel, which it may not have.
            let left = self.store.get_fuel().unwrap_or(0);
            let _ = self.store.set_fuel(left.saturating_add(10_000));
            let info = self.info();
            let _ = self.store.set_fuel(left);
            info
        } else {
            None
        };
        let memory = self.guest.memory.data(self.store.as_context());
        let said = info.map(|info| {
            let message = guest::text(memory, info.error, info.error_len, MAX_MESSAGE);
            let traceback = guest::text(memory, info.trace, info.trace_len, MAX_TRACEBACK);
            Said { message, traceback, overflow: info.flags & FLAG_STACK != 0, memory: info.flags & FLAG_MEMORY != 0 }
        });
        Ending::of(error, ended, said, stack_pointer, refused, budget, deadline)
    }
}

/// Memory up to where the guest says that it may end: whole pages, no fewer than the interpreter's own.
fn needed(memory: &[u8], end: u32, least: usize) -> Option<&[u8]> {
    match end as usize {
        0 => Some(memory),
        end if end < least || !(end as u64).is_multiple_of(PAGE.get()) => None,
        end => memory.get(..end),
    }
}

/// Puts bytes, one part after the other, into room that the guest makes.
fn hand_over(store: &mut Store<State>, guest: &Guest, parts: &[&[u8]]) -> wasmtime::Result<u32> {
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
