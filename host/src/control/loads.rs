//! Loading scripts: a few at once, and a few that wait for their turn.

use parking_lot::{Condvar, Mutex};

use super::problem::Problem;

/// Scripts that are loaded at once, and requests that wait for their turn.
const AT_ONCE: usize = 2;
const WAITING: usize = 4;

/// Loads under way, and waiting.
#[derive(Default)]
pub(super) struct Loads {
    counts: Mutex<Counts>,
    ended: Condvar,
}

#[derive(Default)]
struct Counts {
    running: usize,
    waiting: usize,
}

/// A load under way, until it is dropped.
pub(super) struct Turn<'a>(&'a Loads);

impl Loads {
    /// Waits for a turn, unless too many wait already.
    pub fn turn(&self) -> Result<Turn<'_>, Problem> {
        let mut counts = self.counts.lock();
        if counts.running >= AT_ONCE {
            if counts.waiting >= WAITING {
                return Err(Problem::busy("too many scripts are being loaded; try again"));
            }
            counts.waiting += 1;
            while counts.running >= AT_ONCE {
                self.ended.wait(&mut counts);
            }
            counts.waiting -= 1;
        }
        counts.running += 1;
        Ok(Turn(self))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.counts.lock().running -= 1;
        self.0.ended.notify_one();
    }
}
