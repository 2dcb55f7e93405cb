//! A hook point's declaration, and the builder that checks one.
//!
//! [`hook_point!`](crate::hook_point) makes declarations at compile time; programs that learn their hook points at run
//! time (C programs do) use [`Declaration::builder`].

use std::collections::HashSet;
use std::sync::Arc;

use thiserror::Error;

use super::closed::{Closed, Closes, Required};
use super::forbidden::{Forbidden, Forbids};
use super::types::{EnumType, RecordType, Type};
use crate::value::Value;

/// Most bytes of a name.
const MAX_NAME: usize = 64;
/// Most arguments, and most results.
const MAX_ARGUMENTS: usize = 32;
/// Most fields of a record, and most variants of an enum.
const MAX_FIELDS: usize = 255;
/// How deep types may nest.
const MAX_DEPTH: usize = 8;
/// Most types, fields and variants of one declaration, each counted where it is used.
const MAX_PARTS: usize = 8192;
/// Most bytes of the fixed part of the argument buffer.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// A typed place where the host asks scripts.
#[derive(Debug, Clone, PartialEq)]
pub struct Declaration {
    /// Full name: parts joined by dots, such as `web.request`.
    pub name: String,
    /// Goes up when the meaning changes; the [fingerprint](Declaration::fingerprint) tells the shape.
    pub version: u32,
    /// What it is about.
    pub doc: String,
    /// Name of the Lua function that is called: the last part of `name`.
    pub handler: String,
    /// What the handler is called with, in order.
    pub arguments: Vec<Argument>,
    /// Integers that follow the arguments in each call, and that scripts find as globals too.
    pub constants: Vec<Constant>,
    /// What the handler may answer.
    pub results: Vec<ResultField>,
    /// How several attachments share the hook point.
    pub chain: Chain,
    /// What policies may not make of faults and denials. No part of the fingerprint: scripts do not notice it.
    pub forbidden: Forbidden,
    /// What applies while protection is missing, if the hook point has such a thing. No part of the fingerprint.
    pub closed: Option<Closed>,
    /// Attachments without which the hook point is closed. No part of the fingerprint.
    pub required: Vec<Required>,
}

/// One argument of a hook point.
#[derive(Debug, Clone, PartialEq)]
pub struct Argument {
    /// Its name; also the key under which an answer gives its changes.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// Whether the answer may change it.
    pub inout: bool,
    /// What it is.
    pub doc: String,
}

/// A named integer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Its name in scripts.
    pub name: String,
    /// Its value.
    pub value: i64,
}

/// One result of a hook point.
#[derive(Debug, Clone, PartialEq)]
pub struct ResultField {
    /// The key in the answer.
    pub name: String,
    /// Its type.
    pub ty: Type,
    /// What a missing key means.
    pub default: Value,
    /// What it means.
    pub doc: String,
}

/// How several attachments share a hook point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chain {
    /// In order, until one answers with something else than the default.
    First,
    /// Every one of them; answers are checked and then set aside.
    Observe,
}

/// What is wrong with a declaration.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("hook point {hook}: {reason}")]
pub struct DeclarationError {
    /// The hook point's name as given.
    pub hook: String,
    /// What is wrong, and what was expected.
    pub reason: String,
}

impl Declaration {
    /// Starts a declaration. `name` is made of parts joined by dots; each part is a Lua name.
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

    /// Offset of each argument in the argument buffer, in order.
    pub fn offsets(&self) -> impl Iterator<Item = usize> {
        self.arguments.iter().scan(0, |at, argument| {
            let offset = *at;
            *at += argument.ty.slot();
            Some(offset)
        })
    }

    /// Offset of the argument at `position`: the slots before it, as far as there are any.
    pub fn offset(&self, position: usize) -> usize {
        self.arguments.iter().take(position).map(|argument| argument.ty.slot()).sum()
    }

    /// Size of the fixed part of the argument buffer, in bytes.
    pub fn head(&self) -> usize {
        self.arguments.iter().map(|a| a.ty.slot()).sum()
    }

