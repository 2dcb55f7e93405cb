//! What an invalid policy file is told, word for word.

use tenterhook_policies::Policy;

/// The keys of `[ceilings]`.
const CEILINGS: &str = "fuel, memory, image, args, answer, log_lines, log_bytes, calls_per_second, calls_burst, script_size, \
     load_fuel, loads_per_second, loads_burst, fuel_per_second, fuel_burst, attachments, total_memory, disk, kept_executors, \
     reserved_calls, log_lines_per_second, log_bytes_per_second";

/// The keys of `[defaults]`.
const SECTION: &str = "fuel, memory, image, args, answer, log_lines, log_bytes, calls_per_second, calls_burst, script_size, \
     load_fuel, loads_per_second, loads_burst, fuel_per_second, fuel_burst, attachments, total_memory, disk, kept_executors, \
     reserved_calls, log_lines_per_second, log_bytes_per_second, quarantine_faults, quarantine_window, \
     quarantine_backoff, quarantine_backoff_max, quarantine_probes, state, memory_errors, deadline, quarantine, on_fault, on_denied";

fn errors(text: &str) -> String {
    Policy::parse(text, "policy.toml").expect_err(text).to_string()
}

#[test]
fn over_the_ceiling_names_the_ceilings_line() {
    assert_eq!(
        errors("[ceilings]\n\nfuel = \"100M\"\n\n[tenants.acme]\nfuel = \"500M\"\n"),
        "policy.toml:6:8: tenants.acme.fuel: 500M is over the ceiling of 100M (set at policy.toml:3)"
    );
    assert_eq!(
        errors("[hooks.\"web.request\"]\nmemory = \"512MiB\"\n"),
        "policy.toml:2:10: hooks.\"web.request\".memory: \
         512MiB is over the ceiling of 256MiB (set at <default preset>:11)"
    );
}

#[test]
fn hard_bounds_are_named() {
    assert_eq!(errors("[defaults]\nfuel = 0\n"), "policy.toml:2:8: defaults.fuel: 0 is under the minimum of 10K");
    assert_eq!(
        errors("[ceilings]\nmemory = \"1025MiB\"\n"),
        "policy.toml:2:10: ceilings.memory: 1025MiB is over the maximum of 1GiB"
    );
}

#[test]
fn a_ceiling_under_an_inherited_default_is_told_which() {
    assert_eq!(
        errors("[ceilings]\nfuel = \"5M\"\n"),
        "policy.toml:2:8: ceilings.fuel: 5M is under the default of 10M (set at <default preset>:34); \
         set a lower default too"
    );
}

#[test]
fn unknown_keys_get_the_nearest_or_the_list() {
    assert_eq!(errors("default = 1\n"), "policy.toml:1:1: default: unknown key; did you mean `defaults`?");
    assert_eq!(
        errors("limits = 1\n"),
        "policy.toml:1:1: limits: unknown key; expected one of \
         preset, unknown_tenants, ceilings, defaults, hooks, tenants, operators, placement"
    );
    assert_eq!(
        errors("[tenants.acme]\nfule = 1\n"),
        "policy.toml:2:1: tenants.acme.fule: unknown key; did you mean `fuel`?"
    );
    assert_eq!(
        errors("[defaults]\n  timeout = 1\n"),
        format!(
            "policy.toml:2:3: defaults.timeout: unknown key; expected one of \
         {SECTION}"
        )
    );
    assert_eq!(
        errors("[tenants.acme]\ntimeout = 1\n"),
        format!(
            "policy.toml:2:1: tenants.acme.timeout: unknown key; expected one of \
         {SECTION}, hooks, grants"
        )
    );
    assert_eq!(
        errors("[ceilings]\nstate = \"kept\"\n"),
        format!(
            "policy.toml:2:1: ceilings.state: unknown key; expected one of \
         {CEILINGS}"
        )
    );
    assert_eq!(
        errors("[defaults.on_fault]\nbusy = \"skip\"\n"),
        "policy.toml:2:1: defaults.on_fault.busy: unknown key; expected one of \
         fuel, memory, stack, script, answer, load, host, deadline, any"
    );
    assert_eq!(
        errors("[defaults.on_denied]\nquarantined = \"skip\"\n"),
        "policy.toml:2:1: defaults.on_denied.quarantined: unknown key; did you mean `quarantine`?"
    );
    assert_eq!(
        errors("[defaults.on_fault]\nany = { results = {} }\n"),
        "policy.toml:2:7: defaults.on_fault.any: `result` is missing\n\
         policy.toml:2:9: defaults.on_fault.any.results: unknown key; did you mean `result`?"
    );
    assert_eq!(
        errors("[[tenants.acme.grants]]\ncapability = \"log\"\nreason = \"r\"\nquota = 1\n"),
        "policy.toml:4:1: tenants.acme.grants[0].quota: unknown key; expected one of capability, reason"
    );
    assert_eq!(
        errors("[[defaults.grants]]\ncapability = \"log\"\nreason = \"r\"\n"),
        format!(
            "policy.toml:1:12: defaults.grants: unknown key; expected one of \
         {SECTION}"
        )
    );
}

