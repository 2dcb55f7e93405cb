//! How routes are described: what they take, what they answer.

use tenterhook_control_api::schemars::{JsonSchema, Schema, SchemaGenerator};

/// The JSON schema of a type.
pub(super) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// What a route is for, beside where it is.
pub(super) struct Operation {
    /// Its name in clients that are generated.
    pub id: &'static str,
    /// In a line.
    pub summary: &'static str,
    /// What else there is to say.
    pub description: Option<&'static str>,
    /// The request's body, where it has one.
    pub body: Option<SchemaOf>,
    /// The status of an answer that is no refusal, and when it is given.
    pub status: u16,
    pub done: &'static str,
    pub answer: Content,
    /// Statuses of refusals, beside those that every route has.
    pub refusals: &'static [u16],
    /// Where a conflict is another one than of other routes.
    pub conflict: Option<&'static str>,
}

/// What an answer holds.
pub(super) enum Content {
    Json(SchemaOf),
    /// Lines of JSON.
    Lines(SchemaOf),
    /// Text of that type.
    Text(&'static str),
}

impl Operation {
    /// One that answers with JSON.
    pub const fn json<T: JsonSchema>(id: &'static str, summary: &'static str, refusals: &'static [u16]) -> Operation {
        Operation::new(id, summary, Content::Json(schema::<T>), refusals)
    }

    /// One that answers with lines of JSON, or with text.
    pub const fn new(id: &'static str, summary: &'static str, answer: Content, refusals: &'static [u16]) -> Operation {
        let (description, body, conflict) = (None, None, None);
        Operation { id, summary, description, body, status: 200, done: "Done.", answer, refusals, conflict }
    }

    /// With a body.
    pub const fn takes<T: JsonSchema>(mut self) -> Operation {
        self.body = Some(schema::<T>);
        self
    }

    /// More of what there is to say.
    pub const fn described(mut self, description: &'static str) -> Operation {
        self.description = Some(description);
        self
    }

    /// It makes something.
    pub const fn makes(mut self) -> Operation {
        self.status = 201;
        self
    }

    /// What was done, and what a conflict is, in other words than those of other routes.
    pub const fn said(mut self, done: &'static str, conflict: &'static str) -> Operation {
        self.done = done;
        self.conflict = Some(conflict);
        self
    }
}

/// The schema of a type, by reference where it has a name.
pub(super) fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}