    /// Position of the result of this name.
    pub fn result_position(&self, name: &[u8]) -> Option<usize> {
        self.results.iter().position(|r| r.name.as_bytes() == name)
    }

    /// Position of the `inout` argument of this name.
    pub fn inout_position(&self, name: &[u8]) -> Option<usize> {
        self.arguments.iter().position(|a| a.inout && a.name.as_bytes() == name)
    }
}

/// Collects a [`Declaration`] and checks it as a whole.
#[derive(Debug, Clone)]
#[must_use]
pub struct DeclarationBuilder {
    declaration: Declaration,
    forbids: Forbids,
    closes: Closes,
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

    /// An integer for each variant of an enum, called `prefix` and the variant's name.
    pub fn constants(mut self, of: &EnumType, prefix: &str) -> Self {
        let constants = of.variants.iter().map(|v| Constant { name: format!("{prefix}{}", v.name), value: v.value });
        self.declaration.constants.extend(constants);
        self
    }

    /// How several attachments share the hook point; [`Chain::First`] unless said.
    pub fn chain(mut self, chain: Chain) -> Self {
        self.declaration.chain = chain;
        self
    }

    /// No policy may skip an attachment that failed: what it guards would be open.
    pub fn forbid_skip(mut self) -> Self {
        self.forbids.skip = true;
        self
    }

    /// No policy may answer for an attachment that failed with the defaults. Nor may it skip one then, since that leads
    /// to the defaults where nobody else decides.
    pub fn forbid_default(mut self) -> Self {
        self.forbids.default = true;
        self
    }

    /// No policy may answer this for an attachment that failed, neither by name nor as a default.
    pub fn forbid_result(mut self, result: &str, value: Value) -> Self {
        self.forbids.results.push((result.to_owned(), value));
        self
    }

    /// What this result is while protection is missing; results that are not given are at their defaults then.
    pub fn closed(mut self, result: &str, value: Value) -> Self {
        self.closes.results.push((result.to_owned(), value));
        self
    }

    /// Until this attachment, written as `TENANT/NAME`, is attached and enabled, every invocation gives the closed result;
    /// and where it fails or is denied, the invocation does.
    pub fn require(mut self, attachment: &str) -> Self {
        self.closes.required.push(attachment.to_owned());
        self
    }

    /// The declaration, checked.
    ///
    /// # Errors
    /// Names that are not Lua names, are longer than 64 bytes or occur twice; more than 32 arguments or results, 255
    /// fields or variants, 8 levels of types, 8192 parts or 64 KiB of argument slots; empty integer ranges, enums and
    /// records; an optional in an optional, a list or a map; a default, a forbidden value or a closed result that does not
    /// fit its type; a closed result that is forbidden or of a hook point that observes; required attachments without a
    /// closed result, or more than 64.
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

fn check(d: &Declaration) -> Result<(), String> {
    if d.name.len() > MAX_NAME || !d.name.split('.').all(is_lua_name) {
        return Err(format!(
            "expected a name of at most {MAX_NAME} bytes made of Lua names joined by dots, such as web.request"
        ));
    }
    if d.arguments.len() > MAX_ARGUMENTS || d.results.len() > MAX_ARGUMENTS {
        return Err(format!("expected at most {MAX_ARGUMENTS} arguments and as many results"));
    }
    if d.constants.len() > MAX_FIELDS {
        return Err(format!("expected at most {MAX_FIELDS} constants"));
    }
    let mut names = HashSet::new();
    let mut parts = Parts { left: MAX_PARTS };
    for argument in &d.arguments {
        check_name(&mut names, "argument", &argument.name)?;
        parts.check(&argument.name, &argument.ty, 1)?;
    }
    let mut globals = HashSet::from([d.handler.as_str()]);
    for constant in &d.constants {
        if constant.name == d.handler {
            return Err(format!("constant '{}': the handler is called so", constant.name));
        }
        check_name(&mut globals, "constant", &constant.name)?;
    }
    // A result may not be called like an inout argument: both are keys of the answer.
    let mut keys: HashSet<&str> = d.arguments.iter().filter(|a| a.inout).map(|a| a.name.as_str()).collect();
    for result in &d.results {
        check_name(&mut keys, "result", &result.name)?;
        parts.check(&result.name, &result.ty, 1)?;
        if !result.default.fits(&result.ty) {
            return Err(format!("result {}: the default does not fit {}", result.name, result.ty));
        }
    }
    if d.head() > MAX_HEAD {
        return Err(format!("the arguments take {} bytes, expected at most {MAX_HEAD}", d.head()));
    }
    Ok(())
}

fn check_name<'a>(seen: &mut HashSet<&'a str>, what: &str, name: &'a str) -> Result<(), String> {
    if !is_lua_name(name) || name.len() > MAX_NAME {
        return Err(format!("{what} '{name}': expected a Lua name of at most {MAX_NAME} bytes"));
    }
    if !seen.insert(name) {
        return Err(format!("{what} '{name}': the name is used twice"));
    }
    Ok(())
}

