//! Warnings about a handler's return values, if they are literal.

use std::net::IpAddr;

use tenterhook::hooks::schema::{Argument, Chain, Declaration, RecordType, ResultField, Type};
use tenterhook::hooks::value::Prefix;

use super::remark::{Remark, hint};
use super::scan::{Expr, Key, Literal, Local, Path, Root, Scan};
use super::views::inner;

/// The errors in the answers of the hook point's handlers.
pub fn judge(scan: &Scan, of: &Declaration) -> Vec<Remark> {
    let mut judge = Judge { scan, of, remarks: Vec::new() };
    for handler in scan.functions.iter().filter(|function| function.name == of.handler) {
        for returned in &handler.returns {
            judge.answer(returned);
        }
        let silent = handler.returns.iter().all(|returned| matches!(returned.literal, Literal::Nil));
        if silent && scan.whole && decides(of) {
            judge.remarks.push((handler.location, format!("{} never returns anything: {}", of.handler, always(of))));
        }
    }
    judge.remarks
}

/// Whether an answer can have an effect.
fn decides(of: &Declaration) -> bool {
    of.chain == Chain::First && (!of.results.is_empty() || of.arguments.iter().any(|argument| argument.inout))
}

/// The effect of a handler that returns nothing.
fn always(of: &Declaration) -> String {
    match of.results.first() {
        Some(result) => {
            let default = result.default.to_json(&result.ty);
            let default = default.as_str().map_or_else(|| default.to_string(), str::to_owned);
            format!("{} is always its default, {default}", result.name)
        }
        None => "nothing ever changes".to_owned(),
    }
}

struct Judge<'a> {
    scan: &'a Scan,
    of: &'a Declaration,
    remarks: Vec<Remark>,
}

/// A key of an answer.
enum Part<'a> {
    Result(&'a ResultField),
    Change(&'a Argument),
}

impl Judge<'_> {
    fn answer(&mut self, answer: &Expr) {
        match &answer.literal {
            Literal::Table { keys, .. } => keys.iter().for_each(|key| self.key(key)),
            Literal::Path(Path { root: Root::Local(id), fields }) if fields.is_empty() => self.local(*id),
            // An empty answer.
            Literal::Nil => {}
            literal => {
                if let Some(kind) = kind(literal) {
                    self.remarks.push((answer.location, format!("expected a table as the answer, got {kind}")));
                }
            }
        }
    }

    /// A local that holds a table: its first value, and the fields that are set in it.
    fn local(&mut self, id: usize) {
        let Some(Local { reassigned: false, table: Some(table), .. }) = self.scan.locals.get(id) else { return };
        if let Literal::Table { keys, .. } = &table.literal {
            keys.iter().for_each(|key| self.key(key));
        }
        let base = Path { root: Root::Local(id), fields: Vec::new() };
        for access in self.scan.accesses.iter().filter(|access| access.set && access.base == base) {
            let unknown = Expr { literal: Literal::Unknown, location: access.location };
            let value = access.value.clone().unwrap_or(unknown);
            self.key(&Key { name: access.field.clone(), location: access.location, value });
        }
    }

    fn key(&mut self, key: &Key) {
        let results = self.of.results.iter().map(|result| (&result.name, Part::Result(result)));
        let changes = self.of.arguments.iter().filter(|argument| argument.inout);
        let changes = changes.map(|argument| (&argument.name, Part::Change(argument)));
        let Some((_, part)) = results.chain(changes).find(|(name, _)| **name == key.name) else {
            let message = self.unknown(&key.name);
            self.remarks.push((key.location, message));
            return;
        };
        match part {
            Part::Result(result) => self.value(&key.name, &result.ty, &key.value),
            Part::Change(argument) => match (inner(&argument.ty), &key.value.literal) {
                (Type::Record(record), Literal::Table { keys, .. }) => self.change(record, keys),
                (ty, _) => self.value(&key.name, ty, &key.value),
            },
        }
    }

    fn unknown(&self, name: &str) -> String {
        if self.of.arguments.iter().any(|argument| argument.name == name) {
            return format!("argument '{name}' of {} is not inout: an answer cannot change it", self.of.name);
        }
        let inout = self.of.arguments.iter().filter(|argument| argument.inout).map(|argument| argument.name.as_str());
        let known: Vec<&str> = self.of.results.iter().map(|result| result.name.as_str()).chain(inout).collect();
        let near = hint(name, known.iter().copied());
        match (&known[..], near.is_empty()) {
            ([], _) => format!("no result '{name}' in {}, which has none", self.of.name),
            (_, true) => format!("no result '{name}' in {}; expected {}", self.of.name, known.join(", ")),
            (_, false) => format!("no result '{name}' in {}{near}", self.of.name),
        }
    }

    /// The changes of an `inout` record.
    fn change(&mut self, record: &RecordType, keys: &[Key]) {
        for key in keys {
            let Some(field) = record.fields.iter().find(|field| field.name == key.name) else {
                self.no_field(record, key);
                continue;
            };
            match (inner(&field.ty), &key.value.literal) {
                // A read-only field may be returned with its own value.
                (_, Literal::Path(_) | Literal::Called(_) | Literal::Unknown) => {}
                (Type::Record(record), Literal::Table { keys, .. }) => self.change(record, keys),
                _ if !field.writable => {
                    self.remarks.push((key.location, format!("field '{}' of {} is read-only", key.name, record.name)));
                }
                (ty, _) => self.value(&key.name, ty, &key.value),
            }
        }
    }

    fn no_field(&mut self, record: &RecordType, key: &Key) {
        let near = hint(&key.name, record.fields.iter().map(|field| field.name.as_str()));
        self.remarks.push((key.location, format!("no field '{}' in {}{near}", key.name, record.name)));
    }

    /// A value of a declared type.
    fn value(&mut self, name: &str, ty: &Type, value: &Expr) {
        if let (Type::Record(record), Literal::Table { keys, .. }) = (inner(ty), &value.literal) {
            for key in keys {
                match record.fields.iter().find(|field| field.name == key.name) {
                    Some(field) => self.value(&key.name, &field.ty, &key.value),
                    None => self.no_field(record, key),
                }
            }
            return;
        }
        if let Some((location, wrong)) = mismatch(inner(ty), value) {
            self.remarks.push((location, format!("{name}: {wrong}")));
        }
    }
}

