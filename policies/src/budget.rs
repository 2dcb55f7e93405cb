//! The budget of one call.
//!
//! [`FIELDS`] is the only definition of a budget's fields: reading, listing, checking and the documentation all use it.

use crate::units::{Amount, Bytes, Count, Fuel, Unit};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;

/// The size of a page of linear memory, 64 KiB: the sandbox's memory grows by whole pages.
pub const PAGE: Bytes = Bytes::new(64 * KIB);

/// What one call may use. Every field has a value and none means "unlimited"; [`BudgetField`] has the bounds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Budget {
    /// Deterministic work of the interpreter and of the host on behalf of the script: 10 K to 1 T.
    pub fuel: Fuel,
    /// The sandbox's linear memory, interpreter included: 256 KiB to 1 GiB, counted in pages of 64 KiB, rounded down.
    pub memory: Bytes,
    /// The most memory that a loaded script may occupy, interpreter included: 256 KiB to 1 GiB, counted as
    /// [`Budget::memory`] is. Every call of the script is charged fuel for the part of it beyond the interpreter's own.
    pub image: Bytes,
    /// The encoded arguments of the call: 1 KiB to 16 MiB.
    pub args: Bytes,
    /// The encoded answer: 256 B to 16 MiB.
    pub answer: Bytes,
    /// Lines logged: 0 to 100 K.
    pub log_lines: Count,
    /// Bytes logged: 0 to 16 MiB.
    pub log_bytes: Bytes,
}

/// One field of a [`Budget`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum BudgetField {
    /// [`Budget::fuel`]
    Fuel,
    /// [`Budget::memory`]
    Memory,
    /// [`Budget::image`]
    Image,
    /// [`Budget::args`]
    Args,
    /// [`Budget::answer`]
    Answer,
    /// [`Budget::log_lines`]
    LogLines,
    /// [`Budget::log_bytes`]
    LogBytes,
}

/// What is fixed about a field, whatever the policy says.
#[derive(Clone, Copy, Debug)]
pub struct FieldInfo {
    /// The field.
    pub field: BudgetField,
    /// Its key in policy files.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// The hard minimum of any budget: with less, not even an empty handler runs.
    pub min: u64,
    /// The hard maximum of any ceiling.
    pub max: u64,
    /// What it bounds, in one line.
    pub doc: &'static str,
}

/// The number of fields of a budget.
pub(crate) const COUNT: usize = 7;

/// The fields, in the order of the enum (checked below).
const FIELDS: [FieldInfo; COUNT] = [
    FieldInfo {
        field: BudgetField::Fuel,
        name: "fuel",
        unit: Unit::Fuel,
        min: 10_000,
        max: 1_000_000_000_000,
        doc: "deterministic work: the interpreter's, and what the host does for the script",
    },
    FieldInfo {
        field: BudgetField::Memory,
        name: "memory",
        unit: Unit::Bytes,
        min: 256 * KIB,
        max: 1024 * MIB,
        doc: "linear memory of the sandbox, interpreter included, in pages of 64 KiB, rounded down",
    },
    FieldInfo {
        field: BudgetField::Image,
        name: "image",
        unit: Unit::Bytes,
        min: 256 * KIB,
        max: 1024 * MIB,
        doc: "linear memory of a script that has loaded, from which each of its calls starts, in pages of 64 KiB",
    },
    FieldInfo {
        field: BudgetField::Args,
        name: "args",
        unit: Unit::Bytes,
        min: KIB,
        max: 16 * MIB,
        doc: "the encoded arguments of the call",
    },
    FieldInfo {
        field: BudgetField::Answer,
        name: "answer",
        unit: Unit::Bytes,
        min: 256,
        max: 16 * MIB,
        doc: "the encoded answer of the script",
    },
    FieldInfo {
        field: BudgetField::LogLines,
        name: "log_lines",
        unit: Unit::Count,
        min: 0,
        max: 100_000,
        doc: "lines logged",
    },
    FieldInfo {
        field: BudgetField::LogBytes,
        name: "log_bytes",
        unit: Unit::Bytes,
        min: 0,
        max: 16 * MIB,
        doc: "bytes logged",
    },
];

const _: () = {
    let mut i = 0;
    while i < COUNT {
        assert!(FIELDS[i].field as usize == i, "FIELDS has another order than BudgetField");
        assert!(FIELDS[i].min <= FIELDS[i].max, "a field's minimum is over its maximum");
        i += 1;
    }
};

