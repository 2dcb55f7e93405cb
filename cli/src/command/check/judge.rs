//! Warnings that follow from a script's use of names.

use tenterhook::absent;
use tenterhook::hooks::schema::Declaration;

use super::names::Names;
use super::reach::Reach;
use super::remark::{Remark, hint};
use super::scan::{Access, Literal, Path, Root, Scan};
use super::source::Location;
use super::views::Views;
use super::{answers, comparisons, fields, lists, lost};

/// The warning for a script that loads and that the parser cannot read completely.
const NOT_READ: &str =
    "this file loads, but could not be parsed completely: names, fields and answers were not checked";

/// The warnings, in order of the script.
pub fn judge(scan: &Scan, names: &Names, reach: &Reach, of: &Declaration) -> Vec<Remark> {
    let mut remarks: Vec<Remark> = answers::judge(scan, of);
    if !scan.whole {
        // Lua accepts the script, and the parser does not.
        remarks.push((Location { line: 1, column: 1 }, NOT_READ.to_owned()));
    }
    if !scan.globals_escape {
        let global = |name, location| global(scan, names, reach, name, location);
        remarks.extend(scan.reads.iter().filter_map(|(name, location)| Some((*location, global(name, *location)?))));
        let member = |access| member(scan, names, reach, access);
        remarks.extend(scan.accesses.iter().filter_map(|access| Some((access.location, member(access)?))));
    }
    let views = Views::new(scan, of);
    remarks.extend(scan.accesses.iter().filter_map(|access| fields::judge(&views, access)));
    remarks.extend(lists::judge(scan, &views));
    remarks.extend(comparisons::judge(scan, of, &views));
    remarks.extend(lost::judge(scan, of, &views));
    remarks.sort();
    remarks.dedup();
    remarks
}

/// The error in a use of a global name.
fn global(scan: &Scan, names: &Names, reach: &Reach, name: &str, location: Location) -> Option<String> {
    if names.globals.contains(name) || scan.sets.contains(name) || reach.is_granted(name) {
        return None;
    }
    if let Some(refusal) = reach.refusal(name) {
        return Some(refusal);
    }
    if let Some(absent) = absent::of(name) {
        // A warning about `os.time` on this line is enough; `os` needs no other.
        let said = |access: &Access| {
            access.location.line == location.line && is_global(&access.base, name) && particular(name, access).is_some()
        };
        let said = scan.accesses.iter().any(said);
        return (!said).then(|| {
            format!("global {}{}", absent::sentence(&format!("'{name}'"), absent), module(scan, name, location))
        });
    }
    let known = names.globals.iter().chain(&scan.sets).map(String::as_str);
    Some(format!("global '{name}' is never set{}", hint(name, known)))
}

/// A suggestion in place of the required module.
fn module(scan: &Scan, function: &str, location: Location) -> String {
    let call = scan.calls.iter().find(|call| call.location == location && is_global(&call.function, function));
    let Some(Literal::Text(name)) = call.and_then(|call| call.arguments.first()).map(|first| &first.literal) else {
        return String::new();
    };
    absent::of_module(name).map(|known| format!("; {name}: {}", known.instead)).unwrap_or_default()
}

fn is_global(path: &Path, name: &str) -> bool {
    matches!(&path.root, Root::Global(global) if global == name) && path.fields.is_empty()
}

/// Why a member of an absent library is absent, if there is more to say than about the library.
fn particular(library: &str, access: &Access) -> Option<String> {
    let whole = format!("{library}.{}", access.field);
    absent::of(&whole)
        .filter(|absent| absent.names.contains(&whole.as_str()))
        .map(|absent| absent::sentence(&whole, absent))
}

/// The error in a use of an unknown member of a library.
fn member(scan: &Scan, names: &Names, reach: &Reach, access: &Access) -> Option<String> {
    let Path { root: Root::Global(library), fields } = &access.base else { return None };
    if !fields.is_empty() || scan.sets.contains(library) || reach.is_granted(library) {
        return None;
    }
    let set_by_script = || scan.accesses.iter().any(|a| a.set && a.base == access.base && a.field == access.field);
    let Some(members) = names.members.get(library) else {
        return particular(library, access)
            .filter(|_| !names.globals.contains(library) && reach.refusal(library).is_none());
    };
    if members.contains(&access.field) || set_by_script() {
        return None;
    }
    if let Some(said) = particular(library, access) {
        return Some(said);
    }
    let near = hint(&access.field, members.iter().map(String::as_str));
    Some(format!("'{}' is not in library {library}{near}", access.field))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tenterhook_bgp::catalog;

    use super::super::scan::scan;
    use super::super::source::Source;
    use super::super::views::{ADDRESS, PREFIX};
    use super::*;
    use crate::logs::Collector;
    use crate::setup::{self, Overrides, PolicyArgs, Script, Standing};

    fn standing() -> Standing {
        let args = PolicyArgs { policy: None, tenant: None };
        args.resolve("bgp.route_match", &Overrides::default()).expect("no policy").expect("accepted")
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
        let one: [(&str, &str); 18] = [
            ("prnt(1)", "global 'prnt' is never set; did you mean 'print'?"),
            (
                "return os.time()",
                "os.time is not in the sandbox: there is no clock, so that a call can be repeated; use ",
            ),
            (
                "return os.rename",
                "global 'os' is not in the sandbox: scripts reach no files, processes or clocks; use ",
            ),
            ("return unpack({})", "global 'unpack' is not in the sandbox: Lua 5.1 has it, and Lua 5.4 does not; use "),
            ("return require 'bit'", "global 'require' is not in the sandbox: a script that is a single file has no "),
            ("return string.fromat('x')", "'fromat' is not in library string; did you mean 'format'?"),
            ("f1 = 1 return string.dump(f1)", "string.dump is not in the sandbox: bytecode goes neither in nor out"),
            ("return debug.getinfo(1)", "debug.getinfo is not in the sandbox: it reaches into other functions"),
            (
                "return table.getn({}), 1",
                "table.getn is not in the sandbox: Lua 5.1 has it, and Lua 5.4 does not; use ",
            ),
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
            (
                "return require('cjson').encode",
                "global 'require' is not in the sandbox: a script that is a single file has no modules; attach a folder \
                 with the script and its modules, or give each with --module NAME=FILE; cjson: no JSON library is built in",
            ),
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
