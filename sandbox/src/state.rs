//! What a store carries: whom the guest may ask, and what the call may still use.

use std::sync::Arc;
use std::time::Instant;

use tenterhook_policies::{Budget, Millis};
use wasmtime::{Global, Memory, ResourceLimiter, TypedFunc};

use crate::log_budget::LogBudget;
use crate::work::HostWork;

/// Why guest code was ended by the host, where the trap alone does not tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The script threw; ends the invocation if no `try` catches it.
    Thrown,
    /// Memory ran out.
    OutOfMemory { asked: u64 },
    /// Fuel ran out while the host worked for the script.
    OutOfFuel,
    /// A host call failed.
    HostCall(String),
    /// The call's deadline passed while the host worked for the script.
    Deadline { limit: Millis },
}

/// How the counter of a store is to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    /// Units that one of wasmtime's counts for.
    pub each: u64,
    /// Units that are left beside the counter, fewer than `each`.
    pub rest: u64,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter { each: 1, rest: 0 }
    }
}

/// The store's data.
pub(crate) struct State {
    /// Set by imports right before they return an error: says what the error means.
    pub ended: Option<Ended>,
    pub limits: Limits,
    /// How the fuel that is left is counted.
    pub meter: Meter,
    pub log: LogBudget,
    /// When the call has to be over, and how long that is.
    pub deadline: Option<(Instant, Millis)>,
    /// What the script may ask of the host.
    pub work: Option<Arc<dyn HostWork>>,
    /// The guest's own items; there from instantiation on.
    pub items: Option<Items>,
    /// Buffer for replies of host calls, kept to spare an allocation.
    pub reply: Vec<u8>,
    /// What the guest takes piece by piece while a script is loaded, and how much of it was taken.
    pub source: Option<(Vec<u8>, usize)>,
    /// Where the guest takes replies: address and size, by its own word; checked at each use.
    pub reply_at: (u32, u32),
}

/// What imports need of the instance they were called from.
#[derive(Clone)]
pub(crate) struct Items {
    pub memory: Memory,
    pub stack_pointer: Global,
    pub try_body: TypedFunc<(u32, u32, u32), ()>,
}

/// Bounds growth. Refused growth is no error here: the guest collects garbage first and reports when that does not help.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub memory: usize,
    /// Elements of the function table: what an instance starts with, and no more after that.
    pub table: usize,
    /// What was asked for when growth was refused last, in bytes of linear memory.
    pub refused: Option<usize>,
}

impl ResourceLimiter for Limits {
    fn memory_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        let granted = desired <= self.memory;
        if !granted {
            self.refused = Some(desired);
        }
        Ok(granted)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _maximum: Option<usize>) -> wasmtime::Result<bool> {
        Ok(desired <= self.table)
    }
}

impl State {
    pub fn new() -> State {
        State {
            ended: None,
            limits: Limits::default(),
            meter: Meter::default(),
            log: LogBudget::default(),
            deadline: None,
            work: None,
            items: None,
            reply: Vec::new(),
            source: None,
            reply_at: (0, 0),
        }
    }

    /// Why the call is over by the clock, if it is.
    pub fn late(&self) -> Option<Ended> {
        let (at, limit) = self.deadline?;
        (Instant::now() >= at).then_some(Ended::Deadline { limit })
    }

    /// Gives the call to come its budget.
    #[inline]
    pub fn start(&mut self, budget: &Budget) {
        self.ended = None;
        self.limits.memory = usize::try_from(budget.memory.get()).unwrap_or(usize::MAX);
        self.limits.refused = None;
        self.log.start(budget);
    }
}