fn is_lua_name(name: &str) -> bool {
    const KEYWORDS: [&str; 22] = [
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if", "in", "local", "nil",
        "not", "or", "repeat", "return", "then", "true", "until", "while",
    ];
    let mut chars = name.bytes();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == b'_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == b'_')
        && !KEYWORDS.contains(&name)
}

/// Checks types, and counts what they are made of.
struct Parts {
    left: usize,
}

impl Parts {
    fn take(&mut self, path: &str, count: usize) -> Result<(), String> {
        match self.left.checked_sub(count) {
            Some(left) => self.left = left,
            None => return Err(format!("{path}: more than {MAX_PARTS} types, fields and variants in all")),
        }
        Ok(())
    }

    fn check(&mut self, path: &str, ty: &Type, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err(format!("{path}: types nest deeper than {MAX_DEPTH} levels"));
        }
        self.take(path, 1)?;
        match ty {
            Type::Integer { min, max } if min > max => Err(format!("{path}: the range {min}..{max} is empty")),
            Type::Enum(e) => self.check_enum(path, e),
            Type::Optional(inner) if matches!(**inner, Type::Optional(_)) => {
                Err(format!("{path}: an optional of an optional"))
            }
            Type::Optional(inner) => self.check(path, inner, depth + 1),
            Type::List { element, .. } if matches!(**element, Type::Optional(_)) => {
                Err(format!("{path}: a list of optionals; Lua's lists have no holes"))
            }
            Type::Map { value, .. } if matches!(**value, Type::Optional(_)) => {
                Err(format!("{path}: a map of optionals; leave absent entries out"))
            }
            Type::List { element, .. } => self.check(&format!("{path}[]"), element, depth + 1),
            Type::Map { value, .. } => self.check(&format!("{path}[]"), value, depth + 1),
            Type::Record(record) => self.check_record(path, record, depth),
            _ => Ok(()),
        }
    }

    fn check_enum(&mut self, path: &str, e: &EnumType) -> Result<(), String> {
        if e.variants.is_empty() || e.variants.len() > MAX_FIELDS {
            return Err(format!("{path}: expected 1 to {MAX_FIELDS} variants of {}", e.name));
        }
        self.take(path, e.variants.len())?;
        check_name(&mut HashSet::new(), "enum", &e.name)?;
        let mut names = HashSet::new();
        let mut values = HashSet::new();
        for variant in &e.variants {
            check_name(&mut names, "variant", &variant.name)?;
            if !values.insert(variant.value) {
                return Err(format!("{path}: two variants of {} are {}", e.name, variant.value));
            }
        }
        Ok(())
    }

    fn check_record(&mut self, path: &str, record: &RecordType, depth: usize) -> Result<(), String> {
        if record.fields.is_empty() || record.fields.len() > MAX_FIELDS {
            return Err(format!("{path}: expected 1 to {MAX_FIELDS} fields of {}", record.name));
        }
        check_name(&mut HashSet::new(), "record", &record.name)?;
        let mut names = HashSet::new();
        for field in &record.fields {
            check_name(&mut names, "field", &field.name)?;
            self.check(&format!("{path}.{}", field.name), &field.ty, depth + 1)?;
        }
        Ok(())
    }
}
