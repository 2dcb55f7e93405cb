//! The code that a hook point becomes.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{LitInt, Result, Type};

use super::model::{Argument, ClosedResult, Constants, Forbid, HookPoint, ResultField};
use crate::attributes::{doc, doc_attributes};
use crate::paths::{borrows, root, to_static};

pub fn expand(point: &HookPoint) -> Result<TokenStream> {
    let root = root(point.options.root.as_ref());
    let (ident, vis) = (&point.ident, &point.vis);
    let args = format_ident!("{ident}Args", span = ident.span());
    let results = format_ident!("{ident}Results", span = ident.span());
    let docs = doc_attributes(&point.attributes);
    let lifetime = point.arguments.iter().any(|a| borrows(&a.ty)).then(|| quote!(<'a>));

    let args_doc = format!("The arguments of [`{ident}`].");
    let args_fields = point.arguments.iter().map(|a| {
        let (docs, ident, ty) = (doc_attributes(&a.attributes), &a.ident, &a.ty);
        quote!(#(#docs)* pub #ident: #ty)
    });
    let results_doc = format!("The results of [`{ident}`], and what changed in its `inout` arguments.");
    let results_fields = point.results.iter().map(|r| {
        let (docs, ident, ty) = (doc_attributes(&r.attributes), &r.ident, &r.ty);
        quote!(#(#docs)* pub #ident: #ty)
    });
    let change_fields = point.arguments.iter().filter(|a| a.inout).map(|a| {
        let (docs, ident, ty) = (doc_attributes(&a.attributes), &a.ident, to_static(&a.ty));
        quote!(#(#docs)* pub #ident: ::std::option::Option<#root::value::Change<#ty>>)
    });

    let declaration = declaration(&root, point)?;
    let encode = encode(&root, &point.arguments);
    let defaults = defaults(point);
    let taken = taken(&root, point);
    Ok(quote! {
        #(#docs)*
        #[derive(Debug, Clone, Copy)]
        #vis struct #ident;

        #[doc = #args_doc]
        #[derive(Debug, Clone)]
        #vis struct #args #lifetime { #(#args_fields,)* }

        #[doc = #results_doc]
        #[derive(Debug, Clone, PartialEq)]
        #vis struct #results { #(#results_fields,)* #(#change_fields,)* }

        impl #root::HookPoint for #ident {
            type Args<'a> = #args #lifetime;
            type Results = #results;

            fn declaration() -> &'static ::std::sync::Arc<#root::schema::Declaration> {
                static DECLARATION: ::std::sync::LazyLock<::std::sync::Arc<#root::schema::Declaration>> =
                    ::std::sync::LazyLock::new(|| {
                        #root::point::declared(|| ::std::result::Result::Ok(#declaration))
                    });
                &DECLARATION
            }

            #[inline]
            fn encode(args: &Self::Args<'_>, out: &mut #root::codec::Encoder) {
                #encode
            }

            #[inline]
            fn defaults() -> Self::Results {
                #defaults
            }

            #[allow(unused_mut)]
            fn results(
                mut answer: #root::codec::Answer,
            ) -> ::std::result::Result<Self::Results, #root::value::Mismatch> {
                #taken
            }
        }
    })
}

/// The type's schema, with the bound of `#[hook(max = N)]` if there is one.
fn schema(root: &TokenStream, ty: &Type, max: Option<&LitInt>) -> TokenStream {
    let ty = to_static(ty);
    match max {
        Some(max) => quote!(<#ty as #root::value::Bounded>::ty_within(#max)),
        None => quote!(<#ty as #root::value::HookValue>::ty()),
    }
}

/// The builder's calls.
fn declaration(root: &TokenStream, point: &HookPoint) -> Result<TokenStream> {
    let (name, version, text) = (&point.name, &point.version, doc(&point.attributes)?);
    let chain = if point.observe { quote!(Observe) } else { quote!(First) };
    let mut out = quote! {
        #root::schema::Declaration::builder(#name, #version).doc(#text).chain(#root::schema::Chain::#chain)
    };
    for Argument { attributes, max, inout, name, ty, .. } in &point.arguments {
        let (name, text, ty) = (&name.text, doc(attributes)?, schema(root, ty, max.as_ref()));
        let method = if *inout { quote!(inout) } else { quote!(argument) };
        out = quote!(#out.#method(#name, #ty, #text));
    }
    for constants in &point.constants {
        out = match constants {
            Constants::One { name, value } => {
                let name = &name.text;
                quote!(#out.constant(#name, #value))
            }
            Constants::Each { of, prefix } => {
                quote!(#out.constants(<#of as #root::value::HookEnum>::enum_type(), #prefix))
            }
        };
    }
    for ResultField { attributes, max, name, ty, default, .. } in &point.results {
        let (hook, name, text, schema) = (&point.name, &name.text, doc(attributes)?, schema(root, ty, max.as_ref()));
        let default = quote!(#root::point::default_value::<#ty>(#hook, #name, &#default)?);
        out = quote!(#out.result(#name, #schema, #default, #text));
    }
    for forbid in &point.forbids {
        out = match forbid {
            Forbid::Skip => quote!(#out.forbid_skip()),
            Forbid::Default => quote!(#out.forbid_default()),
            Forbid::Result { name, value } => {
                let result = point.results.iter().find(|result| result.name.text == name.text);
                // `check` has verified that it exists.
                let Some(ResultField { ty, .. }) = result else { continue };
                let (hook, name) = (&point.name, &name.text);
                let value = quote!(#root::point::default_value::<#ty>(#hook, #name, &#value)?);
                quote!(#out.forbid_result(#name, #value))
            }
        };
    }
    for ClosedResult { name, value } in &point.closed {
        let result = point.results.iter().find(|result| result.name.text == name.text);
        // `check` has verified that it exists.
        let Some(ResultField { ty, .. }) = result else { continue };
        let (hook, name) = (&point.name, &name.text);
        let value = quote!(#root::point::default_value::<#ty>(#hook, #name, &#value)?);
        out = quote!(#out.closed(#name, #value));
    }
    for attachment in &point.required {
        out = quote!(#out.require(#attachment));
    }
    Ok(out)
}

/// A straight line of encodes; the offsets are constants.
fn encode(root: &TokenStream, arguments: &[Argument]) -> TokenStream {
    if arguments.is_empty() {
        return quote!(let _ = (args, out););
    }
    let lines = arguments.iter().enumerate().map(|(i, a)| {
        let (ident, ty) = (&a.ident, to_static(&a.ty));
        let step = arguments.get(i + 1).map(|_| quote!(let at = at + <#ty as #root::value::HookValue>::SLOT;));
        match &a.max {
            Some(max) => quote!(#root::value::Bounded::encode_within(&args.#ident, #max, at, out); #step),
            None => quote!(#root::value::HookValue::encode(&args.#ident, at, out); #step),
        }
    });
    quote!(let at = 0usize; #(#lines)*)
}

fn results_ident(point: &HookPoint) -> syn::Ident {
    format_ident!("{}Results", point.ident, span = point.ident.span())
}

fn defaults(point: &HookPoint) -> TokenStream {
    let results = results_ident(point);
    let defaults = point.results.iter().map(|r| {
        let (ident, default) = (&r.ident, &r.default);
        quote!(#ident: #default)
    });
    let unchanged = point.arguments.iter().filter(|a| a.inout).map(|a| {
        let ident = &a.ident;
        quote!(#ident: ::std::option::Option::None)
    });
    quote!(#results { #(#defaults,)* #(#unchanged,)* })
}

fn taken(root: &TokenStream, point: &HookPoint) -> TokenStream {
    let results = results_ident(point);
    let given = point.results.iter().enumerate().map(|(position, r)| {
        let (ident, ty, default) = (&r.ident, &r.ty, &r.default);
        quote!(#ident: match answer.take_result(#position) {
            ::std::option::Option::Some(value) => <#ty as #root::value::FromValue>::from_value(value)?,
            ::std::option::Option::None => #default,
        })
    });
    let changed = point.arguments.iter().enumerate().filter(|(_, a)| a.inout).map(|(position, a)| {
        let (ident, ty) = (&a.ident, to_static(&a.ty));
        quote!(#ident: match answer.take_change(#position) {
            ::std::option::Option::Some(value) => ::std::option::Option::Some(
                <#root::value::Change<#ty> as #root::value::FromValue>::from_value(value)?,
            ),
            ::std::option::Option::None => ::std::option::Option::None,
        })
    });
    quote!(::std::result::Result::Ok(#results { #(#given,)* #(#changed,)* }))
}
