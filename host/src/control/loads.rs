//! Loading scripts: a few at once, and a few that wait for their turn.

use std::sync::Arc;

use parking_lot::{Condvar, Mutex};

use super::limits::{LOADS, Limit, Taken, Taker};
use super::problem::Problem;

/// Scripts that are loaded at once.
const AT_ONCE: usize = 2;

/// Loads under way, and waiting.
pub(super) struct Loads {
    limit: Arc<Limit>,
    running: Mutex<usize>,
    ended: Condvar,
}

/// A load under way, until it is dropped.
pub(super) struct Turn<'a> {
    loads: &'a Loads,
    _taken: Taken,
}

impl Loads {
    pub fn new() -> Loads {
        Loads { limit: Limit::new(LOADS), running: Mutex::new(0), ended: Condvar::new() }
    }

    /// Waits for a turn, unless too many wait already.
    pub fn turn(&self, by: Taker) -> Result<Turn<'_>, Problem> {
        let busy = || Problem::busy("too many scripts are being loaded; try again");
        let taken = self.limit.one(by).ok_or_else(busy)?;
        let mut running = self.running.lock();
        while *running >= AT_ONCE {
            self.ended.wait(&mut running);
        }
        *running += 1;
        Ok(Turn { loads: self, _taken: taken })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.loads.running.lock() -= 1;
        self.loads.ended.notify_one();
    }
}
