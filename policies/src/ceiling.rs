//! The most that a policy may grant.

use crate::budget::{Budget, BudgetField};
use crate::units::{Bytes, Count, Fuel};

/// The most that a policy may grant, field by field. Ceilings are themselves bounded by the hard maximum of each
/// [`BudgetField`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Ceilings(Budget);

impl Ceilings {
    /// The ceilings of the default preset.
    pub const DEFAULT: Self = Self(Budget {
        fuel: Fuel::new(1_000_000_000),
        memory: Bytes::new(256 << 20),
        args: Bytes::new(4 << 20),
        answer: Bytes::new(4 << 20),
        log_lines: Count::new(10_000),
        log_bytes: Bytes::new(1 << 20),
    });

    /// The ceilings of the strict preset: what the default preset gives to everyone.
    pub const STRICT: Self = Self(Budget::DEFAULT);

    /// Ceilings at which `largest` is the largest budget that may be granted.
    pub(crate) const fn new(largest: Budget) -> Self {
        Self(largest)
    }

    /// The most that may be granted of one field, in the field's unit.
    pub const fn get(&self, field: BudgetField) -> u64 {
        self.0.get(field)
    }

    /// The largest budget that may be granted: every field at its ceiling.
    pub const fn largest(&self) -> &Budget {
        &self.0
    }
}

// A preset that contradicts itself or the hard bounds is not compiled.
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
