//! Modules written by hand in place of the interpreter: they export what the host expects, and lie.
//!
//! Each module serves two tenants. For scripts whose text begins with `H` it is hostile; for all others it answers
//! honestly and says how often it was called since its image, and where its stack pointer stands: once, and where it
//! stood. So each test sees its own outcome, and that another tenant on the same executor sees nothing.
//!
//! | what the host takes from a guest | where in the host | here |
//! | --- | --- | --- |
//! | exports and their types, the module's own start | `sandbox/src/guest.rs`, `sandbox/src/engine.rs` | `exports.rs` |
//! | imports `throw`, `try`, `out_of_memory`, `grow` | `sandbox/src/imports.rs` | `unwinding.rs` |
//! | import `host_call`: function, arguments, line, room for the reply | `sandbox/src/imports.rs`, `host/src/capability/context.rs` | `host_calls.rs` |
//! | info block: ABI, layout, argument and reply buffers, error and traceback | `sandbox/src/guest.rs`, `sandbox/src/image.rs` | `info.rs` |
//! | `th_buffer`, `th_args`: where the host may write | `sandbox/src/executor.rs` | `pointers.rs` |
//! | `th_load`: what became of a load | `sandbox/src/executor/load.rs` | `pointers.rs` |
//! | `th_call`: where the answer lies, and what it says | `sandbox/src/executor.rs`, `hooks/src/codec` | `answers.rs` |
//! | fuel in large memory | `sandbox/src/meter.rs` | `dearer.rs` |
//! | memory, its growth, the stack pointer, traps | `sandbox/src/executor.rs`, `sandbox/src/state.rs`, `sandbox/src/fault.rs` | `memory.rs` |

#![allow(clippy::unwrap_used)]

mod answers;
mod dearer;
mod exports;
mod host_calls;
mod info;
mod memory;
mod module;
mod pointers;
mod stand;
mod unwinding;
