//! The grammar of `hook_point!`.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Ident, LitStr, Result, Token, braced};

use super::model::{Argument, ClosedResult, Constants, Forbid, HookPoint, ResultField};
use crate::attributes::{only_docs_and_hook, options};
use crate::names::Name;

/// One hook point: attributes, `pub Name = "a.b", version N, chain first { … }`.
pub fn hook_point(input: ParseStream<'_>) -> Result<HookPoint> {
    let attributes = input.call(Attribute::parse_outer)?;
    only_docs_and_hook(&attributes)?;
    let options = options(&attributes, &["crate"])?;
    let vis = input.parse()?;
    let ident = input.parse()?;
    input.parse::<Token![=]>()?;
    let name = input.parse()?;
    input.parse::<Token![,]>()?;
    word(input, &["version"], "`version N`")?;
    let version = input.parse()?;
    input.parse::<Token![,]>()?;
    word(input, &["chain"], "`chain first` or `chain observe`")?;
    let observe = word(input, &["first", "observe"], "`first` or `observe`")? == "observe";
    let mut point = HookPoint {
        attributes,
        options,
        vis,
        ident,
        name,
        version,
        observe,
        arguments: Vec::new(),
        results: Vec::new(),
        constants: Vec::new(),
        forbids: Vec::new(),
        closed: Vec::new(),
        required: Vec::new(),
    };
    let body;
    braced!(body in input);
    while !body.is_empty() {
        item(&body, &mut point)?;
        if !body.is_empty() {
            body.parse::<Token![,]>()?;
        }
    }
    Ok(point)
}

/// One line of the body.
fn item(body: ParseStream<'_>, point: &mut HookPoint) -> Result<()> {
    let attributes = body.call(Attribute::parse_outer)?;
    only_docs_and_hook(&attributes)?;
    let expected = "`arg`, `inout`, `result`, `constant`, `constants`, `forbid`, `closed` or `require`";
    let words = ["arg", "inout", "result", "constant", "constants", "forbid", "closed", "require"];
    let what = word(body, &words, expected)?;
    match what.to_string().as_str() {
        "constant" => {
            options(&attributes, &[])?;
            let name = Name::of(&body.call(Ident::parse_any)?);
            body.parse::<Token![=]>()?;
            point.constants.push(Constants::One { name, value: body.parse()? });
        }
        "constants" => {
            options(&attributes, &[])?;
            let of = body.parse()?;
            word(body, &["prefix"], "`prefix \"…\"`")?;
            point.constants.push(Constants::Each { of, prefix: body.parse::<LitStr>()? });
        }
        "forbid" => {
            options(&attributes, &[])?;
            let ident = body.call(Ident::parse_any)?;
            let forbid = if body.peek(Token![=]) {
                body.parse::<Token![=]>()?;
                Forbid::Result { name: Name::of(&ident), value: Box::new(body.parse()?) }
            } else if ident == "skip" {
                Forbid::Skip
            } else if ident == "default" {
                Forbid::Default
            } else {
                return Err(Error::new(ident.span(), "expected `skip`, `default` or `result = value`"));
            };
            point.forbids.push(forbid);
        }
        "closed" => {
            options(&attributes, &[])?;
            let name = Name::of(&body.call(Ident::parse_any)?);
            body.parse::<Token![=]>()?;
            point.closed.push(ClosedResult { name, value: body.parse()? });
        }
        "require" => {
            options(&attributes, &[])?;
            let attachment: LitStr = body.parse()?;
            if !matches!(attachment.value().split('/').collect::<Vec<_>>()[..], [tenant, name] if !tenant.is_empty() && !name.is_empty())
            {
                return Err(Error::new(attachment.span(), "expected an attachment: `require \"tenant/name\"`"));
            }
            point.required.push(attachment);
        }
        "result" => {
            let max = options(&attributes, &["max"])?.max;
            let (ident, name, ty) = typed(body)?;
            if !body.peek(Token![=]) {
                return Err(Error::new(body.span(), "a result needs a default: `result name: Type = default`"));
            }
            body.parse::<Token![=]>()?;
            point.results.push(ResultField { attributes, max, ident, name, ty, default: body.parse()? });
        }
        _ => {
            let max = options(&attributes, &["max"])?.max;
            let (ident, name, ty) = typed(body)?;
            point.arguments.push(Argument { attributes, max, inout: what == "inout", ident, name, ty });
        }
    }
    Ok(())
}

/// `name: Type`.
fn typed<T: Parse>(body: ParseStream<'_>) -> Result<(Ident, Name, T)> {
    // Any word is accepted here, so that a keyword of Lua gets the error that names it.
    let ident = body.call(Ident::parse_any)?;
    let name = Name::of(&ident);
    name.check("name")?;
    if syn::parse_str::<Ident>(&ident.to_string()).is_err() {
        return Err(Error::new(ident.span(), format!("`{ident}` is a keyword of Rust; write r#{ident}")));
    }
    body.parse::<Token![:]>()?;
    Ok((ident, name, body.parse()?))
}

/// One of the given words.
fn word(input: ParseStream<'_>, words: &[&str], expected: &str) -> Result<Ident> {
    let wrong = |error: Error| Error::new(error.span(), format!("expected {expected}"));
    let found = input.call(Ident::parse_any).map_err(wrong)?;
    if words.iter().any(|w| found == w) {
        Ok(found)
    } else {
        Err(Error::new(found.span(), format!("expected {expected}")))
    }
}
