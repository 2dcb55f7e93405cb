//! Scripts and policies as people write them (`tests/field`): what is wrong with each is said before it is attached.

use serde_json::json;
use tenterhook_tests::root;

use crate::process::{Folder, Run, run, text};

fn field(name: &str) -> String {
    text(&root().join("tests/field").join(name)).to_owned()
}

fn check(file: &str) -> Run {
    run(&["check", file, "--hook", "bgp.route_match", "--strict"])
}

/// What the check of a handler's body finds, line by line, without the file and the verdict.
fn remarks(folder: &Folder, body: &str) -> Vec<String> {
    let script = format!("function route_match(prefix, attributes, peer)\n{body}\nend\n");
    let checked = check(text(&folder.file("s.lua", script)));
    let lines: Vec<&str> = checked.out.lines().collect();
    let (verdict, found) = lines.split_last().unwrap_or_else(|| panic!("{checked:?}"));
    assert!(verdict.contains(" loads at bgp.route_match"), "{body}: {checked:?}");
    assert_eq!(checked.code, if found.is_empty() { 0 } else { 3 }, "{body}: {checked:?}");
    // What the call with sample arguments comes to is told beside what is remarked on.
    let found = found.iter().filter(|line| !line.contains("a call with sample arguments ends in a fault"));
    found.map(|line| line.split_once("warning: ").unwrap_or_else(|| panic!("{line}")).1.to_owned()).collect()
}

#[test]
fn comparisons_that_come_out_the_same_each_time() {
    let checked = check(&field("cmpstr.lua"));
    assert_eq!(checked.code, 3, "{checked:?}");
    for part in [
        ":3:6: warning: prefix (a prefix) and text are never equal; compare with net.prefix(…), or prefix.network",
        ":4:6: warning: attributes.next_hop (an address) and text are never equal; compare with net.address(…), or ",
        ":5:6: warning: attributes.origin (a name) and a number are never equal; compare with \"IGP\"",
        ":6:8: warning: a prefix as a table key is found only by the same value, not by an equal one; use prefix.network",
        ":7:11: warning: a prefix as a table key is found only by the same value, not by an equal one; use its field ",
    ] {
        assert!(checked.out.contains(part), "{part}\n{}", checked.out);
    }
    let folder = Folder::new();
    for (body, remark) in [
        (
            "if peer.state == 'Estblished' then return {} end",
            "peer.state is never 'Estblished': no PeerState has that name; did you mean 'Established'?",
        ),
        (
            "if 1 == attributes.origin then return {} end",
            "attributes.origin (a name) and a number are never equal; compare with \"EGP\"",
        ),
        (
            "if attributes.origin ~= RM_MATCH then return {} end",
            "attributes.origin (a name) and RM_MATCH (a number) are never equal; compare with \"INCOMPLETE\"",
        ),
        ("if attributes.metric == '50' then return {} end", "attributes.metric (a number) and text are never equal"),
        ("if attributes.metric == -1 then return {} end", "attributes.metric is never -1: it is 0 to 4294967295"),
        (
            "if attributes.communities == {} then return {} end",
            "attributes.communities (a list) and a table are never equal; #attributes.communities is the number of items",
        ),
        (
            "if prefix < '10.0.0.0/8' then return {} end",
            "prefix (a prefix) and text cannot be compared; compare with net.prefix(…), or prefix.network",
        ),
        ("if prefix.length == '24' then return {} end", "prefix.length (a number) and text are never equal"),
        ("if not prefix.network == 'x' then return {} end", "a boolean and text are never equal"),
        (
            "local p = peer if p.remote_id == '192.0.2.1' then return {} end",
            "peer.remote_id (an address) and text are never equal; compare with net.address(…), or peer.remote_id.string",
        ),
        (
            "local t = { [peer.remote_address] = 1 } return { action = t.x }",
            "an address as a table key is found only by the same value, not by an equal one; use peer.remote_address.string",
        ),
        (
            "local t = {} t[peer] = 1 return { action = t.x }",
            "peer belongs to this call: as a table key, it is never found by another call",
        ),
    ] {
        assert_eq!(remarks(&folder, body), [remark], "{body}");
    }
    for body in [
        "if prefix == net.prefix('10.0.0.0/8') or prefix.network == '10.0.0.0/8' then return {} end return {}",
        "if attributes.next_hop == nil or attributes.next_hop == net.address('::1') then return {} end return {}",
        "if attributes.origin == 'IGP' or attributes.metric == 0 or attributes.metric == 5.0 then return {} end return {}",
        "if prefix < net.prefix('10.0.0.0/8') or attributes.metric < 1.5 then return {} end return {}",
        "local state = peer.state state = 5 if state == 5 then return {} end return {}",
        "attributes.communities = {} if attributes.communities == {} then return {} end return { attributes = attributes }",
        "local t = {} t[prefix.network] = 1 t[#attributes.communities] = 2 return { action = t.x }",
        "RM_MATCH = 'IGP' if attributes.origin == RM_MATCH then return {} end return {}",
        "net = { prefix = tostring } if prefix.network == net.prefix('x') then return {} end return {}",
    ] {
        assert_eq!(remarks(&folder, body), [""; 0], "{body}");
    }
}

