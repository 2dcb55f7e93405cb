//! Hook points as definitions that language servers for Lua read (LuaLS and EmmyLua: `---@class`, `---@field`, …).
//!
//! | in the schema | in the definitions of hook point `a.b` |
//! | --- | --- |
//! | record `R` | class `a.R`; the changes in an answer: class `a.R.Change` |
//! | enum `E` | alias `a.E`: the names; in an answer: `a.E.Given`, integers too |
//! | list, map, optional | `T[]`, `table<string, T>`, `T?` |
//! | address, prefix | `tenterhook.Address`, `tenterhook.Prefix`; in an answer text too |
//! | the answer | class `a.b.Answer` |
//! | the handler | alias `a.b.Handler` |
//!
//! Hook points of one namespace share their types. If two types of one name differ, each is prefixed with its hook
//! point's name.

use std::collections::BTreeMap;
use std::fmt::Write;

use tenterhook::hooks::schema::{Declaration, EnumType, RecordType, Type};

use crate::text;

/// The definitions of the hook points of one namespace.
pub fn namespace(hooks: &[&Declaration]) -> String {
    let mut out = String::from("---@meta _\n\n-- Made by `tenterhook types`: what a hook point gives and takes.\n");
    let mut types = Types::of(hooks);
    for class in std::mem::take(&mut types.classes) {
        out.push_str(&class);
    }
    let mut constants: BTreeMap<&str, i64> = BTreeMap::new();
    for of in hooks {
        constants.extend(of.constants.iter().map(|constant| (constant.name.as_str(), constant.value)));
        answer(&mut out, &types, of);
        handler(&mut out, &types, of);
    }
    if !constants.is_empty() {
        out.push('\n');
    }
    for (name, value) in constants {
        let _ = writeln!(out, "{name} = {value}");
    }
    out
}

/// The part before the last dot: hook points that share it share their types.
pub fn prefix(of: &Declaration) -> &str {
    of.name.rsplit_once('.').map_or(of.name.as_str(), |(namespace, _)| namespace)
}

/// A handler's head with its annotations, for a new script.
pub fn head(of: &Declaration) -> String {
    let types = Types::of(&[of]);
    let mut out = String::new();
    for argument in &of.arguments {
        let _ = writeln!(out, "---@param {} {}", argument.name, types.read(of, &argument.ty));
    }
    let _ = writeln!(out, "---@return {}", returned(of));
    let parameters: Vec<&str> = of.arguments.iter().map(|argument| argument.name.as_str()).collect();
    let _ = writeln!(out, "function {}({})", of.handler, parameters.join(", "));
    out
}

/// The named types of some hook points.
struct Types {
    /// The name here, by hook point and name in the schema.
    names: BTreeMap<(String, String), String>,
    classes: Vec<String>,
}

impl Types {
    fn of(hooks: &[&Declaration]) -> Types {
        let mut types = Types { names: BTreeMap::new(), classes: Vec::new() };
        // By name here: the schema's text, to recognise equal types.
        let mut known: BTreeMap<String, String> = BTreeMap::new();
        for of in hooks {
            let mut found = Vec::new();
            let parts = of.arguments.iter().map(|a| &a.ty).chain(of.results.iter().map(|r| &r.ty));
            parts.for_each(|ty| collect(ty, &mut found));
            for named in &found {
                let (name, shape) = (named.name(), format!("{named:?}"));
                let short = format!("{}.{name}", prefix(of));
                let chosen = match known.get(&short) {
                    Some(other) if *other != shape => format!("{}.{name}", of.name),
                    _ => short,
                };
                types.names.insert((of.name.clone(), name.to_owned()), chosen.clone());
                known.insert(chosen, shape);
            }
            for named in found {
                let class = match named {
                    Named::Record(record) => types.record(of, record),
                    Named::Enum(e) => types.enumeration(of, e),
                };
                if !types.classes.contains(&class) {
                    types.classes.push(class);
                }
            }
        }
        types
    }

    fn name(&self, of: &Declaration, name: &str) -> &str {
        self.names.get(&(of.name.clone(), name.to_owned())).map_or("any", String::as_str)
    }

