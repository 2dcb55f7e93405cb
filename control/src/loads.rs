//! Loading scripts: a few at once, and a few that wait for their turn. The loads of one tenant never take all turns,
//! whichever user requests them.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::limits::{LOADS, Limit, Taken, Taker};
use super::rejection::Rejection;

/// The number of scripts that are loaded at once.
const AT_ONCE: usize = 2;
/// The number of these that one tenant may have.
const AT_ONCE_EACH: usize = 1;
/// The number of running and waiting loads that one tenant may have.
const WITHIN_EACH: usize = 3;

/// Loads under way, and waiting.
pub(super) struct Loads {
    limit: Arc<Limit>,
    running: Mutex<Running>,
    ended: Condvar,
}

#[derive(Default)]
struct Running {
    all: usize,
    /// By tenant: the number of running loads, and of running and waiting ones together.
    each: HashMap<String, (usize, usize)>,
}

/// A running load, until it is dropped.
pub(super) struct Turn<'a> {
    loads: &'a Loads,
    tenant: String,
    _taken: Taken,
}

impl Running {
    fn of(&self, tenant: &str) -> (usize, usize) {
        self.each.get(tenant).copied().unwrap_or_default()
    }
}

impl Loads {
    pub fn new() -> Loads {
        Loads { limit: Limit::new(LOADS), running: Mutex::default(), ended: Condvar::new() }
    }

    /// Waits for a turn, unless too many loads wait already, in total or for the tenant.
    pub fn turn(&self, by: Taker, tenant: &str) -> Result<Turn<'_>, Rejection> {
        let busy = || Rejection::busy("too many scripts are being loaded; try again");
        let taken = self.limit.one(by).ok_or_else(busy)?;
        let mut running = self.running.lock();
        let own = running.each.entry(tenant.to_owned()).or_default();
        if own.1 >= WITHIN_EACH {
            return Err(Rejection::busy(format!("too many scripts of tenant {tenant} are being loaded; try again")));
        }
        own.1 += 1;
        // From here on, `Turn` gives back what was counted.
        while running.all >= AT_ONCE || running.of(tenant).0 >= AT_ONCE_EACH {
            self.ended.wait(&mut running);
        }
        running.all += 1;
        running.each.entry(tenant.to_owned()).or_default().0 += 1;
        Ok(Turn { loads: self, tenant: tenant.to_owned(), _taken: taken })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut running = self.loads.running.lock();
        running.all -= 1;
        if let Some(own) = running.each.get_mut(&self.tenant) {
            *own = (own.0 - 1, own.1 - 1);
            if own.1 == 0 {
                running.each.remove(&self.tenant);
            }
        }
        // All are woken, because any one of them may have to wait for another load of the same tenant.
        self.loads.ended.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
    use std::thread;

    use super::*;

    const ROOT: Taker = Taker { uid: 0, may_do_all: true };

    #[test]
    fn one_tenant_leaves_a_turn_to_the_others_and_is_told_when_it_has_too_many() {
        let loads = Loads::new();
        let (waiting, loaded) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            let first = loads.turn(ROOT, "a").unwrap_or_else(|rejection| panic!("{rejection:?}"));
            for _ in 1..WITHIN_EACH {
                scope.spawn(|| {
                    waiting.fetch_add(1, SeqCst);
                    let turn = loads.turn(ROOT, "a");
                    assert!(turn.is_ok());
                    loaded.fetch_add(1, SeqCst);
                });
            }
            while loads.running.lock().of("a") != (1, WITHIN_EACH) {
                thread::yield_now();
            }
            let refused = loads.turn(ROOT, "a").err().map(|rejection| (rejection.status, rejection.error.message));
            let message = "too many scripts of tenant a are being loaded; try again".to_owned();
            assert_eq!(refused, Some((429, message)));
            // No load waits for another tenant's loads.
            drop(loads.turn(ROOT, "b").unwrap_or_else(|rejection| panic!("{rejection:?}")));
            assert_eq!((waiting.load(SeqCst), loaded.load(SeqCst)), (WITHIN_EACH - 1, 0));
            drop(first);
        });
        assert_eq!(loaded.load(SeqCst), WITHIN_EACH - 1);
        let running = loads.running.lock();
        assert!(running.all == 0 && running.each.is_empty(), "nothing is left behind");
    }
}
