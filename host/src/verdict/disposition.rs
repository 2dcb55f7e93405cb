//! The policy's dispositions, checked against a hook point's declaration: whether it has such results, and whether it
//! forbids them for a failure.

use tenterhook_hooks::codec::Answer;
use tenterhook_hooks::schema::Declaration;
use tenterhook_hooks::value::Value;
use tenterhook_policies::{ClosedResult, DenialCause, Disposition, FaultCause, Origin, ResultValue, Rules};
use thiserror::Error;

/// What a fault or a denial becomes.
#[derive(Debug, Clone)]
pub(crate) enum Verdict {
    /// The invocation ends with the declared default.
    Default,
    /// The attachment is skipped.
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

/// A disposition that the hook point forbids, or whose result it does not have.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{set_at}:{}: {}: {hook}, {cause}: {path}: {reason}", .set_at.column, .set_at.key)]
pub struct DispositionError {
    /// Where the policy sets it.
    pub set_at: Box<Origin>,
    /// The cause, such as `fault fuel`.
    pub cause: String,
    /// The hook point.
    pub hook: String,
    /// `skip`, `default`, or the path of the result.
    pub path: String,
    /// What was expected and what was found.
    pub reason: String,
    /// Whether the hook point forbids it; otherwise it has no such result, or not with such a value.
    pub forbidden: bool,
}

impl Verdicts {
    pub fn new(of: &Declaration, rules: &Rules) -> Result<Verdicts, DispositionError> {
        Verdicts::all(of, rules).map_err(|mut problems| problems.swap_remove(0))
    }

    /// The same, but with every error; at least one.
    pub fn all(of: &Declaration, rules: &Rules) -> Result<Verdicts, Vec<DispositionError>> {
        let (said, origins) = (&rules.dispositions, &rules.origins);
        let mut problems = Vec::new();
        let mut check = |kind: &str, cause: &str, disposition: &Disposition, set_at: &Origin| {
            verdict(of, disposition, rules.closed.as_ref()).unwrap_or_else(|Wrong { path, reason, forbidden }| {
                let (hook, cause) = (of.name.clone(), format!("{kind} {cause}"));
                let set_at = Box::new(set_at.clone());
                problems.push(DispositionError { set_at, cause, hook, path, reason, forbidden });
                Verdict::Default
            })
        };
        let fault = |c: &FaultCause| check("fault", c.as_str(), said.for_fault(*c), origins.fault(*c));
        let faults = FaultCause::ALL.iter().map(fault).collect();
        let denial = |c: &DenialCause| check("denial", c.as_str(), said.for_denial(*c), origins.denial(*c));
        let denials = DenialCause::ALL.iter().map(denial).collect();
        if problems.is_empty() { Ok(Verdicts { faults, denials }) } else { Err(problems) }
    }

    pub fn for_fault(&self, cause: FaultCause) -> &Verdict {
        // There is one per member of ALL, in its order, which is the order of declaration.
        &self.faults[cause as usize]
    }

    pub fn for_denial(&self, cause: DenialCause) -> &Verdict {
        &self.denials[cause as usize]
    }
}

/// The location of an error in a disposition, and the reason.
pub(super) struct Wrong {
    pub path: String,
    pub reason: String,
    pub forbidden: bool,
}

fn verdict(of: &Declaration, disposition: &Disposition, closed: Option<&ClosedResult>) -> Result<Verdict, Wrong> {
    let allowed = |verdict, path: &str, refused: Option<String>| match refused {
        Some(reason) => Err(Wrong { path: path.to_owned(), reason, forbidden: true }),
        None => Ok(verdict),
    };
    let results = match disposition {
        Disposition::Default => return allowed(Verdict::Default, "default", of.forbidden.refuses_default(of)),
        Disposition::Skip => return allowed(Verdict::Skip, "skip", of.forbidden.refuses_skip(of)),
        Disposition::Closed => match (closed, declared(of)) {
            (Some(closed), _) => &closed.results,
            // The closed result was checked against what is forbidden when it was declared.
            (None, Some(answer)) => return Ok(Verdict::Answer(answer)),
            (None, None) => {
                let refused = of.forbidden.refuses_default(of);
                let why = |reason| format!("{} declares no closed result, so it is the default, and {reason}", of.name);
                return allowed(Verdict::Default, "closed", refused.map(why));
            }
        },
        Disposition::Result(results) => results,
    };
    named(of, results).map(Verdict::Answer)
}

/// The closed result that the hook point declares.
pub(super) fn declared(of: &Declaration) -> Option<Answer> {
    // They were checked against their types when they were declared.
    of.closed.as_ref().and_then(|closed| Answer::from_values(of, closed.results().to_vec()).ok())
}

/// The answer that a policy gives by name.
pub(super) fn named(of: &Declaration, results: &[(String, ResultValue)]) -> Result<Answer, Wrong> {
    let unfit = |path: String, reason: String| Wrong { path, reason, forbidden: false };
    let mut values = Vec::with_capacity(results.len());
    for (name, value) in results {
        let Some(position) = of.result_position(name.as_bytes()) else {
            let hint = tenterhook_hooks::nearest(name, of.results.iter().map(|r| r.name.as_str()));
            let hint = hint.map(|near| format!("; did you mean '{near}'?")).unwrap_or_default();
            return Err(unfit(format!("result.{name}"), format!("no such result{hint}")));
        };
        let json = json(value).map_err(|reason| unfit(format!("result.{name}"), reason))?;
        let value = Value::from_json(&of.results[position].ty, &json).map_err(|e| {
            // The value is named by its result: `value.x` is `result.name.x`.
            let inner = e.path.strip_prefix("value").unwrap_or(&e.path);
            unfit(format!("result.{name}{inner}"), e.reason)
        })?;
        values.push((position, value));
    }
    let answer = Answer::from_values(of, values).map_err(|e| unfit(e.path, e.reason))?;
    match of.forbidden.refuses(of, |position| answer.result(position).cloned()) {
        Some(reason) => Err(Wrong { path: "result".to_owned(), reason, forbidden: true }),
        None => Ok(answer),
    }
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
