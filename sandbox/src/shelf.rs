//! The executors of one shelf, for the attachments that were called there.
//!
//! Restoring an executor that already holds an attachment's image costs a tenth of restoring one that held another's.
//! Therefore a shelf keeps several:
//!
//! ```text
//! find     the attachment's own executor: one comparison if it was called last, a search of a few numbers if not
//! admit    if there is none, and all are taken:
//!            called here again since the least recently used one was?   take that one
//!            otherwise                                                   take the one that was handed on last, which is
//!                                                                        still in the processor's caches
//! ```
//!
//! Plain least-recently-used replacement would take the coldest executor each time, and would find no attachment again
//! when one more is called in turn than there are executors.
//!
//! Executors of the interpreter's own size go from one attachment to the next. Larger ones are kept within a bound of
//! bytes, and only attachments with large images discard them: no other call waits for the system to take memory back.

use crate::executor::Executor;
use crate::image::Image;

/// No image has this number.
const NOBODY: u64 = 0;
/// The number of attachments without an executor that are remembered.
const REMEMBERED: usize = 64;

/// The bounds of a shelf.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// The most executors; at least one.
    pub executors: usize,
    /// The most bytes of memory of executors larger than the interpreter's own size.
    pub large: usize,
    /// The interpreter's own size in bytes.
    pub small: usize,
}

impl Bounds {
    /// A single executor, of any size.
    pub const ONE: Bounds = Bounds { executors: 1, large: usize::MAX, small: 0 };
}

/// An executor and the image it belongs to.
struct Kept {
    /// The image that it was made for or handed on to last.
    image: u64,
    /// The shelf's count of calls at its last call.
    used: u64,
    size: usize,
    executor: Box<Executor>,
}

/// The content of a shelf.
#[derive(Default)]
pub(crate) struct Shelf {
    kept: Vec<Kept>,
    /// The executor that was called last.
    last: usize,
    calls: u64,
    /// The executor that was handed on last.
    scratch: Option<usize>,
    missed: Vec<(u64, u64)>,
    missed_next: usize,
}

/// Where an attachment's executor comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// There is room for a new one.
    New,
    /// This executor is handed on.
    HandOn(usize),
}

impl Shelf {
    /// The executor that belongs to the image.
    #[inline]
    pub fn find(&mut self, image: &Image) -> Option<usize> {
        self.calls += 1;
        let is_its = |kept: &Kept| kept.image == image.id;
        if !self.kept.get(self.last).is_some_and(is_its) {
            self.last = self.kept.iter().position(is_its)?;
        }
        self.kept[self.last].used = self.calls;
        Some(self.last)
    }

    /// The executor with this index, which `find`, `add` or `hand_on` returned last.
    #[inline]
    pub fn at(&mut self, at: usize) -> Option<&mut Executor> {
        self.kept.get_mut(at).map(|kept| &mut *kept.executor)
    }

    /// The number of executors.
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    /// Where an executor for the image comes from; `may_add`, asked only where the shelf's own bounds allow another one, says
    /// whether the pool does. Discards large ones if the image is large.
    pub fn room(&mut self, image: &Image, bounds: &Bounds, may_add: &mut dyn FnMut() -> bool) -> Room {
        let size = image.memory_size();
        if size > bounds.small {
            return self.room_for_large(size, bounds, may_add);
        }
        let small = |kept: &Kept| kept.size <= size;
        if let Some(nobodys) = self.kept.iter().position(|kept| small(kept) && kept.image == NOBODY) {
            return Room::HandOn(nobodys);
        }
        let count = self.kept.iter().filter(|kept| small(kept)).count();
        let seen = self.remember(image.id);
        let oldest = (0..self.kept.len()).filter(|at| small(&self.kept[*at])).min_by_key(|at| self.kept[*at].used);
        let Some(oldest) = oldest.filter(|_| count >= bounds.executors || !may_add()) else { return Room::New };
        let again = seen.is_some_and(|seen| seen > self.kept[oldest].used);
        let scratch = self.scratch.filter(|at| !again && self.kept.get(*at).is_some_and(small));
        Room::HandOn(scratch.unwrap_or(oldest))
    }

    /// Discards large executors, the least recently used first, until another one fits or one of them can be handed on.
    fn room_for_large(&mut self, size: usize, bounds: &Bounds, may_add: &mut dyn FnMut() -> bool) -> Room {
        loop {
            let large = (0..self.kept.len()).filter(|at| self.kept[*at].size > bounds.small);
            let bytes: usize = large.clone().map(|at| self.kept[at].size).sum();
            let fits = bytes.saturating_add(size) <= bounds.large && large.clone().count() < bounds.executors;
            let Some(oldest) = large.min_by_key(|at| self.kept[*at].used).filter(|_| !fits || !may_add()) else {
                return Room::New;
            };
            let of_oldest = self.kept[oldest].size;
            if of_oldest <= size && (bytes - of_oldest).saturating_add(size) <= bounds.large.max(size) {
                return Room::HandOn(oldest);
            }
            self.remove(oldest);
        }
    }

    /// Notes that the image was not found, and returns when it was not found before, if that is remembered.
    fn remember(&mut self, image: u64) -> Option<u64> {
        if let Some((_, when)) = self.missed.iter_mut().find(|(missed, _)| *missed == image) {
            return Some(std::mem::replace(when, self.calls));
        }
        if self.missed.len() < REMEMBERED {
            self.missed.push((image, self.calls));
        } else {
            self.missed[self.missed_next] = (image, self.calls);
            self.missed_next = (self.missed_next + 1) % REMEMBERED;
        }
        None
    }

    /// Adds a new executor for the image.
    pub fn add(&mut self, image: &Image, executor: Box<Executor>) -> usize {
        self.last = self.kept.len();
        self.kept.push(Kept { image: image.id, used: self.calls, size: image.memory_size(), executor });
        self.last
    }

    /// Hands an executor on to the image, whatever it held before.
    pub fn hand_on(&mut self, at: usize, image: &Image) -> usize {
        (self.last, self.scratch) = (at, Some(at));
        if let Some(kept) = self.kept.get_mut(at) {
            (kept.image, kept.used, kept.size) = (image.id, self.calls, image.memory_size());
        }
        at
    }

    /// Marks the image's executors as belonging to no image; large ones are discarded.
    pub fn forget(&mut self, image: &Image, bounds: &Bounds) {
        let Some(at) = self.kept.iter().position(|kept| kept.image == image.id) else { return };
        if self.kept[at].size > bounds.small {
            self.remove(at);
        } else {
            (self.kept[at].image, self.kept[at].used) = (NOBODY, 0);
            self.kept[at].executor.release();
        }
    }

    /// Discards an executor.
    pub fn remove(&mut self, at: usize) -> Option<Box<Executor>> {
        (at < self.kept.len()).then(|| self.kept.swap_remove(at).executor)
    }

    /// Discards the least recently used executor, if there is more than one.
    pub fn remove_spare(&mut self) -> Option<Box<Executor>> {
        let oldest = (0..self.kept.len()).min_by_key(|at| self.kept[*at].used)?;
        (self.kept.len() > 1).then(|| self.remove(oldest)).flatten()
    }

    /// All executors.
    #[cfg(feature = "inspect")]
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut Executor> {
        self.kept.iter_mut().map(|kept| &mut *kept.executor)
    }
}
