//! Statistics in Prometheus' text format, version 0.0.4.

use std::fmt::Write as _;

use crate::observe::{AttachmentStats, Distribution};

/// One family of samples.
struct Family<'a> {
    text: &'a mut String,
    name: &'static str,
}

impl Family<'_> {
    fn new<'a>(text: &'a mut String, name: &'static str, kind: &str, help: &str) -> Family<'a> {
        // Writing to a string does not fail.
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
        Family { text, name }
    }

    fn sample(&mut self, suffix: &str, of: &AttachmentStats, more: &[(&str, &str)], value: impl std::fmt::Display) {
        let (tenant, hook, attachment) = (escape(&of.tenant), escape(&of.hook), escape(&of.name));
        let _ =
            write!(self.text, "{}{suffix}{{tenant=\"{tenant}\",hook=\"{hook}\",attachment=\"{attachment}\"", self.name);
        for (key, label) in more {
            let _ = write!(self.text, ",{key}=\"{}\"", escape(label));
        }
        let _ = writeln!(self.text, "}} {value}");
    }

    /// A summary, in units of which `scale` make one of the family's.
    fn summary(&mut self, of: &AttachmentStats, distribution: &Distribution, total: u64, count: u64, scale: f64) {
        for (quantile, value) in [("0.5", distribution.p50), ("0.9", distribution.p90), ("0.99", distribution.p99)] {
            self.sample("", of, &[("quantile", quantile)], value as f64 / scale);
        }
        self.sample("_sum", of, &[], total as f64 / scale);
        self.sample("_count", of, &[], count);
    }
}

fn escape(label: &str) -> String {
    label.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Everything, for a scrape.
pub(super) fn render(all: &[AttachmentStats], revision: u64, unsaved: usize, uptime_seconds: f64) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "# HELP tenterhook_revision Changes made to attachments so far.");
    let _ = writeln!(text, "# TYPE tenterhook_revision gauge\ntenterhook_revision {revision}");
    let _ = writeln!(text, "# HELP tenterhook_unsaved_changes Changes in force that are not in the folder yet.");
    let _ = writeln!(text, "# TYPE tenterhook_unsaved_changes gauge\ntenterhook_unsaved_changes {unsaved}");
    let _ = writeln!(text, "# HELP tenterhook_uptime_seconds Time since the control plane was started.");
    let _ = writeln!(text, "# TYPE tenterhook_uptime_seconds gauge\ntenterhook_uptime_seconds {uptime_seconds}");

    let mut calls = Family::new(&mut text, "tenterhook_calls_total", "counter", "Calls, failed and denied ones too.");
    all.iter().for_each(|of| calls.sample("", of, &[], of.calls));
    let help = "Answers by value of the hook point's first result.";
    let mut answers = Family::new(&mut text, "tenterhook_answers_total", "counter", help);
    for of in all {
        of.results.iter().for_each(|(value, count)| answers.sample("", of, &[("value", value)], count));
    }
    let help = "Answers that changed an argument.";
    let mut changed = Family::new(&mut text, "tenterhook_changes_total", "counter", help);
    all.iter().for_each(|of| changed.sample("", of, &[], of.changed));
    let mut faults = Family::new(&mut text, "tenterhook_faults_total", "counter", "Calls that failed, by cause.");
    for of in all {
        of.faults.iter().for_each(|(cause, count)| faults.sample("", of, &[("cause", cause.as_str())], count));
    }
    let mut denials =
        Family::new(&mut text, "tenterhook_denials_total", "counter", "Calls that were refused, by cause.");
    for of in all {
        of.denials.iter().for_each(|(cause, count)| denials.sample("", of, &[("cause", cause.as_str())], count));
    }
    let mut fuel = Family::new(&mut text, "tenterhook_fuel", "summary", "Fuel per call.");
    all.iter().for_each(|of| fuel.summary(of, &of.fuel, of.fuel.total, of.fuel.count, 1.0));
    let help = "Time per call, from a sample of the calls; sum and count are for all of them.";
    let mut latency = Family::new(&mut text, "tenterhook_call_seconds", "summary", help);
    all.iter().for_each(|of| latency.summary(of, &of.latency_ns, of.busy_ns(), of.fuel.count, 1e9));
    let help = "Most linear memory at the end of a call.";
    let mut memory = Family::new(&mut text, "tenterhook_memory_peak_bytes", "gauge", help);
    all.iter().for_each(|of| memory.sample("", of, &[], of.memory_peak_bytes));
    let help = "Restores of an attachment's image before a call.";
    let mut restores = Family::new(&mut text, "tenterhook_restores_total", "counter", help);
    for of in all {
        restores.sample("", of, &[("kind", "touched")], of.restores_touched);
        restores.sample("", of, &[("kind", "all")], of.restores_all);
    }
    let mut lines =
        Family::new(&mut text, "tenterhook_log_lines_total", "counter", "Log lines, by what became of them.");
    for of in all {
        lines.sample("", of, &[("outcome", "written")], of.log_lines);
        lines.sample("", of, &[("outcome", "dropped")], of.log_lines_dropped);
    }
    let help = "Whether calls reach the attachment.";
    let mut enabled = Family::new(&mut text, "tenterhook_enabled", "gauge", help);
    all.iter().for_each(|of| enabled.sample("", of, &[], u8::from(of.enabled)));
    text
}
