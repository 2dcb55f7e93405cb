//! The engine's clock for deadlines: a thread that counts milliseconds, for as long as the engine lives.
//!
//! It starts with the first attachment that has a deadline, not with the host, so that a program may fork in between.
//! Compiled code compares the count with its store's deadline at loop headers and function entries; that is paid for by
//! hosts that were set up for deadlines, and by no others.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use wasmtime::Engine;

/// How often the count goes up: calls end up to so much later than their deadline says, and what the machine adds.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Starts the thread once.
#[derive(Debug, Default)]
pub(crate) struct Ticks(OnceLock<bool>);

impl Ticks {
    /// Whether the count goes up from now on; `false` where the system gives no thread.
    pub fn start(&self, engine: &Engine) -> bool {
        *self.0.get_or_init(|| {
            let engine = engine.weak();
            let tick = move || {
                while let Some(engine) = engine.upgrade() {
                    engine.increment_epoch();
                    drop(engine);
                    thread::sleep(TICK);
                }
            };
            thread::Builder::new().name("tenterhook-ticks".to_owned()).spawn(tick).is_ok()
        })
    }
}
