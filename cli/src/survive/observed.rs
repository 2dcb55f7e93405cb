//! Outcomes of calls, in the words of headers.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Map, Value as Json};
use tenterhook::hooks::schema::Declaration;
use tenterhook::hooks::value::Value;
use tenterhook::{AttachError, CallReport, DynamicHook, FailureKind, Fault, LogLine, LogSink};

/// The outcome of a call.
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
    /// Not attached, because of a fault with that cause (`attach` if it was not a fault).
    Refused {
        /// The cause.
        cause: String,
        /// The message.
        message: String,
    },
    /// Denied.
    Denied(String),
}

/// A call as it was observed.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Its outcome.
    pub outcome: Outcome,
    /// Fuel that it used.
    pub fuel: u64,
    /// Linear memory at the end of the call.
    pub memory: u64,
    /// What it logged.
    pub logs: Vec<String>,
    /// Log lines that exceeded the budget.
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
    /// In the words of a header, except for a result's values.
    pub fn kind(&self) -> String {
        match self {
            Outcome::Result(_) => "result".to_owned(),
            Outcome::Fault { cause, .. } => format!("fault:{cause}"),
            Outcome::Refused { cause, .. } => format!("refused:{cause}"),
            Outcome::Denied(cause) => format!("denied:{cause}"),
        }
    }

    /// The outcome in a call's report.
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

    /// The outcome for a script that was not attached.
    pub fn refused(error: &AttachError) -> Outcome {
        let (cause, message) = match error {
            AttachError::Load(fault) => (Fault::cause(fault).as_str().to_owned(), fault.to_string()),
            other => ("attach".to_owned(), other.to_string()),
        };
        Outcome::Refused { cause, message }
    }
}

impl Observed {
    /// An outcome without a call.
    pub fn uncalled(outcome: Outcome, logs: Vec<String>) -> Observed {
        Observed { outcome, fuel: 0, memory: 0, logs, dropped: 0 }
    }
}

/// Fires a hook point that has one attachment, of that name; returns the observation and the time.
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

/// The part of a result that differs from the declared defaults.
fn without_defaults(of: &Declaration, result: Json) -> Map<String, Json> {
    let defaults: BTreeMap<&str, Json> =
        of.results.iter().map(|r| (r.name.as_str(), r.default.to_json(&r.ty))).collect();
    let Json::Object(object) = result else { return Map::new() };
    object.into_iter().filter(|(key, value)| defaults.get(key.as_str()).is_none_or(|d| !same(d, value))).collect()
}

/// Equality of JSON, including the sign of a zero; objects in any order.
pub fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        // Compared as text: -0.0 is not 0.0, and 1.0 is not 1.
        (a, b) => text(a) == text(b),
    }
}

fn text(json: &Json) -> String {
    json.to_string()
}
