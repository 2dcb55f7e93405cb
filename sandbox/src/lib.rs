//! Where [Tenterhook](https://github.com/tenterhook/tenterhook) runs scripts: the only crate that uses WebAssembly.
//! Programs depend on the crate `tenterhook`, for which this one is made.
//!
//! ```text
//! Sandbox ─── engine.rs    wasmtime's configuration, all of it
//!    │   └─── cache.rs     the compiled interpreter on disk
//!    │
//!    ├── load ─▶ Image     a script's memory just after load, against the interpreter's own   (executor/load.rs, image.rs)
//!    │
//!    └── Pool ──▶ Shelf ──▶ Executor ──▶ Store<StoreData> + instance  one call at a time   (pool.rs, shelf.rs, executor.rs)
//!                    ┌──────┘  └─ call ─▶ Answer | Fault, Metered                      (fault.rs)
//!                    ├── guest.rs     what the guest exports and reports about itself (none of it is trusted)
//!                    ├── imports.rs   what the guest may call: throw, try, out_of_memory, grow, host_call
//!                    │                                                     HostWork ◀──┘  (work.rs)
//!                    ├── meter.rs     fuel as policies count it, in wasmtime's counter
//!                    └── state.rs     what one call may still use (log_budget.rs); ticks.rs counts for deadlines
//! ```
//!
//! Every call starts from an image. An executor goes from one script to another only after *all* of its memory has been
//! restored; the table in `executor.rs` lists what is written when.
//!
//! This crate knows nothing of tenants, statistics, admission or capabilities: work for a script is done through
//! [`HostWork`], and what an executor is charged to is an opaque [`Lease`].

// Only the cache needs unsafe code, to load compiled code that it has checked.
#![deny(unsafe_code)]

mod atomic;
mod cache;
mod engine;
mod executor;
mod fault;
mod guest;
mod image;
mod imports;
mod log_budget;
mod meter;
mod pool;
mod script;
mod shelf;
mod state;
mod ticks;
mod work;

pub use cache::CacheError;
pub use engine::{NATIVE_STACK, Sandbox, SandboxOptions, StartError};
#[cfg(feature = "inspect")]
#[doc(hidden)]
pub use executor::MISSED;
pub use executor::{Call, Executor, Lease, Metered, Restored};
pub use fault::Fault;
pub use image::Image;
pub use log_budget::LogBudget;
pub use pool::{Held, Pool};
pub use script::Script;
pub use shelf::Bounds;
pub use work::{HostCall, HostWork};