    /// The type as a script reads it.
    fn read(&self, of: &Declaration, ty: &Type) -> String {
        match ty {
            Type::Boolean => "boolean".to_owned(),
            Type::Integer { .. } => "integer".to_owned(),
            Type::Float => "number".to_owned(),
            Type::String { .. } => "string".to_owned(),
            Type::Address => "tenterhook.Address".to_owned(),
            Type::Prefix => "tenterhook.Prefix".to_owned(),
            Type::Enum(e) => self.name(of, &e.name).to_owned(),
            Type::Record(record) => self.name(of, &record.name).to_owned(),
            Type::Optional(inner) => format!("{}?", self.read(of, inner)),
            Type::List { element, .. } => format!("{}[]", self.read(of, element)),
            Type::Map { value, .. } => format!("table<string, {}>", self.read(of, value)),
        }
    }

    /// The type in an answer.
    fn given(&self, of: &Declaration, ty: &Type) -> String {
        match ty {
            Type::Address => "tenterhook.Address|string".to_owned(),
            Type::Prefix => "tenterhook.Prefix|string".to_owned(),
            Type::Enum(e) => format!("{}.Given", self.name(of, &e.name)),
            Type::Optional(inner) => self.given(of, inner),
            Type::List { element, .. } => match self.given(of, element) {
                element if element.contains('|') => format!("({element})[]"),
                element => format!("{element}[]"),
            },
            Type::Map { value, .. } => format!("table<string, {}>", self.given(of, value)),
            ty => self.read(of, ty),
        }
    }

    fn record(&self, of: &Declaration, record: &RecordType) -> String {
        let name = self.name(of, &record.name);
        let mut out = format!("\n{}---@class {name}\n", doc(&record.doc));
        for field in &record.fields {
            let about = remark(&field.doc, field.writable);
            let _ = writeln!(out, "---@field {} {}{about}", field.name, self.read(of, &field.ty));
        }
        let _ = write!(out, "\n---What an answer may change of it.\n---@class (exact) {name}.Change\n");
        for field in &record.fields {
            let ty = match inner(&field.ty) {
                Type::Record(inner) => {
                    let inner = self.name(of, &inner.name);
                    format!("{inner}|{inner}.Change")
                }
                // A read-only field may be returned with its own value.
                ty if !field.writable => self.read(of, ty),
                ty => self.given(of, ty),
            };
            let _ = writeln!(out, "---@field {}? {ty}{}", field.name, remark(&field.doc, field.writable));
        }
        out
    }

    fn enumeration(&self, of: &Declaration, e: &EnumType) -> String {
        let name = self.name(of, &e.name);
        let mut out = format!("\n{}---@alias {name}\n", doc(&e.doc));
        for variant in &e.variants {
            let _ = writeln!(out, "---| \"{}\"{}", variant.name, note(&variant.doc));
        }
        let _ = write!(out, "\n---@alias {name}.Given\n---| {name}\n");
        for variant in &e.variants {
            let _ = writeln!(out, "---| {} # {}", variant.value, variant.name);
        }
        out
    }
}

/// A type with a name.
#[derive(Debug)]
enum Named<'a> {
    Record(&'a RecordType),
    Enum(&'a EnumType),
}

impl Named<'_> {
    fn name(&self) -> &str {
        match self {
            Named::Record(record) => &record.name,
            Named::Enum(e) => &e.name,
        }
    }
}

/// The named types within a type, each once, inner ones first.
fn collect<'a>(ty: &'a Type, found: &mut Vec<Named<'a>>) {
    match ty {
        Type::Record(record) => {
            record.fields.iter().for_each(|field| collect(&field.ty, found));
            if !found.iter().any(|named| named.name() == record.name) {
                found.push(Named::Record(record));
            }
        }
        Type::Enum(e) if !found.iter().any(|named| named.name() == e.name) => found.push(Named::Enum(e)),
        Type::Optional(inner) | Type::List { element: inner, .. } | Type::Map { value: inner, .. } => {
            collect(inner, found);
        }
        _ => {}
    }
}

fn answer(out: &mut String, types: &Types, of: &Declaration) {
    let _ = write!(out, "\n---What a handler of {} may answer.\n---@class (exact) {}.Answer\n", of.name, of.name);
    for result in &of.results {
        let default = result.default.to_json(&result.ty);
        let about = format!("{} Default: {default}.", text::first_paragraph(&result.doc));
        let _ = writeln!(out, "---@field {}? {} {}", result.name, types.given(of, &result.ty), about.trim_start());
    }
    for argument in of.arguments.iter().filter(|argument| argument.inout) {
        let ty = match inner(&argument.ty) {
            Type::Record(record) => {
                let name = types.name(of, &record.name);
                format!("{name}|{name}.Change")
            }
            ty => types.given(of, ty),
        };
        let _ = writeln!(out, "---@field {}? {ty} Changes of the argument.", argument.name);
    }
}

