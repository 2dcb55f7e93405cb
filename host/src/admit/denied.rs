//! Why a call was refused.

use tenterhook_policies::DenialCause;
use tenterhook_sandbox::NATIVE_STACK;
use thiserror::Error;

/// Native stack that a call needs: the guest's share, and some for the host around it.
pub(super) const STACK_NEEDED: usize = NATIVE_STACK + (128 << 10);

/// How deep invocations may nest, through capabilities that fire hook points of their own.
pub(super) const MAX_NESTING: u32 = 4;

/// The policy refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
    /// More calls of the attachment than its rate allows.
    #[error("rate: the attachment's calls per second are used up")]
    Rate,
    /// The tenant's fuel per second is used up; it earns more as time goes on.
    #[error("fuel: the tenant's fuel per second is used up")]
    Fuel,
    /// The attachment faulted too often; it is tried again later.
    #[error("quarantine: the attachment faulted too often")]
    Quarantine,
    /// The tenant may not have another executor that keeps state: it has as many, or as much memory, as it may have.
    #[error("memory: the tenant has as many executors, or as much memory, as it may have")]
    Memory,
    /// Every executor is in use, or there can be no more of them.
    #[error("busy: no executor is free")]
    NoExecutor,
    /// Hook points fire within each other's calls deeper than 4 levels.
    #[error("busy: hook points are nested deeper than {MAX_NESTING} levels")]
    Nested,
    /// The thread's stack has less room left than a call may need; running over it would end the process.
    #[error("busy: the calling thread has less than {} KiB of stack left", STACK_NEEDED >> 10)]
    SmallStack,
}

impl Denied {
    /// The cause, as policies name it.
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
