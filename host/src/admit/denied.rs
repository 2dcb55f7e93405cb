//! Why a call was denied.

use tenterhook_policies::DenialCause;
use tenterhook_sandbox::NATIVE_STACK;
use thiserror::Error;

/// Native stack that a call needs: the guest's part, and some for the host around it.
pub(super) const STACK_NEEDED: usize = NATIVE_STACK + (128 << 10);

/// The deepest nesting of invocations, through capabilities that fire hook points of their own.
pub(super) const MAX_NESTING: u32 = 4;

/// The policy denied a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// The attachment has made more calls than its rate allows.
    #[error("rate: the attachment's calls per second are used up")]
    Rate,
    /// The tenant's fuel per second is used up; it is replenished over time.
    #[error("fuel: the tenant's fuel per second is used up")]
    Fuel,
    /// The attachment faulted too often; it is probed later.
    #[error("quarantine: the attachment faulted too often")]
    Quarantine,
    /// The tenant has as many executors that keep state, or as much memory for them, as its quota allows.
    #[error("memory: the tenant's quota of executors that keep state, or of memory, is used up")]
    Memory,
    /// Every executor is in use, or no more can be created.
    #[error("busy: no executor is free")]
    NoExecutor,
    /// Hook points fire within each other's calls more than 4 levels deep.
    #[error("busy: hook points are nested deeper than {MAX_NESTING} levels")]
    Nested,
    /// The thread's stack has less room left than a call may need; an overflow would end the process.
    #[error("busy: the calling thread has less than {} KiB of stack left", STACK_NEEDED >> 10)]
    SmallStack,
}

impl Denied {
    /// The cause, by its name in policies.
    pub fn cause(self) -> DenialCause {
        match self {
            Denied::Rate => DenialCause::Rate,
            Denied::Fuel => DenialCause::Fuel,
            Denied::Quarantine => DenialCause::Quarantine,
            Denied::Memory => DenialCause::Memory,
            Denied::NoExecutor | Denied::Nested | Denied::SmallStack => DenialCause::Busy,
        }
    }
}
