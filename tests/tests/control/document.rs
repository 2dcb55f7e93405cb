//! Answers are what `openapi.json` says of them, key by key. `make test-api` looks closer, where its tools can be had.

use serde_json::{Value as Json, json};

use crate::stage::{Stage, request, says};

/// What an answer has that the document does not say, and the other way round.
fn differences(document: &Json, schema: &Json, value: &Json, path: &str, found: &mut Vec<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        return differences(document, &document["components"]["schemas"][name], value, path, found);
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        differences(document, part, value, path, found);
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        // The one that the value is: null, or the rest.
        let fits = |choice: &&Json| value.is_null() == (choice["type"] == "null");
        match choices.iter().find(fits) {
            Some(choice) if !value.is_null() && !value.is_string() => differences(document, choice, value, path, found),
            Some(_) => {}
            None => found.push(format!("{path}: {value} is none of the choices")),
        }
    }
    let kinds: Vec<&str> = match &schema["type"] {
        Json::String(kind) => vec![kind],
        Json::Array(kinds) => kinds.iter().filter_map(Json::as_str).collect(),
        _ => Vec::new(),
    };
    let is = |kind: &&str| match *kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    };
    if !kinds.is_empty() && !kinds.iter().any(is) {
        found.push(format!("{path}: expected {}, found {value}", kinds.join(" or ")));
    }
    if let Some(choices) = schema["enum"].as_array()
        && !choices.contains(value)
    {
        found.push(format!("{path}: {value} is none of {choices:?}"));
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        differences(document, &schema["items"], item, &format!("{path}[{at}]"), found);
    }
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        if !object.contains_key(name) {
            found.push(format!("{path}.{name}: the document says that it is there"));
        }
    }
    for (name, value) in object {
        let path = format!("{path}.{name}");
        match (schema["properties"].get(name), &schema["additionalProperties"]) {
            (Some(schema), _) => differences(document, schema, value, &path, found),
            (None, Json::Bool(false)) => found.push(format!("{path}: not in the document")),
            (None, more) if more.is_object() => differences(document, more, value, &path, found),
            _ => {}
        }
    }
}

#[test]
fn answers_are_what_the_document_says() {
    let policy = "[defaults]\nquarantine = \"on\"\nquarantine_faults = 2\n[defaults.on_fault]\nany = \"skip\"\n\
                  [tenants.acme]\nfuel = \"1M\"\n";
    let stage = Stage::new(policy);
    let document = stage.client.get("/v1/openapi.json").ok();
    let mut found = Vec::new();
    let mut asked = 0;
    let mut hold = |method: &str, path: &str, route: &str, body: Option<&Json>| {
        let answer = stage.client.ask(method, path, body);
        let described = &document["paths"][route][method.to_lowercase()]["responses"][answer.status.to_string()];
        let content = described["content"].as_object().unwrap_or_else(|| panic!("{method} {route}: {answer:?}"));
        let (kind, schema) = content.iter().next().unwrap();
        let values: Vec<Json> = match kind.as_str() {
            "application/x-ndjson" => answer.body.lines().map(|line| serde_json::from_str(line).unwrap()).collect(),
            _ => vec![answer.json()],
        };
        for value in &values {
            differences(&document, &schema["schema"], value, &format!("{method} {path} {}", answer.status), &mut found);
        }
        asked += values.len();
    };
    let good = request("one", &says(1));
    hold("POST", "/v1/check", "/v1/check", Some(&good));
    hold("POST", "/v1/attachments", "/v1/attachments", Some(&good));
    hold("POST", "/v1/attachments", "/v1/attachments", Some(&good));
    hold("POST", "/v1/attachments", "/v1/attachments", Some(&request("bad", "function decide(")));
    let mut fails = request("fails", "function decide(n) error('x') end");
    fails["order"] = (-1).into();
    hold("POST", "/v1/attachments", "/v1/attachments", Some(&fails));
    // The first ones fail, and then it is in quarantine.
    (0..5).for_each(|n| assert!(stage.call(n) <= 1));
    for path in
        ["/v1/version", "/v1/hooks", "/v1/attachments", "/v1/stats", "/v1/tenants", "/v1/policy", "/v1/quarantine"]
    {
        hold("GET", path, path, None);
    }
    hold("GET", "/v1/hooks/test.decide", "/v1/hooks/{hook}", None);
    hold("GET", "/v1/hooks/test.decied", "/v1/hooks/{hook}", None);
    hold("GET", "/v1/attachments/acme/one", "/v1/attachments/{tenant}/{name}", None);
    hold("GET", "/v1/policy/explain?tenant=acme&hook=test.decide", "/v1/policy/explain", None);
    let call = json!({ "hook": "test.decide", "arguments": { "n": 1 } });
    hold("POST", "/v1/call", "/v1/call", Some(&call));
    let wanted =
        json!({ "dry_run": true, "tenants": ["acme"], "attachments": [good, request("new", "function decide(")] });
    hold("POST", "/v1/apply", "/v1/apply", Some(&wanted));
    hold("POST", "/v1/quarantine/acme/fails/lift", "/v1/quarantine/{tenant}/{name}/lift", None);
    for (change, body) in [("disable", None), ("enable", None), ("order", Some(json!({ "order": 3 })))] {
        let path = format!("/v1/attachments/acme/one/{change}?revision={}", stage.revision("one"));
        hold("POST", &path, &format!("/v1/attachments/{{tenant}}/{{name}}/{change}"), body.as_ref());
    }
    hold(
        "PUT",
        "/v1/attachments/acme/one?revision=1",
        "/v1/attachments/{tenant}/{name}",
        Some(&json!({ "source": "" })),
    );
    let copy = json!({ "hook": "other.decide", "name": "copy" });
    hold("POST", "/v1/attachments/acme/one/copy", "/v1/attachments/{tenant}/{name}/copy", Some(&copy));
    let path = format!("/v1/attachments/acme/one?revision={}", stage.revision("one"));
    hold("DELETE", &path, "/v1/attachments/{tenant}/{name}", None);
    hold("GET", "/v1/events?follow=false", "/v1/events", None);
    assert!(asked > 30, "{asked}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_differs_is_found() {
    let document = json!({ "components": { "schemas": { "A": {
        "type": "object", "properties": { "a": { "type": "integer" }, "b": { "type": ["string", "null"] } },
        "required": ["a"], "additionalProperties": false,
    } } } });
    let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/A" } });
    let found = |value: Json| {
        let mut found = Vec::new();
        differences(&document, &schema, &value, "x", &mut found);
        found
    };
    assert!(found(json!([{ "a": 1 }, { "a": 2, "b": null }])).is_empty());
    for (value, place) in [
        (json!({}), "x: expected array"),
        (json!([{}]), "x[0].a: the document"),
        (json!([{ "a": "1" }]), "x[0].a: expected integer"),
        (json!([{ "a": 1, "b": 2 }]), "x[0].b: expected string or null"),
        (json!([{ "a": 1, "c": 2 }]), "x[0].c: not in the document"),
    ] {
        let found = found(value);
        assert!(found.len() == 1 && found[0].starts_with(place), "{found:?}");
    }
}
