//! A finding in a script, with its location.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use tenterhook::Fault;
use tenterhook::hooks::schema::Declaration;

use super::files::File;
use super::source::{Location, Source};
use crate::{input, text};

/// An error or a warning.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Finding {
    /// The script's or a module's file, relative to the script's folder.
    pub file: String,
    pub line: Option<u32>,
    pub column: Option<u32>,
    pub severity: &'static str,
    /// For errors: the cause, by its name among faults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    pub message: String,
}

impl Finding {
    /// The finding in the form of compiler messages; `path` is the given file or folder.
    pub fn reported(&self, path: &Path) -> String {
        let file = if path.is_dir() { text::path(&path.join(&self.file)) } else { input::name(path) };
        let line = self.line.map(|line| format!(":{line}")).unwrap_or_default();
        let column = self.column.map(|column| format!(":{column}")).unwrap_or_default();
        format!("{file}{line}{column}: {}: {}", self.severity, text::plain(&self.message))
    }

    /// A warning.
    pub fn remark(file: &File, (location, message): (Location, String)) -> Finding {
        Finding {
            file: file.name.clone(),
            line: Some(location.line),
            column: Some(location.column),
            severity: "warning",
            cause: None,
            message,
        }
    }

    /// A fault with its location, in the script or in a module; `what` describes the fault.
    fn of_fault(fault: &Fault, severity: &'static str, what: &str, files: &[File]) -> Finding {
        let message = fault.to_string();
        let line = line_of(&message);
        let (before, after) = line.and_then(|line| message.split_once(&format!(":{line}: "))).unwrap_or(("", &message));
        // The longest name is the right one: `lib/a.lua` ends with `a.lua`.
        let named = files.iter().filter(|file| before.ends_with(&file.name)).max_by_key(|file| file.name.len());
        Finding {
            file: named.unwrap_or(&files[0]).name.clone(),
            line,
            column: line.zip(named).and_then(|(line, file)| column_of(&message, line, &file.source)),
            severity,
            cause: Some(fault.cause().to_string()),
            message: format!("{what}{after}"),
        }
    }

    /// A call with sample arguments that returned no answer.
    pub fn of_call(fault: &Fault, files: &[File]) -> Finding {
        let what = format!("a call with sample arguments ends in a fault ({}): ", fault.cause());
        Finding::of_fault(fault, "warning", &what, files)
    }

    /// The script does not load.
    pub fn of_load(fault: &Fault, files: &[File], hooks: &[Arc<Declaration>], all: &[Arc<Declaration>]) -> Finding {
        let mut finding = Finding::of_fault(fault, "error", "", files);
        if finding.line.is_none() && finding.message.starts_with("expected a function ") {
            // The handler is missing: the error is at the function that may have been meant for it.
            let among = if hooks.is_empty() { all } else { hooks };
            let handlers: Vec<&str> = among.iter().map(|of| of.handler.as_str()).collect();
            if hooks.is_empty() {
                finding.message = format!("expected a function called {}, found none", handlers.join(" or "));
            }
            let near = |name: &str| tenterhook::hooks::nearest(name, handlers.iter().copied());
            let mut functions = files.iter().flat_map(|file| file.scan.functions.iter().map(move |f| (file, f)));
            if let Some((file, function, handler)) = functions.find_map(|(file, f)| Some((file, f, near(&f.name)?))) {
                finding.file.clone_from(&file.name);
                (finding.line, finding.column) = (Some(function.location.line), Some(function.location.column));
                finding.message = format!("{}; did you mean '{handler}' by '{}'?", finding.message, function.name);
            }
        }
        finding
    }
}

/// The line in `script.lua:12: what is wrong`.
fn line_of(message: &str) -> Option<u32> {
    let locations = message.match_indices(':').filter_map(|(at, _)| {
        let (digits, rest) = message[at + 1..].split_once(':')?;
        rest.starts_with(' ').then(|| digits.parse().ok())?
    });
    locations.take(1).next()
}

/// The column of the token that Lua's error is near, if it occurs once on the line.
fn column_of(message: &str, line: u32, source: &Source) -> Option<u32> {
    let tokens = source.tokens();
    let on_line = |location: &Location| location.line == line;
    if message.ends_with("near <eof>") {
        return tokens.last().map(|token| token.location).filter(on_line).map(|location| location.column);
    }
    let near = message.rsplit_once("near '")?.1.strip_suffix('\'')?;
    let mut found = tokens.iter().filter(|token| token.text == near && on_line(&token.location));
    let only = found.next()?;
    found.next().is_none().then_some(only.location.column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_lua_s_words() {
        assert_eq!(line_of("a.lua:12: unexpected symbol near 'x'"), Some(12));
        assert_eq!(line_of("a:b.lua:3: x"), Some(3));
        assert_eq!(line_of("expected a function 'x', found none"), None);
        assert_eq!(line_of("stack overflow: a.lua:7: stack overflow"), Some(7));
    }

    #[test]
    fn a_column_is_given_only_where_there_is_no_doubt() {
        let source = &Source::new(b"x = )\ny = = 3 =\n(");
        assert_eq!(column_of("a.lua:1: unexpected symbol near ')'", 1, source), Some(5));
        assert_eq!(column_of("a.lua:2: unexpected symbol near '='", 2, source), None);
        assert_eq!(column_of("a.lua:3: unexpected symbol near <eof>", 3, source), Some(2));
        assert_eq!(column_of("a.lua:3: oh no", 3, source), None);
    }
}
