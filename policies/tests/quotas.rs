//! Quotas and choices: bounds, ceilings, where they may stand, which section counts, and what wrong ones are told.

use tenterhook_policies::{
    Ceilings, Deadline, DiagnosticKind, MemoryErrors, Millis, Policy, Preset, QuotaField, Rules, Scope, Switch,
};

fn parse(text: &str) -> Policy {
    Policy::parse(text, "policy.toml").unwrap_or_else(|error| panic!("{error}\nin\n{text}"))
}

fn rules(policy: &Policy) -> Rules {
    policy.resolve("acme", "a.b").unwrap_or_else(|error| panic!("{error}"))
}

fn errors(text: &str) -> String {
    Policy::parse(text, "policy.toml").expect_err(text).to_string()
}

fn problem(text: &str) -> DiagnosticKind {
    let error = Policy::parse(text, "policy.toml").expect_err(text);
    assert_eq!(error.diagnostics().len(), 1, "{error}\nin\n{text}");
    error.diagnostics()[0].kind.clone()
}

const SECTIONS: [&str; 4] = ["defaults", "hooks.\"a.b\"", "tenants.acme", "tenants.acme.hooks.\"a.b\""];

/// The sections that may have the field.
fn sections(field: QuotaField) -> impl Iterator<Item = &'static str> {
    SECTIONS.into_iter().filter(move |section| field.info().scope == Scope::Attachment || !section.contains("hooks"))
}

/// The value as a file has it: times need a unit.
fn written(field: QuotaField, value: u64) -> String {
    if field.info().name.contains("window") || field.info().name.contains("backoff") {
        format!("\"{value}ms\"")
    } else {
        value.to_string()
    }
}

/// What else has to be said so that a quota alone is looked at: ceilings out of the way, and room for back-offs.
fn around(field: QuotaField, backoff_max: bool) -> String {
    let info = field.info();
    let ceiling = if info.has_ceiling { format!("[ceilings]\n{} = {}\n", info.name, info.max) } else { String::new() };
    let room = match field {
        QuotaField::QuarantineBackoff if backoff_max => "quarantine_backoff_max = \"24h\"\n",
        QuotaField::QuarantineBackoffMax => "quarantine_backoff = \"10ms\"\n",
        _ => "",
    };
    format!("{ceiling}[defaults]\n{room}")
}

#[test]
fn every_quota_is_held_to_the_hard_bounds_in_every_section() {
    for field in QuotaField::ALL {
        let info = field.info();
        for section in sections(field) {
            let text = |value: u64| {
                format!("{}[{section}]\n{} = {}\n", around(field, true), info.name, written(field, value))
                    .replace("[defaults]\n[defaults]\n", "[defaults]\n")
                    .replace("max = \"24h\"\n[defaults]\n", "max = \"24h\"\n")
                    .replace("backoff = \"10ms\"\n[defaults]\n", "backoff = \"10ms\"\n")
            };
            for value in [info.min, info.min + 1, info.max - 1, info.max] {
                assert_eq!(rules(&parse(&text(value))).quota.get(field), value, "{} in {section}", info.name);
            }
            if let Some(under) = info.min.checked_sub(1) {
                let (value, min) = (field.amount(under), field.amount(info.min));
                assert_eq!(problem(&text(under)), DiagnosticKind::UnderMinimum { value, min });
            }
            let (value, max) = (field.amount(info.max + 1), field.amount(info.max));
            assert_eq!(problem(&text(info.max + 1)), DiagnosticKind::OverMaximum { value, max });
        }
    }
}

