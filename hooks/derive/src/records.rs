//! `#[derive(HookRecord)]`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Data, DeriveInput, Error, Fields, GenericParam, Ident, LitInt, Result, Type, Visibility};

use crate::attributes::{doc, doc_attributes, options};
use crate::names::{Name, check_distinct};
use crate::paths::{check_lifetimes, root, to_static};

struct Field<'a> {
    ident: &'a Ident,
    ty: &'a Type,
    name: Name,
    doc: String,
    doc_lines: Vec<&'a syn::Attribute>,
    max: Option<LitInt>,
    writable: bool,
    nested: bool,
}

pub fn derive(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "HookRecord is for structs; derive HookEnum for enums"));
    };
    let Fields::Named(named) = &data.fields else {
        return Err(Error::new_spanned(&input.ident, "HookRecord is for structs with named fields"));
    };
    let lifetime = lifetime(input)?;
    let given = options(&input.attrs, &["owned", "name", "crate"])?;
    let root = root(given.root.as_ref());
    let owned = given.owned.is_some();
    if let (Some(option), Some(_)) = (&given.owned, &lifetime) {
        return Err(Error::new_spanned(option, "an `owned` record cannot have a lifetime, because it owns its fields"));
    }
    let ident = &input.ident;
    let type_name = given.name.as_ref().map_or_else(|| Name::of(ident), Name::literal);
    type_name.check("record")?;
    if named.named.is_empty() || named.named.len() > 255 {
        return Err(Error::new_spanned(ident, "expected 1 to 255 fields"));
    }
    let fields: Vec<Field> = named.named.iter().map(|f| field(f, owned, lifetime.as_deref())).collect::<Result<_>>()?;
    check_distinct("field", fields.iter().map(|f| &f.name))?;

    let value = value(&root, ident, lifetime.is_some(), &type_name.text, &doc(&input.attrs)?, &fields, owned);
    let out = if owned {
        whole(&root, ident, &type_name.text, &fields)
    } else {
        changes(&root, ident, &input.vis, &type_name.text, &fields)
    };
    Ok(quote!(#value #out))
}

/// The name of the struct's one lifetime, if it has one.
fn lifetime(input: &DeriveInput) -> Result<Option<String>> {
    let mut found = None;
    for param in &input.generics.params {
        match param {
            GenericParam::Lifetime(p) if found.is_none() && p.bounds.is_empty() => {
                found = Some(p.lifetime.ident.to_string());
            }
            other => {
                return Err(Error::new_spanned(other, "a record has at most one lifetime and no other parameters"));
            }
        }
    }
    match &input.generics.where_clause {
        Some(clause) => Err(Error::new_spanned(clause, "a record has no where clause")),
        None => Ok(found),
    }
}

fn field<'a>(field: &'a syn::Field, owned: bool, lifetime: Option<&str>) -> Result<Field<'a>> {
    let ident = field.ident.as_ref().ok_or_else(|| Error::new_spanned(field, "expected a named field"))?;
    let given = options(&field.attrs, &["writable", "nested", "name", "max"])?;
    if let (true, Some(option)) = (owned, given.writable.as_ref().or(given.nested.as_ref())) {
        return Err(Error::new_spanned(
            option,
            "an `owned` record is returned as a whole, so its fields cannot be changed one by one",
        ));
    }
    if let (Some(option), Some(_)) = (&given.nested, &given.writable) {
        return Err(Error::new_spanned(option, "a field is `writable` as a whole or has `nested` changes, not both"));
    }
    check_lifetimes(&field.ty, lifetime)?;
    let name = given.name.as_ref().map_or_else(|| Name::of(ident), Name::literal);
    name.check("field")?;
    Ok(Field {
        ident,
        ty: &field.ty,
        name,
        doc: doc(&field.attrs)?,
        doc_lines: doc_attributes(&field.attrs),
        max: given.max,
        writable: given.writable.is_some(),
        nested: given.nested.is_some(),
    })
}

