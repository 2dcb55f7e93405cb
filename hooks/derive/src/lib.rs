//! The macros behind `tenterhook-hooks`, which documents and re-exports them.
//!
//! ```text
//! hook_point!   hook_point/   a marker type, its Args and Results, and the declaration
//! HookRecord    records.rs    a struct as a record, and the struct of its changes
//! HookEnum      enums.rs      a fieldless enum as a closed set of names
//! ```
//!
//! Whatever the tokens of a declaration show to be wrong is rejected here, with an error at that token.

#![forbid(unsafe_code)]

mod attributes;
mod enums;
mod hook_point;
mod names;
mod paths;
mod records;
#[cfg(test)]
mod refusals;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, parse_macro_input};

/// Makes a fieldless enum a closed set of names for scripts.
///
/// Scripts read and return a variant's name, which is the `SCREAMING_SNAKE_CASE` of the Rust name unless `#[hook(name =
/// "…")]` gives another. They may return its integer (the discriminant) instead. Documentation comments become the
/// schema's.
///
/// On the enum: `#[hook(name = "…")]` for the type's name in listings, `#[hook(crate = path)]` where `tenterhook-hooks`
/// is neither a direct dependency nor reached through `tenterhook`.
#[proc_macro_derive(HookEnum, attributes(hook))]
pub fn hook_enum(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    enums::derive(&input).unwrap_or_else(Error::into_compile_error).into()
}

/// Makes a struct with named fields, and at most one lifetime, a record for scripts.
///
/// | on a field | |
/// | --- | --- |
/// | `#[hook(writable)]` | an answer may change the field |
/// | `#[hook(nested)]` | an answer may change fields of the record in it, as that record's own attributes say |
/// | `#[hook(name = "…")]` | its name in scripts, where it is not the field's |
/// | `#[hook(max = N)]` | most bytes of a string, most elements of a list or map |
///
/// What an answer turns the record into (`HookValue::Owned`):
///
/// - With writable or nested fields it is the generated struct `<Name>Change`, with a
///   `pub field: Option<Change<FieldType>>` for each of them. `None` is unchanged; of a field that is itself an
///   `Option`, `Some(None)` is removed.
/// - With `#[hook(owned)]` on the struct it is the struct itself, all fields given. Results, elements of writable lists
///   and records that are written as a whole need this. Such a record has no lifetime and no writable fields.
/// - Otherwise it is `ReadOnly`, which holds nothing.
///
/// On the struct also: `#[hook(name = "…")]` and `#[hook(crate = path)]`, as with `HookEnum`.
#[proc_macro_derive(HookRecord, attributes(hook))]
pub fn hook_record(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    records::derive(&input).unwrap_or_else(Error::into_compile_error).into()
}

/// Declares hook points.
///
/// ```text
/// hook_point! {
///     /// What the hook point is about.
///     pub Name = "part.name", version 1, chain first {
///         /// An argument.
///         arg client: IpAddr,
///         /// An argument that the answer may change.
///         inout headers: &'a Headers<'a>,
///         /// A result, and what a missing key means.
///         result verdict: Verdict = Verdict::Pass,
///         closed verdict = Verdict::Refuse,
///         require "acme/limit",
///         constants Verdict prefix "V_",
///         constant LIMIT = 5,
///     }
/// }
/// ```
///
/// - The name consists of Lua names joined by dots; the last one names the handler, the Lua function that is called.
/// - `chain first`: attachments are called in order until one returns something other than the default.
///   `chain observe`: all of them are called; their answers are checked and discarded.
/// - Arguments reach the handler in order, then the constants (which are globals too). `'a` is the lifetime of one
///   invocation; it needs no declaration. `#[hook(max = N)]` bounds a string, list or map.
/// - Results are owned types. Their default is an expression that is evaluated each time, so keep it cheap.
/// - `forbid skip`, `forbid default`, `forbid result = value`: what no policy may turn a failure into.
/// - `closed result = value`: the result while protection is missing; the other results are at their defaults then.
///   `require "tenant/name"`: until that attachment is attached and enabled, every invocation gives the closed result.
/// - `constants Enum prefix "P_"` makes a constant of each variant of a `HookEnum`.
///
/// This generates `pub struct Name;` with `impl HookPoint`, `pub struct NameArgs` (`NameArgs<'a>` if an argument
/// borrows) with a field per argument, and `pub struct NameResults` with a field per result and an `Option<Change<T>>`
/// per `inout` argument. The types have to be `Debug` and `Clone`, those of results also `PartialEq`.
///
/// `#[hook(crate = path)]` on the hook point names the path of `tenterhook-hooks`, where it is neither a direct
/// dependency nor reached through `tenterhook`.
///
/// Invalid or repeated names are compile errors. What only the types show (a constant named like another enum's
/// variant, a list of optionals, more than 8 levels, a default out of bounds) panics with the reason when the
/// declaration is first used; a test that calls `Name::declaration()` finds it.
#[proc_macro]
pub fn hook_point(input: TokenStream) -> TokenStream {
    hook_point::expand(input.into()).unwrap_or_else(Error::into_compile_error).into()
}
