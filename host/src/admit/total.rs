//! A limited amount, taken and given back in single atomic steps.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tenterhook_policies::QuotaField;

use super::denied::Denied;

/// The amount in use, and its limit.
#[derive(Debug, Default)]
pub(super) struct Total {
    pub used: AtomicU64,
    pub limit: AtomicU64,
}

/// A quota that is used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exceeded {
    pub field: QuotaField,
    pub limit: u64,
    pub used: u64,
    pub asked: u64,
}

impl From<Exceeded> for Denied {
    fn from(_: Exceeded) -> Denied {
        Denied::Memory
    }
}

impl Total {
    /// Takes `amount`, if it fits; `credit` is an amount that is given back right after.
    pub fn take(&self, field: QuotaField, amount: u64, credit: u64) -> Result<(), Exceeded> {
        let limit = self.limit.load(Relaxed);
        let fits = |used: u64| used.saturating_sub(credit).checked_add(amount).is_some_and(|all| all <= limit);
        let taken = self.used.fetch_update(Relaxed, Relaxed, |used| fits(used).then(|| used.saturating_add(amount)));
        taken.map(|_| ()).map_err(|used| Exceeded { field, limit, used: used.saturating_sub(credit), asked: amount })
    }

    pub fn give_back(&self, amount: u64) {
        self.used.fetch_sub(amount, Relaxed);
    }
}
