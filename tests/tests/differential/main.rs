//! The same script with the same arguments, in the sandbox and in native Lua 5.4: the same answer, the same error.
//!
//! Programs and arguments are generated from fixed seeds, so that a failure is there again in the next run.

#![allow(clippy::unwrap_used)]

mod programs;

use std::sync::Arc;

use mlua::Lua;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseResult, TestRng, TestRunner};
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::{DynamicHook, FailureKind, Host, Request};
use tenterhook_tests::bench::{cache, rules, unique};
use tenterhook_tests::golden;

/// What a script is called with.
#[derive(Debug, Clone)]
struct Arguments {
    i: i64,
    j: i64,
    x: f64,
    s: Vec<u8>,
    list: Vec<i64>,
}

fn arguments() -> impl Strategy<Value = Arguments> {
    let integer = || prop_oneof![-20..20i64, any::<i32>().prop_map(i64::from), any::<i64>()];
    let float = prop_oneof![(-1e6..1e6f64), (-50..50i32).prop_map(f64::from), Just(-0.0), Just(0.1)];
    let string = prop_oneof![
        "[a-z]{0,8}".prop_map(String::into_bytes),
        "[0-9]{1,6}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    let list = proptest::collection::vec(-100..100i64, 0..6);
    (integer(), integer(), float, string, list).prop_map(|(i, j, x, s, list)| Arguments { i, j, x, s, list })
}

/// Writes any value as text that tells it apart from every other; keys in order, so that `pairs` need not agree.
const RENDER: &str = r#"
local T = setmetatable({}, { __tostring = function() return "T" end })
local function render(v, depth)
    local kind = math.type(v) or type(v)
    if kind == "float" then return v ~= v and "nan" or string.format("float %.17g", v) end
    if kind == "integer" then return string.format("integer %d", v) end
    if kind == "string" then return string.format("string %q", v) end
    if kind ~= "table" then return kind == "boolean" and tostring(v) or kind end
    if depth > 5 then return "deep" end
    local parts = {}
    for key, value in pairs(v) do parts[#parts + 1] = "[" .. render(key, depth + 1) .. "] = " .. render(value, depth + 1) end
    table.sort(parts)
    return "{" .. table.concat(parts, ", ") .. "}"
end
"#;

/// A script whose handler renders what `body` returns.
fn script(body: &str) -> String {
    format!(
        "{RENDER}local function program(i, j, x, s, list)\n{body}end\nfunction diff(...) return {{ text = render(table.pack(program(...)), 0) }} end\n"
    )
}

/// The answer's text, or the error.
type Answered = Result<Vec<u8>, String>;

struct Sandbox {
    host: Host,
    hook: DynamicHook,
}

impl Sandbox {
    fn new() -> Sandbox {
        let of = Declaration::builder("test.diff", 1)
            .argument("i", Type::INTEGER, "an integer")
            .argument("j", Type::INTEGER, "another")
            .argument("x", Type::Float, "a float")
            .argument("s", Type::bytes(1024), "a string")
            .argument("list", Type::INTEGER.list(16), "a list")
            .result("text", Type::bytes(1 << 20), Value::String(vec![]), "some text")
            .result("integer", Type::INTEGER, Value::Integer(0), "an integer")
            .result("number", Type::Float, Value::Float(0.0), "a float")
            .result("list", Type::bytes(1024).list(64), Value::List(vec![]), "some strings")
            .build()
            .unwrap();
        let host = Host::builder().cache(Some(cache())).build().unwrap();
        let hook = host.declare_dynamic(&of).unwrap();
        Sandbox { host, hook }
    }

    fn values(args: &Arguments) -> Vec<Value> {
        let list = args.list.iter().map(|v| Value::Integer(*v)).collect();
        let scalars =
            [Value::Integer(args.i), Value::Integer(args.j), Value::Float(args.x), Value::String(args.s.clone())];
        scalars.into_iter().chain([Value::List(list)]).collect()
    }

    /// The answer as JSON, or the error; both name the script `diff.lua`.
    fn answer(&self, source: &str, args: &Arguments) -> Result<Arc<tenterhook::DynamicOutcome>, String> {
        let policy = "[defaults]\nfuel = \"500M\"\nmemory = \"64MiB\"\nanswer = \"1MiB\"\n";
        let rules = rules(policy, "native", "test.diff");
        let request = Request::new("test.diff", "native", source).name(unique("diff")).rules(rules);
        let _link = self.host.attach(request).map_err(|error| format!("not attached: {error}"))?;
        let outcome = self.hook.invoke(&Sandbox::values(args), &mut ());
        match outcome.failures.first().map(|failure| &failure.kind) {
            None => Ok(Arc::new(outcome)),
            Some(FailureKind::Fault(fault)) => Err(fault.to_string()),
            Some(other) => panic!("{other:?}"),
        }
    }

    fn run(&self, source: &str, args: &Arguments) -> Answered {
        let outcome = self.answer(source, args)?;
        match outcome.answer.result(0) {
            Some(Value::String(text)) => Ok(text.clone()),
            other => panic!("{other:?}"),
        }
    }
}

/// The same in native Lua.
fn native_table(source: &str, args: &Arguments) -> Result<(Lua, mlua::Table), String> {
    let lua = Lua::new();
    let plain = |error: mlua::Error| match error {
        mlua::Error::RuntimeError(text) => text.split("\nstack traceback:").next().unwrap_or_default().to_owned(),
        other => panic!("{other}"),
    };
    lua.load(source).set_name("@diff.lua").exec().map_err(plain)?;
    let handler: mlua::Function = lua.globals().get("diff").unwrap();
    let list = lua.create_sequence_from(args.list.iter().copied()).unwrap();
    let s = lua.create_string(&args.s).unwrap();
    let table: mlua::Table = handler.call((args.i, args.j, args.x, s, list)).map_err(plain)?;
    Ok((lua, table))
}

fn native(source: &str, args: &Arguments) -> Answered {
    let (_lua, table) = native_table(source, args)?;
    Ok(table.get::<mlua::LuaString>("text").unwrap().as_bytes().to_vec())
}

fn same(sandbox: &Sandbox, source: &str, args: &Arguments) -> TestCaseResult {
    let show = |answered: Answered| match answered {
        Ok(bytes) => format!("answered {}", bytes.escape_ascii()),
        Err(message) => format!("failed: {message}"),
    };
    let (ours, theirs) = (show(sandbox.run(source, args)), show(native(source, args)));
    prop_assert_eq!(ours, theirs, "\n{}", source);
    Ok(())
}

fn check<S: Strategy>(cases: u32, strategy: &S, property: impl Fn(S::Value) -> TestCaseResult) {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    if let Err(failure) = runner.run(strategy, property) {
        panic!("{failure}");
    }
}

#[test]
fn expressions_come_to_the_same() {
    let sandbox = Sandbox::new();
    check(800, &(programs::expression(), arguments()), |(expression, args)| {
        same(&sandbox, &script(&format!("    return {expression}\n")), &args)
    });
}

#[test]
fn programs_come_to_the_same() {
    let sandbox = Sandbox::new();
    check(800, &(programs::program(), arguments()), |(program, args)| same(&sandbox, &script(&program), &args));
}

#[test]
fn floats_are_written_and_read_the_same() {
    let sandbox = Sandbox::new();
    let body = r#"
    if x ~= x then return "nan" end
    return x, tostring(x), string.format("%g %.3f %e %.17g", x, x, x, x), tonumber(tostring(x)), math.tointeger(x), x // 1,
        math.floor(x), math.type(math.ceil(x)), x == i, x < i, x <= j, i < x, math.max(x, i), x .. "", string.pack("<d", x)
"#;
    let source = script(body);
    check(600, &(any::<f64>(), any::<i64>(), arguments()), |(x, i, args)| {
        same(&sandbox, &source, &Arguments { x, i, j: x as i64, ..args })
    });
}

#[test]
fn integers_are_written_read_and_computed_the_same() {
    let sandbox = Sandbox::new();
    let body = r#"
    local function try(f) return select(2, pcall(f)) end
    return i + j, i - j, i * j, i & j, i | j, i ~ j, i << (j & 127), i >> (j & 127), ~i, -i, i < j, i == j, math.ult(i, j),
        try(function() return i // j end), try(function() return i % j end), i / 3, i * 1.0, i + 0.5 == i, tostring(i), i .. "",
        string.format("%d %5d %x %o", i, j, i, j), tonumber(tostring(i)), i == i + 0.0, math.tointeger(i + 0.0), math.abs(i), math.fmod(i, 10)
"#;
    let source = script(body);
    let edge = || {
        prop_oneof![
            any::<i64>(),
            Just(i64::MIN),
            Just(i64::MAX),
            -3..3i64,
            Just(1 << 53),
            Just((1 << 53) + 1),
            Just(-1 << 62)
        ]
    };
    check(600, &(edge(), edge(), arguments()), |(i, j, args)| same(&sandbox, &source, &Arguments { i, j, ..args }));
}

#[test]
fn numerals_are_read_the_same() {
    let sandbox = Sandbox::new();
    let source =
        script("    return tonumber(s), tonumber(s, 16), math.tointeger(s), pcall(function() return s + 0 end)\n");
    let numeral = prop_oneof![
        "[ ]{0,1}[-+]{0,1}[0-9]{0,20}(\\.[0-9]{0,6}){0,1}([eE][-+]{0,1}[0-9]{1,3}){0,1}[ ]{0,1}",
        "[-]{0,1}0[xX][0-9a-fA-F]{0,18}(\\.[0-9a-f]{0,3}){0,1}(p[-+]{0,1}[0-9]{1,2}){0,1}",
        "[0-9a-fx.e+-]{0,8}",
    ];
    check(800, &(numeral, arguments()), |(s, args)| same(&sandbox, &source, &Arguments { s: s.into_bytes(), ..args }));
}

#[test]
fn strings_and_patterns_do_the_same() {
    let sandbox = Sandbox::new();
    let body = r#"
    local out = {}
    for _, pattern in ipairs { "%w+", "(%a)(%d*)", "^(.-)%s*$", "%f[%a]%a+", "[%c\128-\255]", "%b()", "(.)%1", ".-", "%s+" } do
        out[#out + 1] = table.pack(s:find(pattern))
        out[#out + 1] = table.pack(s:gsub(pattern, "<%0>"))
        for a, b in s:gmatch(pattern) do out[#out + 1] = { a, b } end
    end
    return out, s:upper(), s:lower(), s:reverse(), s:byte(1, -1), #s, s:rep(3, ","), s:sub(i, j), utf8.len(s), s < "m", string.format("%q", s),
        pcall(utf8.codepoint, s, 1, -1)
"#;
    let source = script(body);
    let string =
        prop_oneof!["[a-c1-3() \\t]{0,16}".prop_map(String::into_bytes), proptest::collection::vec(any::<u8>(), 0..24)];
    check(400, &(string, -10..10i64, -10..10i64, arguments()), |(s, i, j, args)| {
        same(&sandbox, &source, &Arguments { s, i, j, ..args })
    });
}

#[test]
fn typed_answers_are_the_same_values() {
    let sandbox = Sandbox::new();
    let source = r#"
function diff(i, j, x, s, list)
    local strings = {}
    for k, v in ipairs(list) do strings[k] = s .. v end
    return { text = s:reverse(), integer = i ~ j, number = x * 2 + #list, list = strings }
end"#;
    check(300, &arguments(), |args| {
        let ours = sandbox.answer(source, &args).map_err(TestCaseError::fail)?;
        let (_lua, theirs) = native_table(source, &args).map_err(TestCaseError::fail)?;
        let text: mlua::LuaString = theirs.get("text").unwrap();
        let strings: Vec<mlua::LuaString> = theirs.get("list").unwrap();
        let expected = [
            Value::String(text.as_bytes().to_vec()),
            Value::Integer(theirs.get("integer").unwrap()),
            Value::Float(theirs.get("number").unwrap()),
            Value::List(strings.iter().map(|s| Value::String(s.as_bytes().to_vec())).collect()),
        ];
        for (position, value) in expected.iter().enumerate() {
            prop_assert_eq!(ours.answer.result(position), Some(value));
        }
        Ok(())
    });
}

#[test]
fn a_sandbox_that_answered_otherwise_would_be_noticed() {
    let sandbox = Sandbox::new();
    let args = Arguments { i: 1, j: 2, x: 0.5, s: b"x".to_vec(), list: vec![] };
    let differs = script("    return io ~= nil, string.packsize('T')\n");
    assert!(same(&sandbox, &differs, &args).is_err());
    let fails = script("    error(string.packsize('T'), 0)\n");
    assert!(same(&sandbox, &fails, &args).is_err());
}

/// Golden scripts about what Lua is check themselves; they have to hold in native Lua too, or they are about us.
#[test]
fn conformance_scripts_hold_in_native_lua() {
    let scripts = golden::scripts().into_iter().filter(|path| golden::name(path).starts_with("conformance/"));
    let mut problems = Vec::new();
    let mut count = 0;
    for path in scripts {
        count += 1;
        let lua = Lua::new();
        let held = lua.load(std::fs::read(&path).unwrap()).set_name("@native").exec().and_then(|()| {
            let run: mlua::Function = lua.globals().get("run")?;
            run.call::<mlua::Table>((7, "text"))?.get::<bool>("ok")
        });
        match held {
            Ok(true) => {}
            other => problems.push(format!("{}: {other:?}", golden::name(&path))),
        }
    }
    assert!(count >= 10, "the scripts are there: {count}");
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
