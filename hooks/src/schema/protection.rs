//! Checks policies against what a declaration forbids, and lists that.

use super::closed::Closed;
use super::declaration::Declaration;
use super::forbidden::Forbidden;
use crate::dynamic::Value;
use crate::types::Type;

impl Forbidden {
    /// Why a policy may not say `"skip"`. Skipping leads to the default where no other attachment decides, so
    /// forbidding the default forbids skipping.
    pub fn refuses_skip(&self, of: &Declaration) -> Option<String> {
        if self.skip {
            return Some(format!("{} forbids it", of.name));
        }
        let reason = self.refuses_default(of)?;
        Some(format!("where no other attachment decides, it leads to the default, and {reason}"))
    }

    /// Why a policy may not say `"default"`.
    pub fn refuses_default(&self, of: &Declaration) -> Option<String> {
        if self.default {
            return Some(format!("{} forbids it", of.name));
        }
        self.refuses(of, |_| None)
    }

    /// Why a policy may not use this result: results by position; those that are missing are at their defaults.
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

impl Closed {
    /// One line for each closed result, for listings.
    pub fn lines(&self, of: &Declaration) -> Vec<String> {
        let line = |(position, value): &(usize, Value)| {
            let result = of.results.get(*position)?;
            Some(shown(&result.name, &result.ty, value))
        };
        self.results.iter().filter_map(line).collect()
    }
}

/// `name = value`, enums by their variants' names.
fn shown(name: &str, ty: &Type, value: &Value) -> String {
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