impl BudgetField {
    /// Every field, in the order in which they are listed.
    pub const ALL: [Self; COUNT] =
        [Self::Fuel, Self::Memory, Self::Image, Self::Args, Self::Answer, Self::LogLines, Self::LogBytes];

    /// Name, unit, hard bounds and documentation.
    pub const fn info(self) -> &'static FieldInfo {
        &FIELDS[self as usize]
    }

    /// The field with this key in policy files.
    pub fn from_name(name: &str) -> Option<Self> {
        FIELDS.iter().find(|info| info.name == name).map(|info| info.field)
    }

    /// `value` with this field's unit, for printing.
    pub const fn amount(self, value: u64) -> Amount {
        Amount { value, unit: self.info().unit }
    }
}

impl Budget {
    /// The budget of the default preset.
    pub const DEFAULT: Self = Self {
        fuel: Fuel::new(10_000_000),
        memory: Bytes::new(4 * MIB),
        image: Bytes::new(MIB),
        args: Bytes::new(256 * KIB),
        answer: Bytes::new(64 * KIB),
        log_lines: Count::new(100),
        log_bytes: Bytes::new(16 * KIB),
    };

    /// The budget of the strict preset.
    pub const STRICT: Self = Self {
        fuel: Fuel::new(1_000_000),
        memory: Bytes::new(MIB),
        image: Bytes::new(512 * KIB),
        args: Bytes::new(64 * KIB),
        answer: Bytes::new(4 * KIB),
        log_lines: Count::new(16),
        log_bytes: Bytes::new(2 * KIB),
    };

    /// The value of a field, in the field's unit.
    pub const fn get(&self, field: BudgetField) -> u64 {
        match field {
            BudgetField::Fuel => self.fuel.get(),
            BudgetField::Memory => self.memory.get(),
            BudgetField::Image => self.image.get(),
            BudgetField::Args => self.args.get(),
            BudgetField::Answer => self.answer.get(),
            BudgetField::LogLines => self.log_lines.get(),
            BudgetField::LogBytes => self.log_bytes.get(),
        }
    }

    /// Returns this budget with another value in one field. The value is not checked against any bounds.
    #[must_use]
    pub const fn with(mut self, field: BudgetField, value: u64) -> Self {
        match field {
            BudgetField::Fuel => self.fuel = Fuel::new(value),
            BudgetField::Memory => self.memory = Bytes::new(value),
            BudgetField::Image => self.image = Bytes::new(value),
            BudgetField::Args => self.args = Bytes::new(value),
            BudgetField::Answer => self.answer = Bytes::new(value),
            BudgetField::LogLines => self.log_lines = Count::new(value),
            BudgetField::LogBytes => self.log_bytes = Bytes::new(value),
        }
        self
    }

    /// Returns the number of whole pages of linear memory that the budget allows.
    pub const fn memory_pages(&self) -> u64 {
        self.memory.get() / PAGE.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_reads_back_what_was_put_into_it_and_nothing_else_changes() {
        for field in BudgetField::ALL {
            let changed = Budget::DEFAULT.with(field, 12_345);
            for other in BudgetField::ALL {
                let expected = if other == field { 12_345 } else { Budget::DEFAULT.get(other) };
                assert_eq!(changed.get(other), expected, "{other:?} after changing {field:?}");
            }
        }
    }

    #[test]
    fn names_are_distinct_and_lead_back() {
        for field in BudgetField::ALL {
            assert_eq!(BudgetField::from_name(field.info().name), Some(field));
            assert!(!field.info().doc.is_empty());
        }
        assert_eq!(BudgetField::from_name("Fuel"), None);
    }

    #[test]
    fn hard_bounds_are_the_documented_ones() {
        let listed: Vec<_> = BudgetField::ALL
            .into_iter()
            .map(|field| {
                let info = field.info();
                format!("{} {} {}", info.name, field.amount(info.min), field.amount(info.max))
            })
            .collect();
        assert_eq!(
            listed,
            [
                "fuel 10 K 1 T",
                "memory 256 KiB 1 GiB",
                "image 256 KiB 1 GiB",
                "args 1 KiB 16 MiB",
                "answer 256 B 16 MiB",
                "log_lines 0 100 K",
                "log_bytes 0 B 16 MiB",
            ]
        );
    }

    #[test]
    fn memory_is_counted_in_whole_pages_rounded_down() {
        for (bytes, pages) in [(256 * KIB, 4), (320 * KIB - 1, 4), (320 * KIB, 5), (320 * KIB + 1, 5)] {
            assert_eq!(Budget::DEFAULT.with(BudgetField::Memory, bytes).memory_pages(), pages, "{bytes}");
        }
    }
}
