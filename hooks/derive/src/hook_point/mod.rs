//! `hook_point!`.
//!
//! ```text
//! tokens ──parse.rs──▶ HookPoint ──check──▶ HookPoint ──expand.rs──▶ marker, Args, Results, impl HookPoint
//! ```

mod expand;
mod model;
mod parse;

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Error, LitStr, Result};

use self::model::{ClosedResult, Constants, Forbid, HookPoint};
use crate::names::{Name, check_distinct, check_hook_name};
use crate::paths::check_lifetimes;

/// The most arguments, and the most results, as in the builder of declarations.
const MAX_ARGUMENTS: usize = 32;

struct HookPoints(Vec<HookPoint>);

impl Parse for HookPoints {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let mut points = Vec::new();
        while points.is_empty() || !input.is_empty() {
            points.push(parse::hook_point(input)?);
        }
        Ok(HookPoints(points))
    }
}

pub fn expand(input: TokenStream) -> Result<TokenStream> {
    let HookPoints(points) = syn::parse2(input)?;
    let mut out = TokenStream::new();
    for point in &points {
        check(point)?;
        let expanded = expand::expand(point)?;
        out = quote!(#out #expanded);
    }
    Ok(out)
}

/// Checks what can be checked before the types are known.
fn check(point: &HookPoint) -> Result<()> {
    check_hook_name(&point.name)?;
    point.version.base10_parse::<u32>()?;
    for argument in &point.arguments {
        argument.name.check("argument")?;
        check_lifetimes(&argument.ty, Some("a"))?;
    }
    for result in &point.results {
        result.name.check("result")?;
        check_lifetimes(&result.ty, None)?;
    }
    for constants in &point.constants {
        match constants {
            Constants::One { name, .. } => name.check("constant")?,
            Constants::Each { of, prefix } => {
                check_lifetimes(of, None)?;
                // Any name may follow the prefix; an empty prefix is allowed too.
                let text = format!("{}X", prefix.value());
                Name { text, span: prefix.span() }.check("constant")?;
            }
        }
    }
    for forbid in &point.forbids {
        if let Forbid::Result { name, .. } = forbid
            && !point.results.iter().any(|result| result.name.text == name.text)
        {
            return Err(Error::new(name.span, format!("unknown result `{}` in `forbid`", name.text)));
        }
    }
    for ClosedResult { name, .. } in &point.closed {
        if !point.results.iter().any(|result| result.name.text == name.text) {
            return Err(Error::new(name.span, format!("unknown result `{}` in `closed`", name.text)));
        }
    }
    check_distinct("closed result", point.closed.iter().map(|closed| &closed.name))?;
    let first = point.required.first().map(LitStr::span);
    match (first, point.closed.first().map(|closed| closed.name.span)) {
        (Some(span), _) | (None, Some(span)) if point.observe => {
            return Err(Error::new(
                span,
                "a hook point with `chain observe` decides nothing, so it cannot have a closed result",
            ));
        }
        (Some(span), None) => {
            let message = "`require` needs the result that applies without the attachment: `closed result = value`";
            return Err(Error::new(span, message));
        }
        _ => {}
    }
    check_distinct("argument", point.arguments.iter().map(|a| &a.name))?;
    check_distinct(
        "constant",
        point.constants.iter().filter_map(|c| match c {
            Constants::One { name, .. } => Some(name),
            Constants::Each { .. } => None,
        }),
    )?;
    // Both are keys of the answer.
    let inout = point.arguments.iter().filter(|a| a.inout).map(|a| &a.name);
    check_distinct("result", inout.chain(point.results.iter().map(|r| &r.name)))?;
    for (what, span) in [
        ("arguments", point.arguments.get(MAX_ARGUMENTS).map(|a| a.ident.span())),
        ("results", point.results.get(MAX_ARGUMENTS).map(|r| r.ident.span())),
    ] {
        if let Some(span) = span {
            return Err(Error::new(span, format!("expected at most {MAX_ARGUMENTS} {what}")));
        }
    }
    Ok(())
}
