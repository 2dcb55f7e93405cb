//! What a policy says, and where each of it is written, as JSON: one answer, whether a running program is asked or a
//! policy file.

use serde_json::{Map, Value as Json, json};
use tenterhook_policies::{
    BudgetField, DenialCause, Disposition, FaultCause, Origin, Place, Policy, QuotaField, ResultValue, Rules,
    UnknownTenant,
};

/// What the policy gives `tenant` at `hook`: `rules` (budget, quota, state, dispositions, grants) and `placement`, each of
/// it with file, line and section. A program's control socket answers the same at `/v1/policy/explain`.
///
/// # Errors
/// [`UnknownTenant`]: the policy takes no such tenant, or that is no tenant's name.
pub fn explain(policy: &Policy, tenant: &str, hook: &str) -> Result<Json, UnknownTenant> {
    let found = policy.resolve(tenant, hook)?;
    Ok(json!({
        "tenant": tenant,
        "hook": hook,
        "rules": rules(&found),
        "placement": placement(policy, tenant, hook),
    }))
}

/// Where something of a policy is written: `file`, `line`, `section`.
pub fn origin(origin: &Origin) -> Json {
    json!({ "file": &*origin.file, "line": origin.line, "section": &*origin.section })
}

/// A value of a policy, as text too, with where it is written.
pub fn rule(value: impl Into<Json>, text: impl ToString, from: &Origin) -> Json {
    json!({ "value": value.into(), "text": text.to_string(), "origin": origin(from) })
}

fn disposition(disposition: &Disposition, from: &Origin) -> Json {
    match disposition {
        Disposition::Default => rule("default", "default", from),
        Disposition::Skip => rule("skip", "skip", from),
        Disposition::Closed => rule("closed", "closed", from),
        Disposition::Result(results) => {
            let results: Map<String, Json> = results.iter().map(|(name, v)| (name.clone(), value(v))).collect();
            let text = Json::Object(results.clone()).to_string();
            rule(json!({ "result": results }), text, from)
        }
    }
}

fn value(of: &ResultValue) -> Json {
    match of {
        ResultValue::Boolean(v) => (*v).into(),
        ResultValue::Integer(v) => (*v).into(),
        ResultValue::Float(v) => serde_json::Number::from_f64(*v).map_or(Json::Null, Json::Number),
        ResultValue::String(v) => v.as_str().into(),
        ResultValue::List(items) => items.iter().map(value).collect(),
        ResultValue::Record(fields) => {
            Json::Object(fields.iter().map(|(name, field)| (name.clone(), value(field))).collect())
        }
    }
}

/// Rules as JSON, each value with where it is written: `budget`, `quota`, `state`, dispositions, grants.
pub fn rules(rules: &Rules) -> Json {
    let origins = &rules.origins;
    let budget: Map<String, Json> = BudgetField::ALL
        .into_iter()
        .map(|field| {
            let amount = rules.budget.get(field);
            (field.info().name.to_owned(), rule(amount, field.amount(amount), origins.field(field)))
        })
        .collect();
    let quota: Map<String, Json> = QuotaField::ALL
        .into_iter()
        .map(|field| {
            let amount = rules.quota.get(field);
            (field.info().name.to_owned(), rule(amount, field.amount(amount), origins.quota(field)))
        })
        .collect();
    let faults: Map<String, Json> = FaultCause::ALL
        .into_iter()
        .map(|cause| {
            let from = origins.fault(cause);
            (cause.as_str().to_owned(), disposition(rules.dispositions.for_fault(cause), from))
        })
        .collect();
    let denials: Map<String, Json> = DenialCause::ALL
        .into_iter()
        .map(|cause| {
            let from = origins.denial(cause);
            (cause.as_str().to_owned(), disposition(rules.dispositions.for_denial(cause), from))
        })
        .collect();
    let grants: Vec<Json> = rules
        .grants
        .iter()
        .zip(origins.grants())
        .map(|(grant, from)| json!({ "capability": grant.capability, "reason": grant.reason, "origin": origin(from) }))
        .collect();
    json!({
        "budget": budget,
        "quota": quota,
        "state": rule(rules.state.as_str(), rules.state, origins.state()),
        "memory_errors": rule(rules.memory_errors.as_str(), rules.memory_errors, origins.memory_errors()),
        "deadline": rule(rules.deadline.to_string(), rules.deadline, origins.deadline()),
        "quarantine": rule(rules.quarantine.as_str(), rules.quarantine, origins.quarantine()),
        "on_fault": faults,
        "on_denied": denials,
        "grants": grants,
    })
}

/// Where a tenant may attach at a hook point.
fn placement(policy: &Policy, tenant: &str, hook: &str) -> Json {
    match policy.place(tenant, hook) {
        Place::Band(orders, from) => json!({
            "allowed": true, "orders": [orders.min, orders.max], "origin": from.as_ref().map(origin),
        }),
        Place::Refused(from) => json!({ "allowed": false, "orders": null, "origin": origin(&from) }),
    }
}
