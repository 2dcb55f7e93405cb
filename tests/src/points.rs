//! The hook points `test.*`: every type of value, in and out, declared by macro and by builder.
//!
//! | name | declared by | for |
//! | --- | --- | --- |
//! | `test.scalars` | macro | each scalar type as argument and as result |
//! | `test.change` | macro | `inout` scalars and records, nested ones and read-only fields too |
//! | `test.collections` | builder | lists, maps, records in each other |
//! | `test.answer` | builder | a result of every type, with bounds narrow enough to miss |
//! | `test.run` | builder | scripts about Lua rather than about values |
//! | `test.observe` | builder | a chain that observes |
//! | `test.foo`, `test.bar`, `test.fact`, `test.bad_return` | builder | FRR's own script tests |

use std::net::IpAddr;
use std::sync::Arc;

use tenterhook::hooks::schema::{Chain, Declaration, EnumType, Field, RecordType, Type, Variant};
use tenterhook::hooks::value::{Prefix, Value};
use tenterhook::{HookEnum, HookPoint, HookRecord, hook_point};
use tenterhook_bgp::catalog;

/// What to do with something.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Verdict {
    /// Let it through.
    #[default]
    Pass = 0,
    /// Drop it.
    Drop = 1,
    /// An integer that is not the position.
    Change = 7,
    /// A negative one.
    Unknown = -1,
}

hook_point! {
    /// Every scalar type, in and out.
    pub Scalars = "test.scalars", version 1, chain first {
        /// A boolean.
        arg flag: bool,
        /// 8 bits, signed.
        arg small: i8,
        /// 8 bits.
        arg byte: u8,
        /// 16 bits, signed.
        arg short: i16,
        /// 16 bits.
        arg port: u16,
        /// 32 bits, signed.
        arg int: i32,
        /// 32 bits.
        arg mark: u32,
        /// 64 bits, signed.
        arg long: i64,
        /// 64 bits, as far as they fit.
        arg big: u64,
        /// A float.
        arg number: f64,
        /// UTF-8 text.
        arg text: &'a str,
        /// Any bytes.
        arg data: &'a [u8],
        /// An address.
        arg address: IpAddr,
        /// A prefix.
        arg prefix: Prefix,
        /// An enum.
        arg verdict: Verdict,
        /// An optional integer.
        arg maybe: Option<u16>,
        constants Verdict prefix "V_",
        /// A boolean.
        result flag: bool = false,
        /// 8 bits, signed.
        result small: i8 = 0,
        /// 8 bits.
        result byte: u8 = 0,
        /// 16 bits, signed.
        result short: i16 = 0,
        /// 16 bits.
        result port: u16 = 0,
        /// 32 bits, signed.
        result int: i32 = 0,
        /// 32 bits.
        result mark: u32 = 0,
        /// 64 bits, signed.
        result long: i64 = 0,
        /// 64 bits, as far as they fit.
        result big: u64 = 0,
        /// A float.
        result number: f64 = 0.0,
        /// UTF-8 text.
        result text: String = String::new(),
        /// Any bytes.
        result data: Vec<u8> = Vec::new(),
        /// An address.
        result address: IpAddr = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED),
        /// A prefix.
        result prefix: Prefix = Prefix::SAMPLE,
        /// An enum.
        result verdict: Verdict = Verdict::Pass,
        /// An optional integer.
        result maybe: Option<u16> = None,
    }
}

/// A record in a record, some of it writable.
#[derive(HookRecord, Debug, Clone, Copy, PartialEq)]
pub struct Inner<'a> {
    /// May be changed.
    #[hook(writable)]
    pub deep: u8,
    /// May not.
    pub fixed: &'a str,
}

