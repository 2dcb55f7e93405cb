//! The account of a tenant: its limits over all attachments and hook points, and what it has used.
//!
//! ```text
//! Tenants ── by name ──▶ Tenant ─┬─ Bucket        fuel, loads, log lines, log bytes     (bucket.rs)
//!                                ├─ Total         attachments, memory, kept executors
//!                                └─ reserve       shelves that no other tenant can hold
//! Attachment ── Claim ──────────▶ one attachment and its image's bytes, until it is dropped
//! kept Executor ── Claim ───────▶ one executor and as much memory as it may grow to, until it is dropped
//! ```
//!
//! Everything is taken and given back in single atomic steps; nothing here waits. A policy that is set while a program
//! runs changes the limits at once. What is in use stays in use: a tenant over a lowered limit gets nothing more until
//! it is below it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use arc_swap::ArcSwap;
use parking_lot::Mutex;
use tenterhook_policies::{Bytes, Policy, Quota, QuotaField, Rules};
use tenterhook_sandbox::Pool;

use super::denied::Denied;
use super::loading::Loading;
use super::total::{Exceeded, Total};
use crate::observe::Totals;
use crate::rate::{Bucket, Clock};

/// The number of tenants without attachments that are remembered, so that detaching does not cancel a debt.
const REMEMBERED: usize = 1000;

/// A tenant's account.
pub(crate) struct Tenant {
    clock: Arc<dyn Clock>,
    pub fuel: Bucket,
    loads: Bucket,
    log_lines: Bucket,
    log_bytes: Bucket,
    /// The totals of its calls, including those of detached attachments.
    pub totals: Arc<Totals>,
    attachments: Total,
    memory: Total,
    disk: Total,
    executors: Total,
    /// Executors that keep state, over all tenants.
    all_executors: Arc<Total>,
    reserve: Mutex<Arc<Pool>>,
}

/// A tenant's usage of its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantUsage {
    /// Attachments.
    pub attachments: u64,
    /// Memory of images, and the memory that executors which keep state may grow to.
    pub memory: Bytes,
    /// Disk space of saved attachments.
    pub disk: Bytes,
    /// Executors that keep state.
    pub kept_executors: u64,
    /// Remaining fuel; if negative, the debt.
    pub fuel_left: i64,
}

impl TenantUsage {
    /// The usage of a tenant without any attachments so far.
    pub(crate) fn none(quota: &Quota) -> TenantUsage {
        let fuel_left = i64::try_from(quota.fuel_burst.get()).unwrap_or(i64::MAX);
        TenantUsage { attachments: 0, memory: Bytes::new(0), disk: Bytes::new(0), kept_executors: 0, fuel_left }
    }

    /// How much of a quota is in use; `None` for a quota that is only spent over time. For fuel it is what was spent of
    /// the burst, which exceeds the burst if the tenant is in debt.
    pub fn used(&self, field: QuotaField, limit: u64) -> Option<i64> {
        let signed = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        match field {
            QuotaField::Attachments => Some(signed(self.attachments)),
            QuotaField::TotalMemory => Some(signed(self.memory.get())),
            QuotaField::Disk => Some(signed(self.disk.get())),
            QuotaField::KeptExecutors => Some(signed(self.kept_executors)),
            QuotaField::FuelBurst => Some(signed(limit).saturating_sub(self.fuel_left)),
            _ => None,
        }
    }
}

impl Tenant {
    fn new(quota: &Quota, clock: Arc<dyn Clock>, all_executors: Arc<Total>) -> Tenant {
        let lines = quota.log_lines_per_second.get();
        let bytes = quota.log_bytes_per_second.get();
        let tenant = Tenant {
            fuel: Bucket::new(quota.fuel_per_second.get(), quota.fuel_burst.get(), &*clock),
            loads: Bucket::new(quota.loads_per_second.get(), quota.loads_burst.get(), &*clock),
            log_lines: Bucket::new(lines, lines, &*clock),
            log_bytes: Bucket::new(bytes, bytes, &*clock),
            totals: Arc::default(),
            attachments: Total::default(),
            memory: Total::default(),
            disk: Total::default(),
            executors: Total::default(),
            all_executors,
            reserve: Mutex::new(reserve(quota)),
            clock,
        };
        tenant.limit(quota);
        tenant
    }

