//! Runs scripts: the only part of the host that knows of WebAssembly.
//!
//! ```text
//! Sandbox ─── engine.rs    wasmtime's configuration, all of it
//!    │   └─── cache.rs     the compiled interpreter on disk
//!    │
//!    ├── Image             a program's memory just after load, against the interpreter's own   (image.rs)
//!    │
//!    └── Pool ──▶ Shelf ──▶ Executor ──▶ Store<State> + instance  one call at a time   (pool.rs, shelf.rs, executor.rs)
//!                    ┌──────┘
//!                    ├── guest.rs     what the guest exports, and what it says of itself (nothing of it trusted)
//!                    ├── imports.rs   what the guest may ask: throw, try, out_of_memory, grow, host_call
//!                    ├── meter.rs     fuel as policies count it, in wasmtime's counter
//!                    └── state.rs     what one call may still use; ticks.rs counts for deadlines
//! ```
//!
//! Every call starts from an image. An executor goes from one program to another only after *all* of its memory has been
//! written again; see [`Executor::prepare`](executor::Executor).

mod cache;
mod engine;
mod executor;
mod guest;
mod image;
mod imports;
mod meter;
mod pool;
mod shelf;
mod state;
mod ticks;

pub use cache::CacheError;
pub(crate) use engine::{NATIVE_STACK, Sandbox};
pub use engine::{SandboxError, SandboxOptions};
#[cfg(feature = "inspect")]
pub(crate) use executor::MISSED;
pub(crate) use executor::{Call, Executor, Metered, Restored};
pub(crate) use image::Image;
pub(crate) use pool::{Held, Pool};
pub(crate) use shelf::Bounds;
pub(crate) use state::{Context, Ended};
