//! Takes attachments that keep faulting out of the chain for a while.
//!
//! ```text
//!              N faults within the window
//!   healthy ───────────────────────────────▶ waiting ◀──────────────┐
//!      ▲                                        │ back-off is over: │ the probe faults:
//!      │                                        ▼ one call goes     │ twice the back-off
//!      └──────────────────────────────────── probing ───────────────┘
//!         M good probes, one after the other
//! ```
//!
//! A healthy attachment pays one relaxed load per call. Everything else is rare and goes through a lock that is held
//! for a few instructions; denied calls take no lock. Changes are returned, so that callers report them after the lock
//! is released.
//!
//! Flapping: an attachment that is quarantined again within the longest back-off after it left continues with twice the
//! back-off it had, as if it had never left.

use std::collections::VecDeque;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicU8, AtomicU64};
use std::time::Duration;

use parking_lot::Mutex;
use tenterhook_policies::{Quota, Rules, Switch};

use crate::rate::{Clock, nanos};

const HEALTHY: u8 = 0;
const WAITING: u8 = 1;
const PROBING: u8 = 2;

/// When an attachment enters and leaves quarantine.
#[derive(Debug, Clone, Copy)]
struct Terms {
    faults: usize,
    window: u64,
    backoff: u64,
    backoff_max: u64,
    probes: u64,
}

/// A change of an attachment's quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuarantineChange {
    /// It faulted too often and was taken out of the chain.
    Entered {
        /// The number of faults within the policy's window.
        faults: u64,
        /// The time until a call probes it.
        backoff: Duration,
    },
    /// One call is let through to see whether the attachment has recovered.
    Probing,
    /// The probe faulted.
    ProbeFailed {
        /// The time until the next probe.
        backoff: Duration,
    },
    /// Enough probes succeeded: it is back in the chain.
    Left,
    /// An operator lifted the quarantine.
    Lifted,
}

/// The phase of an attachment in quarantine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuarantinePhase {
    /// Every call is denied.
    Waiting,
    /// One call probes the attachment; the others are denied.
    Probing,
}

/// An attachment's quarantine, as listings show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quarantined {
    /// Its phase.
    pub phase: QuarantinePhase,
    /// The time since it entered.
    pub since: Duration,
    /// The time until the next probe; zero if the next call is one.
    pub until: Duration,
    /// The current or last back-off.
    pub backoff: Duration,
    /// Its faults: those that caused the quarantine, and those of probes.
    pub faults: u64,
    /// Successful probes in a row.
    pub good_probes: u64,
}

/// An attachment's quarantine.
pub(crate) struct Quarantine {
    phase: AtomicU8,
    /// When the wait ends, and when that was decided.
    until: AtomicU64,
    decided: AtomicU64,
    /// `None`: quarantine is off.
    terms: Option<Terms>,
    record: Mutex<Record>,
}

#[derive(Debug, Default)]
struct Record {
    /// Times of the last faults of a healthy attachment, at most as many as cause quarantine.
    recent: VecDeque<u64>,
    entered: u64,
    left: Option<u64>,
    backoff: u64,
    faults: u64,
    good: u64,
    /// Incremented with each probe and each lifting, so that a late probe is distinguished from the current one.
    turn: u64,
}

/// How a call passed the quarantine; its end must be reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// The attachment is healthy.
    Free,
    /// The call is the probe of this turn.
    Probe(u64),
}

impl Quarantine {
    pub fn new(rules: &Rules) -> Quarantine {
        Quarantine::of((rules.quarantine == Switch::On).then(|| Terms::of(&rules.quota)))
    }

    fn of(terms: Option<Terms>) -> Quarantine {
        Quarantine {
            phase: AtomicU8::new(HEALTHY),
            until: AtomicU64::new(0),
            decided: AtomicU64::new(0),
            terms,
            record: Mutex::default(),
        }
    }

    /// Whether a call may go through; `None` denies it. A probe is returned with the change to report.
    #[inline]
    pub fn enter(&self, clock: &dyn Clock) -> Option<(Pass, Option<QuarantineChange>)> {
        match self.phase.load(Relaxed) {
            HEALTHY => Some((Pass::Free, None)),
            phase => self.knock(phase, clock),
        }
    }

    #[cold]
    fn knock(&self, phase: u8, clock: &dyn Clock) -> Option<(Pass, Option<QuarantineChange>)> {
        if phase == PROBING {
            return None;
        }
        // Both are read before the clock, so that an earlier time than that of the decision means that the clock went
        // back.
        let (decided, until) = (self.decided.load(Acquire), self.until.load(Acquire));
        let now = nanos(clock);
        if (decided..until).contains(&now) {
            return None;
        }
        let mut record = self.record.try_lock()?;
        if self.phase.load(Relaxed) != WAITING {
            return None;
        }
        let now = nanos(clock);
        if now < self.decided.load(Relaxed) {
            self.wait(record.backoff, now);
            return None;
        }
        if now < self.until.load(Relaxed) {
            return None;
        }
        record.turn += 1;
        self.phase.store(PROBING, Relaxed);
        Some((Pass::Probe(record.turn), Some(QuarantineChange::Probing)))
    }