#[test]
fn changes_that_no_answer_gives() {
    let checked = check(&field("silent_loss.lua"));
    assert_eq!(checked.code, 3, "{checked:?}");
    let lost = ":2:5: warning: this change of attributes is lost: no answer of route_match contains the key 'attributes', as in { attributes = attributes }";
    assert!(checked.out.contains(lost), "{checked:?}");
    assert_eq!(checked.out.matches("is lost").count(), 1, "{checked:?}");
    let folder = Folder::new();
    for body in [
        "local a = attributes a.metric = 1 if peer then return {} end return { action = RM_MATCH }",
        "attributes.metric = 1 local answer = { action = RM_MATCH } answer.action = 3 return answer",
    ] {
        let found = remarks(&folder, body);
        assert!(found.len() == 1 && found[0].starts_with("this change of attributes is lost"), "{body}: {found:?}");
    }
    for body in [
        "attributes.metric = 1 return { action = RM_MATCH_AND_CHANGE, attributes = attributes }",
        "attributes.metric = 1 if peer.state == 'Idle' then return { action = 1 } end return { attributes = attributes }",
        "attributes.metric = 1 local answer = {} answer.attributes = attributes return answer",
        "attributes.metric = 1 local answer = {} fill(answer) return answer",
        "attributes.metric = 1 local answer = {} answer[key] = attributes return answer",
        "attributes.metric = 1 return { [key] = attributes }",
        "attributes.metric = 1 return other()",
        "attributes = {} attributes.metric = 1 return { action = 1 }",
    ] {
        let body = format!("{body} end function fill() key = 1 end function other() return {{}}");
        assert_eq!(remarks(&folder, &body), [""; 0], "{body}");
    }
}

#[test]
fn lists_of_a_call_are_no_tables() {
    let folder = Folder::new();
    let told = "attributes.communities is part of the call and cannot be changed in place; copy it into a table, such as \
                {table.unpack(attributes.communities)}, change that, and assign it or answer with it";
    for body in [
        "table.insert(attributes.communities, '65000:1') return {}",
        "local c = attributes.communities c[#c + 1] = '65000:1' return {}",
        "table.remove(attributes.communities) return {}",
        "table.sort(attributes.communities) return {}",
        "table.move({ '65000:1' }, 1, 1, 1, attributes.communities) return {}",
    ] {
        assert_eq!(remarks(&folder, body), [told], "{body}");
        let script = format!("function route_match(prefix, attributes)\n{body}\nend");
        let script = folder.file("called.lua", script);
        let called = run(&["call", "--hook", "bgp.route_match", "--script", text(&script)]);
        // The sample's list is in order: there is nothing to sort.
        let fails = !body.starts_with("table.sort");
        assert_eq!(called.code, if fails { 3 } else { 0 }, "what is remarked on fails: {body}: {called:?}");
    }
    for (body, remark) in [
        (
            "next(peer) return {}",
            "next requires a table, but peer is an argument of the call; use pairs or field access",
        ),
        (
            "rawlen(attributes.as_path) return {}",
            "rawlen requires a table, but attributes.as_path is an argument of the call; use pairs or field access",
        ),
    ] {
        assert_eq!(remarks(&folder, body), [remark], "{body}");
    }
    for body in [
        "local c = { table.unpack(attributes.communities) } table.insert(c, '65000:1') return { attributes = { communities = c } }",
        "attributes.communities = {} table.insert(attributes.communities, '65000:1') return { attributes = attributes }",
        "local c = {} for i, v in ipairs(attributes.communities) do c[i] = v end return { action = #table.concat(c) }",
        "table.move(attributes.communities, 1, #attributes.communities, 1, {}) return {}",
        "table.insert = print table.insert(attributes.communities) return {}",
    ] {
        assert_eq!(remarks(&folder, body), [""; 0], "{body}");
    }
}

