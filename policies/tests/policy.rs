//! What a valid policy says: presets, limits, precedence, origins. What an invalid one is told is in `errors.rs`.

use tenterhook_policies::{
    BudgetField, Ceilings, DenialCause, DiagnosticKind, Disposition, FaultCause, Grant, OtherTenants, Policy, Preset,
    ResultValue, Rules, State, UnknownTenant,
};

fn parse(text: &str) -> Policy {
    Policy::parse(text, "policy.toml").unwrap_or_else(|error| panic!("{error}\nin\n{text}"))
}

fn rules(policy: &Policy, tenant: &str, hook: &str) -> Rules {
    policy.resolve(tenant, hook).unwrap_or_else(|error| panic!("{error}"))
}

/// What is wrong with a file that has exactly one problem.
fn problem(text: &str) -> DiagnosticKind {
    let error = Policy::parse(text, "policy.toml").expect_err(text);
    assert_eq!(error.diagnostics().len(), 1, "{error}\nin\n{text}");
    error.diagnostics()[0].kind.clone()
}

/// The sections that may hold budgets, each with the tenant and hook point that it applies to.
const SECTIONS: [&str; 4] = ["defaults", "hooks.\"a.b\"", "tenants.acme", "tenants.acme.hooks.\"a.b\""];

#[test]
fn an_empty_file_is_the_default_preset() {
    let (empty, preset) = (parse(""), Policy::preset(Preset::Default));
    assert_eq!(empty.ceilings(), preset.ceilings());
    assert_eq!(empty.unknown_tenants(), preset.unknown_tenants());
    assert_eq!(empty.defaults(), preset.defaults());
    assert_eq!(rules(&empty, "acme", "a.b"), preset.defaults());
}

#[test]
fn presets_have_the_documented_values() {
    let listed = |preset| {
        let policy = Policy::preset(preset);
        let (rules, ceilings) = (policy.defaults(), policy.ceilings());
        BudgetField::ALL
            .map(|field| (field.amount(rules.budget.get(field)), field.amount(ceilings.get(field))))
            .map(|(budget, ceiling)| format!("{budget:#} of {ceiling:#}"))
    };
    assert_eq!(
        listed(Preset::Default),
        [
            "10M of 1G",
            "4MiB of 256MiB",
            "1MiB of 64MiB",
            "256KiB of 4MiB",
            "64KiB of 4MiB",
            "100 of 10K",
            "16KiB of 1MiB"
        ]
    );
    assert_eq!(
        listed(Preset::Strict),
        [
            "1M of 10M",
            "1MiB of 4MiB",
            "512KiB of 1MiB",
            "64KiB of 256KiB",
            "4KiB of 64KiB",
            "16 of 100",
            "2KiB of 16KiB"
        ]
    );
    assert_eq!(Policy::preset(Preset::Default).unknown_tenants(), OtherTenants::Default);
    assert_eq!(Policy::preset(Preset::Strict).unknown_tenants(), OtherTenants::Refuse);
}

#[test]
fn preset_texts_are_policy_files() {
    for preset in Preset::ALL {
        let policy = parse(preset.text());
        assert_eq!(policy.ceilings(), Policy::preset(preset).ceilings());
        assert_eq!(policy.defaults().budget, Policy::preset(preset).defaults().budget);
        assert_eq!(policy.unknown_tenants(), Policy::preset(preset).unknown_tenants());
    }
}

#[test]
fn a_file_builds_on_the_preset_that_it_names() {
    let policy = parse("preset = \"strict\"\n[defaults]\nfuel = \"2M\"\n");
    assert_eq!(policy.ceilings(), Ceilings::STRICT);
    assert_eq!(policy.unknown_tenants(), OtherTenants::Refuse);
    let strict = Policy::preset(Preset::Strict).defaults();
    assert_eq!(policy.defaults().budget, strict.budget.with(BudgetField::Fuel, 2_000_000));
    assert_eq!(policy.defaults().origins.field(BudgetField::Memory).file.as_ref(), "<strict preset>");
    assert_eq!(parse("preset = \"default\"").defaults(), parse("").defaults());
}

