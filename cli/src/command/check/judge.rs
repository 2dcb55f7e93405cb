//! What looks wrong in a script, from what it does with names and what there is.

use tenterhook::hooks::schema::{Declaration, Type};

use super::answers;
use super::names::Names;
use super::reach::Reach;
use super::scan::{Access, Path, Root, Scan};
use super::source::Place;

/// Globals of plain Lua that scripts have to do without, and why.
const ABSENT: [(&str, &str); 6] = [
    ("io", "scripts reach no files"),
    ("os", "scripts reach no files, processes or clocks"),
    ("package", "scripts are one file"),
    ("require", "a script alone has no modules; a folder is attached with those in it"),
    ("dofile", "scripts reach no files"),
    ("loadfile", "scripts reach no files"),
];

/// What addresses and prefixes have; a test holds these lists to the sandbox.
const ADDRESS: [&str; 3] = ["string", "value", "family"];
const PREFIX: [&str; 5] = ["network", "length", "family", "contains", "address"];

/// Most locals that are followed from one name to the next.
const MOST_ALIASES: u32 = 16;

/// Something that looks wrong, and where.
pub type Remark = (Place, String);

/// What looks wrong, in order of the script.
pub fn judge(scan: &Scan, names: &Names, reach: &Reach, of: &Declaration) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = answers::judge(scan, of);
    if !scan.globals_escape {
        let global = |name| global(scan, names, reach, name);
        remarks.extend(scan.reads.iter().filter_map(|(name, place)| Some((*place, global(name)?))));
        remarks.extend(scan.accesses.iter().filter_map(|access| Some((access.place, member(scan, names, access)?))));
    }
    let arguments = Arguments { scan, of };
    remarks.extend(scan.accesses.iter().filter_map(|access| Some((access.place, arguments.field(access)?))));
    remarks.sort();
    remarks.dedup();
    remarks
}

/// `; did you mean 'name'?`, if one is near. Among many short names something is always near: who mistypes a name
/// mostly has its first letter right.
pub fn hint<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    let first = |name: &str| name.chars().next().map(|c| c.to_ascii_lowercase());
    let near = tenterhook::hooks::nearest(name, known.filter(|known| first(known) == first(name)));
    near.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default()
}

fn global(scan: &Scan, names: &Names, reach: &Reach, name: &str) -> Option<String> {
    if names.globals.contains(name) || scan.sets.contains(name) || reach.is_granted(name) {
        return None;
    }
    if let Some(refusal) = reach.refusal(name) {
        return Some(refusal);
    }
    if let Some((_, why)) = ABSENT.iter().find(|(absent, _)| *absent == name) {
        return Some(format!("global '{name}' is not in the sandbox: {why}"));
    }
    let known = names.globals.iter().chain(&scan.sets).map(String::as_str);
    Some(format!("global '{name}' is never set{}", hint(name, known)))
}

/// A member of a library that is not there.
fn member(scan: &Scan, names: &Names, access: &Access) -> Option<String> {
    let Path { root: Root::Global(library), fields } = &access.base else { return None };
    let members = names.members.get(library).filter(|_| fields.is_empty() && !scan.sets.contains(library))?;
    let set_by_script = || scan.accesses.iter().any(|a| a.set && a.base == access.base && a.field == access.field);
    if members.contains(&access.field) || set_by_script() {
        return None;
    }
    let near = hint(&access.field, members.iter().map(String::as_str));
    Some(format!("'{}' is not in library {library}{near}", access.field))
}

/// What is known of the handler's arguments.
struct Arguments<'a> {
    scan: &'a Scan,
    of: &'a Declaration,
}

/// A part of an argument.
#[derive(Clone, Copy)]
struct Part<'a> {
    ty: &'a Type,
    /// Whether its argument may be changed at all.
    inout: bool,
}

impl<'a> Arguments<'a> {
    /// What is wrong with this use of a field.
    fn field(&self, access: &Access) -> Option<String> {
        let part = self.part(&access.base, 0)?;
        let name = &access.field;
        let (what, known): (&str, Vec<&str>) = match inner(part.ty) {
            Type::Record(record) => {
                if let Some(field) = record.fields.iter().find(|field| field.name == *name) {
                    let read_only = access.set && !(part.inout && field.writable);
                    return read_only.then(|| format!("field '{name}' of {} is read-only", record.name));
                }
                (&record.name, record.fields.iter().map(|field| field.name.as_str()).collect())
            }
            Type::Address => ("address", ADDRESS.to_vec()),
            Type::Prefix => ("prefix", PREFIX.to_vec()),
            _ => return None,
        };
        if known.contains(&name.as_str()) {
            return access.set.then(|| format!("'{name}' of an {what} is read-only").replace("an prefix", "a prefix"));
        }
        Some(format!("no field '{name}' in {what}{}", hint(name, known.into_iter())))
    }

