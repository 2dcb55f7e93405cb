//! The contents of attributes: documentation and `#[hook(…)]`.

use quote::ToTokens;
use syn::spanned::Spanned;
use syn::{Attribute, Error, Expr, ExprLit, Lit, LitInt, LitStr, Meta, Path, Result};

/// The options of all `#[hook(…)]` on one item.
#[derive(Default)]
pub struct Options {
    /// `writable`: an answer may change this field.
    pub writable: Option<Path>,
    /// `nested`: an answer may change fields inside this one.
    pub nested: Option<Path>,
    /// `owned`: an answer contains the record as a whole.
    pub owned: Option<Path>,
    /// `name = "…"`: the name in scripts.
    pub name: Option<LitStr>,
    /// `max = N`: the bound of a string, list or map.
    pub max: Option<LitInt>,
    /// `crate = path`: the path of tenterhook-hooks.
    pub root: Option<Path>,
}

/// The options on an item; `known` are those that it accepts.
pub fn options(attributes: &[Attribute], known: &[&str]) -> Result<Options> {
    let mut options = Options::default();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("hook")) {
        attribute.parse_nested_meta(|meta| {
            let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
            if !known.contains(&name.as_str()) {
                let known = if known.is_empty() { "nothing".to_owned() } else { known.join(", ") };
                return Err(meta.error(format!("unknown option; expected {known}")));
            }
            let path = meta.path.clone();
            match name.as_str() {
                "writable" => options.writable = Some(path),
                "nested" => options.nested = Some(path),
                "owned" => options.owned = Some(path),
                "name" => options.name = Some(meta.value()?.parse()?),
                "max" => {
                    let max: LitInt = meta.value()?.parse()?;
                    max.base10_parse::<u32>()?;
                    options.max = Some(max);
                }
                _ => options.root = Some(meta.value()?.parse()?),
            }
            Ok(())
        })?;
    }
    Ok(options)
}

/// The documentation comments as one text: lines joined by spaces, paragraphs by newlines.
pub fn doc(attributes: &[Attribute]) -> Result<String> {
    let mut paragraphs: Vec<String> = vec![String::new()];
    for attribute in attributes.iter().filter(|a| a.path().is_ident("doc")) {
        let Meta::NameValue(meta) = &attribute.meta else { continue };
        let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &meta.value else {
            return Err(Error::new(meta.value.span(), "expected documentation as a literal"));
        };
        // An empty comment line separates paragraphs.
        for line in text.value().split('\n') {
            let line = line.trim();
            match paragraphs.last_mut() {
                _ if line.is_empty() => paragraphs.push(String::new()),
                Some(last) if last.is_empty() => last.push_str(line),
                Some(last) => {
                    last.push(' ');
                    last.push_str(line);
                }
                None => {}
            }
        }
    }
    paragraphs.retain(|p| !p.is_empty());
    Ok(paragraphs.join("\n"))
}

/// The documentation comments as they are, for generated items.
pub fn doc_attributes(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|a| a.path().is_ident("doc")).collect()
}

/// Rejects attributes that the macro would drop silently.
pub fn only_docs_and_hook(attributes: &[Attribute]) -> Result<()> {
    match attributes.iter().find(|a| !a.path().is_ident("doc") && !a.path().is_ident("hook")) {
        Some(other) => {
            Err(Error::new_spanned(other.to_token_stream(), "expected only documentation and #[hook(…)] here"))
        }
        None => Ok(()),
    }
}
