//! A hook point in a list.

use serde_json::{Value as Json, json};

use super::declaration::{Chain, Declaration};

impl Declaration {
    /// The hook point as lists show it: `name`, `version`, `fingerprint`, `doc`, `handler`, `chain` and `signature`.
    pub fn summary(&self) -> Json {
        json!({
            "name": self.name,
            "version": self.version,
            "fingerprint": self.fingerprint().to_string(),
            "doc": self.doc,
            "handler": self.handler,
            "chain": match self.chain { Chain::First => "first", Chain::Observe => "observe" },
            "signature": self.signature(),
        })
    }

    /// The handler on one line, such as `request(client, headers) -> { verdict, headers }`.
    pub fn signature(&self) -> String {
        let arguments: Vec<&str> = self.arguments.iter().map(|argument| argument.name.as_str()).collect();
        let mut results: Vec<&str> = self.results.iter().map(|result| result.name.as_str()).collect();
        results.extend(self.arguments.iter().filter(|argument| argument.inout).map(|argument| argument.name.as_str()));
        match results.is_empty() {
            true => format!("{}({})", self.handler, arguments.join(", ")),
            false => format!("{}({}) -> {{ {} }}", self.handler, arguments.join(", "), results.join(", ")),
        }
    }
}
