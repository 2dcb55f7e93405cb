//! The tenants' usage of their quotas, and the totals of their calls.

use std::collections::{BTreeMap, BTreeSet};

use tenterhook_policies::Quota;

use super::operations::Operations;
use crate::admit::{TenantUsage, tenant_rules};
use crate::host::Host;
use crate::observe::{AttachmentStats, Sums};

/// One tenant's numbers.
#[derive(Debug, Clone)]
pub struct TenantNumbers {
    /// Its name.
    pub name: String,
    /// Totals over all its attachments, including detached ones. They never decrease.
    pub totals: Sums,
    /// Its usage of its quota.
    pub usage: TenantUsage,
    /// Its quota.
    pub quota: Quota,
}

impl Host {
    /// A tenant's usage of its quota; `None` if it never attached anything.
    pub fn usage(&self, tenant: &str) -> Option<TenantUsage> {
        self.inner.tenants.usage(tenant)
    }
}

impl Operations<'_> {
    /// The numbers of every tenant for which `wanted` returns true, by name: of those that the policy names, and of
    /// those that ever attached anything. `there` are the statistics of all attachments that those tenants have now
    /// ([`Slot::stats`]).
    ///
    /// [`Slot::stats`]: super::Slot::stats
    pub fn tenants(&self, there: &[AttachmentStats], wanted: impl Fn(&str) -> bool) -> Vec<TenantNumbers> {
        let mut sums: BTreeMap<&str, Sums> = BTreeMap::new();
        there.iter().for_each(|of| sums.entry(&of.tenant).or_default().add(of));
        let policy = self.inner.policy.load_full();
        let accounts = self.inner.tenants.all();
        let names: BTreeSet<&str> = policy.tenants().chain(accounts.keys().map(String::as_str)).collect();
        let numbers = |name: &str| {
            let quota = tenant_rules(&policy, name).quota;
            let there = sums.remove(name).unwrap_or_default();
            let account = accounts.get(name);
            TenantNumbers {
                name: name.to_owned(),
                totals: account.map_or(Sums::default(), |account| account.totals.with(&there)),
                usage: account.map_or_else(|| TenantUsage::none(&quota), |account| account.usage()),
                quota,
            }
        };
        names.into_iter().filter(|name| wanted(name)).map(numbers).collect()
    }
}