    fn limit(&self, quota: &Quota) {
        self.attachments.limit.store(quota.attachments.get(), Relaxed);
        self.memory.limit.store(quota.total_memory.get(), Relaxed);
        self.disk.limit.store(quota.disk.get(), Relaxed);
        self.executors.limit.store(quota.kept_executors.get(), Relaxed);
    }

    /// Changes the quota from now on.
    fn set(&self, quota: &Quota) {
        let clock = &*self.clock;
        let (lines, bytes) = (quota.log_lines_per_second.get(), quota.log_bytes_per_second.get());
        self.fuel.set(quota.fuel_per_second.get(), quota.fuel_burst.get(), clock);
        self.loads.set(quota.loads_per_second.get(), quota.loads_burst.get(), clock);
        self.log_lines.set(lines, lines, clock);
        self.log_bytes.set(bytes, bytes, clock);
        self.limit(quota);
        let mut reserve = self.reserve.lock();
        if reserve.shelves() as u64 != quota.reserved_calls.get() {
            // Existing attachments keep their shelves.
            *reserve = self::reserve(quota);
        }
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// The shelves reserved for this tenant's calls.
    pub fn reserve(&self) -> Arc<Pool> {
        Arc::clone(&self.reserve.lock())
    }

    /// Takes a load out of the tenant's rates, or returns the quota that is used up.
    pub fn admit_load(&self, loading: Loading) -> Result<(), QuotaField> {
        if loading == Loading::Host {
            return Ok(());
        }
        if !self.fuel.has_any(self.clock()) {
            return Err(QuotaField::FuelPerSecond);
        }
        if loading == Loading::Counted && !self.loads.take_one(self.clock()) {
            return Err(QuotaField::LoadsPerSecond);
        }
        Ok(())
    }

    /// Charges the fuel of a load.
    pub fn charge_load(&self, loading: Loading, fuel: u64) {
        if loading != Loading::Host {
            self.fuel.charge(fuel);
        }
    }

    /// Takes a line of this many bytes out of the tenant's logging rates; `false` if they are used up.
    pub fn take_log(&self, bytes: u64) -> bool {
        let fits = self.log_bytes.has_any(self.clock()) && self.log_lines.take_one(self.clock());
        if fits {
            self.log_bytes.charge(bytes);
        }
        fits
    }

    /// What is in use, and what is left.
    pub fn usage(&self) -> TenantUsage {
        TenantUsage {
            attachments: self.attachments.used.load(Relaxed),
            memory: Bytes::new(self.memory.used.load(Relaxed)),
            disk: Bytes::new(self.disk.used.load(Relaxed)),
            kept_executors: self.executors.used.load(Relaxed),
            fuel_left: self.fuel.left(self.clock()),
        }
    }

    fn is_rested(&self) -> bool {
        self.fuel.is_full(self.clock()) && self.loads.is_full(self.clock())
    }
}

fn reserve(quota: &Quota) -> Arc<Pool> {
    Arc::new(Pool::new(usize::try_from(quota.reserved_calls.get()).unwrap_or(1)))
}

/// A part of a tenant's totals, which is given back when it is dropped.
pub(crate) struct Claim {
    tenant: Arc<Tenant>,
    attachments: u64,
    executors: u64,
    bytes: u64,
    disk: u64,
}

impl Claim {
    /// Claims one attachment, in place of another's claim if that is given; the image's bytes are added later.
    pub fn attachment(tenant: &Arc<Tenant>, instead_of: Option<&Claim>) -> Result<Claim, Exceeded> {
        let credit = instead_of.map_or(0, |other| other.attachments);
        tenant.attachments.take(QuotaField::Attachments, 1, credit)?;
        Ok(Claim { tenant: Arc::clone(tenant), attachments: 1, executors: 0, bytes: 0, disk: 0 })
    }

    /// Adds the bytes of its image.
    pub fn image(&mut self, bytes: u64, instead_of: Option<&Claim>) -> Result<(), Exceeded> {
        self.tenant.memory.take(QuotaField::TotalMemory, bytes, instead_of.map_or(0, |other| other.bytes))?;
        self.bytes += bytes;
        Ok(())
    }

