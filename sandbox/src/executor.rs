//! One wasmtime store and instance, used by one thread at a time.
//!
//! An executor is not tied to a script: [`Executor::call`] first restores the script's image. How much is written
//! depends on what the executor held before:
//!
//! | before | written |
//! | --- | --- |
//! | the same image, last call ended well | static data and heap, less what is settled (image.rs) |
//! | the same image, last call trapped | everything |
//! | another image | everything |
//! | memory that grew | the executor is replaced, at the end of the call that it grew in |

mod load;

use std::sync::Arc;
use std::time::Instant;

use tenterhook_hooks::codec::{Answer, AnswerError, Encoded};
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::{Budget, Bytes, Millis, PAGE};
use wasmtime::{AsContext, Engine, InstancePre, Store, Trap, Val};

use crate::fault::Fault;
use crate::guest::{self, Guest, Info};
use crate::image::Image;
use crate::meter;
use crate::state::{Ended, StoreData};
use crate::work::HostWork;

/// The most bytes of an error message, and of a traceback, that are kept.
const MAX_MESSAGE: usize = 4096;
const MAX_TRACEBACK: usize = 16 * 1024;

/// For tests: the bytes that restores of the same image have missed so far, over all executors of the process. It must
/// be 0.
#[cfg(feature = "inspect")]
pub static MISSED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
/// More ticks than any process lives to see.
const NEVER: u64 = 1 << 60;

/// A resource that is released together with the executor that was made for it; opaque to this crate. The host counts
/// the executors that keep a tenant's state by putting its claim into one.
pub struct Lease(#[expect(dead_code, reason = "held for what its drop gives back")] Box<dyn Send>);

impl Lease {
    /// Makes a lease that drops `held` together with the executor.
    pub fn new(held: impl Send + 'static) -> Lease {
        Lease(Box::new(held))
    }
}

/// A store and an instance of the interpreter.
pub struct Executor {
    store: Store<StoreData>,
    guest: Guest,
    /// The image that memory was last restored to, and whether nothing has trapped since.
    holds: Option<u64>,
    clean: bool,
    /// Where arguments go, and how many bytes fit.
    args: (u32, u32),
    lease: Option<Lease>,
}

/// A call: what is called, and with what.
pub struct Call<'a, W> {
    /// The image from which the call starts.
    pub image: &'a Image,
    /// What the script may request of the host.
    pub work: &'a Arc<W>,
    /// The hook point.
    pub declaration: &'a Declaration,
    /// The arguments, encoded for it.
    pub arguments: Encoded<'a>,
    /// The budget of the call.
    pub budget: &'a Budget,
    /// The wall-clock deadline of the call.
    pub deadline: Option<Millis>,
    /// Whether memory is restored to the image first.
    pub fresh: bool,
    /// The seed of `math.random`, if it differs from the image's.
    pub seed: Option<u64>,
}

/// What a call used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metered {
    /// Units of fuel, including the restore.
    pub fuel: u64,
    /// Bytes of linear memory at the end of the call.
    pub memory: u64,
    /// Lines that were logged.
    pub log_lines: u64,
    /// Lines that were dropped because they exceeded the budget or the rate.
    pub log_dropped: u64,
    /// Bytes of the answer.
    pub answer: u32,
    /// How memory was restored.
    pub restored: Restored,
    /// The part of the fuel that the restore was charged.
    pub restore_fuel: u64,
}

/// How memory was restored before a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Restored {
    /// Not at all: state is kept.
    #[default]
    Nothing,
    /// The memory that a call of the same image can have written.
    Touched,
    /// All of memory.
    All,
}

impl Executor {
    pub(crate) fn new(engine: &Engine, pre: &InstancePre<StoreData>) -> wasmtime::Result<Executor> {
        let mut store = Store::new(engine, StoreData::new());
        store.limiter(|state| &mut state.limits);
        // The module determines the size of a new instance; images and budgets bound its growth.
        store.data_mut().limits.memory = usize::MAX;
        store.data_mut().limits.table = usize::MAX;
        // Without epochs this number has no effect.
        store.set_epoch_deadline(NEVER);
        let instance = pre.instantiate(&mut store)?;
        store.data_mut().limits.table = 0;
        let guest = Guest::of(&mut store, &instance)?;
        store.data_mut().items = Some(guest.items());
        Ok(Executor { store, guest, holds: None, clean: true, args: (0, 0), lease: None })
    }

