//! What a policy lets others say, as JSON.

use serde_json::Value as Json;
use tenterhook::policies::{BudgetField, Policy};
use tenterhook_control_api::explain::rule;

/// The most that the policy may grant.
pub(super) fn ceilings(policy: &Policy) -> Json {
    let ceilings = policy.ceilings();
    let fields = BudgetField::ALL.into_iter().map(|field| {
        let amount = ceilings.get(field);
        (field.info().name.to_owned(), rule(amount, field.amount(amount), policy.ceiling_origin(field)))
    });
    Json::Object(fields.collect())
}