    /// Adds the bytes that it takes on disk.
    pub fn disk(&mut self, bytes: u64, instead_of: Option<&Claim>) -> Result<(), Exceeded> {
        self.tenant.disk.take(QuotaField::Disk, bytes, instead_of.map_or(0, |other| other.disk))?;
        self.disk += bytes;
        Ok(())
    }

    /// Claims one executor that keeps state and may grow to this many bytes.
    pub fn executor(tenant: &Arc<Tenant>, bytes: u64) -> Result<Claim, Denied> {
        let mut claim = Claim { tenant: Arc::clone(tenant), attachments: 0, executors: 0, bytes: 0, disk: 0 };
        tenant.all_executors.take(QuotaField::KeptExecutors, 1, 0).map_err(|_| Denied::NoExecutor)?;
        if let Err(exceeded) = tenant.executors.take(QuotaField::KeptExecutors, 1, 0) {
            tenant.all_executors.give_back(1);
            return Err(exceeded.into());
        }
        claim.executors = 1;
        tenant.memory.take(QuotaField::TotalMemory, bytes, 0)?;
        claim.bytes = bytes;
        Ok(claim)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.tenant.attachments.give_back(self.attachments);
        self.tenant.executors.give_back(self.executors);
        self.tenant.all_executors.give_back(self.executors);
        self.tenant.memory.give_back(self.bytes);
        self.tenant.disk.give_back(self.disk);
    }
}

/// The tenants of a host.
pub(crate) struct Tenants {
    clock: Arc<dyn Clock>,
    all_executors: Arc<Total>,
    by_name: Mutex<BTreeMap<String, Arc<Tenant>>>,
}

impl Tenants {
    /// Makes an empty set of tenants; `kept` executors may keep state, over all of them.
    pub fn new(clock: Arc<dyn Clock>, kept: u64) -> Tenants {
        let all_executors = Arc::new(Total { used: AtomicU64::new(0), limit: AtomicU64::new(kept) });
        Tenants { clock, all_executors, by_name: Mutex::default() }
    }

    /// The usage of a tenant with an account.
    pub fn usage(&self, name: &str) -> Option<TenantUsage> {
        self.by_name.lock().get(name).map(|tenant| tenant.usage())
    }

    /// Every account, by the tenant's name.
    pub fn all(&self) -> BTreeMap<String, Arc<Tenant>> {
        self.by_name.lock().clone()
    }

    /// The account of a tenant, opened if there is none. The policy is read under the same lock under which a new
    /// policy reaches the accounts, so that no account is opened with outdated limits.
    pub fn get(&self, name: &str, policy: &ArcSwap<Policy>) -> Arc<Tenant> {
        let mut by_name = self.by_name.lock();
        if let Some(tenant) = by_name.get(name) {
            return Arc::clone(tenant);
        }
        if by_name.len() >= REMEMBERED {
            by_name.retain(|_, tenant| Arc::strong_count(tenant) > 1 || !tenant.is_rested());
        }
        let (clock, executors) = (Arc::clone(&self.clock), Arc::clone(&self.all_executors));
        let tenant = Arc::new(Tenant::new(&rules(&policy.load(), name).quota, clock, executors));
        by_name.insert(name.to_owned(), Arc::clone(&tenant));
        tenant
    }

    /// Applies a policy that is already in force to every account; under it, `kept` executors may keep state.
    pub fn set_policy(&self, policy: &Policy, kept: u64) {
        self.all_executors.limit.store(kept, Relaxed);
        for (name, tenant) in self.by_name.lock().iter() {
            tenant.set(&rules(policy, name).quota);
        }
    }
}

/// The policy's rules for a tenant at no particular hook point. A tenant that the policy rejects may still have
/// attachments, from before or with rules of their own: it gets the rules for every tenant.
pub(crate) fn rules(policy: &Policy, tenant: &str) -> Rules {
    policy.resolve(tenant, "").unwrap_or_else(|_| policy.defaults())
}

#[cfg(test)]
mod tests;
