//! Quotas: the limits of a tenant or an attachment over time and in total, beside the budget of one call.
//!
//! One macro makes [`Quota`] from one table, which is the only definition of its fields: reading, listing, checking and
//! the presets all use it.
//!
//! | scope | counts | may stand in |
//! | --- | --- | --- |
//! | [`Scope::Attachment`] | one attachment's calls and faults | every section |
//! | [`Scope::Tenant`] | over all attachments and hook points of a tenant | `[defaults]` and `[tenants.T]` |

use crate::units::{Amount, Bytes, Count, Fuel, Millis, Unit};

const KIB: u64 = 1 << 10;
const MIB: u64 = 1 << 20;
const GIB: u64 = 1 << 30;
const K: u64 = 1_000;
const M: u64 = 1_000_000;
const G: u64 = 1_000_000_000;
const T: u64 = 1_000_000_000_000;
const SECOND: u64 = 1_000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;

/// What a quota counts over.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Each attachment separately.
    Attachment,
    /// All attachments of a tenant, at any hook point.
    Tenant,
}

/// What is fixed about a field, whatever the policy says.
#[derive(Clone, Copy, Debug)]
pub struct QuotaInfo {
    /// The field.
    pub field: QuotaField,
    /// Its key in policy files.
    pub name: &'static str,
    /// What it counts.
    pub unit: Unit,
    /// What it counts over.
    pub scope: Scope,
    /// Whether `[ceilings]` bounds it. The settings of quarantine have hard bounds only, because neither a high nor a
    /// low value is a privilege.
    pub has_ceiling: bool,
    /// The hard minimum.
    pub min: u64,
    /// The hard maximum, for ceilings too.
    pub max: u64,
    /// What it bounds, in one line.
    pub doc: &'static str,
}

