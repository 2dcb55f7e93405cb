//! The statistics of each attachment's calls.

use std::collections::HashSet;

use tenterhook::policies::{DenialCause, FaultCause};
use tenterhook::{AttachmentId, AttachmentStats, Distribution};

use super::family::{Families, label};

/// An attachment with its labels.
type Labelled<'a> = (String, &'a AttachmentStats);

pub(super) fn render(all: &[AttachmentStats], quarantined: &HashSet<AttachmentId>, families: &mut Families) {
    let labels = |of: &AttachmentStats| {
        [label("tenant", &of.tenant), label("hook", &of.hook), label("attachment", &of.name)].join(",")
    };
    let all: Vec<Labelled<'_>> = all.iter().map(|of| (labels(of), of)).collect();
    let mut calls = families.counter("tenterhook_calls_total", "Calls, including failed and denied ones.");
    all.iter().for_each(|(labels, of)| calls.sample(labels, of.calls));
    let mut answers =
        families.counter("tenterhook_answers_total", "Answers by value of the hook point's first result.");
    for (labels, of) in &all {
        of.results.iter().for_each(|(value, n)| answers.sample(&format!("{labels},{}", label("value", value)), n));
    }
    let mut changed = families.counter("tenterhook_changes_total", "Answers that changed an argument.");
    all.iter().for_each(|(labels, of)| changed.sample(labels, of.changed));
    causes(&all, families);
    distributions(&all, families);
    let mut memory = families.gauge("tenterhook_memory_peak_bytes", "Largest linear memory at the end of a call.");
    all.iter().for_each(|(labels, of)| memory.sample(labels, of.memory_peak_bytes));
    let mut restores =
        families.counter("tenterhook_restores_total", "Restores of an attachment's image before a call.");
    for (labels, of) in &all {
        restores.sample(&format!("{labels},kind=\"touched\""), of.restores_touched);
        restores.sample(&format!("{labels},kind=\"all\""), of.restores_all);
    }
    let mut restoring =
        families.counter("tenterhook_restore_fuel_total", "Fuel that restores used, included in the calls' fuel.");
    all.iter().for_each(|(labels, of)| restoring.sample(labels, of.restore_fuel));
    let mut lines = families.counter("tenterhook_log_lines_total", "Log lines, by outcome.");
    for (labels, of) in &all {
        lines.sample(&format!("{labels},outcome=\"written\""), of.log_lines);
        lines.sample(&format!("{labels},outcome=\"dropped\""), of.log_lines_dropped);
    }
    let mut enabled = families.gauge("tenterhook_enabled", "Whether the attachment is enabled.");
    all.iter().for_each(|(labels, of)| enabled.sample(labels, u8::from(of.enabled)));
    let help = "Whether the attachment is in quarantine, including while it is probed.";
    let mut out = families.gauge("tenterhook_quarantined", help);
    all.iter().for_each(|(labels, of)| out.sample(labels, u8::from(quarantined.contains(&of.id))));
}

/// Every cause has a series, even if it never occurred.
fn causes(all: &[Labelled<'_>], families: &mut Families) {
    let mut faults = families.counter("tenterhook_faults_total", "Calls that failed, by cause.");
    for (labels, of) in all {
        for cause in FaultCause::ALL {
            let count = of.faults.iter().find(|(known, _)| *known == cause).map_or(0, |(_, count)| *count);
            faults.sample(&format!("{labels},{}", label("cause", cause.as_str())), count);
        }
    }
    let mut denials = families.counter("tenterhook_denials_total", "Calls that were denied, by cause.");
    for (labels, of) in all {
        for cause in DenialCause::ALL {
            let count = of.denials.iter().find(|(known, _)| *known == cause).map_or(0, |(_, count)| *count);
            denials.sample(&format!("{labels},{}", label("cause", cause.as_str())), count);
        }
    }
}

fn distributions(all: &[Labelled<'_>], families: &mut Families) {
    let up_to = |of: &Distribution| -> Vec<(u64, u64)> { Distribution::BOUNDS.into_iter().zip(of.up_to).collect() };
    let mut fuel = families.histogram("tenterhook_fuel", "Fuel per call.");
    for (labels, of) in all {
        fuel.distribution(labels, &up_to(&of.fuel), of.fuel.count, of.fuel.total, 1.0);
    }
    // The sum is not scaled up to all calls, because it could then decrease: a counter would appear reset.
    let help = "Time per call, of the calls that are timed: the first 64 of a thread and one in 16 of the others.";
    let mut latency = families.histogram("tenterhook_call_seconds", help);
    for (labels, of) in all {
        let time = &of.latency_ns;
        latency.distribution(labels, &up_to(time), time.count, time.total, 1e9);
    }
}
