//! The most that a policy may grant.

use crate::budget::{Budget, BudgetField};
use crate::quota::{Quota, QuotaField};
use crate::units::{Bytes, Count, Fuel};

/// The most that a policy may grant, field by field. The ceilings are themselves bounded by the hard maximum of each
/// [`BudgetField`] and [`QuotaField`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ceilings {
    budget: Budget,
    quota: Quota,
}

impl Ceilings {
    /// The ceilings of the default preset.
    pub const DEFAULT: Self = Self {
        budget: Budget {
            fuel: Fuel::new(1_000_000_000),
            memory: Bytes::new(256 << 20),
            image: Bytes::new(64 << 20),
            args: Bytes::new(4 << 20),
            answer: Bytes::new(4 << 20),
            log_lines: Count::new(10_000),
            log_bytes: Bytes::new(1 << 20),
        },
        quota: Quota::DEFAULT_MOST,
    };

    /// The ceilings of the strict preset: budgets as large as the default preset gives to everyone.
    pub const STRICT: Self = Self { budget: Budget::DEFAULT, quota: Quota::STRICT_MOST };

    /// Ceilings under which these are the largest budget and quota that may be granted.
    pub(crate) const fn new(budget: Budget, quota: Quota) -> Self {
        Self { budget, quota }
    }

    /// The most that may be granted of one field of the budget, in the field's unit.
    pub const fn get(&self, field: BudgetField) -> u64 {
        self.budget.get(field)
    }

    /// The most that may be granted of one field of the quota, in the field's unit. A field without a ceiling returns
    /// its hard maximum.
    pub const fn quota(&self, field: QuotaField) -> u64 {
        self.quota.get(field)
    }

    /// The largest budget that may be granted: every field at its ceiling.
    pub const fn largest(&self) -> &Budget {
        &self.budget
    }

    /// The largest quota that may be granted: every field at its ceiling.
    pub const fn largest_quota(&self) -> &Quota {
        &self.quota
    }
}

// A preset that contradicts itself or the hard bounds does not compile.
const _: () = {
    let mut i = 0;
    while i < BudgetField::ALL.len() {
        let field = BudgetField::ALL[i];
        let info = field.info();
        assert!(info.min <= Budget::DEFAULT.get(field), "default budget under the hard minimum");
        assert!(Budget::DEFAULT.get(field) <= Ceilings::DEFAULT.get(field), "default budget over its ceiling");
        assert!(Ceilings::DEFAULT.get(field) <= info.max, "default ceiling over the hard maximum");
        assert!(info.min <= Budget::STRICT.get(field), "strict budget under the hard minimum");
        assert!(Budget::STRICT.get(field) <= Ceilings::STRICT.get(field), "strict budget over its ceiling");
        assert!(Ceilings::STRICT.get(field) <= Ceilings::DEFAULT.get(field), "strict ceiling over the default one");
        i += 1;
    }
};
