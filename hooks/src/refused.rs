//! Declarations that do not compile because of types, which the macros cannot see. (What their tokens show is tested
//! beside them.)
//!
//! A result is created from an answer, so it is owned:
//! ```
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { result text: String = String::new() } }
//! ```
//! ```compile_fail,E0277
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { result text: &'static str = "" } }
//! ```
//!
//! A record as a result contains all fields:
//! ```
//! # use tenterhook_hooks::{HookRecord, hook_point};
//! #[derive(HookRecord, Debug, Clone, PartialEq)]
//! #[hook(owned)]
//! struct Whole { a: u8 }
//! hook_point! { P = "a", version 1, chain first { result whole: Whole = Whole { a: 1 } } }
//! ```
//! ```compile_fail,E0277
//! # use tenterhook_hooks::{HookRecord, hook_point};
//! #[derive(HookRecord, Debug, Clone, PartialEq)]
//! struct Part { #[hook(writable)] a: u8 }
//! hook_point! { P = "a", version 1, chain first { result part: Part = Part { a: 1 } } }
//! ```
//!
//! Types are hook values:
//! ```compile_fail,E0277
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { arg text: char } }
//! ```
//!
//! Only what has a size can be bounded:
//! ```
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { #[hook(max = 9)] arg text: Option<&'a str> } }
//! ```
//! ```compile_fail,E0277
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { #[hook(max = 9)] arg number: u32 } }
//! ```
//!
//! Constants come from enums:
//! ```compile_fail,E0277
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a", version 1, chain first { constants u32 prefix "A_" } }
//! ```
//!
//! Names are Lua names:
//! ```compile_fail
//! # use tenterhook_hooks::hook_point;
//! hook_point! { P = "a.end", version 1, chain first {} }
//! ```
