//! Hook points of a running program.

use std::sync::Arc;

use anyhow::{Context, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value as Json;
use tenterhook::hooks::schema::Declaration;
use tenterhook_bgp::syntax;

use super::client::Client;

/// A hook point of the running program.
pub fn hook_point(client: &Client, name: &str) -> Result<Arc<Declaration>> {
    let json: Json = client.get(&format!("/v1/hooks/{}", encoded(name)), &[])?;
    declaration(name, &json)
}

/// A hook point's declaration from a program's response.
pub fn declaration(name: &str, json: &Json) -> Result<Arc<Declaration>> {
    Declaration::from_json(json, &syntax::ALL).with_context(|| format!("the declaration of {name}"))
}

/// A name as part of a path.
pub fn encoded(name: &str) -> String {
    utf8_percent_encode(name, NON_ALPHANUMERIC).to_string()
}
