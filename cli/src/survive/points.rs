//! The hook points `survive.*`, beside the catalog's.
//!
//! | name | for |
//! | --- | --- |
//! | `survive.run` | scripts about anything; results of several types, narrow enough to miss |
//! | `survive.inputs` | arguments of every type, each of which may be absent |
//! | `survive.neighbour` | the other tenant, whose calls must not notice anything |

use std::sync::Arc;

use serde_json::{Value as Json, json};
use tenterhook::hooks::schema::{Declaration, DeclarationError, Field, RecordType, Type};
use tenterhook::hooks::value::Value;
use tenterhook_bgp::catalog;

/// The most bytes of a string argument or result here.
pub const STRING: u32 = 64 * 1024;

/// The hook point of the other tenant's script.
pub const NEIGHBOUR: &str = "survive.neighbour";

fn field(name: &str, ty: Type, writable: bool) -> Field {
    Field { name: name.into(), ty, writable, doc: String::new() }
}

fn record(name: &str, fields: Vec<Field>) -> Type {
    Type::Record(Arc::new(RecordType { name: name.into(), doc: String::new(), fields }))
}

fn run() -> Result<Arc<Declaration>, DeclarationError> {
    let pair =
        record("Pair", vec![field("left", Type::integer(-5, 5), false), field("right", Type::Float.optional(), false)]);
    Declaration::builder("survive.run", 1)
        .argument("n", Type::INTEGER, "0 for a calm call, any other number for an attack")
        .argument("s", Type::bytes(STRING), "a string")
        .result("text", Type::bytes(STRING), Value::String(vec![]), "a string")
        .result("name", Type::text(8), Value::String(vec![]), "a little text")
        .result("integer", Type::INTEGER, Value::Integer(0), "any integer")
        .result("small", Type::integer(-5, 5), Value::Integer(0), "a small one")
        .result("number", Type::Float, Value::Float(0.0), "a float")
        .result("ok", Type::Boolean, Value::Boolean(false), "whether the call succeeded")
        .result("list", Type::INTEGER.list(100), Value::List(vec![]), "integers")
        .result("map", Type::INTEGER.map(100), Value::Map(vec![]), "integers by name")
        .result("pair", pair.optional(), Value::Nil, "a record")
        .build()
}

fn inputs() -> Result<Arc<Declaration>, DeclarationError> {
    let inner = record(
        "Inner",
        vec![field("mark", Type::INTEGER.optional(), true), field("label", Type::text(16).optional(), true)],
    );
    let item = record(
        "Item",
        vec![
            field("key", Type::bytes(64).optional(), false),
            field("numbers", Type::INTEGER.list(100).optional(), false),
            field("inner", inner.clone().optional(), false),
        ],
    );
    let packet = record("Packet", vec![field("mark", Type::INTEGER, true), field("inner", inner, false)]);
    Declaration::builder("survive.inputs", 1)
        .argument("flag", Type::Boolean.optional(), "a boolean")
        .argument("integer", Type::INTEGER.optional(), "any integer")
        .argument("small", Type::integer(-5, 5).optional(), "a small one")
        .argument("number", Type::Float.optional(), "a float")
        .argument("text", Type::text(64).optional(), "text")
        .argument("data", Type::bytes(STRING).optional(), "bytes")
        .argument("address", Type::Address.optional(), "an address")
        .argument("prefix", Type::Prefix.optional(), "a prefix")
        .argument("list", Type::INTEGER.list(1000).optional(), "integers")
        .argument("map", Type::bytes(64).map(100).optional(), "strings by name")
        .argument("item", item.clone().optional(), "a record")
        .argument("items", item.list(100).optional(), "records")
        .inout("packet", packet, "a record that answers may change")
        .result("text", Type::bytes(STRING), Value::String(vec![]), "a string")
        .result("integer", Type::INTEGER, Value::Integer(0), "any integer")
        .result("ok", Type::Boolean, Value::Boolean(false), "whether the call succeeded")
        .build()
}

fn neighbour() -> Result<Arc<Declaration>, DeclarationError> {
    Declaration::builder(NEIGHBOUR, 1)
        .argument("n", Type::INTEGER, "a number")
        .result("integer", Type::INTEGER, Value::Integer(0), "the next")
        .result("text", Type::bytes(64), Value::String(vec![]), "some text")
        .build()
}

/// All of them, and the catalog's.
///
/// # Errors
/// An invalid declaration.
pub fn all() -> Result<Vec<Arc<Declaration>>, DeclarationError> {
    let mut all: Vec<Arc<Declaration>> = catalog::all().into_iter().cloned().collect();
    all.extend([run()?, inputs()?, neighbour()?]);
    Ok(all)
}

/// Sample arguments, which a header's arguments override. What is not named is absent.
pub fn sample(of: &Declaration) -> Json {
    match of.name.as_str() {
        "survive.run" => json!({ "n": 1, "s": "text" }),
        "survive.inputs" => json!({ "packet": { "mark": 7, "inner": {} } }),
        NEIGHBOUR => json!({ "n": 41 }),
        name => catalog::sample(name).map_or_else(|| json!({}), |values| of.arguments_to_json(&values)),
    }
}

/// The arguments of a calm call, over the sample.
pub fn calm(of: &Declaration) -> Json {
    match of.name.as_str() {
        "survive.run" => json!({ "n": 0 }),
        _ => json!({}),
    }
}
