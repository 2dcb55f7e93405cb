//! What a tenant may use over all of its attachments and hook points, and what it has used.
//!
//! ```text
//! Tenants ── by name ──▶ Tenant ─┬─ Bucket        fuel, loads, log lines, log bytes     (bucket.rs)
//!                                ├─ Total         attachments, memory, kept executors
//!                                └─ reserve       places that no other tenant can hold
//! Attachment ── Claim ──────────▶ one attachment and its image's bytes, until it is dropped
//! kept Executor ── Claim ───────▶ one executor and as much memory as it may grow to, until it is dropped
//! ```
//!
//! Everything is taken and given back in single atomic steps; nothing here waits. A policy that is set while a program
//! runs changes the limits at once. What is in use already stays in use: a tenant that is over a lowered limit gets no
//! more until it is under it.

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

/// Tenants without attachments that are remembered, so that detaching does not wipe out debt.
const REMEMBERED: usize = 1000;

/// A tenant's account.
pub(crate) struct Tenant {
    clock: Arc<dyn Clock>,
    pub fuel: Bucket,
    loads: Bucket,
    log_lines: Bucket,
    log_bytes: Bucket,
    /// What its calls came to, of attachments that are gone too.
    pub totals: Arc<Totals>,
    attachments: Total,
    memory: Total,
    disk: Total,
    executors: Total,
    /// Executors that keep state, of all tenants.
    all_executors: Arc<Total>,
    reserve: Mutex<Arc<Pool>>,
}

/// What a tenant uses of its quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TenantUsage {
    /// Attachments.
    pub attachments: u64,
    /// Memory of images, and that executors which keep state may grow to.
    pub memory: Bytes,
    /// Disk of attachments that are kept.
    pub disk: Bytes,
    /// Executors that keep state.
    pub kept_executors: u64,
    /// Fuel that it may still use; below zero what it owes.
    pub fuel_left: i64,
}

impl TenantUsage {
    /// Of a tenant that never attached anything.
    pub(crate) fn none(quota: &Quota) -> TenantUsage {
        let fuel_left = i64::try_from(quota.fuel_burst.get()).unwrap_or(i64::MAX);
        TenantUsage { attachments: 0, memory: Bytes::new(0), disk: Bytes::new(0), kept_executors: 0, fuel_left }
    }

    /// How much of a quota is in use; `None` of what is only spent over time. Of fuel: what is spent of the burst, more
    /// than all of it where the tenant owes some.
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

    /// Another quota from now on.
    fn set(&self, quota: &Quota) {
        let clock = &*self.clock;
        let (lines, bytes) = (quota.log_lines_per_second.get(), quota.log_bytes_per_second.get());
        self.fuel.set(quota.fuel_per_second.get(), quota.fuel_burst.get(), clock);
        self.loads.set(quota.loads_per_second.get(), quota.loads_burst.get(), clock);
        self.log_lines.set(lines, lines, clock);
        self.log_bytes.set(bytes, bytes, clock);
        self.limit(quota);
        let mut reserve = self.reserve.lock();
        if reserve.places() as u64 != quota.reserved_calls.get() {
            // Attachments that are there keep the places they know.
            *reserve = self::reserve(quota);
        }
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Places for this tenant's calls alone.
    pub fn reserve(&self) -> Arc<Pool> {
        Arc::clone(&self.reserve.lock())
    }

    /// Takes a load out of the tenant's rates; or the quota that is used up.
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

    /// Charges what a load used.
    pub fn charge_load(&self, loading: Loading, fuel: u64) {
        if loading != Loading::Host {
            self.fuel.charge(fuel);
        }
    }

    /// Takes a line of that many bytes out of the tenant's rates of logging, if it is in them.
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

/// A part of a tenant's totals, given back when it is dropped.
pub(crate) struct Claim {
    tenant: Arc<Tenant>,
    attachments: u64,
    executors: u64,
    bytes: u64,
    disk: u64,
}

impl Claim {
    /// For one attachment, in the place of another one if that is said; its image's bytes come later.
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

    /// For one executor that keeps state and may grow to so many bytes.
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
    /// No tenants yet; `kept` executors may keep state, over all of them.
    pub fn new(clock: Arc<dyn Clock>, kept: u64) -> Tenants {
        let all_executors = Arc::new(Total { used: AtomicU64::new(0), limit: AtomicU64::new(kept) });
        Tenants { clock, all_executors, by_name: Mutex::default() }
    }

    /// What a tenant with an account uses.
    pub fn usage(&self, name: &str) -> Option<TenantUsage> {
        self.by_name.lock().get(name).map(|tenant| tenant.usage())
    }

    /// Every account, by the tenant's name.
    pub fn all(&self) -> BTreeMap<String, Arc<Tenant>> {
        self.by_name.lock().clone()
    }

    /// The account of a tenant, opened if there is none. The policy is looked at under the lock under which another one
    /// reaches the accounts, so that none is opened with the old one's limits behind its back.
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

    /// Tells every tenant's account of another policy, which is in force already, and under which so many executors may
    /// keep state.
    pub fn set_policy(&self, policy: &Policy, kept: u64) {
        self.all_executors.limit.store(kept, Relaxed);
        for (name, tenant) in self.by_name.lock().iter() {
            tenant.set(&rules(policy, name).quota);
        }
    }
}

/// What the policy says of a tenant at no hook point in particular. One that the policy refuses may still have
/// attachments, from before or with rules of their own: it gets what every tenant gets.
pub(crate) fn rules(policy: &Policy, tenant: &str) -> Rules {
    policy.resolve(tenant, "").unwrap_or_else(|_| policy.defaults())
}

#[cfg(test)]
mod tests;
