//! Modules written by hand in place of the interpreter: they export what the host expects, and lie.
//!
//! Each module serves two tenants. For scripts whose text begins with `H` it is hostile; for all others it answers
//! honestly and says how often it was called since its image, and where its stack pointer stands: once, and where it
//! stood. So each test sees its own outcome, and that another tenant on the same executor sees nothing.
//!
//! | what the host takes from a guest | where in the host | here |
//! | --- | --- | --- |
//! | exports and their types, the module's own start | `sandbox/guest.rs`, `sandbox/engine.rs` | `exports.rs` |
//! | imports `throw`, `try`, `out_of_memory`, `grow` | `sandbox/imports.rs` | `unwinding.rs` |
//! | import `host_call`: function, arguments, line, room for the reply | `sandbox/imports.rs`, `capability/mod.rs` | `host_calls.rs` |
//! | info block: ABI, layout, argument and reply buffers, error and traceback | `sandbox/guest.rs`, `sandbox/image.rs` | `info.rs` |
//! | `th_buffer`, `th_args`: where the host may write | `sandbox/executor.rs` | `pointers.rs` |
//! | `th_load`: what became of a load | `sandbox/executor.rs` | `pointers.rs` |
//! | `th_call`: where the answer lies, and what it says | `sandbox/executor.rs`, `hooks/src/codec` | `answers.rs` |
//! | fuel in large memory | `sandbox/meter.rs` | `dearer.rs` |
//! | memory, its growth, the stack pointer, traps | `sandbox/executor.rs`, `sandbox/state.rs`, `verdict/fault.rs` | `memory.rs` |

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
