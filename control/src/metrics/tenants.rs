//! Totals by tenant, and the use of quotas.

use tenterhook::operate::TenantNumbers;
use tenterhook::policies::{DenialCause, FaultCause, QuotaField, Scope};

use super::family::{Families, label};

pub(super) fn render(all: &[TenantNumbers], families: &mut Families) {
    let labels: Vec<String> = all.iter().map(|of| label("tenant", &of.name)).collect();
    let all: Vec<(&str, &TenantNumbers)> = labels.iter().map(String::as_str).zip(all).collect();
    let help = "Calls of a tenant, including failed and denied ones and those of detached attachments.";
    let mut calls = families.counter("tenterhook_tenant_calls_total", help);
    all.iter().for_each(|(labels, of)| calls.sample(labels, of.totals.calls));
    let mut faults = families.counter("tenterhook_tenant_faults_total", "Calls of a tenant that failed, by cause.");
    for (labels, of) in &all {
        for cause in FaultCause::ALL {
            faults.sample(&format!("{labels},{}", label("cause", cause.as_str())), of.totals.faults[cause as usize]);
        }
    }
    let mut denials =
        families.counter("tenterhook_tenant_denials_total", "Calls of a tenant that were denied, by cause.");
    for (labels, of) in &all {
        for cause in DenialCause::ALL {
            denials.sample(&format!("{labels},{}", label("cause", cause.as_str())), of.totals.denials[cause as usize]);
        }
    }
    let mut fuel = families.counter("tenterhook_tenant_fuel_total", "Fuel of a tenant's calls.");
    all.iter().for_each(|(labels, of)| fuel.sample(labels, of.totals.fuel));
    let help = "A tenant's quotas, in the unit of each: the limit, and what is used where it is not only spent over time. \
        Of fuel_burst more than the limit is used where the tenant owes fuel.";
    let mut quotas = families.gauge("tenterhook_tenant_quota", help);
    for (labels, of) in &all {
        for field in QuotaField::ALL.into_iter().filter(|field| field.info().scope == Scope::Tenant) {
            let limit = of.quota.get(field);
            let quota = label("quota", field.info().name);
            quotas.sample(&format!("{labels},{quota},type=\"limit\""), limit);
            if let Some(used) = of.usage.used(field, limit) {
                quotas.sample(&format!("{labels},{quota},type=\"used\""), used);
            }
        }
    }
}