#[test]
fn names_with_dots_want_quotes() {
    assert_eq!(
        errors("[hooks.web.request]\nfuel = \"1M\"\n"),
        "policy.toml:1:12: hooks.web.request: unknown key; \
         a name that contains a dot must be quoted: \"web.request\""
    );
    assert_eq!(
        errors("[tenants.acme.corp]\n"),
        "policy.toml:1:15: tenants.acme.corp: unknown key; \
         a name that contains a dot must be quoted: \"acme.corp\""
    );
}

#[test]
fn wrong_types_are_told_what_was_expected() {
    let fuel = r#"a whole number or a string such as "500K", "10M" or "2G""#;
    for (written, found) in [
        ("1.5", "1.5"),
        ("-5", "-5"),
        ("true", "true"),
        ("[1]", "an array"),
        ("{ a = 1 }", "a table"),
        ("1979-05-27", "a date or time"),
    ] {
        assert_eq!(
            errors(&format!("[defaults]\nfuel = {written}\n")),
            format!("policy.toml:2:8: defaults.fuel: expected {fuel}, found {found}")
        );
    }
    for (text, error) in [
        ("defaults = 1", "1:12: defaults: expected a table, found 1"),
        ("ceilings = \"x\"", "1:12: ceilings: expected a table, found \"x\""),
        ("hooks = []", "1:9: hooks: expected a table, found an array"),
        ("hooks.x = 1", "1:11: hooks.x: expected a table, found 1"),
        ("tenants = 1", "1:11: tenants: expected a table, found 1"),
        ("tenants.acme = 1", "1:16: tenants.acme: expected a table, found 1"),
        ("defaults.on_fault = \"skip\"", "1:21: defaults.on_fault: expected a table, found \"skip\""),
        ("unknown_tenants = true", "1:19: unknown_tenants: expected \"default\" or \"refuse\", found true"),
        ("unknown_tenants = \"deny\"", "1:19: unknown_tenants: expected \"default\" or \"refuse\", found \"deny\""),
        ("preset = \"lax\"", "1:10: preset: expected \"default\" or \"strict\", found \"lax\""),
        ("defaults.state = \"warm\"", "1:18: defaults.state: expected \"fresh\" or \"kept\", found \"warm\""),
        (
            "defaults.on_fault.any = \"open\"",
            "1:25: defaults.on_fault.any: expected \"default\", \"skip\", \"closed\" or a table { result = { ... } }, found \"open\"",
        ),
        ("defaults.on_fault.any = { result = 5 }", "1:36: defaults.on_fault.any.result: expected a table, found 5"),
        (
            "defaults.on_fault.any = { result = { a = [{ b = 1979-05-27 }] } }",
            "1:49: defaults.on_fault.any.result.a[0].b: \
             expected a boolean, number, string, list or table, found a date or time",
        ),
        (
            "defaults.on_fault.any = { result = { n = 9223372036854775808 } }",
            "1:42: defaults.on_fault.any.result.n: \
             expected an integer of at most 64 bits with its sign, found 9223372036854775808",
        ),
    ] {
        assert_eq!(errors(text), format!("policy.toml:{error}"));
    }
}

