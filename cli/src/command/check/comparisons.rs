//! Warnings about comparisons whose result never changes, and table keys that are never found again: an address is not
//! text, and an enum is not a number.

use tenterhook::hooks::schema::{Declaration, EnumType, Type};

use super::remark::{Remark, hint};
use super::scan::{Comparison, Expr, Literal, Operator, Path, Root, Scan};
use super::views::{Kind, Views};

/// The errors in the whole script.
pub fn judge(scan: &Scan, of: &Declaration, views: &Views<'_>) -> Vec<Remark> {
    let known = Known { scan, of, views };
    let comparisons = scan.comparisons.iter().filter_map(|comparison| known.comparison(comparison));
    let keys = scan.elements.iter().filter_map(|element| known.key(&element.index));
    comparisons.chain(keys).collect()
}

/// The kinds by which Lua distinguishes values, as far as they matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Boolean,
    Number,
    Text,
    Address,
    Prefix,
    Record,
    List,
    Map,
    Table,
    Function,
}

/// A side of a comparison.
struct Side<'a> {
    class: Class,
    /// The declared type, if it is part of an argument.
    ty: Option<&'a Type>,
    /// Its name, if it has one.
    name: String,
    literal: &'a Literal,
}

struct Known<'a> {
    scan: &'a Scan,
    of: &'a Declaration,
    views: &'a Views<'a>,
}

