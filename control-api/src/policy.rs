//! What a policy says, and where each setting is.

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
    /// How the policy treats tenants that it does not name.
    #[schemars(extend("enum" = ["default", "refuse"]))]
    pub unknown_tenants: String,
    /// The most that it may grant, by field of a budget.
    pub ceilings: Named<Rule>,
    /// The rules for every tenant.
    pub defaults: Rules,
    /// Named tenants that the caller is authorised to see.
    pub tenants: Vec<String>,
    /// Hook points that it names.
    pub hooks: Vec<String>,
    /// The operators; empty unless the caller is authorised for everything.
    pub operators: Vec<Operator>,
}

/// An operator and what it is authorised to do.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Operator {
    /// `uid 1000` or `gid 100`.
    pub who: String,
    /// The tenants; `*` stands for every tenant.
    pub tenants: Vec<String>,
    /// Whether the operator may see attachments only, or change them.
    #[schemars(extend("enum" = ["see", "change"]))]
    pub may: String,
    /// Where it is set.
    pub origin: Origin,
}

/// Rules, and where each is set.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Explained {
    /// The tenant.
    pub tenant: String,
    /// The hook point.
    pub hook: String,
    /// The tenant's rules at the hook point.
    pub rules: Rules,
    /// Where in the chain the tenant may attach.
    pub placement: Placement,
}

/// Where the tenant may attach at the hook point.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Placement {
    /// Whether it may attach there at all.
    pub allowed: bool,
    /// Lowest and highest order.
    #[schemars(inner(range(min = -2147483648, max = 2147483647)))]
    pub orders: Option<[i32; 2]>,
    /// Where it is set; null if the policy has no placement for the hook point.
    pub origin: Option<Origin>,
}

/// What the policy says about a tenant at a hook point.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rules {
    /// fuel, memory, image, args, answer, log_lines, log_bytes, …
    pub budget: Named<Rule>,
    /// What attachment and tenant may use over time and in total: calls_per_second, fuel_per_second, total_memory, …
    pub quota: Named<Rule>,
    /// Whether state lasts from call to call.
    pub state: Rule,
    /// Whether scripts can catch Lua's "not enough memory".
    pub memory_errors: Rule,
    /// The wall-clock deadline of a call.
    pub deadline: Rule,
    /// Whether an attachment that keeps faulting is taken out of the chain for a while.
    pub quarantine: Rule,
    /// What a fault becomes, by cause.
    pub on_fault: Named<Rule>,
    /// What a denial becomes, by cause.
    pub on_denied: Named<Rule>,
    /// Granted capabilities beside the log.
    pub grants: Vec<Grant>,
}

/// A value and where it is set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Rule {
    /// A number, a word or `{ "result": {…} }`.
    pub value: Json,
    /// For people, such as `10 M`.
    pub text: String,
    /// Where it is set.
    pub origin: Origin,
}

/// A capability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Grant {
    /// Its library.
    pub capability: String,
    /// Why it is granted.
    pub reason: String,
    /// Where it is set.
    pub origin: Origin,
}

/// Where something is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Origin {
    /// The policy's file.
    pub file: String,
    /// The line, from 1.
    #[schemars(range(min = 1))]
    pub line: u64,
    /// The section, such as `tenants.acme`.
    pub section: String,
}
