//! Descriptions of routes: parameters, bodies and responses.

use tenterhook_control_api::schemars::{JsonSchema, Schema, SchemaGenerator};

/// The JSON schema of a type.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The description of a route, beside its method and path.
pub(super) struct Operation {
    /// Its name in generated clients.
    pub id: &'static str,
    /// The summary, in one line.
    pub summary: &'static str,
    /// Further description.
    pub description: Option<&'static str>,
    /// The request's body, if it has one.
    pub body: Option<SchemaOf>,
    /// The status of a successful response, and when it is returned.
    pub status: u16,
    pub done: &'static str,
    pub answer: Content,
    /// Error statuses, beside those that every route has.
    pub refusals: &'static [u16],
    /// The description of a conflict, if it differs from other routes'.
    pub conflict: Option<&'static str>,
}

/// The content of a response.
pub(super) enum Content {
    Json(SchemaOf),
    /// Lines of JSON.
    Lines(SchemaOf),
    /// Text of that media type.
    Text(&'static str),
}

impl Operation {
    /// A route that responds with JSON.
    pub const fn json<T: JsonSchema>(id: &'static str, summary: &'static str, refusals: &'static [u16]) -> Operation {
        Operation::new(id, summary, Content::Json(schema::<T>), refusals)
    }

    /// A route that responds with lines of JSON, or with text.
    pub const fn new(id: &'static str, summary: &'static str, answer: Content, refusals: &'static [u16]) -> Operation {
        let (description, body, conflict) = (None, None, None);
        Operation { id, summary, description, body, status: 200, done: "Done.", answer, refusals, conflict }
    }

    /// Adds a body.
    pub const fn takes<T: JsonSchema>(mut self) -> Operation {
        self.body = Some(schema::<T>);
        self
    }

    /// Adds a description.
    pub const fn described(mut self, description: &'static str) -> Operation {
        self.description = Some(description);
        self
    }

    /// Marks a route that creates something.
    pub const fn makes(mut self) -> Operation {
        self.status = 201;
        self
    }

    /// Describes success and conflict in other words than those of other routes.
    pub const fn said(mut self, done: &'static str, conflict: &'static str) -> Operation {
        self.done = done;
        self.conflict = Some(conflict);
        self
    }
}

/// The schema of a type, by reference if it has a name.
pub(super) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
