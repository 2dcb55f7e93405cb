//! A hook point as it is written in the macro.

use syn::{Expr, Ident, LitInt, LitStr, Type, Visibility};

use crate::attributes::Options;
use crate::names::Name;

pub(super) struct HookPoint {
    pub(super) attributes: Vec<syn::Attribute>,
    pub(super) options: Options,
    pub(super) vis: Visibility,
    pub(super) ident: Ident,
    pub(super) name: LitStr,
    pub(super) version: LitInt,
    pub(super) observe: bool,
    pub(super) arguments: Vec<Argument>,
    pub(super) results: Vec<ResultField>,
    pub(super) constants: Vec<Constants>,
    pub(super) forbids: Vec<Forbid>,
    pub(super) closed: Vec<ClosedResult>,
    pub(super) required: Vec<LitStr>,
}

pub(super) struct Argument {
    pub(super) attributes: Vec<syn::Attribute>,
    pub(super) max: Option<LitInt>,
    pub(super) inout: bool,
    pub(super) ident: Ident,
    pub(super) name: Name,
    pub(super) ty: Type,
}

pub(super) struct ResultField {
    pub(super) attributes: Vec<syn::Attribute>,
    pub(super) max: Option<LitInt>,
    pub(super) ident: Ident,
    pub(super) name: Name,
    pub(super) ty: Type,
    pub(super) default: Expr,
}

/// What policies must not turn a failure into.
pub(super) enum Forbid {
    Skip,
    Default,
    Result { name: Name, value: Box<Expr> },
}

/// The value of a result while protection is missing.
pub(super) struct ClosedResult {
    pub(super) name: Name,
    pub(super) value: Expr,
}

pub(super) enum Constants {
    One { name: Name, value: Expr },
    Each { of: Type, prefix: LitStr },
}
