//! Statistics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::named::Numbers;
use crate::protection::Protection;

/// Statistics at one moment.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct AllStats {
    /// RFC 3339.
    pub time: String,
    /// For rates: the difference of two answers.
    pub monotonic_ns: u64,
    /// Of those that the caller may see.
    pub attachments: Vec<Stats>,
    /// Hook points that require attachments.
    pub protection: Vec<Protection>,
}

/// One attachment's, since it was attached, whatever scripts it had; every number only grows while it stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Stats {
    /// What was counted.
    #[serde(flatten)]
    pub counts: Counts,
    /// Its id.
    #[schemars(range(min = 1))]
    pub id: u64,
    /// Its tenant.
    pub tenant: String,
    /// Its name.
    pub name: String,
    /// Its hook point.
    pub hook: String,
    /// Whether calls reach it.
    pub enabled: bool,
    /// The same of the present script alone; null where it is the first one.
    pub since_replace: Option<Counts>,
}

/// What calls came to since a moment; as in Stats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counts {
    /// RFC 3339.
    pub since: String,
    /// Admitted and denied ones.
    pub calls: u64,
    /// Answers by value of the hook point's first result where that is an enum or boolean (`default` where it was not given),
    /// else `default` and `other`.
    pub results: Numbers,
    /// Answers that changed an argument.
    pub changed: u64,
    /// By cause; causes that did not happen are left out.
    pub faults: Numbers,
    /// As `faults`.
    pub denials: Numbers,
    /// Of each call.
    pub fuel: Distribution,
    /// Of each call that was timed.
    pub latency_ns: Distribution,
    /// Time within calls, estimated from those that were timed.
    pub busy_ns: u64,
    /// Most linear memory at the end of a call.
    pub memory_peak_bytes: u64,
    /// `touched`: the same image again; `all`: all memory was written; `fuel`: what restoring took of the calls' fuel, for
    /// images larger than the interpreter's own size.
    pub restores: Restores,
    /// Written.
    pub log_lines: u64,
    /// Over the budget.
    pub log_lines_dropped: u64,
    /// The last fault, if there was one.
    pub last_fault: Option<LastFault>,
}

/// How often executors were restored for an attachment's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Restores {
    /// The same image again.
    pub touched: u64,
    /// All memory was written.
    pub all: u64,
    /// What restoring took of the calls' fuel, for images larger than the interpreter's own size.
    pub fuel: u64,
}

/// Of one quantity over all calls. Percentiles are at most 6.25 % off; max, total and count are exact. Latencies are of the
/// first 64 calls of a thread and of one in 16 of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Distribution {
    /// How many values.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// Half of them do not exceed it.
    pub p50: u64,
    /// Nine of ten do not.
    pub p90: u64,
    /// Ninety-nine of a hundred do not.
    pub p99: u64,
    /// None does.
    pub max: u64,
}

/// The last fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LastFault {
    /// RFC 3339.
    pub time: String,
    /// By cause.
    pub cause: String,
    /// What the script or the host said.
    pub message: String,
    /// Lua's, where there is one.
    pub traceback: Option<String>,
}

impl Stats {
    /// Faults of every cause.
    pub fn fault_count(&self) -> u64 {
        self.counts.faults.total()
    }

    /// Denials of every cause.
    pub fn denial_count(&self) -> u64 {
        self.counts.denials.total()
    }
}

/// Tenants that the caller may see.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tenants {
    /// By name.
    pub tenants: Vec<Tenant>,
}

/// A tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tenant {
    /// Whether the caller may change its attachments.
    pub may_change: bool,
    /// Its name.
    pub name: String,
    /// In the policy.
    pub listed: bool,
    /// How many it has.
    pub attachments: u64,
    /// What their calls came to.
    pub stats: TenantStats,
}

/// Sums over a tenant's attachments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TenantStats {
    /// Admitted and denied ones.
    pub calls: u64,
    /// Calls that failed.
    pub faults: u64,
    /// Calls that the policy refused.
    pub denials: u64,
    /// Fuel of the calls.
    pub fuel: u64,
    /// Time within calls.
    pub busy_ns: u64,
}
