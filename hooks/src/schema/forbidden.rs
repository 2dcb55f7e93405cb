//! What policies may not make of a fault or a denial at a hook point.

use super::declaration::{Declaration, DeclarationError};
use super::types::Type;
use crate::value::Value;

/// What policies may not make of a fault or a denial at a hook point; nothing unless the declaration says so.
///
/// A hook point that guards something forbids what would open it when a script fails. The refusal comes when a policy is
/// loaded, or when hook point or script come later than it: never when a call has failed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forbidden {
    skip: bool,
    default: bool,
    /// Results by position, and the value that may not come of a failure.
    results: Vec<(usize, Value)>,
}

impl Forbidden {
    /// Whether nothing is forbidden.
    pub fn is_empty(&self) -> bool {
        !self.skip && !self.default && self.results.is_empty()
    }

    /// Why a policy may not say `"skip"`. Skipping leads to the default where nobody else decides, so whoever forbids
    /// the default forbids skipping.
    pub fn refuses_skip(&self, of: &Declaration) -> Option<String> {
        if self.skip {
            return Some(format!("{} forbids it", of.name));
        }
        let reason = self.refuses_default(of)?;
        Some(format!("where nobody else decides it leads to the default, and {reason}"))
    }

    /// Why a policy may not say `"default"`.
    pub fn refuses_default(&self, of: &Declaration) -> Option<String> {
        if self.default {
            return Some(format!("{} forbids it", of.name));
        }
        self.refuses(of, |_| None)
    }

    /// Why a policy may not answer this: results by position, silent about what is at its default.
    pub fn refuses(&self, of: &Declaration, given: impl Fn(usize) -> Option<Value>) -> Option<String> {
        self.results.iter().find_map(|(position, forbidden)| {
            let result = of.results.get(*position)?;
            let value = given(*position).unwrap_or_else(|| result.default.clone());
            (value == *forbidden).then(|| format!("{} forbids {}", of.name, shown(&result.name, &result.ty, forbidden)))
        })
    }

    /// One line for each thing that is forbidden, for listings.
    pub fn lines(&self, of: &Declaration) -> Vec<String> {
        let words = [(self.skip, "skip"), (self.default, "default")];
        let words = words.into_iter().filter(|(forbidden, _)| *forbidden).map(|(_, word)| word.to_owned());
        let results = self.results.iter().filter_map(|(position, value)| {
            let result = of.results.get(*position)?;
            Some(shown(&result.name, &result.ty, value))
        });
        words.chain(results).collect()
    }
}

/// `name = value`, enums by their variants' names.
pub(super) fn shown(name: &str, ty: &Type, value: &Value) -> String {
    match (ty, value) {
        (Type::Optional(inner), value) if *value != Value::Nil => shown(name, inner, value),
        (Type::Enum(of), Value::Enum(at)) => match of.variants.get(*at) {
            Some(variant) => format!("{name} = {}", variant.name),
            None => format!("{name} = {at}"),
        },
        (_, Value::Boolean(v)) => format!("{name} = {v}"),
        (_, Value::Integer(v)) => format!("{name} = {v}"),
        (_, Value::Float(v)) => format!("{name} = {v}"),
        (_, Value::String(v)) => format!("{name} = {:?}", String::from_utf8_lossy(v)),
        (_, value) => format!("{name} = {value:?}"),
    }
}

/// What the builder collects; results by name until all of them are known.
#[derive(Debug, Clone, Default)]
pub(super) struct Forbids {
    pub skip: bool,
    pub default: bool,
    pub results: Vec<(String, Value)>,
}

impl Forbids {
    /// Checked against the declaration's results.
    pub fn of(self, declaration: &Declaration) -> Result<Forbidden, DeclarationError> {
        let wrong = |reason| DeclarationError { hook: declaration.name.clone(), reason };
        let mut results = Vec::with_capacity(self.results.len());
        for (name, value) in self.results {
            let Some(position) = declaration.result_position(name.as_bytes()) else {
                return Err(wrong(format!("forbidden result '{name}': there is no such result")));
            };
            let ty = &declaration.results[position].ty;
            if !value.fits(ty) {
                return Err(wrong(format!("forbidden result {name}: the value does not fit {ty}")));
            }
            results.push((position, value));
        }
        Ok(Forbidden { skip: self.skip, default: self.default, results })
    }
}
