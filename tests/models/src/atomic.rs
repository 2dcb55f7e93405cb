//! loom's atomics and locks, under the names that the host's and the sandbox's files use; what other crates build on
//! atomics is one step here, as its own tests hold.

pub(crate) use std::sync::atomic::Ordering;

use std::collections::VecDeque;
use std::ops::Deref;
use std::sync::Arc;

pub(crate) use loom::MutexGuard;
pub(crate) use loom::atomic::{AtomicBool, AtomicI64, AtomicU64, AtomicUsize};
use loom::sync as loom;

/// As parking_lot's.
pub(crate) struct Mutex<T>(loom::Mutex<T>);

impl<T> Mutex<T> {
    pub fn new(value: T) -> Mutex<T> {
        Mutex(loom::Mutex::new(value))
    }

    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().expect("no model panics while it holds a lock")
    }

    pub fn try_lock(&self) -> Option<MutexGuard<'_, T>> {
        self.0.try_lock().ok()
    }
}

/// As crossbeam's.
pub(crate) struct ArrayQueue<T> {
    queue: Mutex<VecDeque<T>>,
    capacity: usize,
}

impl<T> ArrayQueue<T> {
    pub fn new(capacity: usize) -> ArrayQueue<T> {
        ArrayQueue { queue: Mutex::new(VecDeque::new()), capacity }
    }

    pub fn capacity(&self) -> usize {
        self.capacity
    }

    pub fn force_push(&self, value: T) -> Option<T> {
        let mut queue = self.queue.lock();
        let oldest = if queue.len() == self.capacity { queue.pop_front() } else { None };
        queue.push_back(value);
        oldest
    }

    pub fn pop(&self) -> Option<T> {
        self.queue.lock().pop_front()
    }
}

/// As arc-swap's.
pub(crate) struct ArcSwap<T>(Mutex<Arc<T>>);

/// As arc-swap's.
pub(crate) struct Guard<T>(T);

impl<T> ArcSwap<T> {
    pub fn from_pointee(value: T) -> ArcSwap<T> {
        ArcSwap(Mutex::new(Arc::new(value)))
    }

    pub fn load(&self) -> Guard<Arc<T>> {
        Guard(Arc::clone(&self.0.lock()))
    }

    pub fn swap(&self, value: Arc<T>) -> Arc<T> {
        std::mem::replace(&mut *self.0.lock(), value)
    }
}

impl<T> Deref for Guard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
