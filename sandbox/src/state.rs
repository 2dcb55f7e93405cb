//! The data of a store: what the guest may request, and what the call may still use.

use std::sync::Arc;
use std::time::Instant;

use tenterhook_policies::{Budget, Millis};
use wasmtime::{Global, Memory, ResourceLimiter, TypedFunc};

use crate::log_budget::LogBudget;
use crate::work::HostWork;

/// Why the host ended guest code, if the trap alone does not show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Ended {
    /// The script threw; this ends the invocation if no `try` catches it.
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

/// How the fuel counter of a store is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meter {
    /// The units of fuel that one of wasmtime's counts for.
    pub each: u64,
    /// The remaining units beside the counter, fewer than `each`.
    pub rest: u64,
}

impl Default for Meter {
    fn default() -> Meter {
        Meter { each: 1, rest: 0 }
    }
}

/// The store's data.
pub(crate) struct StoreData {
    /// Set by imports right before they return an error: what the error means.
    pub ended: Option<Ended>,
    pub limits: Limits,
    /// How the remaining fuel is counted.
    pub meter: Meter,
    pub log: LogBudget,
    /// When the call has to end, and the length of its deadline.
    pub deadline: Option<(Instant, Millis)>,
    /// What the script may request of the host.
    pub work: Option<Arc<dyn HostWork>>,
    /// The guest's own items; set at instantiation.
    pub items: Option<Items>,
    /// A buffer for replies of host calls, reused to save an allocation.
    pub reply: Vec<u8>,
    /// The source that the guest takes piece by piece during a load, and how much of it was taken.
    pub source: Option<(Vec<u8>, usize)>,
    /// Where the guest takes replies: address and size as it reported them, checked at each use.
    pub reply_at: (u32, u32),
}

/// What imports need from the instance that called them.
#[derive(Clone)]
pub(crate) struct Items {
    pub memory: Memory,
    pub stack_pointer: Global,
    pub try_body: TypedFunc<(u32, u32, u32), ()>,
}

/// Bounds growth. Denied growth is not an error here: the guest collects garbage first and reports if that does not
/// help.
#[derive(Debug, Default)]
pub(crate) struct Limits {
    pub memory: usize,
    /// Elements of the function table: those that an instance starts with, and no more.
    pub table: usize,
    /// The size in bytes of the last denied growth of linear memory.
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

impl StoreData {
    pub fn new() -> StoreData {
        StoreData {
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

    /// Why the call is past its deadline, if it is.
    pub fn late(&self) -> Option<Ended> {
        let (at, limit) = self.deadline?;
        (Instant::now() >= at).then_some(Ended::Deadline { limit })
    }

    /// Sets the budget of the next call.
    #[inline]
    pub fn start(&mut self, budget: &Budget) {
        self.ended = None;
        self.limits.memory = usize::try_from(budget.memory.get()).unwrap_or(usize::MAX);
        self.limits.refused = None;
        self.log.start(budget);
    }
}