macro_rules! quotas {
    ($(
        #[doc = $doc:literal]
        $variant:ident, $name:ident: $type:ident, $scope:ident, $ceiling:literal,
        $min:expr, $max:expr, $default:expr, $default_most:expr, $strict:expr, $strict_most:expr;
    )+) => {
        /// One field of a [`Quota`].
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum QuotaField {
            $(#[doc = $doc] $variant,)+
        }

        /// What a tenant or an attachment may use over time and in total. Every field has a value and none means
        /// "unlimited"; [`QuotaField`] has the bounds.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub struct Quota {
            $(#[doc = $doc] pub $name: $type,)+
        }

        /// The number of fields of a quota.
        pub(crate) const COUNT: usize = [$(QuotaField::$variant),+].len();

        const FIELDS: [QuotaInfo; COUNT] = [$(QuotaInfo {
            field: QuotaField::$variant,
            name: stringify!($name),
            unit: Unit::$type,
            scope: Scope::$scope,
            has_ceiling: $ceiling,
            min: $min,
            max: $max,
            doc: $doc.trim_ascii(),
        }),+];

        impl QuotaField {
            /// Every field, in the order in which they are listed.
            pub const ALL: [Self; COUNT] = [$(Self::$variant),+];
        }

        impl Quota {
            /// The quota of the default preset.
            pub const DEFAULT: Self = Self { $($name: $type::new($default)),+ };
            /// The quota of the strict preset.
            pub const STRICT: Self = Self { $($name: $type::new($strict)),+ };
            /// The ceilings of the default preset.
            pub(crate) const DEFAULT_MOST: Self = Self { $($name: $type::new($default_most)),+ };
            /// The ceilings of the strict preset.
            pub(crate) const STRICT_MOST: Self = Self { $($name: $type::new($strict_most)),+ };

            /// The value of a field, in the field's unit.
            pub const fn get(&self, field: QuotaField) -> u64 {
                match field {
                    $(QuotaField::$variant => self.$name.get(),)+
                }
            }

            /// Returns this quota with another value in one field. The value is not checked against any bounds.
            #[must_use]
            pub const fn with(mut self, field: QuotaField, value: u64) -> Self {
                match field {
                    $(QuotaField::$variant => self.$name = $type::new(value),)+
                }
                self
            }
        }
    };
}

// Columns: scope, whether it has a ceiling, hard minimum, hard maximum; default preset and its ceiling; strict preset
// and its ceiling.
quotas! {
    /// Calls of an attachment per second.
    CallsPerSecond, calls_per_second: Count, Attachment, true, 1, G, M, G, 100 * K, 10 * M;
    /// Calls of an attachment that may come at once after a pause.
    CallsBurst, calls_burst: Count, Attachment, true, 1, G, M, G, 100 * K, 10 * M;
    /// Bytes of a script.
    ScriptSize, script_size: Bytes, Attachment, true, 64, 16 * MIB, MIB, 16 * MIB, 256 * KIB, MIB;
    /// Fuel for loading a script: compiling it and running it once.
    LoadFuel, load_fuel: Fuel, Attachment, true, M, 100 * G, 500 * M, 10 * G, 100 * M, 500 * M;
    /// Scripts of a tenant that are loaded per second: attached, replaced, checked.
    LoadsPerSecond, loads_per_second: Count, Tenant, true, 1, M, K, 100 * K, 10, K;
    /// Scripts of a tenant that may be loaded at once after a pause.
    LoadsBurst, loads_burst: Count, Tenant, true, 1, M, 10 * K, 100 * K, 100, 10 * K;
    /// Fuel of a tenant per second, over all of its calls and loads.
    FuelPerSecond, fuel_per_second: Fuel, Tenant, true, K, 1_000 * T, 2 * G, 10 * T, 200 * M, 100 * G;
    /// Fuel of a tenant that may be used at once after a pause.
    FuelBurst, fuel_burst: Fuel, Tenant, true, 10 * K, 1_000 * T, 4 * G, 10 * T, 400 * M, 100 * G;
    /// Attachments of a tenant.
    Attachments, attachments: Count, Tenant, true, 1, 100 * K, K, 100 * K, 100, 10 * K;
    /// Bytes of a tenant's images, and of the executors that keep its state.
    TotalMemory, total_memory: Bytes, Tenant, true, 64 * KIB, 1024 * GIB, GIB, 64 * GIB, 64 * MIB, 4 * GIB;
    /// Bytes on disk of a tenant's attachments that are kept: scripts and records, in blocks of 4 KiB.
    Disk, disk: Bytes, Tenant, true, 4 * KIB, 1024 * GIB, 256 * MIB, 16 * GIB, 32 * MIB, 256 * MIB;
    /// Executors that keep a tenant's state.
    KeptExecutors, kept_executors: Count, Tenant, true, 1, 100 * K, 256, 10 * K, 16, 256;
    /// Calls of a tenant at once that no other tenant's calls can keep from it.
    ReservedCalls, reserved_calls: Count, Tenant, true, 0, 256, 1, 64, 1, 16;
    /// Lines that a tenant's scripts log per second.
    LogLinesPerSecond, log_lines_per_second: Count, Tenant, true, 0, 10 * M, K, M, 100, 10 * K;
    /// Bytes that a tenant's scripts log per second.
    LogBytesPerSecond, log_bytes_per_second: Bytes, Tenant, true, 0, GIB, MIB, 256 * MIB, 16 * KIB, MIB;
    /// Faults within the window that send an attachment into quarantine.
    QuarantineFaults, quarantine_faults: Count, Attachment, false, 1, K, 20, K, 10, K;
    /// The window in which faults count.
    QuarantineWindow, quarantine_window: Millis, Attachment, false, 100, 24 * HOUR, 10 * SECOND, 24 * HOUR, MINUTE, 24 * HOUR;
    /// How long the first quarantine lasts; each failed probe doubles it.
    QuarantineBackoff, quarantine_backoff: Millis, Attachment, false, 10, HOUR, SECOND, HOUR, SECOND, HOUR;
    /// The longest that a quarantine lasts before the next probe.
    QuarantineBackoffMax, quarantine_backoff_max: Millis, Attachment, false, 10, 24 * HOUR, 5 * MINUTE, 24 * HOUR, HOUR, 24 * HOUR;
    /// Good probes, one after the other, that end a quarantine.
    QuarantineProbes, quarantine_probes: Count, Attachment, false, 1, K, 1, K, 3, K;
}

impl QuotaField {
    /// Name, unit, scope, hard bounds and documentation.
    pub const fn info(self) -> &'static QuotaInfo {
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

// A preset that contradicts itself or the hard bounds does not compile.
const _: () = {
    let mut i = 0;
    while i < COUNT {
        let info = &FIELDS[i];
        let field = info.field;
        assert!(field as usize == i, "FIELDS has another order than QuotaField");
        assert!(info.min <= Quota::DEFAULT.get(field), "default quota under the hard minimum");
        assert!(Quota::DEFAULT.get(field) <= Quota::DEFAULT_MOST.get(field), "default quota over its ceiling");
        assert!(Quota::DEFAULT_MOST.get(field) <= info.max, "default ceiling over the hard maximum");
        assert!(info.min <= Quota::STRICT.get(field), "strict quota under the hard minimum");
        assert!(Quota::STRICT.get(field) <= Quota::STRICT_MOST.get(field), "strict quota over its ceiling");
        assert!(Quota::STRICT_MOST.get(field) <= Quota::DEFAULT_MOST.get(field), "strict ceiling over the default one");
        // A field without a ceiling is bounded only by its maximum.
        assert!(info.has_ceiling || Quota::STRICT_MOST.get(field) == info.max, "a ceiling that cannot be written");
        i += 1;
    }
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_reads_back_what_was_put_into_it_and_nothing_else_changes() {
        for field in QuotaField::ALL {
            let changed = Quota::DEFAULT.with(field, 12_345);
            for other in QuotaField::ALL {
                let expected = if other == field { 12_345 } else { Quota::DEFAULT.get(other) };
                assert_eq!(changed.get(other), expected, "{other:?} after changing {field:?}");
            }
        }
    }

    #[test]
    fn names_are_distinct_lead_back_and_are_no_budgets() {
        for field in QuotaField::ALL {
            assert_eq!(QuotaField::from_name(field.info().name), Some(field));
            assert_eq!(crate::BudgetField::from_name(field.info().name), None);
            assert!(field.info().doc.ends_with('.') || field.info().doc.contains(' '));
        }
        assert_eq!(QuotaField::from_name("calls"), None);
    }

    #[test]
    fn hard_bounds_are_the_documented_ones() {
        let listed: Vec<_> = QuotaField::ALL
            .into_iter()
            .map(|field| {
                let info = field.info();
                format!("{} {} {}", info.name, field.amount(info.min), field.amount(info.max))
            })
            .collect();
        assert_eq!(
            listed,
            [
                "calls_per_second 1 1 G",
                "calls_burst 1 1 G",
                "script_size 64 B 16 MiB",
                "load_fuel 1 M 100 G",
                "loads_per_second 1 1 M",
                "loads_burst 1 1 M",
                "fuel_per_second 1 K 1000 T",
                "fuel_burst 10 K 1000 T",
                "attachments 1 100 K",
                "total_memory 64 KiB 1024 GiB",
                "disk 4 KiB 1024 GiB",
                "kept_executors 1 100 K",
                "reserved_calls 0 256",
                "log_lines_per_second 0 10 M",
                "log_bytes_per_second 0 B 1 GiB",
                "quarantine_faults 1 1 K",
                "quarantine_window 100 ms 24 h",
                "quarantine_backoff 10 ms 1 h",
                "quarantine_backoff_max 10 ms 24 h",
                "quarantine_probes 1 1 K",
            ]
        );
    }
}