#[test]
fn every_budget_is_held_to_the_hard_bounds_in_every_section() {
    for field in BudgetField::ALL {
        let info = field.info();
        // The ceiling is out of the way at the hard maximum.
        let ceilings = format!("[ceilings]\n{} = {}\n", info.name, info.max);
        for section in SECTIONS {
            let text = |value: u64| format!("{ceilings}[{section}]\n{} = {value}\n", info.name);
            for value in [info.min, info.min + 1, info.max - 1, info.max] {
                let rules = rules(&parse(&text(value)), "acme", "a.b");
                assert_eq!(rules.budget.get(field), value, "{} in {section}", info.name);
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
fn every_budget_is_held_to_its_ceiling_in_every_section() {
    for field in BudgetField::ALL {
        let name = field.info().name;
        for (preset, ceilings) in [(Preset::Default, Ceilings::DEFAULT), (Preset::Strict, Ceilings::STRICT)] {
            let inherited = ceilings.get(field);
            // The preset's own ceiling, and a lower one that the file sets.
            for (written, ceiling) in
                [(String::new(), inherited), (format!("{name} = {}", inherited - 3), inherited - 3)]
            {
                for section in SECTIONS {
                    let default = Policy::preset(preset).defaults().budget.get(field).min(ceiling);
                    let defaults = match section {
                        "defaults" => String::new(),
                        _ => format!("[defaults]\n{name} = {default}\n"),
                    };
                    let text = |value: u64| {
                        format!(
                            "preset = \"{preset}\"\n[ceilings]\n{written}\n{defaults}[tenants.acme]\n[{section}]\n{name} = {value}\n"
                        )
                        .replace("[tenants.acme]\n[tenants.acme]", "[tenants.acme]")
                    };
                    for value in [ceiling - 1, ceiling] {
                        let rules = rules(&parse(&text(value)), "acme", "a.b");
                        assert_eq!(rules.budget.get(field), value, "{name} in {section}");
                    }
                    match problem(&text(ceiling + 1)) {
                        DiagnosticKind::OverCeiling { value, ceiling: told, .. } => {
                            assert_eq!(value, field.amount(ceiling + 1));
                            assert_eq!(told, field.amount(ceiling));
                        }
                        other => panic!("{name} in {section}: {other:?}"),
                    }
                }
            }
        }
    }
}

#[test]
fn every_ceiling_is_held_to_the_hard_bounds() {
    for field in BudgetField::ALL {
        let info = field.info();
        // With the least budget as default, so that no ceiling is under the default.
        let text =
            |value: u64| format!("[ceilings]\n{name} = {value}\n[defaults]\n{name} = {}\n", info.min, name = info.name);
        for value in [info.min, info.min + 1, info.max - 1, info.max] {
            let policy = parse(&text(value));
            assert_eq!(policy.ceilings().get(field), value, "{}", info.name);
            assert_eq!(policy.ceiling_origin(field).to_string(), "policy.toml:2");
        }
        if let Some(under) = info.min.checked_sub(1) {
            let (value, min) = (field.amount(under), field.amount(info.min));
            assert_eq!(problem(&text(under)), DiagnosticKind::UnderMinimum { value, min });
        }
        let (value, max) = (field.amount(info.max + 1), field.amount(info.max));
        assert_eq!(problem(&text(info.max + 1)), DiagnosticKind::OverMaximum { value, max });
    }
}

#[test]
fn every_ceiling_is_held_to_the_default_that_the_file_leaves_alone() {
    for field in BudgetField::ALL {
        let name = field.info().name;
        let inherited = Policy::preset(Preset::Default).defaults().budget.get(field);
        for (ceiling, ok) in [(inherited + 1, true), (inherited, true), (inherited - 1, false)] {
            let alone = format!("[ceilings]\n{name} = {ceiling}\n");
            if ok {
                assert_eq!(parse(&alone).defaults().budget.get(field), inherited);
            } else {
                assert!(matches!(problem(&alone), DiagnosticKind::CeilingUnderDefault { .. }), "{name}");
            }
            let with_default = format!("{alone}[defaults]\n{name} = {}\n", ceiling.min(inherited));
            assert_eq!(parse(&with_default).ceilings().get(field), ceiling);
        }
    }
}

/// Each field and the state, set in any combination of sections: the most specific section that sets it counts.
#[test]
fn the_most_specific_section_counts_field_by_field() {
    for written in 0..16_u32 {
        let mut text = String::from("unknown_tenants = \"default\"\n[tenants.acme.hooks.other]\nstate = \"kept\"\n");
        let mut lines = Vec::new();
        for (i, section) in SECTIONS.into_iter().enumerate() {
            if written & (1 << i) != 0 {
                text += &format!("[{section}]\n");
                let state = if i % 2 == 0 { "kept" } else { "fresh" };
                text += &format!("state = \"{state}\"\n");
                for field in BudgetField::ALL {
                    text += &format!("{} = {}\n", field.info().name, field.info().min + i as u64);
                }
                lines.push((i, section, text.lines().count()));
            }
        }
        let policy = parse(&text);
        let expected = |applies: &[usize]| lines.iter().rev().find(|(i, ..)| applies.contains(i)).copied();
        for (tenant, hook, applies) in [
            ("acme", "a.b", &[0, 1, 2, 3][..]),
            ("acme", "unknown", &[0, 2][..]),
            ("unknown", "a.b", &[0, 1][..]),
            ("unknown", "unknown", &[0][..]),
        ] {
            let rules = rules(&policy, tenant, hook);
            for field in BudgetField::ALL {
                let origin = rules.origins.field(field);
                match expected(applies) {
                    Some((i, section, last_line)) => {
                        assert_eq!(rules.budget.get(field), field.info().min + i as u64, "{text}");
                        let line = last_line - (BudgetField::ALL.len() - 1) + field as usize;
                        assert_eq!((&*origin.file, origin.line), ("policy.toml", line), "{text}");
                        assert_eq!(&*origin.section, section);
                    }
                    None => {
                        assert_eq!(
                            rules.budget.get(field),
                            Policy::preset(Preset::Default).defaults().budget.get(field)
                        );
                        assert_eq!(&*origin.file, "<default preset>");
                    }
                }
            }
            let state =
                expected(applies).map_or(State::Fresh, |(i, ..)| if i % 2 == 0 { State::Kept } else { State::Fresh });
            assert_eq!(rules.state, state, "{tenant} at {hook} in\n{text}");
        }
        assert_eq!(rules(&policy, "acme", "other").state, State::Kept);
    }
}

/// In each section a cause is not mentioned, covered by `any`, named, or both: all 4^4 ways.
#[test]
fn a_named_cause_beats_any_in_its_section_and_any_beats_less_specific_sections() {
    for ways in 0..256_u32 {
        let mut text = String::new();
        let mut expected = None;
        for (i, section) in SECTIONS.into_iter().enumerate() {
            let (any, named) = ((ways >> (2 * i)) & 1 != 0, (ways >> (2 * i)) & 2 != 0);
            text += &format!("[{section}]\n");
            for (table, cause) in [("on_fault", "script"), ("on_denied", "busy")] {
                text += &format!("[{section}.{table}]\n");
                text += &if any { format!("any = {{ result = {{ from = \"any {i}\" }} }}\n") } else { String::new() };
                text += &if named {
                    format!("{cause} = {{ result = {{ from = \"name {i}\" }} }}\n")
                } else {
                    String::new()
                };
            }
            expected = match (any, named) {
                (_, true) => Some(format!("name {i}")),
                (true, false) => Some(format!("any {i}")),
                (false, false) => expected,
            };
        }
        let expected = match expected {
            Some(from) => Disposition::Result(vec![("from".to_owned(), ResultValue::String(from))]),
            None => Disposition::Closed,
        };
        let rules = rules(&parse(&text), "acme", "a.b");
        assert_eq!(rules.dispositions.for_fault(FaultCause::Script), &expected, "{text}");
        assert_eq!(rules.dispositions.for_denial(DenialCause::Busy), &expected, "{text}");
    }
}

#[test]
fn every_cause_can_be_named_and_leaves_the_others_alone() {
    for cause in FaultCause::ALL {
        let rules = rules(&parse(&format!("[defaults.on_fault]\n{cause} = \"skip\"\n")), "acme", "a.b");
        for other in FaultCause::ALL {
            let expected = if other == cause { Disposition::Skip } else { Disposition::Closed };
            assert_eq!(rules.dispositions.for_fault(other), &expected);
        }
        assert!(DenialCause::ALL.iter().all(|c| rules.dispositions.for_denial(*c) == &Disposition::Closed));
        assert_eq!(rules.origins.fault(cause).to_string(), "policy.toml:2");
        assert_eq!(&*rules.origins.fault(cause).section, "defaults.on_fault");
    }
    for cause in DenialCause::ALL {
        let rules = rules(&parse(&format!("[defaults.on_denied]\n{cause} = \"skip\"\n")), "acme", "a.b");
        for other in DenialCause::ALL {
            let expected = if other == cause { Disposition::Skip } else { Disposition::Closed };
            assert_eq!(rules.dispositions.for_denial(other), &expected);
        }
        assert!(FaultCause::ALL.iter().all(|c| rules.dispositions.for_fault(*c) == &Disposition::Closed));
        assert_eq!(rules.origins.denial(cause).to_string(), "policy.toml:2");
        assert_eq!(&*rules.origins.denial(cause).section, "defaults.on_denied");
    }
}

#[test]
fn any_has_the_origin_of_its_line() {
    let rules = rules(&parse("[defaults.on_fault]\nfuel = \"skip\"\nany = \"skip\"\n"), "acme", "a.b");
    assert_eq!(rules.origins.fault(FaultCause::Fuel).line, 2);
    assert_eq!(rules.origins.fault(FaultCause::Memory).line, 3);
    assert_eq!(&*rules.origins.denial(DenialCause::Fuel).file, "<default preset>");
}

#[test]
fn results_keep_the_order_of_the_file_and_the_types_of_toml() {
    let text = r#"
        [defaults.on_fault]
        any = { result = { z = true, action = "NOMATCH", metric = -5, share = 0.5, list = [1, "b", []], a = { y = 1, x = {} } } }
        host = { result = {} }
    "#;
    let rules = rules(&parse(text), "acme", "a.b");
    let named = |name: &str, value| (name.to_owned(), value);
    let expected = vec![
        named("z", ResultValue::Boolean(true)),
        named("action", ResultValue::String("NOMATCH".to_owned())),
        named("metric", ResultValue::Integer(-5)),
        named("share", ResultValue::Float(0.5)),
        named(
            "list",
            ResultValue::List(vec![
                ResultValue::Integer(1),
                ResultValue::String("b".to_owned()),
                ResultValue::List(Vec::new()),
            ]),
        ),
        named(
            "a",
            ResultValue::Record(vec![named("y", ResultValue::Integer(1)), named("x", ResultValue::Record(Vec::new()))]),
        ),
    ];
    assert_eq!(rules.dispositions.for_fault(FaultCause::Fuel), &Disposition::Result(expected));
    assert_eq!(rules.dispositions.for_fault(FaultCause::Host), &Disposition::Result(Vec::new()));
}

#[test]
fn result_integers_have_64_bits() {
    for value in [i64::MIN, -1, 0, i64::MAX] {
        let policy = parse(&format!("[defaults.on_fault]\nany = {{ result = {{ n = {value} }} }}"));
        let expected = Disposition::Result(vec![("n".to_owned(), ResultValue::Integer(value))]);
        assert_eq!(policy.defaults().dispositions.for_fault(FaultCause::Fuel), &expected);
    }
    for value in [i128::from(i64::MIN) - 1, i128::from(i64::MAX) + 1] {
        let kind = problem(&format!("[defaults.on_fault]\nany = {{ result = {{ n = {value} }} }}"));
        assert!(matches!(kind, DiagnosticKind::Expected { .. }), "{kind:?}");
    }
}

#[test]
fn amounts_may_be_numbers_or_strings() {
    for (written, value) in
        [("5_000_000", 5_000_000), ("0x4C4B40", 5_000_000), ("\"5M\"", 5_000_000), ("\"0.5 M\"", 500_000)]
    {
        let policy = parse(&format!("[defaults]\nfuel = {written}\n"));
        assert_eq!(policy.defaults().budget.fuel.get(), value, "{written}");
    }
    assert_eq!(parse("[defaults]\nmemory = \"1.5MiB\"").defaults().budget.memory.get(), 3 << 19);
}

#[test]
fn grants_belong_to_their_tenant() {
    let policy = parse(
        "[[tenants.acme.grants]]\ncapability = \"log\"\nreason = \"debugging\"\n\
         [[tenants.acme.grants]]\nreason = \"state\"\ncapability = \"kv\"\n\
         [tenants.other]\ngrants = [{ capability = \"log\", reason = \"why not\" }]\n\
         [tenants.none]\n",
    );
    let grant = |capability: &str, reason: &str| Grant { capability: capability.to_owned(), reason: reason.to_owned() };
    let acme = rules(&policy, "acme", "a.b");
    assert_eq!(acme.grants, [grant("log", "debugging"), grant("kv", "state")]);
    assert_eq!(acme.origins.grants().iter().map(|origin| origin.line).collect::<Vec<_>>(), [1, 4]);
    assert_eq!(&*acme.origins.grants()[0].section, "tenants.acme.grants");
    assert_eq!(rules(&policy, "other", "a.b").grants, [grant("log", "why not")]);
    assert_eq!(rules(&policy, "none", "a.b").grants, []);
}

#[test]
fn unknown_tenants_are_refused_where_the_file_names_any_and_does_not_say_otherwise() {
    for (text, unknown) in [
        ("", true),
        ("[defaults]\nfuel = \"1M\"\n[hooks.\"a.b\"]\n[[operators]]\nuid = 1\ntenants = [\"*\"]\n", true),
        ("[[placement]]\nhook = \"*\"\ntenants = [\"*\"]\n", true),
        ("[tenants.acme]\n", false),
        ("[[operators]]\nuid = 1\ntenants = [\"acme\"]\n", false),
        ("[[placement]]\nhook = \"a.b\"\ntenants = [\"acme\"]\n", false),
        ("[hooks.\"a.b\"]\nrequired = [\"acme/limit\"]\n", false),
        ("unknown_tenants = \"default\"\n[tenants.acme]\n", true),
        ("unknown_tenants = \"refuse\"\n", false),
        ("preset = \"strict\"\n", false),
        ("preset = \"strict\"\nunknown_tenants = \"default\"\n", true),
    ] {
        let policy = parse(text);
        assert_eq!(policy.resolve("other", "a.b").is_ok(), unknown, "{text}");
        assert_eq!(policy.admit("other").is_ok(), unknown, "{text}");
        let named = text.contains("acme");
        assert_eq!(policy.resolve("acme", "a.b").is_ok(), named || unknown, "{text}");
        assert_eq!(policy.named_tenants().contains("acme"), named, "{text}");
        // Whoever may come has rules that hook points are held against.
        let everybody = usize::from(unknown || (named && !text.contains("[tenants.acme]")));
        assert_eq!(policy.everybody("a.b").count(), everybody + usize::from(text.contains("[tenants.acme]")), "{text}");
    }
    assert_eq!(Policy::preset(Preset::Strict).unknown_tenants(), OtherTenants::Refuse);
}

#[test]
fn a_refused_tenant_hears_which_one_was_probably_meant() {
    let policy = parse("[tenants.acme]\n[[operators]]\nuid = 1\ntenants = [\"globex\"]\n");
    for (tenant, hint) in [("acem", "; did you mean acme?"), ("globx", "; did you mean globex?"), ("initech", "")] {
        let error = policy.resolve(tenant, "a.b").expect_err("not named").to_string();
        let expected = format!("tenant {tenant} is not named in policy.toml, which rejects unknown tenants{hint}");
        assert_eq!(error, expected);
    }
}

#[test]
fn hook_points_may_require_attachments() {
    let policy = parse(
        "[hooks.\"a.b\"]\nfuel = \"1M\"\nrequired = [\"acme/limit\", \"peer/block\", \"acme/limit\"]\n\
         closed = { verdict = \"REFUSE\" }\n[hooks.\"c.d\"]\nclosed = {}\n[hooks.\"e.f\"]\n",
    );
    let requirement = policy.requirement("a.b").expect("it was written");
    let required: Vec<String> = requirement.required.iter().map(ToString::to_string).collect();
    assert_eq!(required, ["acme/limit", "peer/block"], "each once");
    assert_eq!(requirement.required[1].origin.to_string(), "policy.toml:3");
    let closed = requirement.closed.as_ref().expect("it was written");
    assert_eq!(closed.results, [("verdict".to_owned(), ResultValue::String("REFUSE".into()))]);
    assert_eq!((&*closed.origin.key, closed.origin.line), ("hooks.\"a.b\".closed", 4));
    let hooks: Vec<(&str, usize)> = policy.requirements().map(|(hook, of)| (hook, of.required.len())).collect();
    assert_eq!(hooks, [("a.b", 2), ("c.d", 0)]);
    assert_eq!(rules(&policy, "acme", "a.b").budget.fuel.get(), 1_000_000, "the rest of the section counts");
    let many = |count: usize| {
        let names: Vec<String> = (0..count).map(|i| format!("\"t/x{i}\"")).collect();
        Policy::parse(&format!("[hooks.\"a.b\"]\nrequired = [{}]\n", names.join(", ")), "policy.toml").is_ok()
    };
    assert_eq!([0, 1, 63, 64, 65].map(many), [false, true, true, true, false]);
}

#[test]
fn what_a_hook_point_cannot_require_is_told_with_its_place() {
    let list = "an array of 1 to 64 attachments, each written as \"TENANT/NAME\"";
    for (line, error) in [
        ("required = \"acme/limit\"", format!("2:12: hooks.\"a.b\".required: expected {list}, found \"acme/limit\"")),
        ("required = []", format!("2:12: hooks.\"a.b\".required: expected {list}, found an array")),
        ("required = [1]", "2:13: hooks.\"a.b\".required[0]: expected a string, found 1".into()),
        (
            "required = [\"limit\"]",
            "2:13: hooks.\"a.b\".required[0]: expected an attachment, written as \"TENANT/NAME\", found \"limit\""
                .into(),
        ),
        ("closed = \"REFUSE\"", "2:10: hooks.\"a.b\".closed: expected a table, found \"REFUSE\"".into()),
        ("requird = []", "2:1: hooks.\"a.b\".requird: unknown key; did you mean `required`?".into()),
    ] {
        let error_found =
            Policy::parse(&format!("[hooks.\"a.b\"]\n{line}\n"), "policy.toml").expect_err(line).to_string();
        assert_eq!(error_found, format!("policy.toml:{error}"), "{line}");
    }
    for name in ["/x", "acme/", "a b/x", "acme/x/y", "acme/.x", "acme/é"] {
        let text = format!("[hooks.\"a.b\"]\nrequired = [\"{name}\"]\n");
        let error = Policy::parse(&text, "policy.toml").expect_err(name).to_string();
        assert!(error.contains("name: expected 1 to 64 of A-Z a-z 0-9 _ . -"), "{error}");
    }
    // Whoever is about one tenant says nothing of what all need.
    let error =
        Policy::parse("[tenants.acme.hooks.\"a.b\"]\nrequired = [\"acme/x\"]\n", "policy.toml").expect_err("no");
    assert!(
        error.to_string().starts_with("policy.toml:2:1: tenants.acme.hooks.\"a.b\".required: unknown key"),
        "{error}"
    );
}

#[test]
fn names_that_no_tenant_can_have_are_refused_even_where_others_are_allowed() {
    let policy = parse("");
    for tenant in ["", "..", "a/b", "a b", &"a".repeat(65)] {
        assert!(matches!(policy.resolve(tenant, "a.b"), Err(UnknownTenant::Name(_))), "{tenant:?}");
    }
    assert!(policy.resolve(&"a".repeat(64), "a.b").is_ok());
}

#[test]
fn a_policy_lists_whom_and_what_it_names() {
    let policy = parse("[tenants.b.hooks.\"z.z\"]\n[tenants.a]\n[hooks.\"y.y\"]\n[tenants.a.hooks.\"y.y\"]\n");
    assert_eq!(policy.tenants().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(policy.hooks().collect::<Vec<_>>(), ["y.y", "z.z"]);
    assert_eq!(policy.file(), "policy.toml");
}
