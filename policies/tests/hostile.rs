//! Texts that nobody means: too long, too deep, or too strange.

use tenterhook_policies::{MAX_FILE, Policy};

fn errors(text: &str) -> String {
    Policy::parse(text, "policy.toml").expect_err("must be refused").to_string()
}

#[test]
fn files_over_a_mebibyte_are_not_read() {
    for size in [MAX_FILE - 1, MAX_FILE] {
        assert!(Policy::parse(&"#".repeat(size), "policy.toml").is_ok(), "{size}");
    }
    assert_eq!(
        errors(&"#".repeat(MAX_FILE + 1)),
        "policy.toml:1:1: the file has 1048577 bytes; at most 1048576 are read"
    );
}

/// Each of these has overflowed some TOML parser's stack, or would overflow the walk over its tables.
#[test]
fn deep_nesting_is_refused_before_it_is_built() {
    let key = "a.".repeat(78) + "a";
    for text in [
        format!("x = {}", "[".repeat(100_000)),
        format!("x = {}", "{a=".repeat(100_000)),
        format!("x{} = 1", ".a".repeat(100_000)),
        format!("[x{}]", ".a".repeat(100_000)),
        // Within both of the parser's own bounds, but 6,000 tables deep.
        format!("{key} = {}1{}", format!("{{{key} = ").repeat(78), "}".repeat(78)),
    ] {
        let error = errors(&text);
        assert!(error.ends_with(": tables, arrays and dotted keys nest more than 32 deep"), "{error}");
    }
}

/// Pieces of policy files in every disorder: no panic, and every problem lies within the text.
#[test]
fn no_text_is_too_strange_to_be_refused() {
    const PIECES: [&str; 34] = [
        "[defaults]\n",
        "[ceilings]\n",
        "[tenants.a]\n",
        "[hooks.\"a.b\"]\n",
        "[hooks.a.b]\n",
        "[[tenants.a.grants]]\n",
        "[defaults.on_fault]\n",
        "[tenants.a.on_denied]\n",
        "fuel = ",
        "memory = ",
        "state = ",
        "any = ",
        "answer = ",
        "unknown_tenants = ",
        "capability = ",
        "reason = ",
        "preset = ",
        "on_fault.any = ",
        "{ result = { é = 1 } }\n",
        "{ result = [] }\n",
        "\"skip\"\n",
        "\"10M\"\n",
        "\"1MiB\"\n",
        "\"strict\"\n",
        "100_000\n",
        "-1\n",
        "1e9\n",
        "é",
        ".",
        "{",
        "[",
        "\"",
        "\n",
        "# é\n",
    ];
    // A linear congruential generator: the same texts every time.
    let mut state = 1_u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % bound
    };
    let (mut accepted, mut understood) = (0, 0);
    for _ in 0..20_000 {
        let text: String = (0..below(16)).map(|_| PIECES[below(PIECES.len())]).collect();
        let Err(error) = Policy::parse(&text, "policy.toml") else {
            accepted += 1;
            continue;
        };
        assert!(!error.diagnostics().is_empty(), "{text:?}");
        understood += usize::from(!error.to_string().contains("not valid TOML"));
        for problem in error.diagnostics() {
            let line = text.split('\n').nth(problem.line - 1).unwrap_or_else(|| panic!("{problem} in {text:?}"));
            assert!((1..=line.chars().count() + 1).contains(&problem.column), "{problem} in {text:?}");
        }
    }
    assert!(accepted > 100 && understood > 100, "{accepted} accepted, {understood} refused for their meaning");
}
