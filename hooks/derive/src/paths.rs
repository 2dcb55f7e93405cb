//! The path of tenterhook-hooks in generated code, and the treatment of lifetimes.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Span, TokenStream};
use quote::quote;
use syn::visit::Visit;
use syn::visit_mut::VisitMut;
use syn::{Error, Ident, Lifetime, Path, Result, Type, TypeReference};

/// The path of tenterhook-hooks: the given one, else the crate's own dependency on it, else on `tenterhook`, which
/// re-exports it as `tenterhook::hooks`.
pub fn root(given: Option<&Path>) -> TokenStream {
    if let Some(path) = given {
        return quote!(#path);
    }
    let named = |name: &str| {
        let ident = Ident::new(name, Span::call_site());
        quote!(::#ident)
    };
    match crate_name("tenterhook-hooks") {
        // The crate names itself `tenterhook_hooks` too, so that this works in its tests and examples as well.
        Ok(FoundCrate::Itself) => return named("tenterhook_hooks"),
        Ok(FoundCrate::Name(name)) => return named(&name),
        Err(_) => {}
    }
    let host = match crate_name("tenterhook") {
        Ok(FoundCrate::Name(name)) => named(&name),
        Ok(FoundCrate::Itself) => named("tenterhook"),
        Err(_) => return named("tenterhook_hooks"),
    };
    quote!(#host::hooks)
}

/// Rejects types that the macros cannot reproduce: elided lifetimes, and others than `'allowed` and `'static`.
pub fn check_lifetimes(ty: &Type, allowed: Option<&str>) -> Result<()> {
    struct Check<'a> {
        allowed: Option<&'a str>,
        error: Option<Error>,
    }
    impl Check<'_> {
        fn refuse(&mut self, span: Span, reason: &str) {
            let hint = self.allowed.map_or_else(|| "'static".to_owned(), |a| format!("'{a}"));
            self.error.get_or_insert_with(|| Error::new(span, format!("{reason}; expected {hint}")));
        }
    }
    impl<'ast> Visit<'ast> for Check<'_> {
        fn visit_type_reference(&mut self, reference: &'ast TypeReference) {
            if reference.lifetime.is_none() {
                self.refuse(reference.and_token.span, "a reference without a lifetime");
            }
            syn::visit::visit_type_reference(self, reference);
        }
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            let name = lifetime.ident.to_string();
            if name != "static" && self.allowed != Some(name.as_str()) {
                self.refuse(lifetime.span(), &format!("the lifetime '{name} is not known here"));
            }
        }
    }
    let mut check = Check { allowed, error: None };
    check.visit_type(ty);
    check.error.map_or(Ok(()), Err)
}

/// Whether a lifetime other than `'static` occurs in the type.
pub fn borrows(ty: &Type) -> bool {
    struct Find(bool);
    impl<'ast> Visit<'ast> for Find {
        fn visit_lifetime(&mut self, lifetime: &'ast Lifetime) {
            self.0 |= lifetime.ident != "static";
        }
    }
    let mut find = Find(false);
    find.visit_type(ty);
    find.0
}

/// The type with every lifetime `'static`, for statics and owned forms.
pub fn to_static(ty: &Type) -> Type {
    struct Replace;
    impl VisitMut for Replace {
        fn visit_lifetime_mut(&mut self, lifetime: &mut Lifetime) {
            lifetime.ident = Ident::new("static", lifetime.ident.span());
        }
    }
    let mut ty = ty.clone();
    Replace.visit_type_mut(&mut ty);
    ty
}
