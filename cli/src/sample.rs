//! Sample arguments of a hook point: for a first call, a first test, and the check before a script is attached.

use anyhow::{Context, Result};
use serde_json::{Value as Json, json};
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook_bgp::catalog;

/// Sample arguments by name: the catalog's own if it has the hook point with this schema, else the plainest valid
/// values.
pub fn json(of: &Declaration) -> Json {
    let known = catalog::find(&of.name).filter(|known| known.fingerprint() == of.fingerprint());
    match known.zip(catalog::sample(&of.name)) {
        Some((of, sample)) => of.arguments_to_json(&sample),
        None => of.arguments.iter().map(|argument| (argument.name.clone(), plainest(&argument.ty))).collect(),
    }
}

/// As [`json`], as values.
pub fn values(of: &Declaration) -> Result<Vec<Value>> {
    of.arguments_from_json(&json(of)).with_context(|| format!("the sample arguments of {}", of.name))
}

/// The plainest value of a type, as JSON.
fn plainest(ty: &Type) -> Json {
    match ty {
        Type::Boolean => json!(false),
        Type::Integer { min, max } => json!(0i64.clamp(*min, *max)),
        Type::Float => json!(0.0),
        Type::String { .. } => json!(""),
        Type::Address => json!("192.0.2.1"),
        Type::Prefix => json!("192.0.2.0/24"),
        Type::Enum(e) => e.variants.first().map_or(Json::Null, |variant| json!(variant.name)),
        Type::Optional(_) => Json::Null,
        Type::List { .. } => json!([]),
        Type::Map { .. } => json!({}),
        Type::Record(record) => record.fields.iter().map(|field| (field.name.clone(), plainest(&field.ty))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plainest_arguments_fit_every_hook_point() {
        for of in catalog::all() {
            let json: Json = of.arguments.iter().map(|a| (a.name.clone(), plainest(&a.ty))).collect();
            let read = of.arguments_from_json(&json);
            assert!(read.is_ok(), "{}: {read:?}", of.name);
        }
    }
}
