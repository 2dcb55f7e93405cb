//! The rules for declarations.

use std::collections::HashSet;

use super::declaration::Declaration;
use crate::types::{EnumType, RecordType, Type};

/// The most bytes of a name.
const MAX_NAME: usize = 64;
/// The most arguments, and the most results.
const MAX_ARGUMENTS: usize = 32;
/// The most fields of a record, and the most variants of an enum.
const MAX_FIELDS: usize = 255;
/// How deep types may nest.
const MAX_DEPTH: usize = 8;
/// The most types, fields and variants of one declaration, each counted where it is used.
const MAX_PARTS: usize = 8192;
/// The most bytes of the fixed part of the argument buffer.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// What is wrong with a declaration, except for what it forbids and closes.
pub(super) fn check(d: &Declaration) -> Result<(), String> {
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
            return Err(format!("constant '{}': the handler has the same name", constant.name));
        }
        check_name(&mut globals, "constant", &constant.name)?;
    }
    // A result cannot have the name of an inout argument, because both are keys of the answer.
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

/// Checks types, and counts their parts.
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
