//! Whether a call may be made at all, before anything is spent on it.
//!
//! [`admit`] answers with a [`Permit`] or says why not, and nothing can be called without one: the sandbox is only
//! reached through [`Permit::call`](Permit).
//!
//! ```text
//! admit    quarantine?      one relaxed load while the attachment is healthy           quarantine/
//!            ▼
//!          fuel left?       one load of the tenant's bucket                            tenant.rs
//!            ▼
//!          calls left?      one subtraction from the attachment's bucket               bucket.rs
//!            ▼
//!          stack, nesting, a free place in the pool, or one of the tenant's own
//!            ▼
//! Permit ─ call ─ settle    the fuel that was used is charged, and the quarantine hears how it ended
//! ```
//!
//! A call is admitted while there is any fuel left, and charged afterwards with what it used: so a call in flight
//! overdraws by its own budget at most, and what is overdrawn is earned back before the next.

mod bucket;
mod clock;
mod loading;
mod quarantine;
mod tenant;
mod total;

use std::cell::Cell;
use std::time::SystemTime;

use tenterhook_policies::{DenialCause, FaultCause};
use thiserror::Error;

pub(crate) use bucket::Bucket;
pub use clock::Clock;
pub(crate) use clock::Monotonic;
pub(crate) use loading::Loading;
pub(crate) use quarantine::{Pass, Quarantine};
pub use quarantine::{QuarantineChange, QuarantinePhase, Quarantined};
pub use tenant::TenantUsage;
pub(crate) use tenant::{Claim, Tenant, Tenants, rules as tenant_rules};
pub(crate) use total::Exceeded;

use crate::attach::Attachment;
use crate::host::Inner;
use crate::observe::{Event, EventKind};
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

/// Proof that a call was admitted, and the place to make it in.
pub(crate) struct Permit<'a> {
    pub held: Held<'a>,
    /// The number of the place, nobody else's for as long as it is held.
    pub place: usize,
    pub entry: Entry<'a>,
    _nesting: Nesting,
}

/// Counts this thread's nesting for as long as a permit lives.
struct Nesting;

impl Drop for Nesting {
    fn drop(&mut self) {
        NESTING.with(|depth| depth.set(depth.get() - 1));
    }
}

/// A call past the quarantine. If it is dropped before it is settled the call was not made; a probe is left to the next.
pub(crate) struct Entry<'a> {
    attachment: &'a Attachment,
    pass: Pass,
    settled: bool,
}

impl Drop for Entry<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.settled && self.pass != Pass::Free {
            self.attachment.quarantine.unused(self.pass);
        }
    }
}

impl Entry<'_> {
    /// The call was made: charges what it used, and tells the quarantine how it ended.
    #[inline]
    pub fn settle(&mut self, inner: &Inner, fuel: u64, fault: Option<FaultCause>) {
        let Attachment { account, quarantine, .. } = self.attachment;
        account.fuel.charge(fuel);
        self.settled = true;
        let change = match fault {
            None => quarantine.good(self.pass, account.clock()),
            Some(_) => quarantine.fault(self.pass, account.clock()),
        };
        if let Some(change) = change {
            announce(inner, self.attachment, change, fault, None);
        }
    }
}

/// Admits a call of the attachment, or says why not. Never waits.
#[inline]
pub(crate) fn admit<'a>(inner: &Inner, attachment: &'a Attachment) -> Result<Permit<'a>, Denied> {
    let account = &*attachment.account;
    let (pass, change) = attachment.quarantine.enter(account.clock()).ok_or(Denied::Quarantine)?;
    let entry = Entry { attachment, pass, settled: false };
    // First what is only looked at: a call that is denied for want of fuel takes nothing of the attachment's rate.
    if !account.fuel.has_any(account.clock()) {
        return Err(Denied::Fuel);
    }
    if !attachment.calls.take_one(account.clock()) {
        return Err(Denied::Rate);
    }
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
    let (place, held) = match attachment.pool.enter() {
        Some(found) => found,
        None => {
            // Places of the tenant's own are numbered on from those of the pool.
            let own = attachment.reserve.as_ref().and_then(|reserve| reserve.enter());
            let (place, held) = own.ok_or(Denied::NoExecutor)?;
            (attachment.pool.places() + place, held)
        }
    };
    if let Some(change) = change {
        announce(inner, attachment, change, None, None);
    }
    Ok(Permit { held, place, entry, _nesting: nesting })
}

/// Tells everybody who watches what became of an attachment, and who did it if somebody did.
#[cold]
pub(crate) fn announce(
    inner: &Inner,
    attachment: &Attachment,
    change: QuarantineChange,
    fault: Option<FaultCause>,
    by: Option<&str>,
) {
    let fault = fault.map_or("", FaultCause::as_str);
    let until = |backoff| SystemTime::now().checked_add(backoff);
    let kind = match change {
        QuarantineChange::Entered { faults, backoff } => EventKind::Quarantined {
            cause: format!("{faults} faults within the policy's window, the last by {fault}").into(),
            until: until(backoff),
        },
        QuarantineChange::ProbeFailed { backoff } => {
            EventKind::Quarantined { cause: format!("the probe faulted: {fault}").into(), until: until(backoff) }
        }
        QuarantineChange::Probing => EventKind::Probing,
        QuarantineChange::Left => EventKind::LeftQuarantine,
        QuarantineChange::Lifted => EventKind::Lifted,
    };
    tracing::info!(
        target: "tenterhook::quarantine",
        hook = &*attachment.context.subject.hook,
        tenant = attachment.tenant(),
        attachment = attachment.name,
        fault,
        by,
        "{}",
        kind.name()
    );
    inner.events.emit(Event::new(kind).about(attachment.context.subject.clone()).by(by));
}
