//! The check that a quarantine's first back-off does not exceed its longest one, wherever the two come from.

use crate::error::DiagnosticKind;
use crate::key::Key;
use crate::policy::Policy;
use crate::quota::QuotaField;
use crate::read::Reader;
use crate::section::Section;

/// The first quarantine and the longest.
const BACKOFFS: [Key; 2] = [Key::Quota(QuotaField::QuarantineBackoff), Key::Quota(QuotaField::QuarantineBackoffMax)];

impl Policy {
    /// Reports quarantines whose first duration is longer than their longest one. The two may come from different
    /// sections.
    pub(crate) fn check_backoffs(&self, reader: &mut Reader<'_>) {
        let says = |section: &&Section| BACKOFFS.iter().any(|key| section.amount(*key).is_some());
        let general: Vec<_> = self.hooks.iter().filter(|(_, section)| says(section)).collect();
        let mut reported = Vec::new();
        let mut hold = |sections: &[Option<&Section>]| {
            let [backoff, max] = BACKOFFS.map(|key| {
                sections.iter().flatten().find_map(|section| section.amount(key)).unwrap_or(self.defaults.amount(key))
            });
            // The error is reported at the one of the two that this file sets. It sets one of them, or the preset would
            // be rejected.
            let at = if backoff.origin.file == self.file { backoff } else { max };
            if backoff.value > max.value && !reported.contains(&at.origin) {
                reported.push(at.origin.clone());
                let kind = DiagnosticKind::BackoffOverMax {
                    backoff: BACKOFFS[0].amount(backoff.value),
                    max: BACKOFFS[1].amount(max.value),
                    set_at: max.origin.clone(),
                };
                reader.report_at(&at.origin, kind);
            }
        };
        hold(&[]);
        for (_, section) in &general {
            hold(&[Some(section)]);
        }
        for tenant in self.tenants.values() {
            let whole = says(&&tenant.section).then_some(&tenant.section);
            if whole.is_some() {
                hold(&[whole]);
                for (_, section) in general.iter().filter(|(name, _)| !tenant.hooks.contains_key(*name)) {
                    hold(&[whole, Some(section)]);
                }
            }
            for (name, section) in &tenant.hooks {
                hold(&[Some(section), whole, self.hooks.get(name)]);
            }
        }
    }
}
