//! Executors on shelves that threads find without waiting for each other.
//!
//! Each thread has a shelf of its own as long as there are as many shelves as threads. It looks there first and finds
//! it free, except when it comes back from within a call. A shelf is held for the length of a call; when all are held,
//! the call is denied as "busy", never delayed. A shelf holds several executors (shelf.rs).

use crate::atomic::{AtomicUsize, Mutex, MutexGuard, Ordering::Relaxed};
use crate::executor::Executor;
use crate::image::Image;
use crate::shelf::{Bounds, Room, Shelf};

static THREADS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

thread_local! {
    /// This thread's number, from 0 in order of first use.
    static THREAD: usize = THREADS.fetch_add(1, Relaxed);
}

/// Aligned, so that threads do not share cache lines.
#[repr(align(128))]
struct Aligned(Mutex<Shelf>);

/// Shelves of executors.
pub struct Pool {
    shelves: Box<[Aligned]>,
    bounds: Bounds,
    /// The number of executors beyond the first of each shelf, and its maximum.
    spare: AtomicUsize,
    most_spare: usize,
}

/// A shelf, held exclusively until it is dropped.
pub struct Held<'a> {
    pool: &'a Pool,
    shelf: MutexGuard<'a, Shelf>,
}

impl Pool {
    /// Makes shelves that keep one executor each.
    pub fn new(shelves: usize) -> Pool {
        Pool::keeping(shelves, Bounds::ONE, 0)
    }

    /// Makes shelves (possibly none) that keep executors within `bounds`, and over all shelves at most `most_spare`
    /// beyond the first of each.
    pub fn keeping(shelves: usize, bounds: Bounds, most_spare: usize) -> Pool {
        let shelves = (0..shelves).map(|_| Aligned(Mutex::new(Shelf::default()))).collect();
        Pool { shelves, bounds, spare: AtomicUsize::new(0), most_spare }
    }

    /// The number of shelves.
    #[inline]
    pub fn shelves(&self) -> usize {
        self.shelves.len()
    }

    /// Returns a free shelf and its number, this thread's own if it is free; `None` when all are held.
    #[inline]
    pub fn enter(&self) -> Option<(usize, Held<'_>)> {
        let own = THREAD.with(|number| *number);
        let count = self.shelves.len();
        (0..count).find_map(|i| {
            let shelf = (own + i) % count;
            Some((shelf, Held { pool: self, shelf: self.shelves[shelf].0.try_lock()? }))
        })
    }

    /// Reserves one executor beyond the first of a shelf, if there may be another. Adding the executor counts it again, and
    /// the reservation is then given back.
    fn reserve_spare(&self) -> bool {
        let one_more = |spare| (spare < self.most_spare).then_some(spare + 1);
        self.spare.fetch_update(Relaxed, Relaxed, one_more).is_ok()
    }

    /// Discards an executor that no call uses and that is not the only one of its shelf; `false` if there is none.
    pub fn give_up_spare(&self) -> bool {
        self.spare.load(Relaxed) > 0
            && self.shelves.iter().any(|shelf| {
                let spare = shelf.0.try_lock().and_then(|mut shelf| shelf.remove_spare());
                if spare.is_some() {
                    self.spare.fetch_sub(1, Relaxed);
                }
                spare.is_some()
            })
    }

    /// Marks the image's executors as belonging to no image; large ones are discarded. Shelves that are held are left
    /// alone.
    pub fn forget(&self, image: &Image) {
        for shelf in &self.shelves {
            if let Some(shelf) = shelf.0.try_lock() {
                Held { pool: self, shelf }.forget(image);
            }
        }
    }
}

impl Held<'_> {
    /// The number of the executor that belongs to the image, for the functions below.
    #[inline]
    pub fn find(&mut self, image: &Image) -> Option<usize> {
        self.shelf.find(image)
    }

    /// The executor with that number.
    #[inline]
    pub fn at(&mut self, at: usize) -> Option<&mut Executor> {
        self.shelf.at(at)
    }

    /// Finds an executor for an image that has none: one that `make` returns, or another attachment's.
    ///
    /// # Errors
    /// `make` failed, and there is no other executor.
    pub fn admit<E>(&mut self, image: &Image, make: impl FnOnce() -> Result<Executor, E>) -> Result<usize, E> {
        let before = self.shelf.len();
        // Counted before it is there: of the threads that see room for one more, one has it. A shelf that is full does not
        // ask, so that calls of many attachments in turn write no counter that threads share.
        let (pool, mut reserved) = (self.pool, None);
        let mut may_add = || before == 0 || *reserved.get_or_insert_with(|| pool.reserve_spare());
        let room = self.shelf.room(image, &pool.bounds, &mut may_add);
        self.count(before);
        let admitted = match room {
            Room::HandOn(at) => Ok(self.shelf.hand_on(at, image)),
            Room::New => make().map(|executor| self.put(image, executor)),
        };
        if reserved == Some(true) {
            pool.spare.fetch_sub(1, Relaxed);
        }
        admitted
    }

    /// Adds a new executor for the image.
    pub fn put(&mut self, image: &Image, executor: Executor) -> usize {
        let before = self.shelf.len();
        let at = self.shelf.add(image, Box::new(executor));
        self.count(before);
        at
    }

    /// Discards an executor.
    pub fn remove(&mut self, at: usize) {
        let before = self.shelf.len();
        self.shelf.remove(at);
        self.count(before);
    }

    fn forget(&mut self, image: &Image) {
        let before = self.shelf.len();
        self.shelf.forget(image, &self.pool.bounds);
        self.count(before);
    }

    /// Whether an executor of this size may be kept after its call.
    #[inline]
    pub fn keeps(&self, size: usize) -> bool {
        size <= self.pool.bounds.small || size <= self.pool.bounds.large
    }

    /// Updates the count of executors beyond the first; this shelf had `before` of them.
    fn count(&self, before: usize) {
        let (before, now) = (before.saturating_sub(1), self.shelf.len().saturating_sub(1));
        if now > before {
            self.pool.spare.fetch_add(now - before, Relaxed);
        } else if now < before {
            self.pool.spare.fetch_sub(before - now, Relaxed);
        }
    }
}

#[cfg(feature = "inspect")]
impl Pool {
    /// Passes the memory of every executor that is not in use to `look`.
    #[doc(hidden)]
    pub fn inspect(&self, look: &mut dyn FnMut(&mut [u8])) {
        for shelf in &self.shelves {
            if let Some(mut shelf) = shelf.0.try_lock() {
                shelf.iter_mut().for_each(|executor| look(executor.memory()));
            }
        }
    }
}
