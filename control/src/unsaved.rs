//! Changes that are in force and not saved in the folder yet.
//!
//! ```text
//! request ─ note ─▶ pending ◀─ next ── the thread that saves ── folder
//!    └───── wait ◀──────────── ended ─────┘        (saving.rs)
//! ```
//!
//! A request waits for its change to be saved, but not for long: a disk that hangs delays the response and nothing
//! else. A failed save is retried, with growing intervals, and at once when something else was saved.

use std::collections::BTreeMap;
use std::time::{Duration, Instant, SystemTime};

use parking_lot::{Condvar, Mutex};

use super::caller::Caller;

/// How long a request waits for its change to be saved, counted from the start of the attempt.
const PATIENCE: Duration = Duration::from_secs(3);
/// The delay before the first retry; each failure doubles it, up to the longest delay.
const FIRST_WAIT: Duration = Duration::from_millis(250);
const LAST_WAIT: Duration = Duration::from_secs(30);

const UNANSWERED: &str = "the disk has not answered yet";

/// Tenant and name.
pub(super) type Key = (String, String);

/// A change that is in force.
#[derive(Debug, Clone)]
pub(super) struct InForce {
    /// The change, such as `detached`.
    pub what: &'static str,
    pub hook: String,
    pub by: Caller,
}

/// A change that is not saved in the folder yet, as lists show it.
#[derive(Debug)]
pub(super) struct Shown {
    pub tenant: String,
    pub name: String,
    pub what: &'static str,
    pub since: SystemTime,
    /// Why the last attempt failed.
    pub reason: String,
    pub failures: u32,
}

/// The result of an attempt.
#[derive(Debug)]
pub(super) enum Ended {
    /// It is saved, and no failure was reported before.
    Saved,
    /// It is saved, after a failure was reported.
    SavedLate(InForce),
    /// It failed for the first time.
    Failed(InForce),
    /// It failed again; or the attachment has been changed again meanwhile.
    Again,
}

struct Pending {
    change: InForce,
    since: SystemTime,
    /// The number of the last change to the attachment.
    ticket: u64,
    due: Instant,
    failures: u32,
    reason: Option<String>,
}

#[derive(Default)]
struct Queue {
    pending: BTreeMap<Key, Pending>,
    tickets: u64,
    /// Since when an attempt is running.
    busy: Option<Instant>,
    stopping: bool,
}

/// The changes that are not saved in the folder yet.
#[derive(Default)]
pub(super) struct Unsaved {
    state: Mutex<Queue>,
    changed: Condvar,
}

impl Unsaved {
    /// Notes a change that could not be reverted in the folder.
    pub fn failed(&self, key: Key, change: InForce, reason: String) {
        self.note(key.clone(), change);
        if let Some(pending) = self.state.lock().pending.get_mut(&key) {
            pending.reason = Some(reason);
        }
    }

    /// Notes a change that is in force and has to be saved.
    pub fn note(&self, key: Key, change: InForce) {
        let mut state = self.state.lock();
        state.tickets += 1;
        let (ticket, due) = (state.tickets, Instant::now());
        // A reported failure of an earlier change is withdrawn when this one is saved, so the count of failures stays.
        let failures = state.pending.get(&key).map_or(0, |pending| pending.failures);
        let pending = Pending { change, since: SystemTime::now(), ticket, due, failures, reason: None };
        state.pending.insert(key, pending);
        self.changed.notify_all();
    }

    /// Waits until the change to the attachment is saved or has failed; returns the reason if it failed.
    pub fn wait(&self, key: &Key) -> Option<String> {
        let noted = Instant::now();
        let mut state = self.state.lock();
        loop {
            let pending = state.pending.get(key)?;
            if let Some(reason) = &pending.reason {
                return Some(reason.clone());
            }
            let until = state.busy.unwrap_or(noted).min(noted) + PATIENCE;
            if self.changed.wait_until(&mut state, until).timed_out() {
                return Some(UNANSWERED.to_owned());
            }
        }
    }

    /// The unsaved changes, by tenant and name.
    pub fn list(&self) -> Vec<Shown> {
        let state = self.state.lock();
        let shown = |(key, pending): (&Key, &Pending)| Shown {
            tenant: key.0.clone(),
            name: key.1.clone(),
            what: pending.change.what,
            since: pending.since,
            reason: pending.reason.clone().unwrap_or_else(|| UNANSWERED.to_owned()),
            failures: pending.failures,
        };
        state.pending.iter().map(shown).collect()
    }

    /// Whether a change to that attachment is not saved yet.
    pub fn has(&self, tenant: &str, name: &str) -> bool {
        self.state.lock().pending.contains_key(&(tenant.to_owned(), name.to_owned()))
    }

    /// Whether the folder may contain leftovers of a failed change to that attachment.
    pub fn has_failed(&self, tenant: &str, name: &str) -> bool {
        let state = self.state.lock();
        state
            .pending
            .get(&(tenant.to_owned(), name.to_owned()))
            .is_some_and(|pending| pending.failures > 0 || pending.reason.is_some())
    }