/// A record with everything that can be writable, and something that cannot.
#[derive(HookRecord, Debug, Clone, PartialEq)]
pub struct Packet<'a> {
    /// An integer.
    #[hook(writable)]
    pub mark: u32,
    /// A float.
    #[hook(writable)]
    pub weight: f64,
    /// Text, read-only.
    pub name: &'a str,
    /// Text.
    #[hook(writable, max = 8)]
    pub label: &'a str,
    /// An address.
    #[hook(writable)]
    pub from: IpAddr,
    /// A prefix.
    #[hook(writable)]
    pub to: Prefix,
    /// An enum.
    #[hook(writable)]
    pub verdict: Verdict,
    /// An optional integer.
    #[hook(writable)]
    pub maybe: Option<u16>,
    /// An optional integer, read-only.
    pub never: Option<u16>,
    /// A list of strings.
    #[hook(writable, max = 4)]
    pub tags: &'a [&'a str],
    /// A list of integers, read-only.
    pub path: &'a [u32],
    /// A record inside.
    #[hook(nested)]
    pub inner: Inner<'a>,
}

hook_point! {
    /// Arguments that answers change.
    pub Change = "test.change", version 1, chain first {
        /// An integer.
        inout count: u8,
        /// A string.
        #[hook(max = 8)]
        inout word: &'a str,
        /// A list.
        #[hook(max = 4)]
        inout numbers: &'a [i64],
        /// A record.
        inout packet: &'a Packet<'a>,
        /// Another record, which no answer changes.
        arg other: &'a Inner<'a>,
        /// Whether the script says so.
        result done: bool = false,
    }
}

/// A field of a record type.
pub fn field(name: &str, ty: Type) -> Field {
    Field { name: name.into(), ty, writable: false, doc: String::new() }
}

/// A record type.
pub fn record(name: &str, fields: Vec<Field>) -> Type {
    Type::Record(Arc::new(RecordType { name: name.into(), doc: String::new(), fields }))
}

fn color() -> Arc<EnumType> {
    let variant = |name: &str, value| Variant { name: name.into(), value, doc: String::new() };
    let variants = vec![variant("RED", 10), variant("GREEN", 20), variant("BLUE", i64::MIN)];
    Arc::new(EnumType { name: "Color".into(), doc: String::new(), variants })
}

fn item() -> Type {
    record(
        "Item",
        vec![field("key", Type::bytes(16)), field("n", Type::INTEGER), field("maybe", Type::Float.optional())],
    )
}

fn collections() -> Arc<Declaration> {
    let nested = record(
        "Nested",
        vec![
            field("items", item().list(16)),
            field("by_name", item().map(16)),
            field("leaf", record("Leaf", vec![field("flag", Type::Boolean), field("color", Type::Enum(color()))])),
        ],
    );
    Declaration::builder("test.collections", 1)
        .argument("integers", Type::INTEGER.list(100), "integers")
        .argument("strings", Type::bytes(64).list(16), "strings")
        .argument("addresses", Type::Address.list(16), "addresses")
        .argument("colors", Type::Enum(color()).list(16), "enums")
        .argument("matrix", Type::INTEGER.list(8).list(8), "lists in a list")
        .argument("records", item().list(100), "records in a list")
        .argument("counts", Type::INTEGER.map(16), "integers by name")
        .argument("groups", Type::bytes(16).list(8).map(8), "lists by name")
        .argument("nested", nested, "records in records")
        .argument("absent", item().optional(), "a record that may be absent")
        .result("integers", Type::INTEGER.list(100), Value::List(vec![]), "integers")
        .result("strings", Type::bytes(64).list(16), Value::List(vec![]), "strings")
        .result("records", item().list(100), Value::List(vec![]), "records in a list")
        .result("counts", Type::INTEGER.map(16), Value::Map(vec![]), "integers by name")
        .result("matrix", Type::INTEGER.list(8).list(8), Value::List(vec![]), "lists in a list")
        .result("record", item().optional(), Value::Nil, "a record that may be absent")
        .build()
        .unwrap()
}

