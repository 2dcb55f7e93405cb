//! The engine's clock for deadlines: a thread that counts milliseconds, for as long as the engine lives.
//!
//! The thread starts with the first attachment that has a deadline, not with the host, so that a program may fork in
//! between. Compiled code compares the count with its store's deadline at loop headers and function entries; only hosts
//! that were built with deadlines pay for that.

use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use wasmtime::Engine;

/// The interval between ticks. A call ends up to one tick after its deadline, plus the delays of the machine.
pub(crate) const TICK: Duration = Duration::from_millis(1);

/// Starts the thread once.
#[derive(Debug, Default)]
pub(crate) struct Ticks(OnceLock<bool>);

impl Ticks {
    /// Whether the count goes up from now on; `false` if the system cannot start a thread.
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
