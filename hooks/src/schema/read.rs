//! Reads declarations from the JSON that [`Declaration::to_json`] writes, for tools that work with another program's
//! hook points.

use std::sync::Arc;

use serde_json::Value as Json;

use super::declaration::{Chain, Declaration};
use crate::dynamic::{JsonError, Value, json as values};
use crate::types::{EnumType, Field, RecordType, Syntax, Type, Variant};

/// Deeper than any declaration.
const MAX_DEPTH: usize = 16;

impl Declaration {
    /// Reads a declaration from its JSON. Unknown keys are ignored; the fingerprint is computed anew. Strings may have
    /// one of the `known` syntaxes.
    ///
    /// # Errors
    /// A key that is missing or of another kind, an unknown syntax, and whatever [`Declaration::builder`] rejects.
    pub fn from_json(json: &Json, known: &[&'static Syntax]) -> Result<Arc<Declaration>, JsonError> {
        let of = Part { path: "hook point".to_owned(), json, known };
        let name = of.text("name")?;
        let of = Part { path: name.clone(), json, known };
        let version = u32::try_from(of.integer("version")?).map_err(|_| of.wrong("version", "a version"))?;
        let mut builder = Declaration::builder(&name, version).doc(&of.text("doc")?);
        builder = builder.chain(match of.text("chain")?.as_str() {
            "first" => Chain::First,
            "observe" => Chain::Observe,
            _ => return Err(of.wrong("chain", "\"first\" or \"observe\"")),
        });
        for argument in of.parts("arguments")? {
            let (name, ty, doc) = (argument.text("name")?, argument.part("type")?.ty(0)?, argument.text("doc")?);
            builder = if argument.boolean("inout")? {
                builder.inout(&name, ty, &doc)
            } else {
                builder.argument(&name, ty, &doc)
            };
        }
        for constant in of.parts("constants")? {
            builder = builder.constant(&constant.text("name")?, constant.integer("value")?);
        }
        for result in of.parts("results")? {
            let ty = result.part("type")?.ty(0)?;
            let default = result.part("default")?;
            let default: Value = values::read(&default.path, &ty, default.json)?;
            builder = builder.result(&result.text("name")?, ty, default, &result.text("doc")?);
        }
        if let Some(closed) = json.get("closed").filter(|closed| !closed.is_null()) {
            let closed = closed.as_object().ok_or_else(|| of.wrong("closed", "an object with results"))?;
            for (result, value) in closed {
                let parts = of.parts("results")?.find(|part| part.json["name"] == **result);
                let part = parts.ok_or_else(|| of.wrong("closed", "results of the hook point"))?;
                let path = format!("{}.closed.{result}", of.path);
                builder = builder.closed(result, values::read(&path, &part.part("type")?.ty(0)?, value)?);
            }
        }
        for required in json.get("required").and_then(Json::as_array).into_iter().flatten() {
            builder = builder.require(required.as_str().ok_or_else(|| of.wrong("required", "an array of strings"))?);
        }
        builder.build().map_err(|error| JsonError::new(&error.hook, error.reason))
    }
}

/// A part of the JSON, and its path.
struct Part<'a> {
    path: String,
    json: &'a Json,
    known: &'a [&'static Syntax],
}

impl<'a> Part<'a> {
    fn wrong(&self, key: &str, expected: &str) -> JsonError {
        let got = self.json.get(key).map_or("nothing".to_owned(), values::describe);
        JsonError::new(&format!("{}.{key}", self.path), format!("expected {expected}, got {got}"))
    }

    fn part(&self, key: &str) -> Result<Part<'a>, JsonError> {
        let json = self.json.get(key).ok_or_else(|| self.wrong(key, "a value"))?;
        Ok(Part { path: format!("{}.{key}", self.path), json, known: self.known })
    }

    fn parts(&self, key: &str) -> Result<impl Iterator<Item = Part<'a>> + use<'a>, JsonError> {
        let all = self.json.get(key).and_then(Json::as_array).ok_or_else(|| self.wrong(key, "an array"))?;
        let (path, known) = (format!("{}.{key}", self.path), self.known);
        Ok((1..).zip(all).map(move |(number, json)| Part { path: format!("{path}[{number}]"), json, known }))
    }

    fn text(&self, key: &str) -> Result<String, JsonError> {
        let text = self.json.get(key).and_then(Json::as_str);
        text.map(str::to_owned).ok_or_else(|| self.wrong(key, "a string"))
    }

    fn integer(&self, key: &str) -> Result<i64, JsonError> {
        self.json.get(key).and_then(Json::as_i64).ok_or_else(|| self.wrong(key, "an integer"))
    }

    fn boolean(&self, key: &str) -> Result<bool, JsonError> {
        self.json.get(key).and_then(Json::as_bool).ok_or_else(|| self.wrong(key, "true or false"))
    }

    fn most(&self) -> Result<u32, JsonError> {
        u32::try_from(self.integer("max")?).map_err(|_| self.wrong("max", "an integer from 0 to 4294967295"))
    }

    /// The syntax of a string; `None` if the JSON names none.
    fn syntax(&self) -> Result<Option<&'static Syntax>, JsonError> {
        let Some(named) = self.json.get("syntax") else { return Ok(None) };
        let syntax = self.known.iter().find(|known| named.as_str() == Some(known.name()));
        syntax.map(|known| Some(*known)).ok_or_else(|| {
            let names: Vec<&str> = self.known.iter().map(|known| known.name()).collect();
            let expected = if names.is_empty() { "no syntax".to_owned() } else { names.join(" or ") };
            self.wrong("syntax", &expected)
        })
    }

    fn ty(&self, depth: usize) -> Result<Type, JsonError> {
        if depth > MAX_DEPTH {
            return Err(JsonError::new(&self.path, format!("types nest deeper than {MAX_DEPTH} levels")));
        }
        let inner = || self.part("of")?.ty(depth + 1).map(Arc::new);
        Ok(match self.text("kind")?.as_str() {
            "boolean" => Type::Boolean,
            "integer" => Type::Integer { min: self.integer("min")?, max: self.integer("max")? },
            "float" => Type::Float,
            "string" => Type::String { max: self.most()?, utf8: self.boolean("utf8")?, syntax: self.syntax()? },
            "address" => Type::Address,
            "prefix" => Type::Prefix,
            "enum" => Type::Enum(Arc::new(self.enumeration()?)),
            "optional" => Type::Optional(inner()?),
            "list" => Type::List { element: inner()?, max: self.most()? },
            "map" => Type::Map { value: inner()?, max: self.most()? },
            "record" => Type::Record(Arc::new(self.record(depth)?)),
            _ => return Err(self.wrong("kind", "a kind of type")),
        })
    }

    fn enumeration(&self) -> Result<EnumType, JsonError> {
        let variant = |part: Part<'_>| {
            Ok(Variant { name: part.text("name")?, value: part.integer("value")?, doc: part.text("doc")? })
        };
        let variants = self.parts("variants")?.map(variant).collect::<Result<_, JsonError>>()?;
        Ok(EnumType { name: self.text("name")?, doc: self.text("doc")?, variants })
    }

    fn record(&self, depth: usize) -> Result<RecordType, JsonError> {
        let field = |part: Part<'_>| {
            let ty = part.part("type")?.ty(depth + 1)?;
            Ok(Field { name: part.text("name")?, ty, writable: part.boolean("writable")?, doc: part.text("doc")? })
        };
        let fields = self.parts("fields")?.map(field).collect::<Result<_, JsonError>>()?;
        Ok(RecordType { name: self.text("name")?, doc: self.text("doc")?, fields })
    }
}
