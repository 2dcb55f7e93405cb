//! The protection of hook points, and what is missing from it.

use std::collections::BTreeMap;

use tenterhook::AttachmentStats;
use tenterhook::operate::Protection;

use super::family::{Families, label};
use crate::folder::Broken;

pub(super) fn render(
    attachments: Option<&[AttachmentStats]>,
    broken: &[Broken],
    protection: &[Protection],
    families: &mut Families,
) {
    // If anything is attached, the series exists from the start.
    let there = attachments.into_iter().flatten().map(|of| ((&*of.tenant, &*of.hook), 0_u64));
    let mut counts: BTreeMap<(&str, &str), u64> = there.collect();
    for broken in broken {
        let hook = broken.known.hook.as_deref().unwrap_or_default();
        *counts.entry((&broken.tenant, hook)).or_default() += 1;
    }
    let help = "Files of attachments that could not be attached; the hook point is empty if the file does not name it.";
    let mut gauge = families.gauge("tenterhook_broken_attachments", help);
    for ((tenant, hook), count) in counts {
        gauge.sample(&format!("{},{}", label("tenant", tenant), label("hook", hook)), count);
    }
    let help = "Whether an attachment that the hook point requires is missing, so that its closed result applies.";
    let mut closed = families.gauge("tenterhook_closed", help);
    protection.iter().for_each(|of| closed.sample(&label("hook", &of.hook), u8::from(of.closed)));
    let help = "Invocations that gave the closed result: a required attachment was missing or gave no answer.";
    let mut invocations = families.counter("tenterhook_closed_invocations_total", help);
    protection.iter().for_each(|of| invocations.sample(&label("hook", &of.hook), of.invocations));
}