fn handler(out: &mut String, types: &Types, of: &Declaration) {
    let arguments = of.arguments.iter().map(|a| format!("{}: {}", a.name, types.read(of, &a.ty)));
    let constants = of.constants.iter().map(|constant| format!("{}: integer", constant.name));
    let parameters: Vec<String> = arguments.chain(constants).collect();
    let about = doc(&of.doc);
    let _ = write!(
        out,
        "\n{about}---\n---The handler is the function `{}`.\n---@alias {}.Handler fun({}): {}\n",
        of.handler,
        of.name,
        parameters.join(", "),
        returned(of)
    );
}

/// The type of the answer; a handler may return nothing, which is an empty answer.
fn returned(of: &Declaration) -> String {
    format!("{}.Answer?", of.name)
}

fn inner(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        ty => ty,
    }
}

/// Documentation as comment lines.
fn doc(doc: &str) -> String {
    doc.lines().fold(String::new(), |mut out, line| {
        let _ = writeln!(out, "---{}", line.trim());
        out
    })
}

/// Documentation after a field.
fn remark(doc: &str, writable: bool) -> String {
    let doc = text::first_paragraph(doc);
    let writable = if writable { " Writable." } else { "" };
    format!(" {doc}{writable}").trim_end().to_owned()
}

/// Documentation after a variant.
fn note(doc: &str) -> String {
    let doc = text::first_paragraph(doc);
    if doc.is_empty() { String::new() } else { format!(" # {doc}") }
}

#[cfg(test)]
mod tests {
    use tenterhook::hooks::value::Value;
    use tenterhook_bgp::catalog;

    use super::*;

    #[test]
    fn a_namespace_has_each_type_once() {
        let all: Vec<&Declaration> = catalog::all().into_iter().map(|of| &**of).collect();
        let text = namespace(&all);
        for line in [
            "---@class bgp.Attributes",
            "---@field metric integer Multi-exit discriminator, 0..4294967295; 0 where the route has none. Lower is \
             preferred. Writable.",
            "---@field next_hop? tenterhook.Address|string Next hop; nil where the route has none. Cannot be removed \
             where BGP needs one. Writable.",
            "---@class (exact) bgp.route_match.Answer",
            "---@field action? bgp.RouteAction.Given Whether the route matches. Default: \"NOMATCH\".",
            "---@alias bgp.process.Handler fun(prefix: tenterhook.Prefix, peer: bgp.Peer, attributes: \
             bgp.Attributes?, withdrawn: boolean): bgp.process.Answer?",
            "---| \"MATCH_AND_CHANGE\" # The route matches, and what changed in its attributes applies.",
            "RM_MATCH_AND_CHANGE = 3",
        ] {
            assert_eq!(text.lines().filter(|written| *written == line).count(), 1, "{line}\n{text}");
        }
        let changes = "---@field attributes? bgp.Attributes|bgp.Attributes.Change Changes of the argument.";
        assert_eq!(text.lines().filter(|written| *written == changes).count(), 2, "route_match and route_set\n{text}");
    }

    #[test]
    fn types_of_one_name_that_differ_have_names_of_their_own() {
        let hook = |name: &str, max: i64| {
            let fields = vec![tenterhook::hooks::schema::Field {
                name: "n".into(),
                ty: Type::integer(0, max),
                writable: false,
                doc: String::new(),
            }];
            let record = Type::Record(RecordType { name: "R".into(), doc: String::new(), fields }.into());
            let builder = Declaration::builder(name, 1).argument("r", record, "");
            builder.result("ok", Type::Boolean, Value::Boolean(false), "").build().expect("sound")
        };
        let (one, two, three) = (hook("a.one", 1), hook("a.two", 2), hook("a.three", 1));
        let text = namespace(&[&one, &two, &three]);
        assert_eq!(text.matches("---@class a.R\n").count(), 1, "{text}");
        assert_eq!(text.matches("---@class a.two.R\n").count(), 1, "{text}");
        assert!(text.contains("a.three.Handler fun(r: a.R)"), "{text}");
    }

    #[test]
    fn definitions_are_lua() {
        let all: Vec<&Declaration> = catalog::all().into_iter().map(|of| &**of).collect();
        for text in [namespace(&all), super::super::LIBRARY.to_owned()] {
            let errors: Vec<String> =
                full_moon::parse(&text).err().unwrap_or_default().iter().map(ToString::to_string).collect();
            assert_eq!(errors, Vec::<String>::new());
        }
    }
}
