//! Warnings about lists, maps and records of a call's arguments that are used as if they were tables.

use tenterhook::hooks::schema::Type;

use super::remark::Remark;
use super::scan::{Called, Literal, Path, Root, Scan};
use super::views::{Kind, Views};

/// The errors in the whole script.
pub fn judge(scan: &Scan, views: &Views<'_>) -> Vec<Remark> {
    let calls = scan.calls.iter().filter_map(|call| called(scan, views, call));
    let elements = scan.elements.iter().filter(|element| element.set).filter_map(|element| {
        let name = collection(views, element.base.as_ref()?, false)?;
        Some((element.index.location, in_place(&name)))
    });
    let entries = scan.accesses.iter().filter(|access| access.set).filter_map(|access| {
        let name = collection(views, &access.base, false)?;
        Some((access.location, in_place(&name)))
    });
    calls.chain(elements).chain(entries).collect()
}

/// A function that takes tables, called with part of an argument.
fn called(scan: &Scan, views: &Views<'_>, call: &Called) -> Option<Remark> {
    let Path { root: Root::Global(global), fields } = &call.function else { return None };
    if scan.globals_escape || scan.sets.contains(global) {
        return None;
    }
    let argument = |at: usize| match &call.arguments.get(at)?.literal {
        Literal::Path(path) => Some(path),
        _ => None,
    };
    if scan
        .members_set()
        .any(|(library, member)| library == global && fields.first().is_some_and(|name| name == member))
    {
        return None;
    }
    let (target, records) = match (global.as_str(), &fields[..]) {
        ("table", [member]) => match member.as_str() {
            "insert" | "remove" | "sort" => (argument(0), false),
            "move" => (argument(if call.arguments.len() > 4 { 4 } else { 0 }), false),
            _ => return None,
        },
        ("rawset" | "rawget" | "rawlen" | "next" | "setmetatable", []) => (argument(0), true),
        _ => return None,
    };
    let name = collection(views, target?, records)?;
    let message = if records {
        format!("{global} requires a table, but {name} is an argument of the call; use pairs or field access")
    } else {
        in_place(&name)
    };
    Some((call.location, message))
}

/// The name of the list or map (or record) of an argument that the path leads to.
fn collection(views: &Views<'_>, path: &Path, records: bool) -> Option<String> {
    let part = views.part(path)?;
    let Kind::Of(ty) = views.kind(&part)? else { return None };
    let fits = matches!(ty, Type::List { .. } | Type::Map { .. }) || (records && matches!(ty, Type::Record(_)));
    (fits && !views.is_assigned(&part)).then(|| views.name(&part))
}

fn in_place(name: &str) -> String {
    format!(
        "{name} is part of the call and cannot be changed in place; copy it into a table, such as \
         {{table.unpack({name})}}, change that, and assign it or answer with it"
    )
}
