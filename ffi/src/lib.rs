//! The C ABI of [Tenterhook](https://github.com/tenterhook/tenterhook): hook points for C programs.
//!
//! `include/tenterhook.h` is generated from this crate; `README.md` beside it describes for C programmers how the parts
//! work together.
//!
//! ```text
//! th_host ── th_hook_catalog ─┐                                            (bgp.rs, feature "bgp")
//!    │  └─── th_hook_declare ─┴─▶ th_hook ── th_hook_slot  ─▶ th_slot      (builder.rs, hook.rs, slots.rs)
//!    │                              │   └─── th_hook_field ─▶ th_field     (fields.rs)
//!    ├─ th_host_attach …            ▼
//!    │                 th_args_set_…(args, slot, value)    (args.rs, scalars.rs, lists.rs)
//!    │                              ▼
//!    │                 th_invoke(hook, args, outcome) ─▶ th_outcome_get …  (invoke.rs, outcome.rs, value.rs)
//!    └─ th_host_each_attachment   listing and statistics                   (attach.rs)
//! ```
//!
//! Rules of every function: null pointers, text that is not UTF-8 and numbers out of range return a
//! [`th_status`](status::th_status) and are never followed; a panic ends at the boundary as `TH_PANIC`; no function
//! waits for another thread's script.

// The names follow C's conventions.
#![allow(non_camel_case_types)]

pub mod args;
pub mod attach;
#[cfg(feature = "bgp")]
pub mod bgp;
pub mod builder;
pub mod control;
pub mod fields;
mod file;
pub mod hook;
pub mod host;
pub mod invoke;
pub mod lists;
pub mod log;
pub mod outcome;
mod pointer;
pub mod scalars;
mod served;
pub mod slots;
pub mod status;
pub mod types;
pub mod value;

/// Version of this ABI. It is incremented when a function or a struct changes its shape; additions do not change it.
pub const TH_ABI_VERSION: u32 = 1;

/// The ABI version of the library that is loaded; compare with `TH_ABI_VERSION` of the header that was compiled.
#[unsafe(no_mangle)]
pub extern "C" fn th_abi_version() -> u32 {
    TH_ABI_VERSION
}
