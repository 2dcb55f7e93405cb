//! The builder that collects a declaration and checks it.
//!
//! [`hook_point!`](crate::hook_point) makes declarations at compile time; programs that learn their hook points at run
//! time (C programs do) use [`Declaration::builder`].

use std::sync::Arc;

use super::check::check;
use super::closes::Closes;
use super::declaration::{Argument, Chain, Constant, Declaration, DeclarationError, ResultField};
use super::forbidden::Forbidden;
use super::forbids::Forbids;
use crate::dynamic::Value;
use crate::types::{EnumType, Type};

/// Collects a [`Declaration`] and checks it as a whole.
#[derive(Debug, Clone)]
#[must_use]
pub struct DeclarationBuilder {
    declaration: Declaration,
    forbids: Forbids,
    closes: Closes,
}

impl Declaration {
    /// Starts a declaration. `name` consists of parts joined by dots; each part is a Lua name.
    pub fn builder(name: &str, version: u32) -> DeclarationBuilder {
        DeclarationBuilder {
            declaration: Declaration {
                name: name.to_owned(),
                version,
                doc: String::new(),
                handler: name.rsplit('.').next().unwrap_or(name).to_owned(),
                arguments: Vec::new(),
                constants: Vec::new(),
                results: Vec::new(),
                chain: Chain::First,
                forbidden: Forbidden::default(),
                closed: None,
                required: Vec::new(),
            },
            forbids: Forbids::default(),
            closes: Closes::default(),
        }
    }
}

impl DeclarationBuilder {
    /// What the hook point is about.
    pub fn doc(mut self, doc: &str) -> Self {
        self.declaration.doc = doc.to_owned();
        self
    }

    /// The next argument.
    pub fn argument(mut self, name: &str, ty: Type, doc: &str) -> Self {
        self.declaration.arguments.push(Argument { name: name.to_owned(), ty, inout: false, doc: doc.to_owned() });
        self
    }

    /// The next argument, which the answer may change.
    pub fn inout(mut self, name: &str, ty: Type, doc: &str) -> Self {
        self.declaration.arguments.push(Argument { name: name.to_owned(), ty, inout: true, doc: doc.to_owned() });
        self
    }

    /// A result; `default` is what a missing key means.
    pub fn result(mut self, name: &str, ty: Type, default: Value, doc: &str) -> Self {
        self.declaration.results.push(ResultField { name: name.to_owned(), ty, default, doc: doc.to_owned() });
        self
    }

    /// An integer that follows the arguments in each call.
    pub fn constant(mut self, name: &str, value: i64) -> Self {
        self.declaration.constants.push(Constant { name: name.to_owned(), value });
        self
    }

    /// An integer for each variant of an enum, named `prefix` followed by the variant's name.
    pub fn constants(mut self, of: &EnumType, prefix: &str) -> Self {
        let constants = of.variants.iter().map(|v| Constant { name: format!("{prefix}{}", v.name), value: v.value });
        self.declaration.constants.extend(constants);
        self
    }

    /// How several attachments share the hook point; [`Chain::First`] unless set.
    pub fn chain(mut self, chain: Chain) -> Self {
        self.declaration.chain = chain;
        self
    }

    /// No policy may skip an attachment that failed, because that would open what the hook point guards.
    pub fn forbid_skip(mut self) -> Self {
        self.forbids.skip = true;
        self
    }

    /// No policy may turn a failure into the defaults. It may not skip a failed attachment either, since that leads to
    /// the defaults where no other attachment decides.
    pub fn forbid_default(mut self) -> Self {
        self.forbids.default = true;
        self
    }

    /// No policy may turn a failure into this result, neither by name nor as a default.
    pub fn forbid_result(mut self, result: &str, value: Value) -> Self {
        self.forbids.results.push((result.to_owned(), value));
        self
    }

    /// The value of this result while protection is missing; results without such a value are at their defaults then.
    pub fn closed(mut self, result: &str, value: Value) -> Self {
        self.closes.results.push((result.to_owned(), value));
        self
    }

    /// Until this attachment, written as `TENANT/NAME`, is attached and enabled, every invocation gives the closed
    /// result. An invocation in which it fails or is denied does so too.
    pub fn require(mut self, attachment: &str) -> Self {
        self.closes.required.push(attachment.to_owned());
        self
    }

    /// Checks the declaration and returns it.
    ///
    /// # Errors
    /// A name that is not a Lua name, is longer than 64 bytes or occurs twice; more than 32 arguments or results, 255
    /// fields or variants, 8 levels of types, 8192 parts or 64 KiB of argument slots; an empty integer range, enum or
    /// record; an optional in an optional, a list or a map; a default, a forbidden value or a closed result that does
    /// not fit its type; a closed result that is forbidden or belongs to a hook point that observes; required
    /// attachments without a closed result, or more than 64.
    pub fn build(self) -> Result<Arc<Declaration>, DeclarationError> {
        let mut d = self.declaration;
        let fail = |reason: String| Err(DeclarationError { hook: d.name.clone(), reason });
        if let Err(reason) = check(&d) {
            return fail(reason);
        }
        d.forbidden = self.forbids.of(&d)?;
        (d.closed, d.required) = self.closes.of(&d)?;
        Ok(Arc::new(d))
    }
}