    /// Returns the executor with a lease that lives as long as it does.
    pub fn leased(mut self, lease: Option<Lease>) -> Executor {
        self.lease = lease;
        self
    }

    /// Gives the guest this much fuel; memory already has the size that the call starts with.
    #[inline]
    fn fill(&mut self, fuel: u64) -> wasmtime::Result<()> {
        let memory = self.memory_size();
        meter::fill(&mut self.store, fuel, memory)
    }

    fn info(&mut self) -> Option<Info> {
        guest::info(&mut self.store, &self.guest)
    }

    /// Restores memory to the image, writing as little as possible (see the module's table). `work` returns what the
    /// image's script may request of the host; it is called if another image may have been here before.
    #[inline]
    fn prepare(&mut self, image: &Image, work: impl FnOnce() -> Arc<dyn HostWork>) -> Result<Restored, String> {
        let memory = self.guest.memory;
        self.args = image.args;
        if self.holds == Some(image.id) && self.clean && memory.data_size(&self.store) == image.memory_size() {
            image.restore_touched(memory.data_mut(&mut self.store));
            #[cfg(feature = "inspect")]
            MISSED.fetch_add(image.differences(memory.data(&self.store)), std::sync::atomic::Ordering::Relaxed);
            return Ok(Restored::Touched);
        }
        self.bring_over(image, work()).map(|()| Restored::All)
    }

    /// Writes all of memory.
    fn bring_over(&mut self, image: &Image, work: Arc<dyn HostWork>) -> Result<(), String> {
        let memory = self.guest.memory;
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
        state.work = Some(work);
        state.reply_at = image.reply;
        Ok(())
    }

    /// Whether this executor can be restored to that image; if not, it has to be replaced.
    #[inline]
    pub fn can_hold(&self, image: &Image) -> bool {
        self.memory_size() <= image.memory_size()
    }

    /// The current size of linear memory in bytes.
    #[inline]
    pub fn memory_size(&self) -> usize {
        self.guest.memory.data_size(&self.store)
    }

    /// Marks the executor as belonging to no attachment; all of memory is written before the next call.
    pub(crate) fn release(&mut self) {
        self.holds = None;
        self.store.data_mut().work = None;
    }

    /// Whether memory holds an intact state of the image's script (for attachments that keep state).
    #[inline]
    pub fn keeps(&self, image: &Image) -> bool {
        self.holds == Some(image.id) && self.clean
    }

    /// Linear memory, for tests that search it for leftovers.
    #[cfg(feature = "inspect")]
    pub(crate) fn memory(&mut self) -> &mut [u8] {
        self.guest.memory.data_mut(&mut self.store)
    }

