//! What calls come to, in words that headers use.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json};
use tenterhook::hooks::schema::Declaration;
use tenterhook::hooks::value::Value;
use tenterhook::{AttachError, CallReport, DynamicHook, FailureKind, Fault, LogLine, LogSink};

/// What a call came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A result, without what is at its default.
    Result(Map<String, Json>),
    /// A fault.
    Fault {
        /// The cause.
        cause: String,
        /// The message.
        message: String,
        /// Lua's traceback.
        traceback: String,
    },
    /// Not attached, for a fault of that cause (`attach` where it was no fault).
    Refused {
        /// The cause.
        cause: String,
        /// The message.
        message: String,
    },
    /// Denied.
    Denied(String),
}

/// A call as it was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// What it came to.
    pub outcome: Outcome,
    /// Fuel that it used.
    pub fuel: u64,
    /// Linear memory at its end.
    pub memory: u64,
    /// What it logged.
    pub logs: Vec<String>,
    /// Log lines that were over the budget.
    pub dropped: u64,
}

/// Keeps scripts' log lines by attachment, as `level@line text`.
#[derive(Debug, Default)]
pub struct Lines(Mutex<BTreeMap<String, Vec<String>>>);

impl Lines {
    /// Takes the lines of an attachment.
    pub fn take(&self, attachment: &str) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(attachment).unwrap_or_default()
    }
}

impl LogSink for Lines {
    fn line(&self, line: &LogLine<'_>) {
        let at = line.line.map_or_else(|| "?".to_owned(), |line| line.to_string());
        let text = format!("{}@{at} {}", line.level, line.message);
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lines.entry(line.attachment.to_owned()).or_default().push(text);
    }
}

impl Outcome {
    /// In the words of a header, but for a result's values.
    pub fn kind(&self) -> String {
        match self {
            Outcome::Result(_) => "result".to_owned(),
            Outcome::Fault { cause, .. } => format!("fault:{cause}"),
            Outcome::Refused { cause, .. } => format!("refused:{cause}"),
            Outcome::Denied(cause) => format!("denied:{cause}"),
        }
    }

    /// Of a call's report.
    pub fn of(declaration: &Declaration, report: &CallReport<'_>) -> Outcome {
        match report.result {
            Ok(answer) => Outcome::Result(without_defaults(declaration, declaration.answer_to_json(answer))),
            Err(FailureKind::Fault(fault)) => Outcome::Fault {
                cause: fault.cause().as_str().to_owned(),
                message: fault.to_string(),
                traceback: fault.traceback().unwrap_or_default().to_owned(),
            },
            Err(FailureKind::Denied(denied)) => Outcome::Denied(denied.cause().as_str().to_owned()),
            Err(FailureKind::Closed(_)) => Outcome::Denied("closed".to_owned()),
        }
    }

    /// Of a script that was not attached.
    pub fn refused(error: &AttachError) -> Outcome {
        let (cause, message) = match error {
            AttachError::Load(fault) => (Fault::cause(fault).as_str().to_owned(), fault.to_string()),
            other => ("attach".to_owned(), other.to_string()),
        };
        Outcome::Refused { cause, message }
    }
}

impl Observed {
    /// Something that came to this without a call.
    pub fn uncalled(outcome: Outcome, logs: Vec<String>) -> Observed {
        Observed { outcome, fuel: 0, memory: 0, logs, dropped: 0 }
    }
}

/// Fires a hook point that has one attachment, of that name. How long that took, too.
pub fn once(lines: &Lines, hook: &DynamicHook, args: &[Value], attachment: &str) -> Option<(Observed, Duration)> {
    let mut seen = None;
    let start = Instant::now();
    let mut time = Duration::ZERO;
    let _ = hook.invoke(args, &mut |report: &CallReport<'_>| {
        time = start.elapsed();
        let outcome = Outcome::of(hook.declaration(), report);
        let (fuel, memory, dropped) = (report.fuel, report.memory_bytes, report.log_lines_dropped);
        seen = Some(Observed { outcome, fuel, memory, logs: Vec::new(), dropped });
    });
    let mut seen = seen?;
    seen.logs = lines.take(attachment);
    Some((seen, time))
}

/// What a result says beyond the declared defaults.
fn without_defaults(of: &Declaration, result: Json) -> Map<String, Json> {
    let defaults: BTreeMap<&str, Json> =
        of.results.iter().map(|r| (r.name.as_str(), r.default.to_json(&r.ty))).collect();
    let Json::Object(object) = result else { return Map::new() };
    object.into_iter().filter(|(key, value)| defaults.get(key.as_str()).is_none_or(|d| !same(d, value))).collect()
}

/// Equality of JSON down to the sign of a zero; objects in any order.
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        // As text: -0.0 is not 0.0, and 1.0 is not 1.
        (a, b) => text(a) == text(b),
    }
}

fn text(json: &Json) -> String {
    json.to_string()
}
