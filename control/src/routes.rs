//! Every route: method, path, handler. A test holds the list against `openapi.json`, in both directions.

use axum::http::Method;

use super::answer::Answer;
use super::asked::Asked;
use super::handlers;
use super::limits::{MAX_APPLY, MAX_BODY};
use super::plane::Plane;
use super::problem::Problem;

const CHECK: &str = "/v1/check";

type Handler = fn(&Plane, &Asked) -> Result<Answer, Problem>;

pub(super) struct Route {
    pub method: Method,
    pub path: &'static str,
    pub handler: Handler,
    /// Query parameters that it knows.
    pub parameters: &'static [&'static str],
    pub max_body: usize,
}

const fn route(method: Method, path: &'static str, parameters: &'static [&'static str], handler: Handler) -> Route {
    Route { method, path, handler, parameters, max_body: MAX_BODY }
}

/// Every route there is.
pub(super) const ROUTES: &[Route] = &[
    route(Method::GET, "/v1/version", &[], handlers::about::version),
    route(Method::GET, "/v1/openapi.json", &[], handlers::about::openapi),
    route(Method::GET, "/v1/hooks", &[], handlers::hooks::list),
    route(Method::GET, "/v1/hooks/{hook}", &[], handlers::hooks::one),
    route(Method::GET, "/v1/attachments", &["tenant", "hook"], handlers::attachments::list),
    route(Method::POST, "/v1/attachments", &[], handlers::attachments::attach),
    route(Method::GET, "/v1/attachments/{tenant}/{name}", &["hook"], handlers::attachments::one),
    route(Method::PUT, "/v1/attachments/{tenant}/{name}", &["revision"], handlers::attachments::replace),
    route(Method::DELETE, "/v1/attachments/{tenant}/{name}", &["revision"], handlers::attachments::detach),
    route(Method::POST, "/v1/attachments/{tenant}/{name}/enable", &["revision", "hook"], handlers::attachments::enable),
    route(
        Method::POST,
        "/v1/attachments/{tenant}/{name}/disable",
        &["revision", "hook"],
        handlers::attachments::disable,
    ),
    route(Method::POST, "/v1/attachments/{tenant}/{name}/order", &["revision"], handlers::attachments::reorder),
    route(Method::POST, "/v1/attachments/{tenant}/{name}/copy", &[], handlers::attachments::copy),
    route(Method::POST, "/v1/attachments/{tenant}/{name}/adopt", &["revision"], handlers::broken::adopt),
    route(Method::POST, "/v1/attachments/{tenant}/{name}/discard", &["revision"], handlers::broken::discard),
    route(Method::POST, CHECK, &[], handlers::attachments::check),
    Route {
        method: Method::POST,
        path: "/v1/apply",
        handler: handlers::apply::apply,
        parameters: &[],
        max_body: MAX_APPLY,
    },
    route(Method::GET, "/v1/stats", &["tenant", "hook"], handlers::stats::stats),
    route(Method::GET, "/v1/tenants", &[], handlers::stats::tenants),
    route(Method::GET, "/v1/policy", &[], handlers::policy::policy),
    route(Method::GET, "/v1/policy/explain", &["tenant", "hook"], handlers::policy::explain),
    route(Method::GET, "/v1/quarantine", &["tenant", "hook"], handlers::quarantine::list),
    route(Method::POST, "/v1/quarantine/{tenant}/{name}/lift", &["hook"], handlers::quarantine::lift),
    route(Method::POST, "/v1/call", &[], handlers::call::call),
    route(Method::GET, "/v1/events", &["tenant", "hook", "kind", "since", "follow"], handlers::watch::events),
    route(Method::GET, "/v1/tail", &["tenant", "hook", "attachment", "kind", "sample"], handlers::watch::tail),
    route(Method::GET, "/metrics", &["by"], handlers::stats::metrics),
];

impl Route {
    /// Whether only those may ask who may change something.
    pub fn for_changers(&self) -> bool {
        self.method != Method::GET
    }

    /// Whether it changes something, or calls it. To ask what attaching would say does not.
    pub fn changes(&self) -> bool {
        self.for_changers() && self.path != CHECK
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value as Json;

    use super::*;

    #[test]
    fn the_document_describes_every_route_and_no_other() {
        let document: Json = serde_json::from_str(handlers::about::OPENAPI).expect("JSON");
        let mut described = BTreeSet::new();
        for (path, operations) in document["paths"].as_object().expect("paths") {
            for (method, operation) in operations.as_object().expect("operations") {
                let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
                let query: BTreeSet<String> = parameters
                    .iter()
                    .filter(|parameter| parameter["in"] == "query")
                    .filter_map(|parameter| parameter["name"].as_str().map(str::to_owned))
                    .collect();
                described.insert((method.to_uppercase(), path.clone(), query));
            }
        }
        let served: BTreeSet<(String, String, BTreeSet<String>)> = ROUTES
            .iter()
            .map(|route| {
                let parameters = route.parameters.iter().map(|name| (*name).to_owned()).collect();
                (route.method.to_string(), route.path.to_owned(), parameters)
            })
            .collect();
        let missing: Vec<_> = served.difference(&described).collect();
        let too_many: Vec<_> = described.difference(&served).collect();
        assert!(missing.is_empty() && too_many.is_empty(), "not described: {missing:?}\nnot served: {too_many:?}");
    }

    #[test]
    fn every_schema_that_is_named_is_there() {
        let document: Json = serde_json::from_str(handlers::about::OPENAPI).expect("JSON");
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
}
