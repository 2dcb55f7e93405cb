//! Every key of a section that is an amount: a field of the budget or of the quota.

use crate::budget::{self, BudgetField};
use crate::quota::{self, QuotaField, Scope};
use crate::units::{Amount, Unit};

/// The number of keys.
pub(crate) const KEYS: usize = budget::COUNT + quota::COUNT;

/// One `T` for each key, in the order of [`Key::all`].
pub(crate) type PerKey<T> = [T; KEYS];

/// A key whose value is an amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Key {
    /// What one call may use.
    Budget(BudgetField),
    /// What a tenant or an attachment may use.
    Quota(QuotaField),
}

impl Key {
    /// All keys, budgets first.
    pub(crate) fn all() -> impl Iterator<Item = Key> {
        BudgetField::ALL.into_iter().map(Key::Budget).chain(QuotaField::ALL.into_iter().map(Key::Quota))
    }

    /// The keys that `[ceilings]` may have.
    pub(crate) fn with_ceiling() -> impl Iterator<Item = Key> {
        Key::all().filter(|key| key.has_ceiling())
    }

    pub(crate) fn from_name(name: &str) -> Option<Key> {
        BudgetField::from_name(name).map(Key::Budget).or_else(|| QuotaField::from_name(name).map(Key::Quota))
    }

    /// Its index in a [`PerKey`].
    pub(crate) const fn index(self) -> usize {
        match self {
            Key::Budget(field) => field as usize,
            Key::Quota(field) => budget::COUNT + field as usize,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Key::Budget(field) => field.info().name,
            Key::Quota(field) => field.info().name,
        }
    }

    pub(crate) const fn unit(self) -> Unit {
        match self {
            Key::Budget(field) => field.info().unit,
            Key::Quota(field) => field.info().unit,
        }
    }

    /// Hard minimum and maximum.
    pub(crate) const fn bounds(self) -> (u64, u64) {
        match self {
            Key::Budget(field) => (field.info().min, field.info().max),
            Key::Quota(field) => (field.info().min, field.info().max),
        }
    }

    pub(crate) const fn has_ceiling(self) -> bool {
        match self {
            Key::Budget(_) => true,
            Key::Quota(field) => field.info().has_ceiling,
        }
    }

    /// Whether it counts over all hook points of a tenant, so that a section about a hook point cannot have it.
    pub(crate) fn is_tenants(self) -> bool {
        matches!(self, Key::Quota(field) if field.info().scope == Scope::Tenant)
    }

    pub(crate) const fn amount(self, value: u64) -> Amount {
        Amount { value, unit: self.unit() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_order_of_listing() {
        assert_eq!(Key::all().count(), KEYS);
        for (place, key) in Key::all().enumerate() {
            assert_eq!(key.index(), place);
            assert_eq!(Key::from_name(key.name()), Some(key));
        }
    }
}
