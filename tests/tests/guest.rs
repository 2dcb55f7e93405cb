//! What the interpreter's module asks of its host and gives it, exactly; and that it is the recorded one.

#![allow(clippy::unwrap_used)]

use sha2::{Digest, Sha256};
use tenterhook_guest_lua::{LUA_VERSION, SHA256, WASM};
use tenterhook_tests::root;
use wasmtime::{Engine, ExternType, Module, Mutability};

fn module() -> Module {
    Module::new(&Engine::default(), WASM).unwrap()
}

/// `(i32, i32) -> i32` and the like.
fn signature(ty: &ExternType) -> String {
    match ty {
        ExternType::Func(function) => {
            let list = |types: Vec<String>| types.join(", ");
            let params = list(function.params().map(|ty| ty.to_string()).collect());
            let results = list(function.results().map(|ty| ty.to_string()).collect());
            if results.is_empty() { format!("({params})") } else { format!("({params}) -> {results}") }
        }
        ExternType::Memory(_) => "memory".to_owned(),
        ExternType::Table(_) => "table".to_owned(),
        ExternType::Global(global) => {
            format!("{} {}", if global.mutability() == Mutability::Var { "var" } else { "const" }, global.content())
        }
        other => format!("{other:?}"),
    }
}

#[test]
fn imports_are_these_five_and_no_other() {
    let module = module();
    let mut imports: Vec<String> = module
        .imports()
        .map(|import| format!("{}.{} {}", import.module(), import.name(), signature(&import.ty())))
        .collect();
    imports.sort();
    assert_eq!(
        imports,
        [
            "tenterhook.grow (i32) -> i32",
            "tenterhook.host_call (i32, i32, i32, i32) -> i32",
            "tenterhook.out_of_memory (i32)",
            "tenterhook.throw ()",
            "tenterhook.try (i32, i32, i32) -> i32",
        ]
    );
}

#[test]
fn exports_are_these_and_no_other() {
    let module = module();
    let mut exports: Vec<String> =
        module.exports().map(|export| format!("{} {}", export.name(), signature(&export.ty()))).collect();
    exports.sort();
    assert_eq!(
        exports,
        [
            "__indirect_function_table table",
            "__stack_pointer var i32",
            "_initialize ()",
            "memory memory",
            "th_args (i32) -> i32",
            "th_buffer (i32) -> i32",
            "th_call (i32) -> i64",
            "th_declare (i32, i32)",
            "th_info () -> i32",
            "th_load (i32, i32, i32) -> i32",
            "th_memory_errors (i32)",
            "th_provide (i32, i32)",
            "th_seed (i64)",
            "th_start ()",
            "th_try_body (i32, i32, i32)",
        ]
    );
}

#[test]
fn memory_begins_small_and_the_table_can_grow() {
    let module = module();
    let Some(ExternType::Memory(memory)) = module.get_export("memory") else { panic!("no memory") };
    assert!(memory.minimum() * memory.page_size() <= 256 << 10, "{} pages", memory.minimum());
    assert!(!memory.is_shared() && !memory.is_64());
    let Some(ExternType::Table(table)) = module.get_export("__indirect_function_table") else { panic!("no table") };
    assert_eq!(table.maximum(), None, "the host will add compiled functions");
}

/// A section of the module by its number.
fn section(wanted: u8) -> Option<&'static [u8]> {
    let mut rest = &WASM[8..];
    while let [id, tail @ ..] = rest {
        let (len, tail) = leb(tail);
        let (body, tail) = tail.split_at(len as usize);
        if *id == wanted {
            return Some(body);
        }
        rest = tail;
    }
    None
}

fn leb(bytes: &[u8]) -> (u64, &[u8]) {
    let len = bytes.iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    let value = bytes[..len].iter().enumerate().map(|(i, byte)| u64::from(byte & 0x7f) << (7 * i)).sum();
    (value, &bytes[len..])
}

/// What a call must bring back is memory and one global: any other would outlive calls.
#[test]
fn the_stack_pointer_is_the_only_global_that_changes() {
    const GLOBALS: u8 = 6;
    let (count, mut rest) = leb(section(GLOBALS).unwrap());
    let mut mutable = 0;
    for _ in 0..count {
        let [_type, is_mutable, code @ ..] = rest else { panic!("cut short") };
        mutable += u64::from(*is_mutable);
        // An i32.const or the like, and its end.
        let [0x41..=0x42, number @ ..] = code else { panic!("an initializer that is no constant: {:x?}", &code[..4]) };
        let (_, tail) = leb(number);
        let [0x0b, tail @ ..] = tail else { panic!("more than a constant") };
        rest = tail;
    }
    assert!(rest.is_empty());
    assert_eq!(mutable, 1, "of {count}");
}

#[test]
fn there_is_no_start_function_and_nothing_of_a_toolchain() {
    const START: u8 = 8;
    assert!(section(START).is_none(), "what runs is what the host calls");
    let text = String::from_utf8_lossy(WASM);
    for word in ["wasi_snapshot", "zig-cache", ".cargo", "lua-src-5"] {
        assert!(!text.contains(word), "the module has {word} in it");
    }
}

#[test]
fn the_module_is_the_recorded_one() {
    let actual: String = Sha256::digest(WASM).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(actual, SHA256);
    assert_eq!(tenterhook::GUEST_SHA256, SHA256);
    let recorded = std::fs::read_to_string(root().join("guest-lua/guest.sha256")).unwrap();
    assert_eq!(recorded.trim(), SHA256);
}

#[test]
fn lua_is_the_version_that_is_named_everywhere() {
    let workspace: toml::Table = std::fs::read_to_string(root().join("Cargo.toml")).unwrap().parse().unwrap();
    let pinned = workspace["workspace"]["dependencies"]["lua-src"].as_str().unwrap().to_owned();
    assert!(pinned.starts_with('='), "pinned exactly: {pinned}");
    let build = std::fs::read_to_string(root().join("guest-lua/build/lua.rs")).unwrap();
    assert!(
        build.contains(&format!("const CRATE: &str = \"{pinned}\";")),
        "guest-lua/build/lua.rs names another version than {pinned}"
    );
    assert!(
        build.contains(&format!("\"lua-{LUA_VERSION}\"")),
        "guest-lua/build/lua.rs takes another Lua than {LUA_VERSION}"
    );
    // The native oracle of the differential tests is the same Lua.
    let version: String = mlua::Lua::new().load("return _VERSION").eval().unwrap();
    assert!(LUA_VERSION.starts_with(version.trim_start_matches("Lua ")), "{version}");
}