/// `impl HookValue`: slot, type and the straight line of encodes.
fn value(
    root: &TokenStream,
    ident: &Ident,
    borrows: bool,
    name: &str,
    doc: &str,
    fields: &[Field],
    owned: bool,
) -> TokenStream {
    let lifetime = borrows.then(|| quote!(<'_>));
    let types = fields.iter().map(|f| f.ty);
    // Statics cannot use lifetime parameters; a type's schema does not depend on them.
    let described = fields.iter().map(|f| {
        let ty = to_static(f.ty);
        let (name, doc, writable) = (&f.name.text, &f.doc, f.writable);
        let ty = match &f.max {
            Some(max) => quote!(<#ty as #root::value::Bounded>::ty_within(#max)),
            None => quote!(<#ty as #root::value::HookValue>::ty()),
        };
        quote!(#root::schema::Field {
            name: ::std::string::String::from(#name),
            ty: #ty,
            writable: #writable,
            doc: ::std::string::String::from(#doc),
        })
    });
    let encodes = fields.iter().enumerate().map(|(i, f)| {
        let (ident, ty) = (f.ident, to_static(f.ty));
        let step = fields.get(i + 1).map(|_| quote!(let at = at + <#ty as #root::value::HookValue>::SLOT;));
        match &f.max {
            Some(max) => quote!(#root::value::Bounded::encode_within(&self.#ident, #max, at, out); #step),
            None => quote!(#root::value::HookValue::encode(&self.#ident, at, out); #step),
        }
    });
    let types = types.map(to_static);
    let owned = if owned {
        quote!(Self)
    } else if fields.iter().any(|f| f.writable || f.nested) {
        // Changes are stored separately: most calls change nothing, and results that are passed around should not pay
        // for those that do. They are shared rather than boxed, because the drop of a box is inlined into every caller,
        // and the drop of these is not.
        let change = change_ident(ident);
        quote!(::std::sync::Arc<#change>)
    } else {
        quote!(#root::value::ReadOnly)
    };
    quote! {
        impl #root::value::HookValue for #ident #lifetime {
            const SLOT: usize = 0 #(+ <#types as #root::value::HookValue>::SLOT)*;
            type Owned = #owned;
            fn ty() -> #root::schema::Type {
                static TYPE: ::std::sync::LazyLock<::std::sync::Arc<#root::schema::RecordType>> =
                    ::std::sync::LazyLock::new(|| ::std::sync::Arc::new(#root::schema::RecordType {
                        name: ::std::string::String::from(#name),
                        doc: ::std::string::String::from(#doc),
                        fields: ::std::vec![#(#described),*],
                    }));
                #root::schema::Type::Record(::std::sync::Arc::clone(&TYPE))
            }
            #[inline(always)]
            fn encode(&self, at: usize, out: &mut #root::codec::Encoder) {
                #(#encodes)*
            }
        }
    }
}

fn change_ident(ident: &Ident) -> Ident {
    format_ident!("{ident}Change", span = ident.span())
}

/// The struct of changes, for records whose fields are changed one by one.
fn changes(root: &TokenStream, ident: &Ident, vis: &Visibility, name: &str, fields: &[Field]) -> TokenStream {
    let changing: Vec<(usize, &Field)> = fields.iter().enumerate().filter(|(_, f)| f.writable || f.nested).collect();
    if changing.is_empty() {
        return TokenStream::new();
    }
    let change = change_ident(ident);
    let doc = format!("What an answer changes of a [`{ident}`]: `None` is unchanged.");
    let positions: Vec<usize> = changing.iter().map(|(i, _)| *i).collect();
    let idents: Vec<_> = changing.iter().map(|(_, f)| f.ident).collect();
    let types: Vec<Type> = changing.iter().map(|(_, f)| to_static(f.ty)).collect();
    let docs: Vec<&Vec<_>> = changing.iter().map(|(_, f)| &f.doc_lines).collect();
    quote! {
        #[doc = #doc]
        #[derive(Debug, Clone, PartialEq, Default)]
        #vis struct #change {
            #(
                #(#docs)*
                pub #idents: ::std::option::Option<#root::value::Change<#types>>,
            )*
        }

        impl #root::value::FromValue for #change {
            fn from_value(
                value: #root::value::Value,
            ) -> ::std::result::Result<Self, #root::value::Mismatch> {
                let #root::value::Value::Record(fields) = value else {
                    return ::std::result::Result::Err(#root::value::Mismatch::new(#name, &value));
                };
                let mut change = <Self as ::std::default::Default>::default();
                for (position, value) in fields {
                    match position {
                        #(#positions => {
                            change.#idents =
                                ::std::option::Option::Some(#root::value::FromValue::from_value(value)?);
                        })*
                        // Read-only fields are included if the record was returned as a whole.
                        _ => {}
                    }
                }
                ::std::result::Result::Ok(change)
            }
        }
    }
}

/// The record itself, from all of its fields.
fn whole(root: &TokenStream, ident: &Ident, name: &str, fields: &[Field]) -> TokenStream {
    let idents: Vec<_> = fields.iter().map(|f| f.ident).collect();
    let slots: Vec<Ident> = (0..fields.len()).map(|i| format_ident!("field_{i}")).collect();
    let types: Vec<_> = fields.iter().map(|f| f.ty).collect();
    let positions: Vec<usize> = (0..fields.len()).collect();
    quote! {
        impl #root::value::FromValue for #ident {
            fn from_value(
                value: #root::value::Value,
            ) -> ::std::result::Result<Self, #root::value::Mismatch> {
                let #root::value::Value::Record(fields) = value else {
                    return ::std::result::Result::Err(#root::value::Mismatch::new(#name, &value));
                };
                #(let mut #slots: ::std::option::Option<#types> = ::std::option::Option::None;)*
                for (position, value) in fields {
                    match position {
                        #(#positions => {
                            #slots = ::std::option::Option::Some(
                                <#types as #root::value::FromValue>::from_value(value)?,
                            );
                        })*
                        _ => {}
                    }
                }
                ::std::result::Result::Ok(#ident {
                    #(#idents: match #slots {
                        ::std::option::Option::Some(value) => value,
                        // An optional field may be left out; any other rejects nil.
                        ::std::option::Option::None => {
                            <#types as #root::value::FromValue>::from_value(#root::value::Value::Nil)?
                        }
                    },)*
                })
            }
        }
    }
}