#[test]
fn amounts_that_are_none() {
    for (field, written, error) in [
        (
            "fuel",
            "\"10X\"",
            "\"10X\" is not an amount: expected a whole number or a string such as \"500K\", \"10M\" or \"2G\"",
        ),
        (
            "fuel",
            "\"unlimited\"",
            "\"unlimited\" is not an amount: expected a whole number or a string such as \"500K\", \"10M\" or \"2G\"",
        ),
        (
            "args",
            "\"65536\"",
            "\"65536\" is not an amount: expected a whole number of bytes or a string such as \"512B\", \"64KiB\" or \"4MB\"",
        ),
        ("args", "\"0.3KiB\"", "\"0.3KiB\" is not a whole number of bytes"),
        (
            "log_lines",
            "\"1k\"",
            "\"1k\" is not an amount: expected a whole number or a string such as \"500\" or \"10K\"",
        ),
        ("log_lines", "\"99999999T\"", "\"99999999T\" is more pieces than can be counted"),
        ("args", "99999999999999999999", "99999999999999999999 is more bytes than can be counted"),
    ] {
        assert_eq!(
            errors(&format!("[defaults]\n{field} = {written}\n")),
            format!("policy.toml:2:{}: defaults.{field}: {error}", field.len() + 4)
        );
    }
}

#[test]
fn names_that_nothing_may_have() {
    for (text, key, shown, kind) in [
        ("tenants.\"\"", "tenants.\"\"", "\"\"", "tenant"),
        ("tenants.\" \"", "tenants.\" \"", "\" \"", "tenant"),
        ("tenants.\"a/b\"", "tenants.\"a/b\"", "\"a/b\"", "tenant"),
        ("tenants.\"..\"", "tenants.\"..\"", "\"..\"", "tenant"),
        ("tenants.\"a\\u001b\"", "tenants.\"a\\u{1b}\"", "\"a\\u{1b}\"", "tenant"),
        ("hooks.\"a b\"", "hooks.\"a b\"", "\"a b\"", "hook point"),
    ] {
        let column = 2 + text.find('.').expect("a dot") + 1;
        assert_eq!(
            errors(&format!("[{text}]\n")),
            format!(
                "policy.toml:1:{column}: {key}: {shown} is not a {kind} name: \
                 expected 1 to 64 of A-Z a-z 0-9 _ . - with no dot in front"
            )
        );
    }
    for (len, ok) in [(63, true), (64, true), (65, false)] {
        let text = format!("[tenants.{}]\n", "a".repeat(len));
        assert_eq!(Policy::parse(&text, "policy.toml").is_ok(), ok, "{len}");
    }
}

#[test]
fn grants_need_a_capability_and_a_reason() {
    for (grant, error) in [
        ("reason = \"r\"", "1:1: tenants.acme.grants[0]: `capability` is missing"),
        ("capability = \"log\"", "1:1: tenants.acme.grants[0]: `reason` is missing"),
        (
            "capability = \"log\"\nreason = \" \\t\"",
            "3:10: tenants.acme.grants[0].reason: expected a reason, found only blanks",
        ),
        ("capability = \"log\"\nreason = 1", "3:10: tenants.acme.grants[0].reason: expected a string, found 1"),
        (
            "capability = \"l g\"\nreason = \"r\"",
            "2:14: tenants.acme.grants[0].capability: \"l g\" is not a capability name: \
             expected 1 to 64 of A-Z a-z 0-9 _ . - with no dot in front",
        ),
        (
            "capability = \"log\"\nreason = \"r\"\n[[tenants.acme.grants]]\ncapability = \"log\"\nreason = \"s\"",
            "4:1: tenants.acme.grants[1]: \"log\" is granted twice (first at policy.toml:1)",
        ),
    ] {
        assert_eq!(errors(&format!("[[tenants.acme.grants]]\n{grant}\n")), format!("policy.toml:{error}"));
    }
    assert_eq!(
        errors("tenants.acme.grants = \"log\""),
        "policy.toml:1:23: tenants.acme.grants: expected an array of tables, [[tenants.acme.grants]], found \"log\""
    );
    assert_eq!(
        errors("tenants.acme.grants = [\"log\"]"),
        "policy.toml:1:24: tenants.acme.grants[0]: expected a table, found \"log\""
    );
}