fn answer() -> Arc<Declaration> {
    let pair = record("Pair", vec![field("left", Type::integer(-5, 5)), field("right", Type::Float.optional())]);
    let tree = record("Tree", vec![field("label", Type::text(8)), field("pairs", pair.clone().list(3))]);
    Declaration::builder("test.answer", 1)
        .result("flag", Type::Boolean, Value::Boolean(false), "a boolean")
        .result("integer", Type::INTEGER, Value::Integer(0), "any integer")
        .result("small", Type::integer(-5, 5), Value::Integer(0), "a small one")
        .result("number", Type::Float, Value::Float(0.0), "a float")
        .result("text", Type::text(8), Value::String(vec![]), "a little text")
        .result("data", Type::bytes(200_000), Value::String(vec![]), "many bytes")
        .result("address", Type::Address.optional(), Value::Nil, "an address")
        .result("prefix", Type::Prefix.optional(), Value::Nil, "a prefix")
        .result("color", Type::Enum(color()), Value::Enum(0), "an enum")
        .result("list", Type::INTEGER.list(4), Value::List(vec![]), "a few integers")
        .result("map", Type::INTEGER.map(4), Value::Map(vec![]), "a few integers by name")
        .result("pair", pair.optional(), Value::Nil, "a record")
        .result("tree", tree.optional(), Value::Nil, "records in a list in a record")
        .build()
        .unwrap()
}

fn run() -> Arc<Declaration> {
    Declaration::builder("test.run", 1)
        .argument("n", Type::INTEGER, "a number")
        .argument("s", Type::bytes(64 * 1024), "a string")
        .result("text", Type::bytes(64 * 1024), Value::String(vec![]), "a string")
        .result("list", Type::bytes(4096).list(256), Value::List(vec![]), "strings")
        .result("integer", Type::INTEGER, Value::Integer(0), "an integer")
        .result("number", Type::Float, Value::Float(0.0), "a float")
        .result("ok", Type::Boolean, Value::Boolean(false), "whether all went well")
        .build()
        .unwrap()
}

fn observe() -> Arc<Declaration> {
    Declaration::builder("test.observe", 1)
        .chain(Chain::Observe)
        .argument("n", Type::INTEGER, "a number")
        .result("seen", Type::Boolean, Value::Boolean(false), "whether it was seen")
        .build()
        .unwrap()
}

/// FRR's tests of its scripting have a handler each.
fn frr() -> [Arc<Declaration>; 4] {
    let pair =
        |name| Declaration::builder(name, 1).inout("a", Type::INTEGER, "a number").inout("b", Type::INTEGER, "another");
    [
        pair("test.foo").build().unwrap(),
        pair("test.bar").result("c", Type::INTEGER, Value::Integer(0), "a new one").build().unwrap(),
        Declaration::builder("test.fact", 1)
            .argument("n", Type::INTEGER, "a number")
            .result("ans", Type::INTEGER, Value::Integer(0), "its factorial")
            .build()
            .unwrap(),
        Declaration::builder("test.bad_return", 1)
            .result("a", Type::INTEGER, Value::Integer(0), "a number")
            .build()
            .unwrap(),
    ]
}

/// All of them, and the catalog's.
pub fn all() -> Vec<Arc<Declaration>> {
    let mut all: Vec<Arc<Declaration>> = catalog::all().into_iter().cloned().collect();
    all.extend([Scalars::declaration(), Change::declaration()].map(Arc::clone));
    all.extend([collections(), answer(), run(), observe()]);
    all.extend(frr());
    all
}

/// Sample arguments of the hook point, as JSON by name; golden scripts' `args` go over them.
pub fn sample(of: &Declaration) -> serde_json::Value {
    if let Some(values) = catalog::sample(&of.name) {
        return of.arguments_to_json(&values);
    }
    let text = match of.name.as_str() {
        "test.scalars" => include_str!("../golden/samples/scalars.json"),
        "test.change" => include_str!("../golden/samples/change.json"),
        "test.collections" => include_str!("../golden/samples/collections.json"),
        "test.run" => r#"{"n": 7, "s": "text"}"#,
        "test.foo" | "test.bar" => r#"{"a": 100, "b": 200}"#,
        "test.observe" | "test.fact" => r#"{"n": 5}"#,
        _ => "{}",
    };
    serde_json::from_str(text).unwrap()
}
