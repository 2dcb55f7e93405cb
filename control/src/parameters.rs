//! Parameters of queries and of paths.

use serde_json::{Value as Json, json};

/// A parameter of a query.
pub(super) struct Parameter {
    pub name: &'static str,
    pub required: bool,
    pub description: &'static str,
    pub kind: Kind,
}

/// The type of a parameter.
pub(super) enum Kind {
    Text,
    /// A whole number of 64 bits.
    Number,
    /// `true` or `false`; the default is `true`.
    Flag,
    /// A number within bounds, and its default.
    Within(u32, u32, u32),
    /// One of these; the default is the first.
    OneOf(&'static [&'static str]),
}

/// A name of a tenant or an attachment.
const NAME: &str = "^[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}$";

const fn text(name: &'static str, description: &'static str) -> Parameter {
    Parameter { name, required: false, description, kind: Kind::Text }
}

const fn required(name: &'static str, description: &'static str, kind: Kind) -> Parameter {
    Parameter { name, required: true, description, kind }
}

const fn optional(name: &'static str, description: &'static str, kind: Kind) -> Parameter {
    Parameter { name, required: false, description, kind }
}

pub(super) const TENANT: Parameter = text("tenant", "Only this tenant's.");
pub(super) const HOOK: Parameter = text("hook", "Only at this hook point.");
pub(super) const WHICH_HOOK: Parameter =
    text("hook", "The hook point; required if the program has several attachments of that name.");
pub(super) const REVISION: Parameter =
    required("revision", "The attachment's revision that the change was made against.", Kind::Number);
pub(super) const BROKEN_REVISION: Parameter = required(
    "revision",
    "The revision in the broken attachment's file, as listed; 0 if none could be read.",
    Kind::Number,
);
pub(super) const THE_TENANT: Parameter = required("tenant", "The tenant.", Kind::Text);
pub(super) const THE_HOOK: Parameter = required("hook", "The hook point.", Kind::Text);
pub(super) const EVENT_KINDS: Parameter = text("kind", "Only these kinds, separated by commas.");
pub(super) const SINCE: Parameter = optional("since", "Only events with a higher `seq`.", Kind::Number);
pub(super) const FOLLOW: Parameter = optional("follow", "`false`: end after the remembered events.", Kind::Flag);
pub(super) const ATTACHMENT: Parameter = text("attachment", "Only this one: `tenant/name`, or its name.");
pub(super) const LIVE_KINDS: Parameter =
    text("kind", "`log`, `fault`, `denied`, `call`, separated by commas; the default is `log,fault,denied`.");
pub(super) const SAMPLE: Parameter = optional(
    "sample",
    "With `call`: sample one in this many calls, 1 to 1000000; the default is 100.",
    Kind::Within(1, 1_000_000, 100),
);
pub(super) const BY: Parameter = optional(
    "by",
    "`tenant`: only totals by tenant, for programs with very many attachments.",
    Kind::OneOf(&["attachment", "tenant"]),
);

impl Parameter {
    /// The parameter, as it appears in the document.
    pub fn to_json(&self) -> Json {
        let schema = match self.kind {
            Kind::Text => json!({ "type": "string" }),
            Kind::Number => json!({ "type": "integer", "format": "uint64", "minimum": 0, "maximum": u64::MAX }),
            Kind::Flag => json!({ "type": "boolean", "default": true }),
            Kind::Within(least, most, default) => {
                json!({ "type": "integer", "format": "int32", "minimum": least, "maximum": most, "default": default })
            }
            Kind::OneOf(words) => json!({ "type": "string", "enum": words, "default": words.first() }),
        };
        let Parameter { name, required, description, .. } = self;
        json!({ "name": name, "in": "query", "required": required, "description": description, "schema": schema })
    }
}

/// A path parameter such as `{tenant}`, as it appears in the document.
pub(super) fn of_path(name: &str) -> Json {
    let schema = match name {
        "hook" => json!({ "type": "string", "minLength": 1, "maxLength": 128 }),
        _ => json!({ "type": "string", "pattern": NAME }),
    };
    json!({ "name": name, "in": "path", "required": true, "schema": schema })
}
