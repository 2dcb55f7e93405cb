//! What every call of an attachment has to pass, and what it gets on the other side.

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

/// An attachment's own: its executors' places are reached through it and in no other way.
pub(crate) struct Gate {
    account: Arc<Tenant>,
    quarantine: Quarantine,
    /// Calls that it may still make.
    calls: Bucket,
    /// Executors of its own where state is kept; the host's otherwise.
    pool: Arc<Pool>,
    /// Places of the tenant's own, for when the others are all taken.
    reserve: Option<Arc<Pool>>,
    /// What events call the attachment, and where they go.
    subject: Subject,
    events: Arc<Events>,
}

/// Proof that a call was admitted, and the place to make it in.
pub(crate) struct Permit<'a> {
    pub held: Held<'a>,
    /// The number of the place, nobody else's for as long as it is held.
    pub place: usize,
    entry: Entry<'a>,
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
struct Entry<'a> {
    gate: &'a Gate,
    pass: Pass,
    settled: bool,
}

impl Drop for Entry<'_> {
    #[inline]
    fn drop(&mut self) {
        if !self.settled && self.pass != Pass::Free {
            self.gate.quarantine.unused(self.pass);
        }
    }
}

impl Permit<'_> {
    /// The call was made: charges what it used, and tells the quarantine how it ended.
    #[inline]
    pub fn settle(&mut self, fuel: u64, fault: Option<FaultCause>) {
        let Entry { gate, pass, settled } = &mut self.entry;
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
    /// The gate of an attachment on that account, by its rules.
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

    /// Admits a call of the attachment, or says why not. Never waits.
    #[inline]
    pub fn admit(&self) -> Result<Permit<'_>, Denied> {
        let account = &*self.account;
        let (pass, change) = self.quarantine.enter(account.clock()).ok_or(Denied::Quarantine)?;
        let entry = Entry { gate: self, pass, settled: false };
        // First what is only looked at: a call that is denied for want of fuel takes nothing of the attachment's rate.
        if !account.fuel.has_any(account.clock()) {
            return Err(Denied::Fuel);
        }
        if !self.calls.take_one(account.clock()) {
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
        let (place, held) = match self.pool.enter() {
            Some(found) => found,
            None => {
                // Places of the tenant's own are numbered on from those of the pool.
                let own = self.reserve.as_ref().and_then(|reserve| reserve.enter());
                let (place, held) = own.ok_or(Denied::NoExecutor)?;
                (self.pool.places() + place, held)
            }
        };
        if let Some(change) = change {
            self.announce(change, None, None);
        }
        Ok(Permit { held, place, entry, _nesting: nesting })
    }

    /// The tenant's account.
    pub fn account(&self) -> &Arc<Tenant> {
        &self.account
    }

    /// How many calls can be made at once; a permit's place is less.
    pub fn places(&self) -> usize {
        self.pool.places() + self.reserve.as_ref().map_or(0, |reserve| reserve.places())
    }

    /// The attachment goes: executors that it shared go to others.
    pub fn close(&self, image: &Image) {
        self.pool.forget(image);
        if let Some(reserve) = &self.reserve {
            reserve.forget(image);
        }
    }

    /// Where the attachment is, if it is in quarantine.
    pub fn quarantined(&self) -> Option<Quarantined> {
        self.quarantine.state(self.account.clock())
    }

    /// Puts the attachment back into its chain, its faults forgotten, as `by` wants it; `false` where it is in no
    /// quarantine.
    pub fn lift(&self, by: Option<&str>) -> bool {
        let change = self.quarantine.lift();
        if let Some(change) = change {
            self.announce(change, None, by);
        }
        change.is_some()
    }

    /// A place in the pool and nothing else, for benches to compare with.
    #[cfg(any(feature = "inspect", feature = "measure"))]
    pub fn enter_alone(&self) -> bool {
        self.pool.enter().is_some()
    }

    /// Tells everybody who watches what became of the attachment, and who did it if somebody did.
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
