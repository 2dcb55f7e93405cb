//! Fields of outcomes, resolved once, when a hook point is declared.
//!
//! A field is named by a path: `action` is a result, `attributes.metric` what changed in an inout argument. No path is
//! both, because declarations reject that.

use std::collections::HashMap;

use tenterhook::hooks::codec::Answer;
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;

/// Names a result, a changed argument or a field of one; it stays the same as long as the hook point lives. 0 is no
/// field.
pub type th_field = u32;

#[derive(Debug, Clone, Copy)]
enum Source {
    Result(usize),
    Change(usize),
}

#[derive(Debug)]
struct FieldPath {
    source: Source,
    /// Positions of fields, from the result or argument inwards.
    steps: Vec<usize>,
    path: String,
}

/// The fields of a hook point.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    paths: Vec<FieldPath>,
    names: HashMap<String, th_field>,
}

impl Fields {
    pub fn of(declaration: &Declaration) -> Fields {
        let mut fields = Fields::default();
        for (position, result) in declaration.results.iter().enumerate() {
            fields.walk(result.name.clone(), &result.ty, Source::Result(position), Vec::new());
        }
        for (position, argument) in declaration.arguments.iter().enumerate().filter(|(_, a)| a.inout) {
            fields.walk(argument.name.clone(), &argument.ty, Source::Change(position), Vec::new());
        }
        fields
    }

    fn walk(&mut self, path: String, ty: &Type, source: Source, steps: Vec<usize>) {
        self.paths.push(FieldPath { source, steps: steps.clone(), path: path.clone() });
        self.names.insert(path.clone(), self.paths.len() as th_field);
        if let Type::Record(record) = without_optional(ty) {
            for (at, field) in record.fields.iter().enumerate() {
                let steps = steps.iter().copied().chain([at]).collect();
                self.walk(format!("{path}.{}", field.name), &field.ty, source, steps);
            }
        }
    }

    pub fn find(&self, path: &str) -> Option<th_field> {
        self.names.get(path).copied()
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(|found| found.path.as_str())
    }

    /// Position of the last member of the path in its record.
    pub fn member(&self, path: &str) -> Option<usize> {
        self.paths.get((self.find(path)? as usize).wrapping_sub(1))?.steps.last().copied()
    }

    /// Whether there is such a field.
    pub fn contains(&self, field: th_field) -> bool {
        field != 0 && field as usize <= self.paths.len()
    }

    /// The value of a field in an answer, with its type: a result's default if the answer leaves it out, `None` if
    /// nothing changed.
    pub fn value<'a>(&self, field: th_field, of: &'a Declaration, answer: &'a Answer) -> Option<(&'a Value, &'a Type)> {
        let found = self.paths.get((field as usize).wrapping_sub(1))?;
        let (mut value, mut ty) = match found.source {
            Source::Result(at) => {
                let result = of.results.get(at)?;
                (answer.result(at).unwrap_or(&result.default), &result.ty)
            }
            Source::Change(at) => (answer.change(at)?, &of.arguments.get(at)?.ty),
        };
        for step in &found.steps {
            let (Value::Record(fields), Type::Record(record)) = (value, without_optional(ty)) else { return None };
            value = fields.iter().find(|(at, _)| at == step).map(|(_, value)| value)?;
            ty = &record.fields.get(*step)?.ty;
        }
        Some((value, ty))
    }
}

/// The type itself, or the type inside an optional.
pub(crate) fn without_optional(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        ty => ty,
    }
}