/// The location and the reason of a value that certainly is not of the type.
pub fn mismatch(ty: &Type, value: &Expr) -> Option<Remark> {
    if let (Type::List { element, .. }, Literal::Table { items, .. }) = (ty, &value.literal) {
        return items.iter().find_map(|item| mismatch(inner(element), item));
    }
    wrong(ty, &value.literal).map(|wrong| (value.location, wrong))
}

fn wrong(ty: &Type, literal: &Literal) -> Option<String> {
    let got = kind(literal)?;
    let fits = match (ty, literal) {
        (Type::Enum(of), Literal::Text(name)) => {
            if of.position(name.as_bytes()).is_none() {
                let near = hint(name, of.variants.iter().map(|variant| variant.name.as_str()));
                let near = if near.is_empty() { format!("; expected {}", of.names()) } else { near };
                return Some(format!("no {} '{name}'{near}", of.name));
            }
            true
        }
        (Type::Enum(of), Literal::Integer(value)) => {
            if of.position_of_value(*value).is_none() {
                return Some(format!("no {} is {value}; expected {}", of.name, of.names()));
            }
            true
        }
        (Type::Boolean, Literal::Boolean) => true,
        (Type::Integer { min, max }, Literal::Integer(value)) => (min..=max).contains(&value),
        (Type::Integer { .. }, Literal::Float(value)) => value.fract() == 0.0,
        (Type::Float, Literal::Integer(_) | Literal::Float(_)) => true,
        (Type::String { syntax: Some(syntax), .. }, Literal::Text(text)) => syntax.accepts(text.as_bytes()),
        (Type::String { max, .. }, Literal::Text(text)) => text.len() as u64 <= u64::from(*max),
        (Type::Address, Literal::Text(text)) => text.parse::<IpAddr>().is_ok(),
        (Type::Prefix, Literal::Text(text)) => text.parse::<Prefix>().is_ok(),
        (Type::List { .. } | Type::Map { .. } | Type::Record(_), Literal::Table { .. }) => true,
        _ => false,
    };
    let expected = || match ty {
        Type::String { syntax: Some(syntax), .. } => syntax.to_string(),
        ty => ty.to_string(),
    };
    (!fits).then(|| format!("expected {}, got {got}", expected()))
}