#[test]
fn every_quota_is_held_to_its_ceiling_in_every_section() {
    for field in QuotaField::ALL.into_iter().filter(|field| field.info().has_ceiling) {
        let name = field.info().name;
        for (preset, ceilings) in [(Preset::Default, Ceilings::DEFAULT), (Preset::Strict, Ceilings::STRICT)] {
            let (ceiling, default) = (ceilings.quota(field), Policy::preset(preset).defaults().quota.get(field));
            assert!(default < ceiling, "{name}");
            for section in sections(field) {
                let text = |value: u64| {
                    format!("preset = \"{preset}\"\n[tenants.acme]\n[{section}]\n{name} = {value}\n")
                        .replace("[tenants.acme]\n[tenants.acme]\n", "[tenants.acme]\n")
                };
                for value in [ceiling - 1, ceiling] {
                    assert_eq!(rules(&parse(&text(value))).quota.get(field), value, "{name} in {section}");
                }
                match problem(&text(ceiling + 1)) {
                    DiagnosticKind::OverCeiling { ceiling: told, .. } => assert_eq!(told, field.amount(ceiling)),
                    // The ceiling is as high as anything goes.
                    DiagnosticKind::OverMaximum { max, .. } => assert_eq!(max, field.amount(ceiling)),
                    other => panic!("{name} in {section}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn every_ceiling_of_a_quota_is_held_to_bounds_and_defaults() {
    for field in QuotaField::ALL {
        let info = field.info();
        let (name, inherited) = (info.name, Policy::preset(Preset::Default).defaults().quota.get(field));
        let alone = |value: u64| format!("[ceilings]\n{name} = {}\n", written(field, value));
        if !info.has_ceiling {
            assert!(matches!(problem(&alone(inherited)), DiagnosticKind::UnknownKey { .. }), "{name}");
            assert_eq!(parse("").quota_ceiling_origin(field), None);
            continue;
        }
        for value in [inherited, inherited + 1, info.max - 1, info.max] {
            let policy = parse(&alone(value));
            assert_eq!(policy.ceilings().quota(field), value, "{name}");
            assert_eq!(policy.quota_ceiling_origin(field).map(ToString::to_string).as_deref(), Some("policy.toml:2"));
        }
        assert!(matches!(problem(&alone(info.max + 1)), DiagnosticKind::OverMaximum { .. }), "{name}");
        if let Some(under) = inherited.checked_sub(1).filter(|under| *under >= info.min) {
            assert!(matches!(problem(&alone(under)), DiagnosticKind::CeilingUnderDefault { .. }), "{name}");
        }
    }
}

#[test]
fn what_counts_over_all_hook_points_cannot_stand_at_one() {
    assert_eq!(
        errors("[hooks.\"a.b\"]\nfuel_per_second = \"1G\"\n"),
        "policy.toml:2:1: hooks.\"a.b\".fuel_per_second: this counts over all hook points of a tenant; \
         it belongs in [defaults] or [tenants.NAME]"
    );
    for field in QuotaField::ALL.into_iter().filter(|field| field.info().scope == Scope::Tenant) {
        for section in ["hooks.\"a.b\"", "tenants.acme.hooks.\"a.b\""] {
            let text = format!("[{section}]\n{} = {}\n", field.info().name, field.info().max);
            assert_eq!(problem(&text), DiagnosticKind::TenantWide, "{text}");
        }
    }
}

#[test]
fn the_most_specific_section_counts_quota_by_quota() {
    let policy = parse(
        "unknown_tenants = \"default\"\n[defaults]\ncalls_per_second = 1\nfuel_per_second = 1000\nattachments = 7\n\
         [hooks.\"a.b\"]\ncalls_per_second = 2\nscript_size = 100\n\
         [tenants.acme]\ncalls_per_second = 3\nfuel_per_second = 2000\n\
         [tenants.acme.hooks.\"a.b\"]\ncalls_per_second = 4\n",
    );
    let at = |tenant: &str, hook: &str| {
        let rules = policy.resolve(tenant, hook).unwrap_or_else(|error| panic!("{error}"));
        let origin = rules.origins.quota(QuotaField::CallsPerSecond).clone();
        (rules.quota.calls_per_second.get(), rules.quota.fuel_per_second.get(), origin.line, origin.column)
    };
    assert_eq!(at("acme", "a.b"), (4, 2000, 13, 20));
    assert_eq!(at("acme", "other"), (3, 2000, 10, 20));
    assert_eq!(at("other", "a.b"), (2, 1000, 7, 20));
    assert_eq!(at("other", "other"), (1, 1000, 3, 20));
    let acme = rules(&policy);
    assert_eq!((acme.quota.attachments.get(), acme.quota.script_size.get()), (7, 100));
    assert_eq!(acme.origins.quota(QuotaField::TotalMemory).file.as_ref(), "<default preset>");
}

#[test]
fn choices_are_words_and_say_where_they_were_written() {
    let policy = parse(
        "[defaults]\nmemory_errors = \"catchable\"\nquarantine = \"on\"\ndeadline = \"1.5s\"\n\
         [tenants.acme.hooks.\"a.b\"]\ndeadline = \"off\"\nquarantine = \"off\"\n",
    );
    let (acme, defaults) = (rules(&policy), policy.defaults());
    assert_eq!(defaults.memory_errors, MemoryErrors::Catchable);
    assert_eq!((acme.memory_errors, acme.origins.memory_errors().line), (MemoryErrors::Catchable, 2));
    assert_eq!((defaults.quarantine, acme.quarantine, acme.origins.quarantine().line), (Switch::On, Switch::Off, 7));
    assert_eq!(defaults.deadline.get(), Some(Millis::new(1_500)));
    assert_eq!((acme.deadline, acme.origins.deadline().line), (Deadline::OFF, 6));
    for (line, error) in [
        ("memory_errors = 1", "memory_errors: expected \"uncatchable\" or \"catchable\", found 1"),
        ("quarantine = true", "quarantine: expected \"on\" or \"off\", found true"),
        ("deadline = 5", "deadline: expected \"off\" or a string such as \"50ms\" or \"2s\", found 5"),
        (
            "deadline = \"5\"",
            "deadline: \"5\" is not an amount: expected a string such as \"250ms\", \"10s\", \"5min\" or \"1h\"",
        ),
    ] {
        let column = line.find('=').expect("an assignment") + 3;
        assert_eq!(errors(&format!("[defaults]\n{line}\n")), format!("policy.toml:2:{column}: defaults.{error}"));
    }
}

#[test]
fn deadlines_have_bounds() {
    for (millis, ok) in [(0, false), (1, true), (2, true), (59_999, true), (60_000, true), (60_001, false)] {
        let read = Policy::parse(&format!("[defaults]\ndeadline = \"{millis}ms\"\n"), "policy.toml");
        assert_eq!(read.is_ok(), ok, "{millis} ms");
    }
    assert_eq!(
        errors("[defaults]\ndeadline = \"61s\"\n"),
        "policy.toml:2:12: defaults.deadline: 61s is over the maximum of 1min"
    );
}

#[test]
fn a_first_quarantine_is_no_longer_than_the_longest() {
    assert_eq!(
        errors("[defaults]\nquarantine_backoff = \"2s\"\nquarantine_backoff_max = \"1s\"\n"),
        "policy.toml:2:22: defaults.quarantine_backoff: \
         the first quarantine, 2s, is longer than the longest, 1s (set at policy.toml:3)"
    );
    // Each by itself is fine; the tenant's and the hook point's come together at one place.
    assert_eq!(
        errors(
            "[hooks.\"a.b\"]\nquarantine_backoff = \"4min\"\n[tenants.acme]\nquarantine_backoff_max = \"3min\"\n\
             [tenants.other]\nquarantine_backoff_max = \"3min\"\n"
        ),
        "policy.toml:2:22: hooks.\"a.b\".quarantine_backoff: \
         the first quarantine, 4min, is longer than the longest, 3min (set at policy.toml:4)"
    );
    // What is not written here is the preset's.
    assert_eq!(
        errors("[tenants.acme]\nquarantine_backoff_max = \"999ms\"\n"),
        "policy.toml:2:26: tenants.acme.quarantine_backoff_max: \
         the first quarantine, 1s, is longer than the longest, 999ms (set at policy.toml:2)"
    );
    for text in ["quarantine_backoff_max = \"1s\"", "quarantine_backoff = \"5min\""] {
        parse(&format!("[defaults]\n{text}\n"));
    }
}
