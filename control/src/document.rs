//! The OpenAPI document, generated from the routes and from the types of their bodies and responses.

use serde_json::{Map, Value as Json, json};
use tenterhook_control_api::Error;
use tenterhook_control_api::schemars::Schema;
use tenterhook_control_api::schemars::generate::{SchemaGenerator, SchemaSettings};
use tenterhook_control_api::schemars::transform::{RecursiveTransform, Transform};

use super::operation::{Content, SchemaOf, schema};
use super::parameters::{Parameter, of_path};
use super::routes::{ROUTES, Route};

const DESCRIPTION: &str = "HTTP over a Unix socket. The kernel says who the caller is (SO_PEERCRED): root and the user that the \
     program runs as may do all; the policy's [[operators]] see and change their tenants; everyone else gets 403. Lists hold \
     only what the caller may see; a tenant that it may not is refused with 403, whether it is there or not. Changes name the \
     revision of the attachment that they were made against and are refused with 409 when it is not the current one. \
     Connections, bodies (4 MiB; 64 MiB for /v1/apply), and time are bounded.";
const SERVER: &str = "The program's Unix socket; the host's name means nothing. `curl --unix-socket PATH \
     http://tenterhook/v1/version`";

/// The error statuses that every route has.
const ALWAYS: [u16; 3] = [403, 408, 429];

/// The document, as text.
pub(super) fn text() -> String {
    document().to_string()
}

fn document() -> Json {
    // Optional fields of a request may be missing; a response has all of its fields.
    let mut schemas = Schemas {
        requests: generator(SchemaSettings::draft2020_12().for_deserialize()),
        answers: generator(SchemaSettings::draft2020_12().for_serialize()),
    };
    let mut paths = Map::new();
    for route in ROUTES {
        let operation = operation(route, &mut schemas);
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.as_str().to_lowercase()] = operation;
    }
    let mut components = schemas.answers.take_definitions(true);
    components.extend(schemas.requests.take_definitions(true));
    components.sort_keys();
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Tenterhook control plane", "version": "1", "description": DESCRIPTION },
        "servers": [{ "url": "http://tenterhook", "description": SERVER }],
        "paths": paths,
        "components": { "schemas": components },
    })
}

struct Schemas {
    requests: SchemaGenerator,
    answers: SchemaGenerator,
}

fn generator(settings: SchemaSettings) -> SchemaGenerator {
    let in_document = settings.with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    in_document.with_transform(RecursiveTransform(alternatives)).into_generator()
}

/// Alternatives always exclude each other here.
fn alternatives(schema: &mut Schema) {
    if let Some(any) = schema.remove("anyOf") {
        schema.insert("oneOf".to_owned(), any);
    }
}

/// A type's schema, as it appears in the document.
fn described(of: SchemaOf, generator: &mut SchemaGenerator) -> Json {
    let mut schema = of(generator);
    RecursiveTransform(alternatives).transform(&mut schema);
    schema.to_value()
}

fn operation(route: &Route, schemas: &mut Schemas) -> Json {
    let of = &route.operation;
    let mut operation = json!({ "operationId": of.id, "summary": of.summary });
    if let Some(description) = of.description {
        operation["description"] = description.into();
    }
    let in_path = route.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).map(of_path);
    let parameters: Vec<Json> = in_path.chain(route.parameters.iter().map(Parameter::to_json)).collect();
    if !parameters.is_empty() {
        operation["parameters"] = parameters.into();
    }
    if let Some(body) = of.body {
        let content = json!({ "application/json": { "schema": described(body, &mut schemas.requests) } });
        operation["requestBody"] = json!({ "required": true, "content": content });
    }
    let (kind, answer) = match of.answer {
        Content::Json(schema) => ("application/json", described(schema, &mut schemas.answers)),
        Content::Lines(schema) => ("application/x-ndjson", described(schema, &mut schemas.answers)),
        Content::Text(kind) => (kind, json!({ "type": "string" })),
    };
    let mut responses = Map::new();
    let content = json!({ kind: { "schema": answer } });
    responses.insert(of.status.to_string(), json!({ "description": of.done, "content": content }));
    let mut refusals: Vec<u16> = ALWAYS.iter().chain(of.refusals).copied().collect();
    refusals.sort_unstable();
    for status in refusals {
        let description = of.conflict.filter(|_| status == 409).unwrap_or(refusal(status));
        let content = json!({ "application/json": { "schema": described(schema::<Error>, &mut schemas.answers) } });
        responses.insert(status.to_string(), json!({ "description": description, "content": content }));
    }
    operation["responses"] = responses.into();
    operation
}

/// The description of an error status.
fn refusal(status: u16) -> &'static str {
    match status {
        400 => "The request is invalid: malformed JSON, an unknown field or parameter.",
        403 => "The caller is not authorised.",
        404 => "The named item does not exist.",
        408 => "The request took too long to arrive.",
        409 => "Stale revision, a name that is taken, or an attachment of the program.",
        413 => "The body is too large.",
        422 => {
            "The script does not load (line and column where known), the hook point has changed, or the policy does not \
             allow it."
        }
        428 => "The change names no revision.",
        429 => "Too many loads, connections or streams at once; try again.",
        _ => "The host or its storage failed.",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::*;

    /// The checked-in document is for readers, and makes changes visible in review. `BLESS=1` writes it.
    #[test]
    fn the_document_is_the_one_that_is_checked_in() {
        let made = serde_json::to_string_pretty(&document()).expect("it is JSON") + "\n";
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
        if std::env::var_os("BLESS").is_some() {
            std::fs::write(&file, &made).expect("it can be written");
        }
        let known = std::fs::read_to_string(&file).unwrap_or_default();
        let line = (1..).zip(made.lines()).find(|(number, line)| known.lines().nth(number - 1) != Some(line));
        assert!(
            known == made,
            "openapi.json differs from the routes and types from line {line:?} on; BLESS=1 writes it"
        );
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let document = document();
        let schemas = document["components"]["schemas"].as_object().expect("schemas");
        let mut named = BTreeSet::new();
        let mut open = vec![&document];
        while let Some(value) = open.pop() {
            match value {
                Json::Object(object) => {
                    if let Some(name) = object.get("$ref").and_then(Json::as_str) {
                        named.insert(name.trim_start_matches("#/components/schemas/").to_owned());
                    }
                    open.extend(object.values());
                }
                Json::Array(items) => open.extend(items),
                _ => {}
            }
        }
        let known: BTreeSet<String> = schemas.keys().cloned().collect();
        assert_eq!(named, known, "named and described");
    }

    /// The kind for lost events exists only on the wire.
    #[test]
    fn kinds_of_events_are_the_host_s_and_the_wire_s_own() {
        let own = ["lost"];
        let all: Vec<&str> = tenterhook::EventKind::NAMES.into_iter().chain(own).collect();
        assert_eq!(tenterhook_control_api::EVENT_KINDS.as_slice(), all);
    }

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = ROUTES.iter().map(|route| route.operation.id).collect();
        assert_eq!(names.len(), ROUTES.len());
    }
}
