//! Scripts and modules in whatever way they are handed over: what comes before Lua's text is passed over, and what is no
//! text is refused by its name.

use std::sync::Arc;

use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::{AttachError, DynamicHook, Host, Request};

fn host() -> (Host, DynamicHook) {
    let of: Arc<Declaration> = Declaration::builder("test.text", 1)
        .argument("n", Type::INTEGER, "a number")
        .result("text", Type::bytes(200), Value::String(vec![]), "some text")
        .build()
        .expect("a good declaration");
    let host = Host::builder().build().expect("a host");
    let hook = host.declare_dynamic(&of).expect("a good policy");
    (host, hook)
}

fn called(hook: &DynamicHook) -> String {
    let outcome = hook.invoke(&[Value::Integer(1)], &mut ());
    assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
    match outcome.answer.result(0) {
        Some(Value::String(text)) => String::from_utf8_lossy(text).into_owned(),
        other => panic!("{other:?}"),
    }
}

const MARK: &str = "\u{feff}";

#[test]
fn scripts_and_modules_may_begin_as_lua_s_files_do() {
    let (host, hook) = host();
    let script = "function text() return { text = 'ok' } end";
    for (before, line) in [("", 2), ("#!/usr/bin/lua\n", 3), (MARK, 2), ("\u{feff}#!lua\n", 3)] {
        let request = Request::new("test.text", "acme", format!("{before}{script}")).script("s.lua");
        let link = host.attach(request).unwrap_or_else(|error| panic!("{before:?}: {error}"));
        assert_eq!(called(&hook), "ok", "{before:?}");
        drop(link);
        let wrong = format!("{before}x = 1\ny = = 2");
        let error = host.attach(Request::new("test.text", "acme", wrong).script("s.lua")).map(drop);
        let error = error.expect_err("no Lua").to_string();
        assert!(error.contains(&format!("s.lua:{line}: unexpected symbol near '='")), "{before:?}: {error}");
        // The same of modules, and of a script that has some.
        let main = format!("{before}local m = require 'm'\nfunction text() return {{ text = m }} end");
        let request = Request::new("test.text", "acme", main).module("m", format!("{before}return 'module'"));
        let link = host.attach(request).unwrap_or_else(|error| panic!("{before:?}: {error}"));
        assert_eq!(called(&hook), "module", "{before:?}");
        drop(link);
        let main = format!("{before}require 'm'\nfunction text() end");
        let request = Request::new("test.text", "acme", main).module("m", format!("{before}x = 1\ny = = 2"));
        let error = host.attach(request).map(drop).expect_err("no Lua").to_string();
        assert!(error.contains(&format!("m.lua:{line}: unexpected symbol near '='")), "{before:?}: {error}");
    }
}

#[test]
fn what_is_no_text_is_refused_by_its_name() {
    let (host, _hook) = host();
    let wide: Vec<u8> = "function text() end".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (bytes, name) in [
        (wide, "text in UTF-16"),
        (b"\xff\xfex\0".to_vec(), "text in UTF-16"),
        (b"\x1f\x8b\x08\0".to_vec(), "a gzip file"),
        (b"PK\x03\x04".to_vec(), "a zip file"),
        (b"\x7fELF".to_vec(), "a program or library (ELF)"),
        (b"\x1bLuaT\0".to_vec(), "precompiled Lua (bytecode)"),
    ] {
        let told = |file: &str| {
            format!("the script did not load: {file}:1: the file is {name}, expected the text of a Lua script")
        };
        let refused = |request: Request| match host.attach(request).map(drop) {
            Err(error @ AttachError::Load(_)) => error.to_string(),
            other => panic!("{name}: {other:?}"),
        };
        assert_eq!(refused(Request::new("test.text", "acme", bytes.clone()).script("s.lua")), told("s.lua"));
        let main = "require 'lib.m' function text() end";
        assert_eq!(refused(Request::new("test.text", "acme", main).module("lib.m", bytes)), told("lib/m.lua"));
    }
}
