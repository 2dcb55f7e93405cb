//! Statistics in Prometheus' text format, version 0.0.4.
//!
//! ```text
//! Scrape ─┬─ the program     build_info, revision, uptime, lost events        (this file)
//!         ├─ tenants         totals that never decrease, quotas used and limits (tenants.rs)
//!         ├─ protection      what is broken, and what is closed           (protection.rs)
//!         └─ attachments     calls, causes, fuel and time by histogram         (attachments.rs)
//! ```
//!
//! Every family has its HELP and TYPE once and before its samples, counters end in `_total`, and every fault and denial
//! cause is a series from the start, so that `rate` and `absent` work before the first one happens (`family.rs`).

mod attachments;
mod family;
mod protection;
mod tenants;

use std::collections::HashSet;

use tenterhook::operate::{Protection, TenantNumbers};
use tenterhook::{AttachmentId, AttachmentStats, GUEST_SHA256};

use self::family::{Families, label};
use super::folder::Broken;

/// What a scrape shows.
pub(super) struct Scrape<'a> {
    /// The host's revision: that of the last change.
    pub revision: u64,
    pub uptime_seconds: f64,
    /// Unsaved changes of tenants that the caller is authorised to see.
    pub unsaved_changes: usize,
    /// Events that readers of streams lost because they were too slow.
    pub lost_events: u64,
    /// In the order of their names.
    pub tenants: Vec<TenantNumbers>,
    /// `None` if only totals by tenant are requested.
    pub attachments: Option<&'a [AttachmentStats]>,
    pub quarantined: HashSet<AttachmentId>,
    /// Broken attachments of tenants that the caller is authorised to see.
    pub broken: Vec<Broken>,
    /// Hook points that require attachments.
    pub protection: Vec<Protection>,
}

impl Scrape<'_> {
    /// The whole scrape, as text.
    pub fn render(&self) -> String {
        let mut families = Families::default();
        self.program(&mut families);
        tenants::render(&self.tenants, &mut families);
        protection::render(self.attachments, &self.broken, &self.protection, &mut families);
        if let Some(all) = self.attachments {
            attachments::render(all, &self.quarantined, &mut families);
        }
        families.text()
    }

    fn program(&self, families: &mut Families) {
        let mut build = families.gauge("tenterhook_build_info", "Versions of library and interpreter. Always 1.");
        let version = label("version", env!("CARGO_PKG_VERSION"));
        let guest = label("guest_sha256", GUEST_SHA256);
        build.sample(&format!("{version},{guest}"), 1);
        families.gauge("tenterhook_revision", "Changes made to attachments so far.").sample("", self.revision);
        let help = "Time since the control plane was started.";
        families.gauge("tenterhook_uptime_seconds", help).sample("", self.uptime_seconds);
        let help = "Changes in force that are not saved yet.";
        families.gauge("tenterhook_unsaved_changes", help).sample("", self.unsaved_changes);
        let help = "Events that readers of streams lost because they were too slow, counted per reader.";
        families.counter("tenterhook_lost_events_total", help).sample("", self.lost_events);
    }
}