    /// Waits for `backoff` from `now` on.
    fn wait(&self, backoff: u64, now: u64) {
        self.decided.store(now, Release);
        self.until.store(now.saturating_add(backoff), Release);
        self.phase.store(WAITING, Relaxed);
    }

    /// Reports that a call ended well.
    #[inline]
    pub fn good(&self, pass: Pass, clock: &dyn Clock) -> Option<QuarantineChange> {
        match pass {
            Pass::Free => None,
            Pass::Probe(turn) => self.good_probe(turn, clock),
        }
    }

    #[cold]
    fn good_probe(&self, turn: u64, clock: &dyn Clock) -> Option<QuarantineChange> {
        let terms = self.terms?;
        let mut record = self.record.lock();
        if record.turn != turn {
            return None;
        }
        record.good += 1;
        let now = nanos(clock);
        if record.good < terms.probes {
            self.wait(0, now);
            return None;
        }
        record.left = Some(now);
        record.recent.clear();
        self.phase.store(HEALTHY, Relaxed);
        Some(QuarantineChange::Left)
    }

    /// Reports that a call faulted.
    #[cold]
    pub fn fault(&self, pass: Pass, clock: &dyn Clock) -> Option<QuarantineChange> {
        let terms = self.terms?;
        let mut record = self.record.lock();
        let now = nanos(clock);
        if let Pass::Probe(turn) = pass
            && record.turn == turn
        {
            record.faults += 1;
            record.good = 0;
            record.backoff = record.backoff.saturating_mul(2).min(terms.backoff_max);
            self.wait(record.backoff, now);
            return Some(QuarantineChange::ProbeFailed { backoff: Duration::from_nanos(record.backoff) });
        }
        if self.phase.load(Relaxed) != HEALTHY {
            // The call was in flight when the attachment was quarantined.
            return None;
        }
        // A time after now was recorded before the clock went back.
        record.recent.retain(|at| *at <= now && now - *at <= terms.window);
        record.recent.push_back(now);
        if record.recent.len() < terms.faults {
            return None;
        }
        let faults = record.recent.len() as u64;
        record.recent.clear();
        let relapse = record.left.is_some_and(|left| now.saturating_sub(left) < terms.backoff_max);
        record.backoff = if relapse { record.backoff.saturating_mul(2).min(terms.backoff_max) } else { terms.backoff };
        (record.entered, record.faults, record.good) = (now, faults, 0);
        self.wait(record.backoff, now);
        Some(QuarantineChange::Entered { faults, backoff: Duration::from_nanos(record.backoff) })
    }

    /// Reports that a call was not made after all; a probe is left to the next call.
    #[cold]
    pub fn unused(&self, pass: Pass) {
        if let Pass::Probe(turn) = pass {
            let record = self.record.lock();
            if record.turn == turn && self.phase.load(Relaxed) == PROBING {
                self.phase.store(WAITING, Relaxed);
            }
        }
    }

    /// Puts the attachment back into the chain and forgets its past. `None` if it is not in quarantine.
    pub fn lift(&self) -> Option<QuarantineChange> {
        let mut record = self.record.lock();
        if self.phase.load(Relaxed) == HEALTHY {
            return None;
        }
        *record = Record { turn: record.turn + 1, ..Record::default() };
        self.phase.store(HEALTHY, Relaxed);
        Some(QuarantineChange::Lifted)
    }

    /// The quarantine of the attachment, if it is in one.
    pub fn state(&self, clock: &dyn Clock) -> Option<Quarantined> {
        let record = self.record.lock();
        let phase = match self.phase.load(Relaxed) {
            WAITING => QuarantinePhase::Waiting,
            PROBING => QuarantinePhase::Probing,
            _ => return None,
        };
        let now = nanos(clock);
        Some(Quarantined {
            phase,
            since: Duration::from_nanos(now.saturating_sub(record.entered)),
            until: Duration::from_nanos(self.until.load(Relaxed).saturating_sub(now)),
            backoff: Duration::from_nanos(record.backoff),
            faults: record.faults,
            good_probes: record.good,
        })
    }
}

impl Terms {
    fn of(quota: &Quota) -> Terms {
        let nanos = |millis: u64| millis.saturating_mul(1_000_000);
        let backoff_max = nanos(quota.quarantine_backoff_max.get());
        Terms {
            faults: usize::try_from(quota.quarantine_faults.get()).unwrap_or(usize::MAX),
            window: nanos(quota.quarantine_window.get()),
            // Rules that a program made itself may have them in the wrong order.
            backoff: nanos(quota.quarantine_backoff.get()).min(backoff_max),
            backoff_max,
            probes: quota.quarantine_probes.get(),
        }
    }
}

#[cfg(test)]
mod tests;
