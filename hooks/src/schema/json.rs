//! Declarations and arguments as JSON, for listings and for manual calls.

use serde_json::{Value as Json, json};

use super::declaration::{Chain, Declaration};
use crate::dynamic::{JsonError, Value, json as values};
use crate::types::{RecordType, Type};

impl Declaration {
    /// The whole declaration, for listings: arguments, constants and results with their types and documentation.
    pub fn to_json(&self) -> Json {
        let arguments: Vec<Json> = self
            .arguments
            .iter()
            .map(|a| json!({ "name": a.name, "type": ty(&a.ty), "inout": a.inout, "doc": a.doc }))
            .collect();
        let constants: Vec<Json> = self.constants.iter().map(|c| json!({ "name": c.name, "value": c.value })).collect();
        let results: Vec<Json> = self
            .results
            .iter()
            .map(|r| json!({ "name": r.name, "type": ty(&r.ty), "default": r.default.to_json(&r.ty), "doc": r.doc }))
            .collect();
        let mut all = json!({
            "name": self.name,
            "version": self.version,
            "fingerprint": self.fingerprint().to_string(),
            "doc": self.doc,
            "handler": self.handler,
            "chain": match self.chain { Chain::First => "first", Chain::Observe => "observe" },
            "arguments": arguments,
            "constants": constants,
            "results": results,
        });
        if !self.forbidden.is_empty() {
            all["forbidden"] = self.forbidden.lines(self).into();
        }
        if let Some(closed) = &self.closed {
            let result = |(position, value): &(usize, Value)| {
                let result = self.results.get(*position)?;
                Some((result.name.clone(), value.to_json(&result.ty)))
            };
            all["closed"] = closed.results().iter().filter_map(result).collect();
        }
        if !self.required.is_empty() {
            all["required"] = self.required.iter().map(ToString::to_string).collect();
        }
        all
    }

    /// Reads arguments from an object with their names; optional ones may be left out.
    ///
    /// # Errors
    /// An unknown or missing argument, or a value that is not of its type.
    pub fn arguments_from_json(&self, json: &Json) -> Result<Vec<Value>, JsonError> {
        let Json::Object(object) = json else {
            let reason = format!("expected an object with the arguments' names, got {}", values::describe(json));
            return Err(JsonError::new(&self.name, reason));
        };
        if let Some(unknown) = object.keys().find(|key| !self.arguments.iter().any(|a| a.name == **key)) {
            let nearest = crate::nearest(unknown, self.arguments.iter().map(|a| a.name.as_str()));
            return Err(values::unknown_name(unknown, &format!("argument of {}", self.name), nearest));
        }
        self.arguments.iter().map(|a| values::read_or_absent(&a.name, &a.ty, object.get(&a.name))).collect()
    }

    /// Arguments, in order, as an object with their names.
    pub fn arguments_to_json(&self, arguments: &[Value]) -> Json {
        self.arguments.iter().zip(arguments).map(|(a, value)| (a.name.clone(), value.to_json(&a.ty))).collect()
    }
}

fn ty(of: &Type) -> Json {
    match of {
        Type::Boolean => json!({ "kind": "boolean" }),
        Type::Integer { min, max } => json!({ "kind": "integer", "min": min, "max": max }),
        Type::Float => json!({ "kind": "float" }),
        Type::String { max, utf8, syntax: None } => json!({ "kind": "string", "max": max, "utf8": utf8 }),
        Type::String { max, utf8, syntax: Some(syntax) } => {
            json!({ "kind": "string", "max": max, "utf8": utf8, "syntax": syntax.name() })
        }
        Type::Address => json!({ "kind": "address" }),
        Type::Prefix => json!({ "kind": "prefix" }),
        Type::Enum(e) => {
            let variants: Vec<Json> =
                e.variants.iter().map(|v| json!({ "name": v.name, "value": v.value, "doc": v.doc })).collect();
            json!({ "kind": "enum", "name": e.name, "doc": e.doc, "variants": variants })
        }
        Type::Optional(inner) => json!({ "kind": "optional", "of": ty(inner) }),
        Type::List { element, max } => json!({ "kind": "list", "of": ty(element), "max": max }),
        Type::Map { value, max } => json!({ "kind": "map", "of": ty(value), "max": max }),
        Type::Record(r) => record(r),
    }
}

fn record(r: &RecordType) -> Json {
    let fields: Vec<Json> = r
        .fields
        .iter()
        .map(|f| json!({ "name": f.name, "type": ty(&f.ty), "writable": f.writable, "doc": f.doc }))
        .collect();
    json!({ "kind": "record", "name": r.name, "doc": r.doc, "fields": fields })
}