    /// The part of an argument that the path leads to, where that is certain.
    fn part(&self, path: &Path, aliases: u32) -> Option<Part<'a>> {
        let Root::Local(id) = path.root else { return None };
        let local = self.scan.locals.get(id)?;
        if local.reassigned || aliases > MOST_ALIASES {
            return None;
        }
        let mut part = match &local.alias {
            Some(alias) => self.part(alias, aliases + 1)?,
            None => self.argument(id)?,
        };
        for name in &path.fields {
            let Type::Record(record) = inner(part.ty) else { return None };
            part.ty = &record.fields.iter().find(|field| field.name == *name)?.ty;
        }
        Some(part)
    }

    /// The argument that this local is, if it is a parameter of the handler.
    fn argument(&self, local: usize) -> Option<Part<'a>> {
        let handlers = self.scan.functions.iter().filter(|function| function.name == self.of.handler);
        let position = handlers.filter_map(|handler| handler.parameters.iter().position(|id| *id == local)).next()?;
        let argument = self.of.arguments.get(position)?;
        Some(Part { ty: &argument.ty, inout: argument.inout })
    }
}

fn inner(ty: &Type) -> &Type {
    match ty {
        Type::Optional(inner) => inner,
        ty => ty,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tenterhook::hooks::catalog;

    use super::super::scan::scan;
    use super::super::source::Source;
    use super::*;
    use crate::logs::Collector;
    use crate::setup::{self, Overrides, PolicyArgs, Script, Standing};

    fn standing() -> Standing {
        let args = PolicyArgs { policy: None, tenant: None };
        args.resolve("bgp.route_match", &Overrides::default()).expect("no policy").expect("nobody is refused")
    }

    #[test]
    fn remarks_are_those_and_no_others() {
        let of = catalog::find("bgp.route_match").expect("in the catalog");
        let logs = Arc::new(Collector::new(usize::MAX));
        let host = setup::host(logs.clone()).expect("a host");
        let names = Names::ask(&host, &logs, of, &standing()).expect("names");
        let remarks = |body: &str| -> Vec<String> {
            let source =
                format!("function route_match(prefix, attributes, peer)\nif peer then return {{}} end\n{body}\nend");
            let scan = scan(&Source::new(source.as_bytes()));
            judge(&scan, &names, &Reach::default(), of).into_iter().map(|(_, message)| message).collect()
        };
        let one: [(&str, &str); 12] = [
            ("prnt(1)", "global 'prnt' is never set; did you mean 'print'?"),
            ("return os.time()", "global 'os' is not in the sandbox: scripts reach no files, processes or clocks"),
            ("return string.fromat('x')", "'fromat' is not in library string; did you mean 'format'?"),
            ("f1 = 1 return string.dump(f1)", "'dump' is not in library string"),
            ("return attributes.metrc", "no field 'metrc' in Attributes; did you mean 'metric'?"),
            ("return peer.timers.configured.hld", "no field 'hld' in Timers; did you mean 'hold'?"),
            (
                "local t = peer.timers local c = t.configured return c.hold, c.hol",
                "no field 'hol' in Timers; did you mean 'hold'?",
            ),
            ("return prefix.len", "no field 'len' in prefix"),
            ("return peer.remote_id.strng", "no field 'strng' in address; did you mean 'string'?"),
            ("return attributes['next_hp']", "no field 'next_hp' in Attributes; did you mean 'next_hop'?"),
            ("attributes.aspath = 'x'", "field 'aspath' of Attributes is read-only"),
            ("peer.state = 'Idle'", "field 'state' of Peer is read-only"),
        ];
        for (body, remark) in one {
            let found = remarks(body);
            assert!(found.len() == 1 && found[0].starts_with(remark), "{body}: {found:?}");
        }
        for body in [
            "attributes = {} return attributes.anything",
            "attributes.metric = RM_MATCH return attributes",
            "return prefix:contains(net.address('::1')), prefix.address.family, peer.remote_id.value",
            "local peer = {} return peer.whatever",
            "helper = 1 return helper, string.format, math.pi, utf8.charpattern, coroutine.wrap, debug.traceback",
            "string.mine = 1 return string.mine",
            "setmetatable(_G, {}) return whatever",
            "for _, c in ipairs(attributes.communities) do log.info(c:upper()) end",
            "return _G.print, _VERSION, select('#', table.unpack({}))",
        ] {
            assert_eq!(remarks(body), Vec::<String>::new(), "{body}");
        }
    }

    /// Every member of the lists above can be read in the sandbox, and a name outside of them cannot.
    #[test]
    fn addresses_and_prefixes_have_what_the_lists_say() {
        let of = catalog::find("bgp.route_match").expect("in the catalog");
        let host = setup::host(Arc::new(Collector::new(0))).expect("a host");
        let loads = |body: String| {
            let source = format!("{body}\nfunction route_match() end").into_bytes();
            let script = Script { name: "a.lua".into(), source, ..Script::default() };
            script.load(&host, of, &standing()).expect("a good request").is_none()
        };
        for (value, fields) in [("net.address('192.0.2.1')", &ADDRESS[..]), ("net.prefix('192.0.2.0/24')", &PREFIX[..])]
        {
            for field in fields {
                assert!(loads(format!("assert({value}.{field} ~= nil)")), "{value}.{field}");
            }
            assert!(!loads(format!("assert({value}.nothing ~= nil)")), "{value}");
        }
    }
}
