//! The parts of a handler's arguments to which a script's names lead: their types, and whether they are assigned.

use std::collections::{HashMap, HashSet};

use tenterhook::hooks::schema::{Declaration, Type};

use super::scan::{Path, Root, Scan};

/// The most locals that are followed from one name to the next.
const MOST_ALIASES: u32 = 16;

/// The fields of addresses and prefixes; a test compares these lists with the sandbox.
pub const ADDRESS: [&str; 3] = ["string", "value", "family"];
pub const PREFIX: [&str; 5] = ["network", "length", "family", "contains", "address"];

/// What is known about the handler's arguments.
pub struct Views<'a> {
    scan: &'a Scan,
    of: &'a Declaration,
    /// The argument of each local that is a parameter of the handler.
    parameters: HashMap<usize, usize>,
    /// Parts that the script assigns: a later read may return the assigned value.
    assigned: HashSet<Part>,
}

/// A part of an argument: a field of a field of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Part {
    /// Its position in the declaration.
    pub argument: usize,
    /// The local that is the argument.
    pub local: usize,
    pub fields: Vec<String>,
}

/// The kind of a value in Lua, and its type if that is known.
#[derive(Debug, Clone, Copy)]
pub enum Kind<'a> {
    /// One of the declared types.
    Of(&'a Type),
    /// Text, as `prefix.network`.
    Text,
    /// A number, as `prefix.length`.
    Number,
    /// A function, as `prefix.contains`.
    Function,
    /// `prefix.address`.
    Address,
}

impl<'a> Views<'a> {
    pub fn new(scan: &'a Scan, of: &'a Declaration) -> Views<'a> {
        let handlers = scan.functions.iter().filter(|function| function.name == of.handler);
        let parameters = handlers.flat_map(|handler| handler.parameters.iter().zip(0..of.arguments.len()));
        let parameters = parameters.map(|(local, position)| (*local, position)).collect();
        let mut views = Views { scan, of, parameters, assigned: HashSet::new() };
        let set = scan.accesses.iter().filter(|access| access.set);
        views.assigned = set.filter_map(|access| Some(views.part(&access.base)?.field(&access.field))).collect();
        views
    }

    /// The part of an argument to which the path leads, if that is certain.
    pub fn part(&self, path: &Path) -> Option<Part> {
        let mut fields = Vec::new();
        let mut path = path;
        for _ in 0..=MOST_ALIASES {
            let Root::Local(id) = path.root else { return None };
            let local = self.scan.locals.get(id).filter(|local| !local.reassigned)?;
            fields.splice(0..0, path.fields.iter().cloned());
            match &local.alias {
                Some(alias) => path = alias,
                None => return Some(Part { argument: *self.parameters.get(&id)?, local: id, fields }),
            }
        }
        None
    }

    /// The kind of the part. A field that does not exist has none.
    pub fn kind(&self, part: &Part) -> Option<Kind<'a>> {
        let mut kind = Kind::Of(inner(&self.of.arguments.get(part.argument)?.ty));
        for name in &part.fields {
            kind = match (kind, name.as_str()) {
                (Kind::Of(Type::Record(record)), name) => {
                    Kind::Of(inner(&record.fields.iter().find(|field| field.name == name)?.ty))
                }
                (Kind::Of(Type::Prefix), "network") | (Kind::Of(Type::Address) | Kind::Address, "string") => Kind::Text,
                (Kind::Of(Type::Prefix), "length" | "family")
                | (Kind::Of(Type::Address) | Kind::Address, "value" | "family") => Kind::Number,
                (Kind::Of(Type::Prefix), "address") => Kind::Address,
                (Kind::Of(Type::Prefix), "contains") => Kind::Function,
                _ => return None,
            };
        }
        Some(kind)
    }

    /// Whether the argument may be changed.
    pub fn is_inout(&self, part: &Part) -> bool {
        self.of.arguments.get(part.argument).is_some_and(|argument| argument.inout)
    }

    /// Whether a field of the part may be set.
    pub fn is_writable(&self, part: &Part, field: &str) -> bool {
        let Some(Kind::Of(Type::Record(record))) = self.kind(part) else { return false };
        self.is_inout(part) && record.fields.iter().any(|known| known.name == field && known.writable)
    }

    /// Whether the script assigns the part, or something that contains it: then it may be a table of the script.
    pub fn is_assigned(&self, part: &Part) -> bool {
        (0..=part.fields.len()).any(|length| {
            let around = Part { fields: part.fields[..length].to_vec(), ..part.clone() };
            self.assigned.contains(&around)
        })
    }

    /// The part by its names in the declaration: `attributes.communities`.
    pub fn name(&self, part: &Part) -> String {
        let argument = self.of.arguments.get(part.argument).map_or("", |argument| argument.name.as_str());
        std::iter::once(argument).chain(part.fields.iter().map(String::as_str)).collect::<Vec<_>>().join(".")
    }
}

impl Part {
    fn field(mut self, name: &str) -> Part {
        self.fields.push(name.to_owned());
        self
    }
}

/// The type inside an optional type.
pub fn inner(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        ty => ty,
    }
}