    /// Retries the rest at once, because something was saved.
    pub fn retry(&self) {
        let mut state = self.state.lock();
        let now = Instant::now();
        for pending in state.pending.values_mut() {
            pending.due = now;
        }
        self.changed.notify_all();
    }

    /// The next change to save, when it is due; `None` when it is time to stop and each was tried once more.
    pub fn next(&self) -> Option<(Key, u64)> {
        let mut state = self.state.lock();
        loop {
            let next = state.pending.iter().min_by_key(|(_, pending)| pending.due);
            let next = next.map(|(key, pending)| (key.clone(), pending.ticket, pending.due));
            let Some((key, ticket, due)) = next else {
                if state.stopping {
                    return None;
                }
                self.changed.wait(&mut state);
                continue;
            };
            let now = Instant::now();
            if due <= now || state.stopping {
                state.busy = Some(now);
                return Some((key, ticket));
            }
            self.changed.wait_until(&mut state, due);
        }
    }

    /// Notes the end of an attempt.
    pub fn ended(&self, key: &Key, ticket: u64, result: Result<(), String>) -> Ended {
        let mut guard = self.state.lock();
        let state = &mut *guard;
        state.busy = None;
        self.changed.notify_all();
        let Some(pending) = state.pending.get_mut(key) else { return Ended::Again };
        let ended = match result {
            // There was another change meanwhile, which the folder may not contain.
            Ok(()) if pending.ticket != ticket => return Ended::Again,
            Ok(()) if pending.failures == 0 => Ended::Saved,
            Ok(()) => Ended::SavedLate(pending.change.clone()),
            Err(reason) => {
                let wait = FIRST_WAIT.saturating_mul(1 << pending.failures.min(16)).min(LAST_WAIT);
                pending.due = Instant::now() + wait;
                pending.failures = pending.failures.saturating_add(1);
                pending.reason = Some(reason);
                if pending.failures == 1 { Ended::Failed(pending.change.clone()) } else { Ended::Again }
            }
        };
        if state.stopping || matches!(ended, Ended::Saved | Ended::SavedLate(_)) {
            state.pending.remove(key);
        }
        ended
    }

    /// Has each change tried once more, and then stops.
    pub fn stop(&self) {
        self.state.lock().stopping = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        ("acme".to_owned(), "one".to_owned())
    }

    fn change(what: &'static str) -> InForce {
        InForce { what, hook: "h".to_owned(), by: Caller { uid: 1, gid: 1, pid: None } }
    }

    #[test]
    fn a_change_that_came_meanwhile_is_not_taken_for_saved() {
        let unsaved = Unsaved::default();
        unsaved.note(key(), change("disabled"));
        let (found, first) = unsaved.next().expect("it is due");
        unsaved.note(key(), change("detached"));
        assert!(matches!(unsaved.ended(&found, first, Ok(())), Ended::Again));
        assert_eq!(unsaved.list().len(), 1);
        let (found, second) = unsaved.next().expect("it is due");
        assert!(matches!(unsaved.ended(&found, second, Ok(())), Ended::Saved));
        assert!(unsaved.list().is_empty());
    }

    #[test]
    fn failures_are_told_once_and_taken_back_once() {
        let unsaved = Unsaved::default();
        unsaved.note(key(), change("detached"));
        for failure in 0..40 {
            unsaved.retry();
            let (found, of) = unsaved.next().expect("it is due");
            let ended = unsaved.ended(&found, of, Err("no".to_owned()));
            assert_eq!(matches!(ended, Ended::Failed(_)), failure == 0, "{ended:?}");
        }
        assert_eq!(unsaved.wait(&key()), Some("no".to_owned()));
        assert_eq!(unsaved.list().first().map(|shown| shown.failures), Some(40));
        unsaved.retry();
        let (found, of) = unsaved.next().expect("it is due");
        assert!(matches!(unsaved.ended(&found, of, Ok(())), Ended::SavedLate(_)));
        assert_eq!(unsaved.wait(&key()), None);
    }

    #[test]
    fn stopping_tries_each_change_once_more() {
        let unsaved = Unsaved::default();
        for name in ["a", "b"] {
            unsaved.note(("acme".to_owned(), name.to_owned()), change("detached"));
        }
        unsaved.stop();
        for _ in 0..2 {
            let (found, of) = unsaved.next().expect("it was not tried");
            unsaved.ended(&found, of, Err("no".to_owned()));
        }
        assert_eq!(unsaved.next(), None);
    }

    #[test]
    fn a_disk_that_hangs_is_waited_for_once_and_not_by_everybody_in_turn() {
        let unsaved = Unsaved::default();
        unsaved.note(key(), change("detached"));
        unsaved.next().expect("it is due");
        // Simulates an attempt that started long ago.
        unsaved.state.lock().busy = Instant::now().checked_sub(PATIENCE);
        let two = ("acme".to_owned(), "two".to_owned());
        unsaved.note(two.clone(), change("detached"));
        assert_eq!(unsaved.wait(&two).as_deref(), Some(UNANSWERED));
    }
}
