//! Whether a call may be made at all, before anything is spent on it.
//!
//! [`admit`] answers with a [`Permit`] or says why not, and nothing can be called without one: the sandbox is only
//! reached through [`Permit::call`](Permit).

use std::cell::Cell;

use tenterhook_policies::DenialCause;
use thiserror::Error;

use crate::attach::Attachment;
use crate::sandbox::{Held, NATIVE_STACK};

/// Native stack that a call needs: the guest's share, and some for the host around it.
const STACK_NEEDED: usize = NATIVE_STACK + (128 << 10);

/// How deep invocations may nest, through capabilities that fire hook points of their own.
const MAX_NESTING: u32 = 4;

thread_local! {
    static NESTING: Cell<u32> = const { Cell::new(0) };
}

/// The policy refused a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Denied {
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
            Denied::NoExecutor | Denied::Nested | Denied::SmallStack => DenialCause::Busy,
        }
    }
}

/// Proof that a call was admitted, and the executor to make it with.
pub(crate) struct Permit<'a> {
    pub executor: Held<'a>,
    /// The number of the executor's place, nobody else's for as long as it is held.
    pub place: usize,
    _nesting: Nesting,
}

/// Counts this thread's nesting for as long as a permit lives.
struct Nesting;

impl Drop for Nesting {
    fn drop(&mut self) {
        NESTING.with(|depth| depth.set(depth.get() - 1));
    }
}

/// Admits a call of the attachment, or says why not. Never waits.
pub(crate) fn admit(attachment: &Attachment) -> Result<Permit<'_>, Denied> {
    // Unknown on platforms that do not tell; those have guard pages all the same.
    if stacker::remaining_stack().is_some_and(|left| left < STACK_NEEDED) {
        return Err(Denied::SmallStack);
    }
    let nesting = NESTING.with(|depth| {
        if depth.get() >= MAX_NESTING {
            return Err(Denied::Nested);
        }
        depth.set(depth.get() + 1);
        Ok(Nesting)
    })?;
    let (place, executor) = attachment.pool().enter().ok_or(Denied::NoExecutor)?;
    Ok(Permit { executor, place, _nesting: nesting })
}
