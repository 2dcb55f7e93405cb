//! `#[derive(HookEnum)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::attributes::{doc, options};
use crate::names::{Name, check_distinct, screaming};
use crate::paths::root;

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "HookEnum is for enums; derive HookRecord for structs"));
    };
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "HookEnum is for enums without parameters"));
    }
    let given = options(&input.attrs, &["name", "crate"])?;
    let root = root(given.root.as_ref());
    let ident = &input.ident;
    let type_name = given.name.as_ref().map_or_else(|| Name::of(ident), Name::literal);
    type_name.check("enum")?;
    if data.variants.is_empty() || data.variants.len() > 255 {
        return Err(Error::new_spanned(ident, "expected 1 to 255 variants"));
    }

    let mut names = Vec::new();
    let mut docs = Vec::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            return Err(Error::new_spanned(&variant.fields, "HookEnum is for enums whose variants have no fields"));
        }
        let rust = Name::of(&variant.ident);
        let name = match &options(&variant.attrs, &["name"])?.name {
            Some(literal) => Name::literal(literal),
            None => Name { text: screaming(&rust.text), span: rust.span },
        };
        name.check("variant")?;
        names.push(name);
        docs.push(doc(&variant.attrs)?);
    }
    check_distinct("variant", names.iter())?;

    let variants: Vec<_> = data.variants.iter().map(|v| &v.ident).collect();
    let positions: Vec<usize> = (0..variants.len()).collect();
    let names = names.iter().map(|n| &n.text);
    let (type_name, type_doc) = (&type_name.text, doc(&input.attrs)?);
    Ok(quote! {
        impl #root::value::HookEnum for #ident {
            fn enum_type() -> &'static ::std::sync::Arc<#root::schema::EnumType> {
                static TYPE: ::std::sync::LazyLock<::std::sync::Arc<#root::schema::EnumType>> =
                    ::std::sync::LazyLock::new(|| ::std::sync::Arc::new(#root::schema::EnumType {
                        name: ::std::string::String::from(#type_name),
                        doc: ::std::string::String::from(#type_doc),
                        variants: ::std::vec![#(#root::schema::Variant {
                            name: ::std::string::String::from(#names),
                            value: #ident::#variants as i64,
                            doc: ::std::string::String::from(#docs),
                        }),*],
                    }));
                &TYPE
            }
            #[inline]
            fn position(&self) -> usize {
                match self { #(#ident::#variants => #positions,)* }
            }
        }

        impl #root::value::HookValue for #ident {
            const SLOT: usize = 8;
            type Owned = Self;
            fn ty() -> #root::schema::Type {
                #root::schema::Type::Enum(::std::sync::Arc::clone(<Self as #root::value::HookEnum>::enum_type()))
            }
            #[inline]
            fn encode(&self, at: usize, out: &mut #root::codec::Encoder) {
                out.integer(at, <Self as #root::value::HookEnum>::position(self) as i64);
            }
        }

        impl #root::value::FromValue for #ident {
            fn from_value(
                value: #root::value::Value,
            ) -> ::std::result::Result<Self, #root::value::Mismatch> {
                match value {
                    #(#root::value::Value::Enum(#positions) => ::std::result::Result::Ok(#ident::#variants),)*
                    other => ::std::result::Result::Err(#root::value::Mismatch::new(#type_name, &other)),
                }
            }
        }
    })
}
