//! Executors in places that threads find without waiting for each other.
//!
//! Each thread has a place of its own as long as there are as many places as threads; it looks there first and finds it
//! free but when it comes back from within a call. A place is held for the length of a call; when all are, the answer is
//! "busy", never a wait. What lies in a place is a shelf of executors (shelf.rs).

use crate::atomic::{AtomicUsize, Mutex, MutexGuard, Ordering::Relaxed};
use crate::executor::Executor;
use crate::image::Image;
use crate::shelf::{Bounds, Room, Shelf};

static THREADS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);

thread_local! {
    /// This thread's number, from 0 in order of first use.
    static THREAD: usize = THREADS.fetch_add(1, Relaxed);
}

/// Kept apart in memory, so that threads do not share cache lines.
#[repr(align(128))]
struct Place(Mutex<Shelf>);

/// Executors, and the places that threads find them in.
pub struct Pool {
    places: Box<[Place]>,
    bounds: Bounds,
    /// Executors beyond the first of each place, and how many of them there may be.
    spare: AtomicUsize,
    most_spare: usize,
}

/// A place, held: nobody else's until it is dropped.
pub struct Held<'a> {
    pool: &'a Pool,
    shelf: MutexGuard<'a, Shelf>,
}

impl Pool {
    /// Places that keep one executor each.
    pub fn new(places: usize) -> Pool {
        Pool::keeping(places, Bounds::ONE, 0)
    }

    /// Places (there may be none) that keep executors within these bounds, and over all places so many beyond the first of each.
    pub fn keeping(places: usize, bounds: Bounds, most_spare: usize) -> Pool {
        let places = (0..places).map(|_| Place(Mutex::new(Shelf::default()))).collect();
        Pool { places, bounds, spare: AtomicUsize::new(0), most_spare }
    }

    /// How many places there are.
    #[inline]
    pub fn places(&self) -> usize {
        self.places.len()
    }

    /// A free place and its number, this thread's own if it is free; `None` when all are held.
    #[inline]
    pub fn enter(&self) -> Option<(usize, Held<'_>)> {
        let own = THREAD.with(|number| *number);
        let count = self.places.len();
        (0..count).find_map(|i| {
            let place = (own + i) % count;
            Some((place, Held { pool: self, shelf: self.places[place].0.try_lock()? }))
        })
    }

    /// Counts one beyond the first of a place, if there may be another; whoever puts it there counts it once more, and takes
    /// this one back then.
    fn reserve_spare(&self) -> bool {
        let one_more = |spare| (spare < self.most_spare).then_some(spare + 1);
        self.spare.fetch_update(Relaxed, Relaxed, one_more).is_ok()
    }

    /// Gives up an executor that no call uses and that is not its place's only one; `false` where there is none.
    pub fn give_up_spare(&self) -> bool {
        self.spare.load(Relaxed) > 0
            && self.places.iter().any(|place| {
                let spare = place.0.try_lock().and_then(|mut shelf| shelf.remove_spare());
                if spare.is_some() {
                    self.spare.fetch_sub(1, Relaxed);
                }
                spare.is_some()
            })
    }

    /// Executors of the image are nobody's from now on; large ones go. Places that are held keep theirs.
    pub fn forget(&self, image: &Image) {
        for place in &self.places {
            if let Some(shelf) = place.0.try_lock() {
                Held { pool: self, shelf }.forget(image);
            }
        }
    }
}

impl Held<'_> {
    /// The executor that belongs to the image: a number for the functions below.
    #[inline]
    pub fn find(&mut self, image: &Image) -> Option<usize> {
        self.shelf.find(image)
    }

    /// The executor of that number.
    #[inline]
    pub fn at(&mut self, at: usize) -> Option<&mut Executor> {
        self.shelf.at(at)
    }

    /// An executor for an image that none belongs to: one that `make` gives, or another attachment's.
    ///
    /// # Errors
    /// `make` gave none, and there is no other.
    pub fn admit<E>(&mut self, image: &Image, make: impl FnOnce() -> Result<Executor, E>) -> Result<usize, E> {
        let before = self.shelf.len();
        // Counted before it is there: of the threads that see room for one more, one has it.
        let reserved = before > 0 && self.pool.reserve_spare();
        let room = self.shelf.room(image, &self.pool.bounds, before == 0 || reserved);
        self.count(before);
        let admitted = match room {
            Room::HandOn(at) => Ok(self.shelf.hand_on(at, image)),
            Room::New => make().map(|executor| self.put(image, executor)),
        };
        if reserved {
            self.pool.spare.fetch_sub(1, Relaxed);
        }
        admitted
    }

    /// Puts a new executor there for the image.
    pub fn put(&mut self, image: &Image, executor: Executor) -> usize {
        let before = self.shelf.len();
        let at = self.shelf.add(image, Box::new(executor));
        self.count(before);
        at
    }

    /// Gives an executor up.
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

    /// Whether an executor of that many bytes may stay after its call.
    #[inline]
    pub fn keeps(&self, size: usize) -> bool {
        size <= self.pool.bounds.small || size <= self.pool.bounds.large
    }

    /// Keeps count of the executors beyond the first, of which there were so many with it.
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
    /// Looks at the memory of every executor that is not in use.
    #[doc(hidden)]
    pub fn inspect(&self, look: &mut dyn FnMut(&mut [u8])) {
        for place in &self.places {
            if let Some(mut shelf) = place.0.try_lock() {
                shelf.iter_mut().for_each(|executor| look(executor.memory()));
            }
        }
    }
}
