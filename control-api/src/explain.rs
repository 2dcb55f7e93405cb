//! What a policy says, and where each setting is: the same answer for a running program and for a policy file.

use serde_json::{Map, Value as Json, json};
use tenterhook_policies::{
    AllowedOrders, BudgetField, DenialCause, Disposition, FaultCause, Policy, QuotaField, ResultValue, UnknownTenant,
};
use tenterhook_policies::{Origin as PolicyOrigin, Rules as PolicyRules};

use crate::named::Named;
use crate::policy::{Explained, Grant, Origin, Placement, Rule, Rules};

/// Returns what the policy gives `tenant` at `hook`, each value with file, line and section. A program's control socket
/// returns the same at `/v1/policy/explain`.
///
/// # Errors
/// [`UnknownTenant`]: the policy rejects the tenant, or the name is invalid.
pub fn explain(policy: &Policy, tenant: &str, hook: &str) -> Result<Explained, UnknownTenant> {
    let found = policy.resolve(tenant, hook)?;
    Ok(Explained {
        tenant: tenant.to_owned(),
        hook: hook.to_owned(),
        rules: Rules::of(&found),
        placement: Placement::of(policy, tenant, hook),
    })
}

impl Origin {
    /// Converts the origin of a setting.
    pub fn of(origin: &PolicyOrigin) -> Origin {
        Origin { file: (*origin.file).to_owned(), line: origin.line as u64, section: (*origin.section).to_owned() }
    }
}

impl Rule {
    /// A value of a policy and its text.
    pub fn of(value: impl Into<Json>, text: impl ToString, from: &PolicyOrigin) -> Rule {
        Rule { value: value.into(), text: text.to_string(), origin: Origin::of(from) }
    }

    fn of_disposition(disposition: &Disposition, from: &PolicyOrigin) -> Rule {
        match disposition {
            Disposition::Default => Rule::of("default", "default", from),
            Disposition::Skip => Rule::of("skip", "skip", from),
            Disposition::Closed => Rule::of("closed", "closed", from),
            Disposition::Result(results) => {
                let results: Map<String, Json> = results.iter().map(|(name, v)| (name.clone(), value(v))).collect();
                let text = Json::Object(results.clone()).to_string();
                Rule::of(json!({ "result": results }), text, from)
            }
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

impl Rules {
    /// Converts the rules of a policy.
    pub fn of(rules: &PolicyRules) -> Rules {
        let origins = &rules.origins;
        let budget = |field: BudgetField| {
            let amount = rules.budget.get(field);
            (field.info().name, Rule::of(amount, field.amount(amount), origins.field(field)))
        };
        let quota = |field: QuotaField| {
            let amount = rules.quota.get(field);
            (field.info().name, Rule::of(amount, field.amount(amount), origins.quota(field)))
        };
        let dispositions = &rules.dispositions;
        let fault = |cause: FaultCause| {
            (cause.as_str(), Rule::of_disposition(dispositions.for_fault(cause), origins.fault(cause)))
        };
        let denial = |cause: DenialCause| {
            (cause.as_str(), Rule::of_disposition(dispositions.for_denial(cause), origins.denial(cause)))
        };
        let grants = rules.grants.iter().zip(origins.grants()).map(|(grant, from)| Grant {
            capability: grant.capability.clone(),
            reason: grant.reason.clone(),
            origin: Origin::of(from),
        });
        Rules {
            budget: BudgetField::ALL.into_iter().map(budget).collect(),
            quota: QuotaField::ALL.into_iter().map(quota).collect(),
            state: Rule::of(rules.state.as_str(), rules.state, origins.state()),
            memory_errors: Rule::of(rules.memory_errors.as_str(), rules.memory_errors, origins.memory_errors()),
            deadline: Rule::of(rules.deadline.to_string(), rules.deadline, origins.deadline()),
            quarantine: Rule::of(rules.quarantine.as_str(), rules.quarantine, origins.quarantine()),
            on_fault: FaultCause::ALL.into_iter().map(fault).collect(),
            on_denied: DenialCause::ALL.into_iter().map(denial).collect(),
            grants: grants.collect(),
        }
    }
}

impl Placement {
    /// Where a tenant may attach at a hook point.
    fn of(policy: &Policy, tenant: &str, hook: &str) -> Placement {
        match policy.allowed_orders(tenant, hook) {
            AllowedOrders::Band(orders, from) => Placement {
                allowed: true,
                orders: Some([orders.min, orders.max]),
                origin: from.as_ref().map(Origin::of),
            },
            AllowedOrders::Refused(from) => Placement { allowed: false, orders: None, origin: Some(Origin::of(&from)) },
        }
    }
}

/// The most that the policy may grant, by field of a budget.
pub fn ceilings(policy: &Policy) -> Named<Rule> {
    let ceilings = policy.ceilings();
    let fields = BudgetField::ALL.into_iter().map(|field| {
        let amount = ceilings.get(field);
        (field.info().name, Rule::of(amount, field.amount(amount), policy.ceiling_origin(field)))
    });
    fields.collect()
}
