//! Statistics, by attachment, by tenant, and for Prometheus.

use std::collections::BTreeMap;
use std::time::SystemTime;

use tenterhook::AttachmentStats;
use tenterhook::operate::rfc3339;
use tenterhook_control_api::{AllStats, Tenant, TenantStats, Tenants};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::metrics::Scrape;
use crate::plane::Plane;
use crate::rejection::Rejection;
use crate::{protection, views};

/// The attachments that the caller requested and is authorised to see.
fn seen(plane: &Plane, asked: &Asked) -> Vec<AttachmentStats> {
    let wanted = |tenant: &str| asked.rights.see(tenant) && asked.query("tenant").is_none_or(|wanted| wanted == tenant);
    let slots = plane.operate().slots();
    let slots = slots.iter().filter(|slot| asked.query("hook").is_none_or(|hook| hook == slot.declaration.name));
    slots.flat_map(|slot| slot.stats(wanted)).collect()
}

pub(crate) fn stats(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let monotonic = u64::try_from(plane.started.1.elapsed().as_nanos()).unwrap_or(u64::MAX);
    Answer::ok(&AllStats {
        attachments: seen(plane, asked).iter().map(views::stats).collect(),
        time: rfc3339(SystemTime::now()),
        monotonic_ns: monotonic,
        protection: protection::views(plane, asked),
    })
}

pub(crate) fn metrics(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let by_tenant = match asked.query("by") {
        None | Some("attachment") => false,
        Some("tenant") => true,
        Some(_) => return Err(Rejection::bad_request("by: expected attachment or tenant").field("by")),
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

pub(crate) fn tenants(plane: &Plane, asked: &Asked) -> Result<Answer, Rejection> {
    let mut tenants: BTreeMap<String, Tenant> = BTreeMap::new();
    let none = |name: &str| Tenant {
        may_change: asked.rights.change(name),
        name: name.to_owned(),
        listed: false,
        attachments: 0,
        stats: TenantStats::default(),
    };
    for name in plane.host.policy().tenants().filter(|tenant| asked.rights.see(tenant)) {
        tenants.insert(name.to_owned(), Tenant { listed: true, ..none(name) });
    }
    for of in seen(plane, asked) {
        let tenant = tenants.entry(of.tenant.clone()).or_insert_with(|| none(&of.tenant));
        tenant.attachments += 1;
        let sums = &mut tenant.stats;
        sums.calls += of.calls;
        sums.faults += of.faults_in_all();
        sums.denials += of.denials_in_all();
        sums.fuel = sums.fuel.saturating_add(of.fuel.total);
        sums.busy_ns = sums.busy_ns.saturating_add(of.busy_ns());
    }
    Answer::ok(&Tenants { tenants: tenants.into_values().collect() })
}