impl<'a> Known<'a> {
    fn side(&self, written: &'a Expr) -> Option<Side<'a>> {
        let literal = &written.literal;
        let plain = |class| Some(Side { class, ty: None, name: String::new(), literal });
        match literal {
            Literal::Boolean => plain(Class::Boolean),
            Literal::Integer(_) | Literal::Float(_) => plain(Class::Number),
            Literal::Text(_) => plain(Class::Text),
            Literal::Table { .. } => plain(Class::Table),
            Literal::Function => plain(Class::Function),
            Literal::Path(Path { root: Root::Global(name), fields }) if fields.is_empty() => {
                self.constant(name)?;
                Some(Side { class: Class::Number, ty: None, name: name.clone(), literal })
            }
            Literal::Called(function) => plain(self.result(function)?),
            Literal::Path(path) => {
                let part = self.views.part(path)?;
                let kind = self.views.kind(&part)?;
                let class = class(kind);
                if matches!(class, Class::Record | Class::List | Class::Map) && self.views.is_assigned(&part) {
                    return None;
                }
                let ty = if let Kind::Of(ty) = kind { Some(ty) } else { None };
                Some(Side { class, ty, name: self.views.name(&part), literal })
            }
            Literal::Nil | Literal::Unknown => None,
        }
    }

    /// The value of a constant of the hook point.
    fn constant(&self, name: &str) -> Option<i64> {
        if self.scan.globals_escape || self.scan.sets.contains(name) {
            return None;
        }
        self.of.constants.iter().find(|constant| constant.name == name).map(|constant| constant.value)
    }

    /// The kind of a library function's return value.
    fn result(&self, function: &Path) -> Option<Class> {
        let Root::Global(global) = &function.root else { return None };
        if self.scan.globals_escape || self.scan.sets.contains(global) {
            return None;
        }
        let set = |member: &str| self.scan.members_set().any(|(library, name)| library == global && name == member);
        let fields: Vec<&str> = function.fields.iter().map(String::as_str).collect();
        match (global.as_str(), &fields[..]) {
            ("net", ["prefix"]) if !set("prefix") => Some(Class::Prefix),
            ("net", ["address"]) if !set("address") => Some(Class::Address),
            ("tostring" | "type", []) => Some(Class::Text),
            _ => None,
        }
    }

    fn comparison(&self, comparison: &Comparison) -> Option<Remark> {
        let Comparison { left, operator, right } = comparison;
        let (mut a, mut b) = (self.side(left)?, self.side(right)?);
        if a.name.is_empty() && !b.name.is_empty() {
            // A side with a name comes first.
            std::mem::swap(&mut a, &mut b);
        }
        let message = if a.class == b.class {
            if *operator == Operator::Order {
                return None;
            }
            self.never(&a, &b).or_else(|| self.never(&b, &a))
        } else {
            let nets = [Class::Address, Class::Prefix];
            if *operator == Operator::Order && nets.contains(&a.class) && nets.contains(&b.class) {
                return None;
            }
            let instead = self.instead(&a, &b).or_else(|| self.instead(&b, &a)).unwrap_or_default();
            Some(format!("{} and {} are never equal{instead}", described(&a), described(&b)))
        }?;
        let message = match operator {
            Operator::Equal | Operator::Unequal => message,
            Operator::Order => message.replacen("are never equal", "cannot be compared", 1),
        };
        Some((left.location, message))
    }

    /// Why a value of a type is never equal to this one, although both are of the same kind for Lua.
    fn never(&self, a: &Side<'_>, b: &Side<'_>) -> Option<String> {
        match (a.ty?, b.literal) {
            (Type::Enum(of), Literal::Text(text)) if of.position(text.as_bytes()).is_none() => {
                let near = hint(text, of.variants.iter().map(|variant| variant.name.as_str()));
                let near = if near.is_empty() { format!("; expected {}", of.names()) } else { near };
                Some(format!("{} is never '{text}': no {} has that name{near}", a.name, of.name))
            }
            (Type::Integer { min, max }, Literal::Integer(value)) if value < min || value > max => {
                Some(format!("{} is never {value}: it is {min} to {max}", a.name))
            }
            (Type::Integer { .. }, Literal::Float(value)) if value.fract() != 0.0 => {
                Some(format!("{} is never {value}: it is an integer", a.name))
            }
            _ => None,
        }
    }

    /// A suggestion, if one side is part of an argument.
    fn instead(&self, a: &Side<'_>, b: &Side<'_>) -> Option<String> {
        if a.name.is_empty() || matches!(a.literal, Literal::Path(Path { root: Root::Global(_), .. })) {
            return None;
        }
        let name = &a.name;
        Some(match (a.class, b.class) {
            (Class::Prefix, Class::Text) => format!("; compare with net.prefix(…), or {name}.network"),
            (Class::Address, Class::Text) => format!("; compare with net.address(…), or {name}.string"),
            (Class::Prefix, Class::Address) => format!("; compare {name}.address, or use {name}:contains(…)"),
            (Class::Prefix | Class::Address, _) => return None,
            (Class::Text, Class::Number) => match a.ty {
                Some(Type::Enum(of)) => format!("; compare with {}", self.variant(of, b)),
                _ => return None,
            },
            (Class::List | Class::Map, Class::Table | Class::Number) => format!("; #{name} is the number of items"),
            _ => return None,
        })
    }

    /// The name of the variant that a number represents, or the known names.
    fn variant(&self, of: &EnumType, number: &Side<'_>) -> String {
        let value = match number.literal {
            Literal::Integer(value) => Some(*value),
            Literal::Path(_) => self.constant(&number.name),
            _ => None,
        };
        let variant = value.and_then(|value| of.position_of_value(value)).and_then(|at| of.variants.get(at));
        variant.map_or_else(|| of.names(), |variant| format!("\"{}\"", variant.name))
    }

    /// A table key that is compared by identity, not by its value.
    fn key(&self, index: &'a Expr) -> Option<Remark> {
        let side = self.side(index)?;
        let (what, instead) = match side.class {
            Class::Prefix => ("a prefix", "network"),
            Class::Address => ("an address", "string"),
            Class::Record | Class::List | Class::Map => {
                let message =
                    format!("{} belongs to this call: as a table key, it is never found by another call", side.name);
                return Some((index.location, message));
            }
            _ => return None,
        };
        let instead =
            if side.name.is_empty() { format!("its field {instead}") } else { format!("{}.{instead}", side.name) };
        Some((
            index.location,
            format!("{what} as a table key is found only by the same value, not by an equal one; use {instead}"),
        ))
    }
}

fn class(kind: Kind<'_>) -> Class {
    match kind {
        Kind::Text => Class::Text,
        Kind::Number => Class::Number,
        Kind::Function => Class::Function,
        Kind::Address => Class::Address,
        Kind::Of(ty) => match ty {
            Type::Boolean => Class::Boolean,
            Type::Integer { .. } | Type::Float => Class::Number,
            Type::String { .. } | Type::Enum(_) => Class::Text,
            Type::Address => Class::Address,
            Type::Prefix => Class::Prefix,
            Type::List { .. } => Class::List,
            Type::Map { .. } => Class::Map,
            Type::Record(_) => Class::Record,
            Type::Optional(inner) => class(Kind::Of(inner)),
        },
    }
}

/// A description of a side.
fn described(side: &Side<'_>) -> String {
    let what = match (side.class, side.ty) {
        (Class::Text, Some(Type::Enum(_))) => "a name",
        (Class::Boolean, _) => "a boolean",
        (Class::Number, _) => "a number",
        (Class::Text, _) => "text",
        (Class::Address, _) => "an address",
        (Class::Prefix, _) => "a prefix",
        (Class::Record, _) => "a record",
        (Class::List, _) => "a list",
        (Class::Map, _) => "a map",
        (Class::Table, _) => "a table",
        (Class::Function, _) => "a function",
    };
    if side.name.is_empty() { what.to_owned() } else { format!("{} ({what})", side.name) }
}
