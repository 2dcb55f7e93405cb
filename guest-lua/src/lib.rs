//! Lua 5.4 as a WebAssembly module, for [Tenterhook](https://github.com/tenterhook/tenterhook).
//!
//! The module is made at build time (`build/main.rs`) from Lua's own sources and the C shim in `shim/`; `shim/guest.c`
//! draws the map of the shim, `shim/abi.h` lists what it exports. It imports five functions, all of module
//! `tenterhook`, and nothing of WASI:
//!
//! | import | meaning |
//! | --- | --- |
//! | `throw()` | unwind to the innermost `try`, or end the invocation |
//! | `try(f, L, ud) -> i32` | run `f(L, ud)` through the export `th_try_body`; 1 if it threw |
//! | `out_of_memory(asked)` | end the invocation: memory ran out |
//! | `grow(pages) -> i32` | grow memory; how many pages there were, -1 where that is more than there may be |
//! | `host_call(function, args, len, line) -> i32` | call a capability function; of the largest number, while a script loads, the next piece of its source |
//!
//! `COMPATIBILITY.md` says what scripts find of Lua's libraries; [`absent`] has what they do not find, for messages.

#![forbid(unsafe_code)]

pub mod absent;

/// The module.
pub static WASM: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/guest.wasm"));

/// SHA-256 of [`WASM`] in hexadecimal: the recorded one, which the build has compared with what it made.
pub const SHA256: &str = include_str!("../guest.sha256").trim_ascii();

/// Lua's version.
pub const LUA_VERSION: &str = "5.4.9";

/// Version of the contract between this module and its host (`shim/abi.h`).
pub const ABI_VERSION: u32 = 3;

/// Address in linear memory below which the module keeps constants (and its stack): what lies there is the same before
/// and after every call that the interpreter survives.
pub const WRITABLE_FROM: u32 = include!(concat!(env!("OUT_DIR"), "/writable_from"));