/// The kind of a value, for messages; `None` if it is not certain, or if it is nil, which means nothing.
fn kind(literal: &Literal) -> Option<String> {
    Some(match literal {
        Literal::Nil | Literal::Path(_) | Literal::Called(_) | Literal::Unknown => return None,
        Literal::Boolean => "a boolean".to_owned(),
        Literal::Integer(value) => value.to_string(),
        Literal::Float(value) => value.to_string(),
        Literal::Text(text) if text.len() <= 32 => format!("'{text}'"),
        Literal::Text(text) => format!("a string of {} bytes", text.len()),
        Literal::Function => "a function".to_owned(),
        Literal::Table { .. } => "a table".to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use tenterhook_bgp::catalog;

    use super::super::scan::scan;
    use super::super::source::Source;
    use super::*;

    fn remarks(body: &str) -> Vec<String> {
        let of = catalog::find("bgp.route_match").expect("in the catalog");
        let source = format!("function route_match(prefix, attributes, peer)\n{body}\nend");
        judge(&scan(&Source::new(source.as_bytes())), of).into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn wrong_answers_are_reported() {
        for (body, remark) in [
            ("return { acton = 'MATCH' }", "no result 'acton' in bgp.route_match; did you mean 'action'?"),
            ("return { verdict = 1 }", "no result 'verdict' in bgp.route_match; expected action, attributes"),
            (
                "return { prefix = prefix }",
                "argument 'prefix' of bgp.route_match is not inout: an answer cannot change it",
            ),
            ("return { action = 'MATHC' }", "action: no RouteAction 'MATHC'; did you mean 'MATCH'?"),
            (
                "return { ['action'] = 7 }",
                "action: no RouteAction is 7; expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE",
            ),
            ("return { action = true }", "action: expected RouteAction, got a boolean"),
            ("return { attributes = { metrik = 1 } }", "no field 'metrik' in Attributes; did you mean 'metric'?"),
            ("return { attributes = { metric = -1 } }", "metric: expected integer 0..4294967295, got -1"),
            ("return { attributes = { metric = 0.5 } }", "metric: expected integer 0..4294967295, got 0.5"),
            ("return { attributes = { aspath = '1 2' } }", "field 'aspath' of Attributes is read-only"),
            ("return { attributes = { next_hop = '192.0.2' } }", "next_hop: expected address, got '192.0.2'"),
            ("return 5", "expected a table as the answer, got 5"),
            ("", "route_match never returns anything: action is always its default, NOMATCH"),
            ("return nil", "route_match never returns anything: action is always its default, NOMATCH"),
            ("if peer then return end", "route_match never returns anything: action is always its default, NOMATCH"),
            ("if peer then return 'MATCH' end", "expected a table as the answer, got 'MATCH'"),
            ("local a = {} a.acton = 1 return a", "no result 'acton' in bgp.route_match; did you mean 'action'?"),
            (
                "local a = { action = 9 } return a",
                "action: no RouteAction is 9; expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE",
            ),
        ] {
            assert_eq!(remarks(body), [remark], "{body}");
        }
    }

    #[test]
    fn what_is_right_or_uncertain_is_left_alone() {
        for body in [
            "return { action = 'MATCH' }",
            "return { action = RM_MATCH, attributes = { metric = 5, localpref = 1 << 3 } }",
            "return { action = 2, attributes = attributes }",
            "return { attributes = { aspath = attributes.aspath, metric = attributes.metric + 1 } }",
            "return { attributes = { next_hop = '192.0.2.1' } }",
            "return { attributes = { metric = 5.0 } }",
            "return { action = nil }",
            "if peer then return end return { action = 'MATCH' }",
            "do return helper() end",
            "return helper(), 5",
            "local a = {} a = other() a.whatever = 1 return a",
            "local a = {} a.whatever = 1 return { action = a.whatever }",
            "return { [prefix.network] = 1 }",
            "local f = function() return 5 end return f()",
        ] {
            assert_eq!(remarks(body), Vec::<String>::new(), "{body}");
        }
    }
}
