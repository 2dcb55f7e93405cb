//! Statistics in responses.

use tenterhook::operate::rfc3339;
use tenterhook::{AttachmentStats, Distribution, LastFault};
use tenterhook_control_api as api;

/// One attachment's statistics.
pub fn stats(of: &AttachmentStats) -> api::Stats {
    api::Stats {
        counts: counts(of),
        id: of.id.number(),
        tenant: of.tenant.clone(),
        name: of.name.clone(),
        hook: of.hook.clone(),
        enabled: of.enabled,
        since_replace: of.since_replace.as_deref().map(counts),
    }
}

/// The counts, and since when.
fn counts(of: &AttachmentStats) -> api::Counts {
    api::Counts {
        since: rfc3339(of.since),
        calls: of.calls,
        results: of.results.iter().map(|(name, count)| (name.as_str(), *count)).collect(),
        changed: of.changed,
        faults: of.faults.iter().map(|(cause, count)| (cause.as_str(), *count)).collect(),
        denials: of.denials.iter().map(|(cause, count)| (cause.as_str(), *count)).collect(),
        fuel: distribution(&of.fuel),
        latency_ns: distribution(&of.latency_ns),
        busy_ns: of.busy_ns(),
        memory_peak_bytes: of.memory_peak_bytes,
        restores: api::Restores { touched: of.restores_touched, all: of.restores_all, fuel: of.restore_fuel },
        log_lines: of.log_lines,
        log_lines_dropped: of.log_lines_dropped,
        last_fault: of.last_fault.as_ref().map(last_fault),
    }
}

fn distribution(of: &Distribution) -> api::Distribution {
    let Distribution { count, total, p50, p90, p99, max, .. } = *of;
    api::Distribution { count, total, p50, p90, p99, max }
}

fn last_fault(of: &LastFault) -> api::LastFault {
    api::LastFault {
        time: rfc3339(of.time),
        cause: of.fault.cause().as_str().to_owned(),
        message: of.fault.to_string(),
        traceback: of.fault.traceback().map(|traceback| traceback.to_owned()),
    }
}
