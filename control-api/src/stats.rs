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
    /// A monotonic clock, for computing rates from two responses.
    pub monotonic_ns: u64,
    /// The attachments that the caller is authorised to see.
    pub attachments: Vec<Stats>,
    /// Hook points that require attachments.
    pub protection: Vec<Protection>,
}

/// The statistics of one attachment since it was attached, over all of its scripts; every number only grows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Stats {
    /// The counts.
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
    /// Whether it is called.
    pub enabled: bool,
    /// The counts of the present script alone; null if it is the first one.
    pub since_replace: Option<Counts>,
}

/// The counts of calls since a moment, as in Stats.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Counts {
    /// Since when, RFC 3339.
    pub since: String,
    /// Calls, both admitted and denied.
    pub calls: u64,
    /// Answers by value of the hook point's first result if that is an enum or boolean (`default` if the answer left it
    /// out), else `default` and `other`.
    pub results: Numbers,
    /// Answers that changed an argument.
    pub changed: u64,
    /// Faults by cause; causes that did not occur are left out.
    pub faults: Numbers,
    /// Denials by cause, like `faults`.
    pub denials: Numbers,
    /// Fuel of each call.
    pub fuel: Distribution,
    /// Latency of each call that was timed.
    pub latency_ns: Distribution,
    /// Time within calls, estimated from those that were timed.
    pub busy_ns: u64,
    /// The largest linear memory at the end of a call.
    pub memory_peak_bytes: u64,
    /// `touched`: restores of the same image; `all`: restores of all memory; `fuel`: the calls' fuel that restores
    /// used, for images larger than the interpreter's own.
    pub restores: Restores,
    /// Logged lines.
    pub log_lines: u64,
    /// Lines dropped because they exceeded the budget.
    pub log_lines_dropped: u64,
    /// The last fault, if there was one.
    pub last_fault: Option<LastFault>,
}

/// Restores of executors for an attachment's calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Restores {
    /// Restores of the same image.
    pub touched: u64,
    /// Restores of all memory.
    pub all: u64,
    /// The calls' fuel that restores used, for images larger than the interpreter's own.
    pub fuel: u64,
}

/// The distribution of one quantity over all calls. Percentiles are at most 6.25 % off; max, total and count are exact.
/// Latencies are those of the first 64 calls of a thread and of one in 16 of the others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Distribution {
    /// The number of values.
    pub count: u64,
    /// Their sum.
    pub total: u64,
    /// The median.
    pub p50: u64,
    /// The 90th percentile.
    pub p90: u64,
    /// The 99th percentile.
    pub p99: u64,
    /// The maximum.
    pub max: u64,
}

/// The last fault.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LastFault {
    /// RFC 3339.
    pub time: String,
    /// The cause.
    pub cause: String,
    /// The message of the script or the host.
    pub message: String,
    /// Lua's traceback, if there is one.
    pub traceback: Option<String>,
}

impl Stats {
    /// The number of faults of all causes.
    pub fn fault_count(&self) -> u64 {
        self.counts.faults.total()
    }

    /// The number of denials of all causes.
    pub fn denial_count(&self) -> u64 {
        self.counts.denials.total()
    }
}

/// The tenants that the caller is authorised to see.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tenants {
    /// The tenants, sorted by name.
    pub tenants: Vec<Tenant>,
}

/// A tenant.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Tenant {
    /// Whether the caller is authorised to change its attachments.
    pub may_change: bool,
    /// Its name.
    pub name: String,
    /// Whether the policy names it.
    pub listed: bool,
    /// The number of its attachments.
    pub attachments: u64,
    /// The statistics of their calls.
    pub stats: TenantStats,
}

/// Sums over a tenant's attachments.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct TenantStats {
    /// Calls, both admitted and denied.
    pub calls: u64,
    /// Calls that failed.
    pub faults: u64,
    /// Calls that the policy denied.
    pub denials: u64,
    /// Fuel of the calls.
    pub fuel: u64,
    /// Time within calls.
    pub busy_ns: u64,
}
