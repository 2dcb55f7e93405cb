//! Stands for the sandbox's executor: notices when two threads use it at once, and is counted as long as it lives.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::cell::UnsafeCell;

/// An executor that runs nothing.
pub struct Executor {
    used: UnsafeCell<()>,
    living: Living,
}

/// How many executors there are. Not loom's: a model looks at it and never decides by it.
#[derive(Clone, Default)]
pub struct Living(Arc<AtomicUsize>);

impl Living {
    /// One more.
    pub fn executor(&self) -> Executor {
        self.0.fetch_add(1, Ordering::Relaxed);
        Executor { used: UnsafeCell::new(()), living: self.clone() }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl Executor {
    /// A call: loom ends the model if another thread's is not before or after this one.
    pub fn call(&mut self) {
        self.used.with_mut(|_| ());
    }

    /// Lets go of its image.
    pub fn release(&mut self) {
        self.call();
    }
}

impl Drop for Executor {
    fn drop(&mut self) {
        self.living.0.fetch_sub(1, Ordering::Relaxed);
    }
}
