//! The presets: the policies that come with the crate.

use crate::budget::Budget;
use crate::ceiling::Ceilings;
use crate::option::Switch;
use crate::quota::Quota;
use crate::unknown::OtherTenants;
use crate::word::words;

words! {
    /// A policy that comes with the crate and that other policies extend.
    pub enum Preset is "preset" {
        /// For scripts of colleagues. A host without a policy uses it too, for tenants of any name.
        Default = "default",
        /// For scripts of strangers; it accepts only tenants that are named.
        Strict = "strict",
    }
}

impl Preset {
    /// The text of the preset: a policy file that sets everything.
    pub const fn text(self) -> &'static str {
        match self {
            Preset::Default => include_str!("../presets/default.toml"),
            Preset::Strict => include_str!("../presets/strict.toml"),
        }
    }

    /// The name under which the preset appears in origins and errors.
    pub const fn file(self) -> &'static str {
        match self {
            Preset::Default => "<default preset>",
            Preset::Strict => "<strict preset>",
        }
    }

    /// The preset's numbers as constants, which are checked against each other at compile time. Tests hold the text
    /// to them.
    pub(crate) const fn constants(self) -> Constants {
        match self {
            Preset::Default => Constants {
                others: OtherTenants::Default,
                ceilings: Ceilings::DEFAULT,
                budget: Budget::DEFAULT,
                quota: Quota::DEFAULT,
                quarantine: Switch::On,
            },
            Preset::Strict => Constants {
                others: OtherTenants::Refuse,
                ceilings: Ceilings::STRICT,
                budget: Budget::STRICT,
                quota: Quota::STRICT,
                quarantine: Switch::On,
            },
        }
    }
}

/// The constants of a preset; everything else is the same in all presets.
pub(crate) struct Constants {
    pub others: OtherTenants,
    pub ceilings: Ceilings,
    pub budget: Budget,
    pub quota: Quota,
    pub quarantine: Switch,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BudgetField, Deadline, DenialCause, Disposition, FaultCause, MemoryErrors, Policy, QuotaField, State};

    #[test]
    fn texts_agree_with_the_constants_and_leave_nothing_out() {
        for preset in Preset::ALL {
            let policy = Policy::preset(preset);
            let Constants { others, ceilings, budget, quota, quarantine } = preset.constants();
            assert_eq!(policy.unknown_tenants(), others);
            assert_eq!(policy.ceilings(), ceilings);
            assert_eq!(policy.tenants().count(), 0);
            assert_eq!(policy.hooks().count(), 0);

            let rules = policy.defaults();
            assert_eq!(rules.budget, budget);
            assert_eq!(rules.quota, quota);
            assert_eq!((rules.state, rules.memory_errors), (State::Fresh, MemoryErrors::Uncatchable));
            assert_eq!((rules.deadline, rules.quarantine), (Deadline::OFF, quarantine));
            assert!(rules.grants.is_empty());
            for field in BudgetField::ALL {
                assert_eq!(&*rules.origins.field(field).file, preset.file(), "{field:?} is not in the text");
                assert_eq!(&*policy.ceiling_origin(field).file, preset.file(), "{field:?} is not in the text");
            }
            for field in QuotaField::ALL {
                assert_eq!(&*rules.origins.quota(field).file, preset.file(), "{field:?} is not in the text");
                let ceiling = policy.quota_ceiling_origin(field);
                assert_eq!(ceiling.is_some(), field.info().has_ceiling);
                assert!(ceiling.is_none_or(|at| &*at.file == preset.file()), "{field:?} is not in the text");
            }
            for origin in [
                rules.origins.state(),
                rules.origins.memory_errors(),
                rules.origins.deadline(),
                rules.origins.quarantine(),
            ] {
                assert_eq!(&*origin.file, preset.file());
            }
            for cause in FaultCause::ALL {
                assert_eq!(rules.dispositions.for_fault(cause), &Disposition::Closed);
                assert_eq!(&*rules.origins.fault(cause).file, preset.file());
            }
            for cause in DenialCause::ALL {
                assert_eq!(rules.dispositions.for_denial(cause), &Disposition::Closed);
                assert_eq!(&*rules.origins.denial(cause).file, preset.file());
            }
        }
    }

    #[test]
    fn a_preset_does_not_build_on_another() {
        for preset in Preset::ALL {
            assert!(!preset.text().lines().any(|line| line.starts_with("preset")));
        }
    }
}
