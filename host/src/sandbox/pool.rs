//! Executors in places that threads find without waiting for each other.
//!
//! Each thread has a place of its own as long as there are as many places as threads; it looks there first and finds it
//! free but when it comes back from within a call. A place is held for the length of a call; when all are, the answer is
//! "busy", never a wait.

use std::sync::atomic::{AtomicUsize, Ordering};

use parking_lot::{Mutex, MutexGuard};

use super::executor::Executor;

static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// This thread's number, from 0 in order of first use.
    static THREAD: usize = THREADS.fetch_add(1, Ordering::Relaxed);
}

/// Kept apart in memory, so that threads do not share cache lines.
#[repr(align(128))]
struct Place(Mutex<Option<Box<Executor>>>);

pub(crate) struct Pool {
    places: Box<[Place]>,
}

/// A place, held. What it contains is up to the holder.
pub(crate) type Held<'a> = MutexGuard<'a, Option<Box<Executor>>>;

impl Pool {
    pub fn new(places: usize) -> Pool {
        Pool { places: (0..places.max(1)).map(|_| Place(Mutex::new(None))).collect() }
    }

    /// How many places there are.
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// A free place and its number, this thread's own if it is free; `None` when all are held.
    pub fn enter(&self) -> Option<(usize, Held<'_>)> {
        let own = THREAD.with(|number| *number);
        let count = self.places.len();
        (0..count).find_map(|i| {
            let place = (own + i) % count;
            Some((place, self.places[place].0.try_lock()?))
        })
    }
}

#[cfg(feature = "inspect")]
impl Pool {
    /// Looks at the memory of every executor that is not in use.
    pub fn inspect(&self, look: &mut dyn FnMut(&mut [u8])) {
        for place in &self.places {
            if let Some(mut held) = place.0.try_lock()
                && let Some(executor) = held.as_mut()
            {
                look(executor.memory());
            }
        }
    }
}
