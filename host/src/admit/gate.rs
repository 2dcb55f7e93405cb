//! The checks that every call of an attachment has to pass, and the permit that it gets.

use std::cell::Cell;
use std::sync::Arc;
use std::time::SystemTime;

use tenterhook_policies::{FaultCause, Rules};
use tenterhook_sandbox::{Held, Image, Pool};

use super::denied::{Denied, MAX_NESTING, STACK_NEEDED};
use super::quarantine::{Pass, Quarantine, QuarantineChange, Quarantined};
use super::tenant::Tenant;
use crate::observe::{Event, EventKind, Events, Subject};
use crate::rate::Bucket;

thread_local! {
    static NESTING: Cell<u32> = const { Cell::new(0) };
}

/// The gate of one attachment: only through it can its executors' shelves be reached.
pub(crate) struct Gate {
    account: Arc<Tenant>,
    quarantine: Quarantine,
    /// The rate of its calls.
    calls: Bucket,
    /// Its own executors if it keeps state; the host's otherwise.
    pool: Arc<Pool>,
    /// The tenant's reserved shelves, for when all others are taken.
    reserve: Option<Arc<Pool>>,
    /// The name of the attachment in events, and where they go.
    subject: Subject,
    events: Arc<Events>,
}

/// Proof that a call was admitted, and the shelf to make it on.
pub(crate) struct Permit<'a> {
    pub held: Held<'a>,
    /// The number of the shelf, which is held exclusively.
    pub shelf: usize,
    admission: Admission<'a>,
    _nesting: Nesting,
}

/// Counts this thread's nesting for as long as a permit lives.
struct Nesting;

impl Drop for Nesting {
    fn drop(&mut self) {
        NESTING.with(|depth| depth.set(depth.get() - 1));
    }
}

/// A call that the quarantine let through. If it is dropped before it is settled, the call was not made; a probe is
/// then left to the next call.
struct Admission<'a> {
    gate: &'a Gate,
    pass: Pass,
    settled: bool,
}

impl Drop for Admission<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.settled && self.pass != Pass::Free {
            self.gate.quarantine.unused(self.pass);
        }
    }
}

impl Permit<'_> {
    /// Charges what a call used, and reports to the quarantine how it ended.
    #[inline]
    pub fn settle(&mut self, fuel: u64, fault: Option<FaultCause>) {
        let Admission { gate, pass, settled } = &mut self.admission;
        gate.account.fuel.charge(fuel);
        *settled = true;
        let change = match fault {
            None => gate.quarantine.good(*pass, gate.account.clock()),
            Some(_) => gate.quarantine.fault(*pass, gate.account.clock()),
        };
        if let Some(change) = change {
            gate.announce(change, fault, None);
        }
    }
}

impl Gate {
    /// Creates the gate of an attachment on this account, under its rules.
    pub fn new(
        rules: &Rules,
        account: Arc<Tenant>,
        (pool, reserve): (Arc<Pool>, Option<Arc<Pool>>),
        subject: Subject,
        events: Arc<Events>,
    ) -> Gate {
        let calls = Bucket::new(rules.quota.calls_per_second.get(), rules.quota.calls_burst.get(), account.clock());
        Gate { quarantine: Quarantine::new(rules), account, calls, pool, reserve, subject, events }
    }

    /// Admits a call of the attachment, or denies it. It never waits.
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Denied> {
        let account = &*self.account;
        let (pass, change) = self.quarantine.enter(account.clock()).ok_or(Denied::Quarantine)?;
        let admission = Admission { gate: self, pass, settled: false };
        // Fuel is only checked here, and comes first: a call that is denied for lack of fuel takes nothing from the
        // attachment's rate.
        if !account.fuel.has_any(account.clock()) {
            return Err(Denied::Fuel);
        }
        if !self.calls.take_one(account.clock()) {
            return Err(Denied::Rate);
        }
        // The remaining stack is unknown on some platforms; those have guard pages all the same.
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
        let (shelf, held) = match self.pool.enter() {
            Some(found) => found,
            None => {
                // The tenant's reserved shelves are numbered after those of the pool.
                let own = self.reserve.as_ref().and_then(|reserve| reserve.enter());
                let (shelf, held) = own.ok_or(Denied::NoExecutor)?;
                (self.pool.shelves() + shelf, held)
            }
        };
        if let Some(change) = change {
            self.announce(change, None, None);
        }
        Ok(Permit { held, shelf, admission, _nesting: nesting })
    }

    /// The tenant's account.
    pub fn account(&self) -> &Arc<Tenant> {
        &self.account
    }

    /// The number of calls that can be made at once; a permit's shelf is below it.
    pub fn shelves(&self) -> usize {
        self.pool.shelves() + self.reserve.as_ref().map_or(0, |reserve| reserve.shelves())
    }

    /// The attachment is going: executors that it shared go to others.
    pub fn close(&self, image: &Image) {
        self.pool.forget(image);
        if let Some(reserve) = &self.reserve {
            reserve.forget(image);
        }
    }

    /// The quarantine of the attachment, if it is in one.
    pub fn quarantined(&self) -> Option<Quarantined> {
        self.quarantine.state(self.account.clock())
    }

    /// Puts the attachment back into its chain on behalf of `by`, and forgets its faults; `false` if it is not in
    /// quarantine.
    pub fn lift(&self, by: Option<&str>) -> bool {
        let change = self.quarantine.lift();
        if let Some(change) = change {
            self.announce(change, None, by);
        }
        change.is_some()
    }

    /// Takes a shelf in the pool and does nothing else, for benches to compare with.
    #[cfg(any(feature = "inspect", feature = "measure"))]
    pub fn enter_alone(&self) -> bool {
        self.pool.enter().is_some()
    }

    /// Reports a change of the attachment's quarantine, and who made it.
    #[cold]
    fn announce(&self, change: QuarantineChange, fault: Option<FaultCause>, by: Option<&str>) {
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
            hook = &*self.subject.hook,
            tenant = &*self.subject.tenant,
            attachment = &*self.subject.attachment,
            fault,
            by,
            "{}",
            kind.name()
        );
        self.events.emit(Event::new(kind).about(self.subject.clone()).by(by));
    }
}
