//! What a hook point comes to while protection is missing: how it is declared, refused, listed and read back.
#![cfg(feature = "json")]

use tenterhook_hooks::schema::{Chain, Declaration, DeclarationBuilder, Required, Type};
use tenterhook_hooks::value::Value;
use tenterhook_hooks::{HookEnum, HookPoint, hook_point};

/// What to do.
#[derive(HookEnum, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// In.
    Allow = 0,
    /// Out.
    Refuse = 2,
}

hook_point! {
    /// Lets in.
    pub Admit = "test.admit", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result verdict: Verdict = Verdict::Allow,
        /// Why.
        result reason: u8 = 0,
        closed verdict = Verdict::Refuse,
        closed reason = 7,
        require "acme/limit",
        require "acme/block",
    }

    /// Lets in, and is closed by nobody.
    pub Open = "test.admit", version 1, chain first {
        /// A number.
        arg n: i64,
        /// What to do.
        result verdict: Verdict = Verdict::Allow,
        /// Why.
        result reason: u8 = 0,
    }
}

fn start() -> DeclarationBuilder {
    Declaration::builder("a.b", 1).result("score", Type::INTEGER, Value::Integer(0), "a score")
}

#[test]
fn a_hook_point_says_what_closed_is_and_what_it_requires() {
    let admit = Admit::declaration();
    let closed = admit.closed.as_ref().expect("it was declared");
    assert_eq!(closed.lines(admit), ["verdict = REFUSE", "reason = 7"]);
    assert_eq!(closed.results(), [(0, Value::Enum(1)), (1, Value::Integer(7))]);
    let required: Vec<String> = admit.required.iter().map(Required::to_string).collect();
    assert_eq!(required, ["acme/limit", "acme/block"]);
    assert_eq!(admit.fingerprint(), Open::declaration().fingerprint(), "scripts do not notice");
    assert_eq!((&Open::declaration().closed, Open::declaration().required.len()), (&None, 0));
}

#[test]
fn listings_have_it_and_read_it_back() {
    let admit = Admit::declaration();
    let json = admit.to_json();
    assert_eq!(json["closed"], serde_json::json!({ "verdict": "REFUSE", "reason": 7 }));
    assert_eq!(json["required"], serde_json::json!(["acme/limit", "acme/block"]));
    let read = Declaration::from_json(&json, &[]).expect("it was written so");
    assert_eq!((read.closed.as_ref().map(|c| c.lines(&read).len()), &read.required), (Some(2), &admit.required));
    assert!(Open::declaration().to_json().get("closed").is_none());
    let mut wrong = json.clone();
    wrong["closed"] = serde_json::json!({ "verdict": "MAYBE" });
    let error = Declaration::from_json(&wrong, &[]).expect_err("no such verdict").to_string();
    assert!(error.starts_with("test.admit.closed.verdict: "), "{error}");
}

#[test]
fn what_cannot_close_is_refused() {
    let refusal = |builder: DeclarationBuilder| builder.build().expect_err("must be refused").to_string();
    let many = |count: usize| {
        (0..count).fold(start().closed("score", Value::Integer(1)), |b, i| b.require(&format!("a/x{i}")))
    };
    for (builder, reason) in [
        (start().closed("skore", Value::Integer(1)), "closed result 'skore': no such result"),
        (start().closed("score", Value::Nil), "closed result score: the value does not fit integer"),
        (
            start().closed("score", Value::Integer(1)).closed("score", Value::Integer(2)),
            "closed result score: it is set twice",
        ),
        (
            start().require("acme/limit"),
            "it requires acme/limit but declares no closed result, which applies without the attachment",
        ),
        (
            start().chain(Chain::Observe).closed("score", Value::Integer(1)),
            "a hook point that observes decides nothing, so it cannot have a closed result",
        ),
        (
            start().closed("score", Value::Integer(-1)).forbid_result("score", Value::Integer(-1)),
            "the closed result: a.b forbids score = -1",
        ),
        (many(65), "expected at most 64 required attachments"),
    ] {
        let error = refusal(builder);
        assert!(error.starts_with(&format!("hook point a.b: {reason}")), "{error}");
    }
    for text in ["", "acme", "acme/", "/x", "a/b/c", "a b/c", ".a/b", "acme/é", &format!("a/{}", "x".repeat(65))] {
        let error = refusal(start().closed("score", Value::Integer(1)).require(text));
        assert!(error.ends_with("expected TENANT/NAME, such as acme/limit"), "{error}");
    }
    for count in [63, 64] {
        assert_eq!(many(count).build().map(|d| d.required.len()), Ok(count));
    }
    let longest = format!("{}/{}", "t".repeat(64), "n".repeat(64));
    start().closed("score", Value::Integer(1)).require(&longest).build().expect("names of 64 bytes");
}