#[test]
fn keys_and_tables_are_written_once() {
    assert_eq!(
        errors("[tenants.acme]\nfuel = \"1M\"\nfuel = \"2M\"\n"),
        "policy.toml:3:1: tenants.acme.fuel: defined twice"
    );
    assert_eq!(errors("[tenants.acme]\n[defaults]\n[tenants.acme]\n"), "policy.toml:3:10: tenants.acme: defined twice");
    assert_eq!(
        errors("unknown_tenants = \"default\"\nunknown_tenants = \"refuse\"\n"),
        "policy.toml:2:1: unknown_tenants: defined twice"
    );
}

#[test]
fn what_is_not_toml_is_told_where_and_in_which_section() {
    // What comes after is the TOML parser's wording.
    let error = errors("[tenants.acme]\nfuel = \n");
    assert!(error.starts_with("policy.toml:2:8: tenants.acme: not valid TOML: "), "{error}");
    let error = errors("[a\u{1b}\nb = \n");
    assert!(error.starts_with("policy.toml:1:") && !error.contains('\u{1b}'), "{error:?}");
}

#[test]
fn all_problems_are_reported_in_the_order_of_the_file() {
    assert_eq!(
        errors("[tenants.acme]\nfule = 1\n[defaults]\nstate = 1\nfuel = 1\n[ceilings]\nfuel = \"2T\"\n"),
        "policy.toml:2:1: tenants.acme.fule: unknown key; did you mean `fuel`?\n\
         policy.toml:4:9: defaults.state: expected \"fresh\" or \"kept\", found 1\n\
         policy.toml:5:8: defaults.fuel: 1 is under the minimum of 10K\n\
         policy.toml:7:8: ceilings.fuel: 2T is over the maximum of 1T"
    );
}

#[test]
fn a_wrong_ceiling_holds_nothing_back() {
    assert_eq!(
        errors("[ceilings]\nfuel = \"2T\"\n[defaults]\nfuel = \"500G\"\n"),
        "policy.toml:2:8: ceilings.fuel: 2T is over the maximum of 1T"
    );
}

#[test]
fn a_wrong_default_is_not_reported_again_as_missing() {
    assert_eq!(
        errors("[ceilings]\nfuel = \"5M\"\n[defaults]\nfuel = \"6M\"\n"),
        "policy.toml:4:8: defaults.fuel: 6M is over the ceiling of 5M (set at policy.toml:2)"
    );
}

#[test]
fn at_most_a_hundred_problems_are_kept() {
    for (count, kept, omitted) in [(99, 99, 0), (100, 100, 0), (101, 100, 1), (1000, 100, 900)] {
        let text: String = (0..count).map(|i| format!("unknown{i} = 1\n")).collect();
        let error = Policy::parse(&text, "policy.toml").expect_err("unknown keys");
        assert_eq!((error.diagnostics().len(), error.omitted()), (kept, omitted));
        let last = error.to_string().lines().last().map(str::to_owned);
        assert_eq!(last.as_deref() == Some(&*format!("and {omitted} more")), omitted > 0);
    }
}

#[test]
fn columns_count_characters_and_lines_may_end_either_way() {
    assert_eq!(
        errors("[defaults]\r\non_fault = { any = \"é\", fule = 1 }\r\n"),
        "policy.toml:2:20: defaults.on_fault.any: expected \"default\", \"skip\", \"closed\" or a table { result = { ... } }, \
         found \"é\"\n\
         policy.toml:2:25: defaults.on_fault.fule: unknown key; did you mean `fuel`?"
    );
}

#[test]
fn long_texts_are_not_repeated_in_full() {
    let long = "x".repeat(100_000);
    for text in [
        format!("{long} = 1"),
        format!("[tenants.{long}]"),
        format!("[hooks.a.{long}]"),
        format!("defaults.fuel = \"{long}\""),
        format!("defaults.fuel = {}", "9".repeat(100_000)),
        format!("defaults.state = \"{long}\""),
        format!("{long} = 1\n{long} = 1"),
        format!("[{long}]\nx = 1\nx = 1"),
    ] {
        let error = errors(&text);
        assert!(error.len() < 500, "{} bytes: {}", error.len(), &error[..500]);
    }
}
