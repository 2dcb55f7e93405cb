//! What a policy says, and where each of it is written.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::named::Named;

/// The policy in force.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Policy {
    /// Its file.
    pub file: String,
    /// What becomes of tenants that the policy does not name.
    #[schemars(extend("enum" = ["default", "refuse"]))]
    pub unknown_tenants: String,
    /// The most that it may grant, by field of a budget.
    pub ceilings: Named<Rule>,
    /// What every tenant has.
    pub defaults: Rules,
    /// Listed ones that the caller may see.
    pub tenants: Vec<String>,
    /// Hook points that it names.
    pub hooks: Vec<String>,
    /// Empty unless the caller may do all.
    pub operators: Vec<Operator>,
}

/// Who may do what.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Operator {
    /// `uid 1000` or `gid 100`.
    pub who: String,
    /// `*`: every tenant.
    pub tenants: Vec<String>,
    /// Whether only to look, or to change.
    #[schemars(extend("enum" = ["see", "change"]))]
    pub may: String,
    /// Where that is written.
    pub origin: Origin,
}

/// Rules, and where each is written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Explained {
    /// The tenant.
    pub tenant: String,
    /// The hook point.
    pub hook: String,
    /// What the tenant has there.
    pub rules: Rules,
    /// Where in the chain it may attach.
    pub placement: Placement,
}

/// Where the tenant may attach at the hook point.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Placement {
    /// Whether it may at all.
    pub allowed: bool,
    /// Lowest and highest order.
    #[schemars(inner(range(min = -2147483648, max = 2147483647)))]
    pub orders: Option<[i32; 2]>,
    /// Null where the policy has no placement for the hook point.
    pub origin: Option<Origin>,
}

/// What the policy says about a tenant at a hook point.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rules {
    /// fuel, memory, image, args, answer, log_lines, log_bytes, …
    pub budget: Named<Rule>,
    /// What attachment and tenant may use over time and in all: calls_per_second, fuel_per_second, total_memory, …
    pub quota: Named<Rule>,
    /// Whether state lasts from call to call.
    pub state: Rule,
    /// Whether scripts may catch Lua's "not enough memory".
    pub memory_errors: Rule,
    /// By the clock.
    pub deadline: Rule,
    /// Whether an attachment that keeps failing is taken out for a while.
    pub quarantine: Rule,
    /// By cause.
    pub on_fault: Named<Rule>,
    /// By cause.
    pub on_denied: Named<Rule>,
    /// Capabilities beside the log.
    pub grants: Vec<Grant>,
}

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rule {
    /// A number, a word or `{ "result": {…} }`.
    pub value: Json,
    /// For people, such as `10 M`.
    pub text: String,
    /// Where it is written.
    pub origin: Origin,
}

/// A capability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Grant {
    /// Its library.
    pub capability: String,
    /// What it is given for.
    pub reason: String,
    /// Where it is written.
    pub origin: Origin,
}

/// Where something is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Origin {
    /// The policy's file.
    pub file: String,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    pub line: u64,
    /// Such as `tenants.acme`.
    pub section: String,
}