    /// Makes one call of the image's handler.
    #[inline]
    pub fn call<W: HostWork + 'static>(&mut self, call: &Call<'_, W>) -> (Result<Answer, Fault>, Metered) {
        let broken = |message: String| (Err(Fault::host(message)), Metered::default());
        let fuel = call.budget.fuel.get();
        let (mut restored, mut restore_fuel) = (Restored::Nothing, 0);
        if call.fresh || !self.keeps(call.image) {
            restore_fuel = call.image.fuel;
            if restore_fuel > fuel {
                let metered = Metered { fuel, restore_fuel: fuel, ..Metered::default() };
                return (Err(Fault::OutOfFuel { budget: call.budget.fuel }), metered);
            }
            match self.prepare(call.image, || Arc::clone(call.work) as Arc<dyn HostWork>) {
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
        let answered = self.run(call.arguments, call.seed, limit);
        let answer = answered.as_ref().map_or(0, |packed| *packed as u32);
        let result = match answered {
            Ok(answer) => self.read(answer, call.declaration, call.arguments, limit),
            Err(error) => Err(self.failed(&error, call.image, call.budget)),
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

    #[inline]
    fn set_deadline(&mut self, deadline: Option<Millis>) {
        if deadline.is_none() && self.store.data().deadline.is_none() {
            return;
        }
        self.store.data_mut().deadline = deadline.map(|limit| (Instant::now() + limit.duration(), limit));
        // The current tick is not counted, so that the call ends never too early, and up to one tick too late.
        self.store.set_epoch_deadline(deadline.map_or(NEVER, |limit| limit.get() + 1));
    }

    #[inline]
    fn run(&mut self, arguments: Encoded<'_>, seed: Option<u64>, limit: u32) -> wasmtime::Result<u64> {
        if let Some(seed) = seed {
            self.guest.seed.call(&mut self.store, seed)?;
        }
        let (mut at, cap) = self.args;
        let len = arguments.len();
        if len > cap as usize {
            let len = u32::try_from(len)?;
            at = self.guest.args.call(&mut self.store, len)?;
            // If state is kept, the buffer stays at its new address: the old one is free memory now.
            self.args = (at, len);
        }
        let memory = self.guest.memory.data_mut(&mut self.store);
        let room = guest::slice_mut(memory, at, len)
            .ok_or_else(|| wasmtime::format_err!("the argument buffer lies outside of memory"))?;
        // The lengths of the pieces add up to the length of the room.
        if let Some((head, tail)) = room.split_at_mut_checked(arguments.head.len()) {
            head.copy_from_slice(arguments.head);
            tail.copy_from_slice(arguments.tail);
        }
        self.guest.call.call(&mut self.store, limit)
    }

    /// Checks the answer, whose address and length the guest reports in `packed`.
    #[inline]
    fn read(&mut self, packed: u64, of: &Declaration, given: Encoded<'_>, limit: u32) -> Result<Answer, Fault> {
        let (at, len) = ((packed >> 32) as u32, packed as u32);
        let memory = self.guest.memory.data(&self.store);
        // A length of one byte more than the limit marks an answer that is too large.
        let bytes = guest::slice(memory, at, len).filter(|bytes| bytes.len() <= limit as usize + 1);
        let Some(bytes) = bytes else {
            self.clean = false;
            return Err(Fault::host("the interpreter's answer lies outside of its memory"));
        };
        Answer::read(of, bytes, given, limit as usize)
            .map_err(|AnswerError { path, reason }| Fault::Answer { path, reason })
    }

    /// The fault of a call that ended with an error.
    #[cold]
    fn failed(&mut self, error: &wasmtime::Error, image: &Image, budget: &Budget) -> Fault {
        let fault = self.fault(error, budget);
        // After a script error Lua's state is consistent; after anything else it may not be.
        self.clean = matches!(fault, Fault::Script { .. })
            // The outermost throw unwound past the frames that would have restored the stack pointer.
            && self.guest.stack_pointer.set(&mut self.store, Val::I32(image.stack_pointer as i32)).is_ok();
        fault.with_hint()
    }

    /// Why guest code ended with an error: wasmtime's trap, or what the imports noted before they ended it.
    fn fault(&mut self, error: &wasmtime::Error, budget: &Budget) -> Fault {
        let ended = self.store.data_mut().ended.take();
        if let Some(trap) = error.downcast_ref::<Trap>() {
            let stack_pointer = self.guest.stack_pointer(&mut self.store);
            let deadline = self.store.data().deadline.map(|(_, limit)| limit);
            return Fault::of_trap(*trap, stack_pointer, budget, deadline);
        }
        match ended {
            Some(Ended::Thrown) => self.thrown(budget),
            Some(Ended::OutOfMemory { asked }) => {
                // Small requests fail for lack of a page, so the page's size is reported.
                let least = self.store.data().limits.refused.map_or(0, |_| PAGE.get());
                Fault::OutOfMemory { asked: Bytes::new(asked.max(least)), limit: budget.memory }
            }
            Some(Ended::OutOfFuel) => Fault::OutOfFuel { budget: budget.fuel },
            Some(Ended::HostCall(message)) => Fault::Host { message },
            Some(Ended::Deadline { limit }) => Fault::Deadline { limit },
            None => Fault::host(format!("{error:#}")),
        }
    }

    /// Reads the guest's description of an error that it threw.
    fn thrown(&mut self, budget: &Budget) -> Fault {
        // The guest is intact after a throw. Calling it takes a little fuel, of which none may be left.
        let left = self.store.get_fuel().unwrap_or(0);
        let _ = self.store.set_fuel(left.saturating_add(10_000));
        let info = self.info().unwrap_or_default();
        let _ = self.store.set_fuel(left);
        let memory = self.guest.memory.data(self.store.as_context());
        let message = guest::text(memory, info.error, info.error_len, MAX_MESSAGE);
        let traceback = guest::text(memory, info.trace, info.trace_len, MAX_TRACEBACK);
        Fault::of_throw(message, traceback, info.flags, budget)
    }
}
