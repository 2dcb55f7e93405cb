//! The policy's dispositions, checked against a hook point's declaration.

use tenterhook_hooks::codec::Answer;
use tenterhook_hooks::schema::Declaration;
use tenterhook_hooks::value::Value;
use tenterhook_policies::{DenialCause, Disposition, Dispositions, FaultCause, ResultValue};
use thiserror::Error;

/// What a fault or a denial turns into.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// The invocation ends with the declared default.
    Default,
    /// As if the attachment were not there.
    Skip,
    /// The invocation ends with this answer.
    Answer(Answer),
}

/// A verdict per cause.
#[derive(Debug, Clone)]
pub(crate) struct Verdicts {
    faults: Vec<Verdict>,
    denials: Vec<Verdict>,
}

/// A named result that the hook point does not have, or not with this value.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("disposition for {cause} at {hook}: {path}: {reason}")]
pub struct DispositionError {
    /// The cause it is for.
    pub cause: String,
    /// The hook point.
    pub hook: String,
    /// Which result.
    pub path: String,
    /// What was expected and what was there.
    pub reason: String,
}

impl Verdicts {
    pub fn new(of: &Declaration, dispositions: &Dispositions) -> Result<Verdicts, DispositionError> {
        let faults = FaultCause::ALL.iter().map(|c| verdict(of, c.as_str(), dispositions.for_fault(*c)));
        let denials = DenialCause::ALL.iter().map(|c| verdict(of, c.as_str(), dispositions.for_denial(*c)));
        Ok(Verdicts { faults: faults.collect::<Result<_, _>>()?, denials: denials.collect::<Result<_, _>>()? })
    }

    pub fn for_fault(&self, cause: FaultCause) -> &Verdict {
        // One per member of ALL, in its order, which is the order of declaration.
        &self.faults[cause as usize]
    }

    pub fn for_denial(&self, cause: DenialCause) -> &Verdict {
        &self.denials[cause as usize]
    }
}

fn verdict(of: &Declaration, cause: &str, disposition: &Disposition) -> Result<Verdict, DispositionError> {
    let results = match disposition {
        Disposition::Default => return Ok(Verdict::Default),
        Disposition::Skip => return Ok(Verdict::Skip),
        Disposition::Result(results) => results,
    };
    let wrong = |path: String, reason: String| DispositionError {
        cause: cause.to_owned(),
        hook: of.name.clone(),
        path,
        reason,
    };
    let mut values = Vec::with_capacity(results.len());
    for (name, value) in results {
        let Some(position) = of.result_position(name.as_bytes()) else {
            let hint = tenterhook_hooks::nearest(name, of.results.iter().map(|r| r.name.as_str()));
            let hint = hint.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
            return Err(wrong(format!("result.{name}"), format!("no such result{hint}")));
        };
        let json = json(value).map_err(|reason| wrong(format!("result.{name}"), reason))?;
        let value = Value::from_json(&of.results[position].ty, &json).map_err(|e| {
            // The value is named by its result: `value.x` is `result.name.x`.
            let inner = e.path.strip_prefix("value").unwrap_or(&e.path);
            wrong(format!("result.{name}{inner}"), e.reason)
        })?;
        values.push((position, value));
    }
    Answer::from_values(of, values).map(Verdict::Answer).map_err(|e| wrong(e.path, e.reason))
}

fn json(value: &ResultValue) -> Result<serde_json::Value, String> {
    Ok(match value {
        ResultValue::Boolean(v) => (*v).into(),
        ResultValue::Integer(v) => (*v).into(),
        ResultValue::Float(v) => serde_json::Number::from_f64(*v).ok_or("expected a finite number")?.into(),
        ResultValue::String(v) => v.as_str().into(),
        ResultValue::List(items) => items.iter().map(json).collect::<Result<Vec<_>, _>>()?.into(),
        ResultValue::Record(fields) => {
            let fields = fields.iter().map(|(name, value)| Ok((name.clone(), json(value)?)));
            serde_json::Value::Object(fields.collect::<Result<_, String>>()?)
        }
    })
}
