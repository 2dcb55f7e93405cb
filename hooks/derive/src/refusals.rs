//! What the macros reject, and with which messages.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{DeriveInput, Result};

use crate::{enums, hook_point, records};

fn refusal(result: Result<TokenStream>) -> String {
    result.map(|code| panic!("accepted: {code}")).map_err(|error| error.to_string()).unwrap_or_else(|text| text)
}

fn record(input: TokenStream) -> Result<TokenStream> {
    records::derive(&syn::parse2::<DeriveInput>(input)?)
}

fn enumeration(input: TokenStream) -> Result<TokenStream> {
    enums::derive(&syn::parse2::<DeriveInput>(input)?)
}

/// A hook point with this body.
fn body(body: TokenStream) -> Result<TokenStream> {
    hook_point::expand(quote!(pub Point = "a.b", version 1, chain first { #body }))
}

#[test]
fn enums() {
    for (input, error) in [
        (
            quote!(
                struct S {
                    a: u8,
                }
            ),
            "HookEnum is for enums; derive HookRecord for structs",
        ),
        (
            quote!(
                enum E {}
            ),
            "expected 1 to 255 variants",
        ),
        (
            quote!(
                enum E {
                    A(u8),
                }
            ),
            "HookEnum is for enums whose variants have no fields",
        ),
        (
            quote!(
                enum E<T> {
                    A,
                }
            ),
            "HookEnum is for enums without parameters",
        ),
        (
            quote!(
                enum E {
                    A,
                    #[hook(name = "A")]
                    B,
                }
            ),
            "variant `A`: the name is used twice",
        ),
        (
            quote!(
                enum E {
                    #[hook(name = "a b")]
                    A,
                }
            ),
            "variant `a b`: `a b` is not a name in Lua (letters, digits, _)",
        ),
        (
            quote!(
                enum E {
                    #[hook(name = "end")]
                    A,
                }
            ),
            "variant `end`: `end` is a keyword of Lua",
        ),
        (
            quote!(
                enum E {
                    #[hook(writable)]
                    A,
                }
            ),
            "unknown option; expected name",
        ),
    ] {
        assert_eq!(refusal(enumeration(input)), error);
    }
}

#[test]
fn records() {
    for (input, error) in [
        (
            quote!(
                enum E {
                    A,
                }
            ),
            "HookRecord is for structs; derive HookEnum for enums",
        ),
        (
            quote!(
                struct S(u8);
            ),
            "HookRecord is for structs with named fields",
        ),
        (
            quote!(
                struct S {}
            ),
            "expected 1 to 255 fields",
        ),
        (
            quote!(
                struct S<T> {
                    a: T,
                }
            ),
            "a record has at most one lifetime and no other parameters",
        ),
        (
            quote!(
                struct S<'a, 'b> {
                    a: &'a &'b str,
                }
            ),
            "a record has at most one lifetime and no other parameters",
        ),
        (
            quote!(
                struct S
                where
                    u8: Copy,
                {
                    a: u8,
                }
            ),
            "a record has no where clause",
        ),
        (
            quote!(
                struct S {
                    end: u8,
                }
            ),
            "field `end`: `end` is a keyword of Lua",
        ),
        (
            quote!(
                struct S {
                    a: u8,
                    #[hook(name = "a")]
                    b: u8,
                }
            ),
            "field `a`: the name is used twice",
        ),
        (
            quote!(
                struct S<'a> {
                    a: &str,
                    b: &'a str,
                }
            ),
            "a reference without a lifetime; expected 'a",
        ),
        (
            quote!(
                struct S {
                    #[hook(max = "1")]
                    a: String,
                }
            ),
            "expected integer literal",
        ),
        (
            quote!(
                struct S {
                    #[hook(wriable)]
                    a: u8,
                }
            ),
            "unknown option; expected writable, nested, name, max",
        ),
        (
            quote!(
                #[hook(owned)]
                struct S<'a> {
                    a: &'a str,
                }
            ),
            "an `owned` record cannot have a lifetime, because it owns its fields",
        ),
        (
            quote!(
                #[hook(owned)]
                struct S {
                    #[hook(writable)]
                    a: u8,
                }
            ),
            "an `owned` record is returned as a whole, so its fields cannot be changed one by one",
        ),
        (
            quote!(
                struct S {
                    #[hook(writable, nested)]
                    a: T,
                }
            ),
            "a field is `writable` as a whole or has `nested` changes, not both",
        ),
    ] {
        assert_eq!(refusal(record(input)), error);
    }
}

#[test]
fn hook_points() {
    for (input, error) in [
        (quote!(), "unexpected end of input, expected identifier"),
        (quote!(P = "a", v 1), "expected `version N`"),
        (quote!(P = "a", version 1), "expected `,`"),
        (quote!(P = "a", version 4294967296, chain first {}), "number too large to fit in target type"),
        (quote!(P = "a", version 1, {}), "expected `chain first` or `chain observe`"),
        (quote!(P = "a", version 1, chain all {}), "expected `first` or `observe`"),
        (
            quote!(P = "a.end", version 1, chain first {}),
            "`end` is a keyword of Lua; a hook point's name consists of Lua names joined by dots, such as \
             \"web.request\"",
        ),
        (
            quote!(P = "a..b", version 1, chain first {}),
            "`` is not a name in Lua (letters, digits, _); a hook point's name consists of Lua names joined by dots, \
             such as \"web.request\"",
        ),
        (
            quote!(#[derive(Debug)] P = "a", version 1, chain first {}),
            "expected only documentation and #[hook(…)] here",
        ),
    ] {
        assert_eq!(refusal(hook_point::expand(input)), error);
    }
}

#[test]
fn lines_of_hook_points() {
    for (input, error) in [
        (
            quote!(argument a: u8),
            "expected `arg`, `inout`, `result`, `constant`, `constants`, `forbid`, `closed` or `require`",
        ),
        (quote!(result a: u8 = 0, closed b = 1), "unknown result `b` in `closed`"),
        (quote!(result a: u8 = 0, closed a = 1, closed a = 2), "closed result `a`: the name is used twice"),
        (
            quote!(result a: u8 = 0, require "x/y"),
            "`require` needs the result that applies without the attachment: `closed result = value`",
        ),
        (quote!(result a: u8 = 0, closed a = 1, require "x"), "expected an attachment: `require \"tenant/name\"`"),
        (quote!(result a: u8 = 0, forbid everything), "expected `skip`, `default` or `result = value`"),
        (quote!(result a: u8 = 0, forbid b = 1), "unknown result `b` in `forbid`"),
        (quote!(arg a u8), "expected `:`"),
        (quote!(arg end: u8), "name `end`: `end` is a keyword of Lua"),
        (quote!(arg type: u8), "`type` is a keyword of Rust; write r#type"),
        (quote!(arg a: u8 arg b: u8), "expected `,`"),
        (quote!(arg a: u8, inout a: u8), "argument `a`: the name is used twice"),
        (quote!(inout a: u8, result a: u8 = 1), "result `a`: the name is used twice"),
        (quote!(constant A = 1, constant A = 2), "constant `A`: the name is used twice"),
        (quote!(constants E), "expected `prefix \"…\"`"),
        (quote!(constants E prefix "1"), "constant `1X`: `1X` is not a name in Lua (letters, digits, _)"),
        (quote!(result a: u8), "a result needs a default: `result name: Type = default`"),
        (quote!(result a: &'a str = ""), "the lifetime 'a is not known here; expected 'static"),
        (quote!(arg a: &str), "a reference without a lifetime; expected 'a"),
        (quote!(arg a: S<'b>), "the lifetime 'b is not known here; expected 'a"),
        (quote!(#[hook(writable)] arg a: u8), "unknown option; expected max"),
        (quote!(#[hook(max = 1)] constant A = 1), "unknown option; expected nothing"),
    ] {
        assert_eq!(refusal(body(input)), error);
    }
    let many = (0..33).map(|i| {
        let name = quote::format_ident!("a{i}");
        quote!(arg #name: u8,)
    });
    assert_eq!(refusal(body(quote!(#(#many)*))), "expected at most 32 arguments");
}
