//! Typed hook points for [Tenterhook](https://github.com/tenterhook/tenterhook).
//!
//! A hook point is a place where a program calls scripts. It is declared once, in about ten lines, and that one
//! declaration provides the Rust types at the call site, the schema, its documentation and the validation of answers:
//!
//! ```
//! use tenterhook_hooks::{HookEnum, hook_point};
//!
//! /// What to do with a greeting.
//! #[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
//! pub enum Verdict { Pass, Drop }
//!
//! hook_point! {
//!     /// Decides whether somebody is greeted.
//!     pub Greet = "demo.greet", version 1, chain first {
//!         /// Who is greeted.
//!         arg name: &'a str,
//!         /// How often.
//!         inout times: u32,
//!         /// What to do.
//!         result verdict: Verdict = Verdict::Pass,
//!     }
//! }
//! ```
//!
//! ```text
//! types    Type, Syntax, slots                   what values may be; part of `schema` to programs
//! dynamic  Value, Prefix, JSON                   values whose types are known at run time; part of `value`
//! schema   Declaration, builder, fingerprint     what a hook point is
//! codec    Encoder, Wire, Answer                 how arguments and answers travel
//! value    HookValue, HookEnum                   Rust types as arguments and results
//! point    HookPoint                             the link between Rust types and a declaration
//! ```
//!
//! A program's own types become arguments and results with [`HookEnum`](macro@HookEnum) and [`HookRecord`]; programs
//! that learn their hook points at run time use [`Declaration::builder`](schema::Declaration::builder) and
//! [`Value`](value::Value)s instead.
//!
//! This crate knows nothing of Lua or WebAssembly; the `tenterhook` crate runs scripts.

#![forbid(unsafe_code)]

pub mod codec;
mod dynamic;
pub mod point;
#[cfg(doctest)]
mod refused;
pub mod schema;
mod types;
pub mod value;

pub use point::HookPoint;
pub use tenterhook_hooks_derive::{HookEnum, HookRecord, hook_point};
pub use value::HookEnum;

// This makes the macros' `::tenterhook_hooks` paths valid in this crate too.
extern crate self as tenterhook_hooks;

/// The known name nearest to `given`, if one is similar enough.
pub fn nearest<'a>(given: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    known
        .map(|name| (edit_distance(given, name), name))
        .filter(|(distance, name)| *distance < 4 && *distance < name.len())
        .min()
        .map(|(_, name)| name)
}

/// The number of edits that turn `a` into `b` (Levenshtein). Names are short, so quadratic time is fine, and long ones
/// are never near.
fn edit_distance(a: &str, b: &str) -> usize {
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let replaced = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
