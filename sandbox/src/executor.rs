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
use crate::state::{Ended, State};
use crate::work::HostWork;

/// Most bytes of an error message that are kept, and of a traceback.
const MAX_MESSAGE: usize = 4096;
const MAX_TRACEBACK: usize = 16 * 1024;

/// Bytes that restores of the same image have missed so far, over all executors of the process: none. For tests.
#[cfg(feature = "inspect")]
pub static MISSED: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
/// Ticks that no process lives to see.
const NEVER: u64 = 1 << 60;

/// Given up when the executor goes that was made for it: opaque here. Whoever counts executors that keep a tenant's state
/// puts its claim into one.
pub struct Lease(#[expect(dead_code, reason = "held for what its drop gives back")] Box<dyn Send>);

impl Lease {
    /// Drops `held` when the executor goes.
    pub fn new(held: impl Send + 'static) -> Lease {
        Lease(Box::new(held))
    }
}

/// A store and an instance of the interpreter.
pub struct Executor {
    store: Store<State>,
    guest: Guest,
    /// The image that memory was restored to last, and whether nothing has trapped since.
    holds: Option<u64>,
    clean: bool,
    /// Where arguments go now, and how many bytes fit.
    args: (u32, u32),
    lease: Option<Lease>,
}

/// What to call, and with what.
pub struct Call<'a, W> {
    /// What the call starts from.
    pub image: &'a Image,
    /// What the script may ask of the host.
    pub work: &'a Arc<W>,
    /// The hook point.
    pub declaration: &'a Declaration,
    /// The arguments, encoded for it.
    pub arguments: Encoded<'a>,
    /// What the call may use.
    pub budget: &'a Budget,
    /// How long it may take by the clock.
    pub deadline: Option<Millis>,
    /// Whether memory is brought back to the image first.
    pub fresh: bool,
    /// Seed of `math.random`, if it is not the image's.
    pub seed: Option<u64>,
}

/// What a call took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Metered {
    /// Units of fuel, what restoring took among them.
    pub fuel: u64,
    /// Bytes of linear memory at its end.
    pub memory: u64,
    /// Lines that were logged.
    pub log_lines: u64,
    /// Lines that were not, being over the budget or the rate.
    pub log_dropped: u64,
    /// Bytes of the answer that was read.
    pub answer: u32,
    /// How memory was brought to the image.
    pub restored: Restored,
    /// The part of the fuel that restoring took.
    pub restore_fuel: u64,
}

/// What was written before a call to bring memory to the image.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Restored {
    /// Nothing: state is kept.
    #[default]
    Nothing,
    /// What a call of the same image can have touched.
    Touched,
    /// All of it.
    All,
}

impl Executor {
    pub(crate) fn new(engine: &Engine, pre: &InstancePre<State>) -> wasmtime::Result<Executor> {
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
        Ok(Executor { store, guest, holds: None, clean: true, args: (0, 0), lease: None })
    }

    /// The same, with a lease for as long as it lives.
    pub fn leased(mut self, lease: Option<Lease>) -> Executor {
        self.lease = lease;
        self
    }

    /// Gives the guest so much fuel; memory is as large as it is going to start with.
    #[inline]
    fn fill(&mut self, fuel: u64) -> wasmtime::Result<()> {
        let memory = self.memory_size();
        meter::fill(&mut self.store, fuel, memory)
    }

    fn info(&mut self) -> Option<Info> {
        guest::info(&mut self.store, &self.guest)
    }

    /// Brings memory to the image, writing as little as may be (see the module's table). `work` gives what the image's
    /// script may ask of the host; it is asked where another image's may have been here.
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

    /// Whether this executor can go on to that image; if not, it has to be replaced.
    #[inline]
    pub fn can_hold(&self, image: &Image) -> bool {
        self.memory_size() <= image.memory_size()
    }

    /// Bytes of linear memory that there are now.
    #[inline]
    pub fn memory_size(&self) -> usize {
        self.guest.memory.data_size(&self.store)
    }

    /// Belongs to no attachment any more; all of memory is written before the next call.
    pub(crate) fn release(&mut self) {
        self.holds = None;
        self.store.data_mut().work = None;
    }

    /// Whether a program's state is in memory, unharmed (for attachments that keep it).
    #[inline]
    pub fn keeps(&self, image: &Image) -> bool {
        self.holds == Some(image.id) && self.clean
    }

    /// Linear memory, for tests that look for what should not be there.
    #[cfg(feature = "inspect")]
    pub(crate) fn memory(&mut self) -> &mut [u8] {
        self.guest.memory.data_mut(&mut self.store)
    }

    /// One call of the image's handler.
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
        // The tick that is running counts as none: never too early, and up to one too late.
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
            // With state that is kept the buffer stays where it went: the old one is free memory now.
            self.args = (at, len);
        }
        let memory = self.guest.memory.data_mut(&mut self.store);
        let room = guest::slice_mut(memory, at, len)
            .ok_or_else(|| wasmtime::format_err!("the argument buffer lies outside of memory"))?;
        // As long as both, the pieces are.
        if let Some((head, tail)) = room.split_at_mut_checked(arguments.head.len()) {
            head.copy_from_slice(arguments.head);
            tail.copy_from_slice(arguments.tail);
        }
        self.guest.call.call(&mut self.store, limit)
    }

    /// Checks the answer that the guest says lies at the place packed into `packed`.
    #[inline]
    fn read(&mut self, packed: u64, of: &Declaration, given: Encoded<'_>, limit: u32) -> Result<Answer, Fault> {
        let (at, len) = ((packed >> 32) as u32, packed as u32);
        let memory = self.guest.memory.data(&self.store);
        // One byte more than the limit is the mark for "too large".
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
        // After a script error Lua has put its state in order; after anything else nobody knows.
        self.clean = matches!(fault, Fault::Script { .. })
            // The outermost throw unwound past the frames that would have put the stack pointer back.
            && self.guest.stack_pointer.set(&mut self.store, Val::I32(image.stack_pointer as i32)).is_ok();
        fault.with_hint()
    }

    /// Why guest code ended with an error: wasmtime's trap says so, or what imports noted before they ended it.
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
                // Small requests fail for want of a page, which says more.
                let least = self.store.data().limits.refused.map_or(0, |_| PAGE.get());
                Fault::OutOfMemory { asked: Bytes::new(asked.max(least)), limit: budget.memory }
            }
            Some(Ended::OutOfFuel) => Fault::OutOfFuel { budget: budget.fuel },
            Some(Ended::HostCall(message)) => Fault::Host { message },
            Some(Ended::Deadline { limit }) => Fault::Deadline { limit },
            None => Fault::host(format!("{error:#}")),
        }
    }

    /// What the guest says of an error that it threw.
    fn thrown(&mut self, budget: &Budget) -> Fault {
        // The guest is whole after a throw; asking it costs a little fuel, which it may not have.
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
