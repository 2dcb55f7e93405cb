//! Statistics, by attachment, by tenant, and for Prometheus.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde_json::{Value as Json, json};
use tenterhook::AttachmentStats;
use tenterhook::operate::rfc3339;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::metrics::Scrape;
use crate::plane::Plane;
use crate::problem::Problem;
use crate::protection;

/// Those that the caller may see, and asked for.
fn seen(plane: &Plane, asked: &Asked) -> Vec<AttachmentStats> {
    let wanted = |tenant: &str| asked.rights.see(tenant) && asked.query("tenant").is_none_or(|wanted| wanted == tenant);
    let slots = plane.operate().slots();
    let slots = slots.iter().filter(|slot| asked.query("hook").is_none_or(|hook| hook == slot.declaration.name));
    slots.flat_map(|slot| slot.stats(wanted)).collect()
}

pub(crate) fn stats(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let monotonic = u64::try_from(plane.started.1.elapsed().as_nanos()).unwrap_or(u64::MAX);
    let attachments: Vec<Json> = seen(plane, asked).iter().map(AttachmentStats::to_json).collect();
    Answer::ok(json!({
        "time": rfc3339(SystemTime::now()),
        "monotonic_ns": monotonic,
        "attachments": attachments,
        "protection": protection::views(plane, asked),
    }))
}

pub(crate) fn metrics(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    let by_tenant = match asked.query("by") {
        None | Some("attachment") => false,
        Some("tenant") => true,
        Some(_) => return Err(Problem::bad_request("by: expected attachment or tenant").with("field", "by")),
    };
    let attachments = seen(plane, asked);
    let unsaved = plane.unsaved.list().iter().filter(|unsaved| asked.rights.see(&unsaved.tenant)).count();
    let text = Scrape {
        revision: plane.host.revision(),
        uptime_seconds: plane.started.1.elapsed().as_secs_f64(),
        unsaved_changes: unsaved,
        lost_events: plane.operate().lost_events(),
        tenants: plane.operate().tenants(&attachments, |tenant| asked.rights.see(tenant)),
        attachments: (!by_tenant).then_some(&attachments),
        quarantined: plane.host.quarantined().into_iter().map(|info| info.id).collect(),
        broken: plane.broken().into_iter().filter(|broken| asked.rights.see(&broken.tenant)).collect(),
        protection: plane.host.protection(),
    };
    Ok(Answer::Text("text/plain; version=0.0.4", text.render()))
}

pub(crate) fn tenants(plane: &Plane, asked: &Asked) -> Result<Answer, Problem> {
    #[derive(Default)]
    struct Sums {
        listed: bool,
        attachments: u64,
        calls: u64,
        faults: u64,
        denials: u64,
        fuel: u64,
        busy_ns: u64,
    }
    let mut tenants: BTreeMap<String, Sums> = BTreeMap::new();
    for tenant in plane.host.policy().tenants().filter(|tenant| asked.rights.see(tenant)) {
        tenants.entry(tenant.to_owned()).or_default().listed = true;
    }
    for stats in seen(plane, asked) {
        let sums = tenants.entry(stats.tenant.clone()).or_default();
        sums.attachments += 1;
        sums.calls += stats.calls;
        sums.faults += stats.faults_in_all();
        sums.denials += stats.denials_in_all();
        sums.fuel = sums.fuel.saturating_add(stats.fuel.total);
        sums.busy_ns = sums.busy_ns.saturating_add(stats.busy_ns());
    }
    let tenants: Vec<Json> = tenants
        .into_iter()
        .map(|(name, sums)| {
            json!({
                "may_change": asked.rights.change(&name),
                "name": name,
                "listed": sums.listed,
                "attachments": sums.attachments,
                "stats": {
                    "calls": sums.calls,
                    "faults": sums.faults,
                    "denials": sums.denials,
                    "fuel": sums.fuel,
                    "busy_ns": sums.busy_ns,
                },
            })
        })
        .collect();
    Answer::ok(json!({ "tenants": tenants }))
}