#[test]
fn communities_that_there_cannot_be() {
    let folder = Folder::new();
    let script = field("comm_bad_r.lua");
    let checked = check(&script);
    assert!(checked.out.contains("communities: expected community: a name such as no-export, or two numbers of 0..65535 such as 65000:100, got '70000:1'"), "{checked:?}");
    let fault = |script: &str| run(&["call", "--hook", "bgp.route_match", "--script", script, "--json"]).json();
    let json = fault(&script);
    assert!(
        json.to_string().contains("result.attributes.communities[1]: expected community: a name such as no-export, "),
        "{json}"
    );
    assert!(json.to_string().contains("got \\\"70000:1\\\""), "{json}");
    for (key, text_of, good) in [
        ("communities", "65535:65535", true),
        ("communities", "no-export", true),
        ("communities", "65536:1", false),
        ("communities", "65000:1 65000:2", false),
        ("large_communities", "4294967295:0:4294967295", true),
        ("large_communities", "4294967296:0:0", false),
        ("extended_communities", "rt:65535:4294967295", true),
        ("extended_communities", "rt:65536:65536", false),
        ("extended_communities", "soo:192.0.2.1:65535", true),
        ("extended_communities", "0x00", false),
    ] {
        let body = format!("function route_match() return {{ attributes = {{ {key} = {{ '{text_of}' }} }} }} end");
        let json = fault(text(&folder.file("s.lua", body)));
        let refused = json.to_string().contains(&format!("result.attributes.{key}[1]: expected "));
        assert_eq!(!refused, good, "{key} {text_of}: {json}");
    }
}

#[test]
fn what_lua_has_elsewhere_is_said_to_be_absent() {
    let checked = check(&field("luajit_bit.lua"));
    assert_eq!(checked.code, 3, "{checked:?}");
    for part in [
        ":1: error: attempt to call a nil value (global 'require'); require is not in the sandbox: a script that is a single ",
        "attach a folder with the script and its modules, or give each with --module NAME=FILE; bit: use the operators &, |, ~",
    ] {
        assert!(checked.out.contains(part), "{part}\n{checked:?}");
    }
    let folder = Folder::new();
    for (text_of, told) in [
        (
            "local t = os.time()",
            "s.lua:1: attempt to index a nil value (global 'os'); os.time is not in the sandbox: there is no clock",
        ),
        ("local j = require \"cjson\"", "cjson: no JSON library is built in"),
        ("local f = io.open('x')", "io.open is not in the sandbox: scripts reach no files"),
        (
            "local d = string.dump(print)",
            "if this is Lua's string.dump: string.dump is not in the sandbox: bytecode goes neither in nor out",
        ),
        ("local i = debug.getinfo(1)", "if this is Lua's debug.getinfo: "),
        ("dofile('x')", "dofile is not in the sandbox: scripts reach no files; attach the file as a module"),
        ("local u = unpack({})", "Lua 5.1 has it, and Lua 5.4 does not; use table.unpack"),
    ] {
        // While it loads, and in a call.
        for script in
            [format!("{text_of}\nfunction route_match() end"), format!("function route_match() {text_of} end")]
        {
            let called = run(&["call", "--hook", "bgp.route_match", "--script", text(&folder.file("s.lua", &script))]);
            let told = if script.starts_with("function") { told.rsplit(": ").next().unwrap() } else { told };
            let told = told.replace("there is no clock", "scripts reach no files, processes or clocks");
            let here = called.out.contains(&told) || called.err.contains(&told);
            let by_line = called.out.contains("there is no clock") || script.contains("cjson");
            assert!(called.code == 3 && (here || by_line), "{told}\n{script}: {called:?}");
        }
    }
}

#[test]
fn errors_that_are_tables_show_what_is_in_them() {
    let folder = Folder::new();
    let script = folder.file("s.lua", "function route_match() error({ code = 7 }) end");
    let called = run(&["call", "--hook", "bgp.route_match", "--script", text(&script)]);
    assert!(called.code == 3 && called.out.contains("error value {code = 7}"), "{called:?}");
    let script = folder.file("s.lua", "error({ code = 7 })");
    let called = run(&["call", "--hook", "bgp.route_match", "--script", text(&script)]);
    assert!(called.code == 3 && format!("{called:?}").contains("error value {code = 7}"), "{called:?}");
}

#[test]
fn what_comes_before_lua_is_passed_over_and_what_is_no_text_is_named() {
    let folder = Folder::new();
    let lua = "function route_match()\n  return { action = 'MATCH' }\nend\n";
    for before in ["#!/usr/bin/env lua\n", "\u{feff}", "\u{feff}#!/usr/bin/env lua\n", "# a note\r\n"] {
        let script = folder.file("s.lua", format!("{before}{lua}"));
        let called = run(&["call", "--hook", "bgp.route_match", "--script", text(&script), "--json"]);
        assert_eq!((called.code, &called.json()["result"]["action"]), (0, &json!("MATCH")), "{before:?}: {called:?}");
        let checked = check(text(&script));
        assert_eq!(checked.code, 0, "{before:?}: {checked:?}");
    }
    // Lines keep their numbers.
    let script = folder.file("s.lua", "\u{feff}#!/usr/bin/env lua\n\nx = ) 1\n");
    let checked = check(text(&script));
    assert!(checked.code == 3 && checked.out.contains("s.lua:3:5: error: unexpected symbol near ')'"), "{checked:?}");
    let wide: Vec<u8> = format!("\u{feff}{lua}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, name) in [
        (&wide[..], "text in UTF-16"),
        (b"\x1f\x8b\x08\0\0\0\0\0\0\x03", "a gzip file"),
        (b"\x1bLuaT\0\x19\x93", "precompiled Lua (bytecode)"),
        (b"\x7fELF\x02\x01\x01\0", "a program or library (ELF)"),
        (b"<!DOCTYPE html>", "a page of HTML"),
    ] {
        let checked = check(text(&folder.file("s.lua", bytes)));
        let told = format!("s.lua:1: error: the file is {name}, expected the text of a Lua script");
        assert!(checked.code == 3 && checked.out.contains(&told), "{told}\n{checked:?}");
    }
}

#[test]
fn rules_that_can_never_work() {
    let policy = field("onfault.toml");
    assert_eq!(run(&["policy", "check", &policy]).code, 0, "the hook points are not known");
    let refused = run(&["policy", "check", &policy, "--catalog"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    let told = "onfault.toml:2:7: tenants.acme.hooks.\"bgp.route_match\".on_fault.any: bgp.route_match, fault fuel: result.action: expected FAILURE, NOMATCH, MATCH or MATCH_AND_CHANGE, got \"PERMIT\"";
    assert!(refused.err.contains(told), "{refused:?}");
    assert_eq!(refused.err.matches("PERMIT").count(), 1, "once for all causes: {refused:?}");
    let folder = Folder::new();
    for (rules, told) in [
        (
            "[hooks.\"bgp.rout_match\"]\nfuel = \"1M\"",
            "p.toml:2: hooks.\"bgp.rout_match\": no hook point bgp.rout_match; did you mean bgp.route_match?",
        ),
        (
            "[hooks.\"bgp.route_match\".on_fault]\nfuel = { result = { acton = \"MATCH\" } }",
            "result.acton: no such result; did you mean 'action'?",
        ),
        // Meant for other hook points, perhaps.
        ("[defaults.on_fault]\nany = { result = { verdict = \"PERMIT\" } }", ""),
        ("[hooks.\"bgp.route_match\".on_fault]\nany = { result = { action = \"NOMATCH\" } }", ""),
    ] {
        let checked = run(&["policy", "check", text(&folder.file("p.toml", rules)), "--catalog"]);
        assert_eq!(checked.code, if told.is_empty() { 0 } else { 2 }, "{rules}: {checked:?}");
        assert!(checked.err.contains(told), "{told}\n{checked:?}");
    }
}
