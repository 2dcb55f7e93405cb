//! Every row of the summary; see the library for what is compared with what.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow};
use criterion::{Criterion, criterion_group, criterion_main};
use tenterhook::policies::{DenialCause, State};
use tenterhook_benches::frr::Frr;
use tenterhook_benches::integer::{self, IntegerArgs};
use tenterhook_benches::limits::{self, Limited};
use tenterhook_benches::many::Many;
use tenterhook_benches::native::Native;
use tenterhook_benches::sandbox::Sandbox;
use tenterhook_benches::script::{self, Script};
use tenterhook_benches::wasm::EmptyCall;
use tenterhook_benches::{agreement, route};

const STATES: [(&str, State); 2] = [("kept", State::Kept), ("fresh", State::Fresh)];

fn calls(c: &mut Criterion) {
    if let Err(error) = all(c) {
        panic!("{error:#}");
    }
}

fn all(c: &mut Criterion) -> Result<()> {
    let sandbox = Sandbox::new()?;
    agreement::check(&sandbox)?;
    no_attachment(c, &sandbox)?;
    one_integer(c, &sandbox)?;
    route_match(c, &sandbox, "route_match_2_fields", script::TWO_FIELDS)?;
    route_match(c, &sandbox, "route_match_all_fields", script::ALL_FIELDS)?;
    route_match(c, &sandbox, "route_match_change", script::CHANGE)?;
    chain(c)?;
    alternating(c)?;
    denied(c)?;
    admission(c)?;
    deadline(c)?;
    wasm_empty_call(c)
}

/// A hook point that nobody uses.
fn no_attachment(c: &mut Criterion, sandbox: &Sandbox) -> Result<()> {
    let args = route::timed()?;
    // The outcome stays where it is, as it does for a caller who looks at it; moving it would cost more than making it.
    c.bench_function("no_attachment", |b| {
        b.iter(|| {
            black_box(&sandbox.route_match.invoke(black_box(&args)));
        });
    });
    Ok(())
}

fn one_integer(c: &mut Criterion, sandbox: &Sandbox) -> Result<()> {
    let mut group = c.benchmark_group("one_integer");
    let args = IntegerArgs { n: integer::TIMED };
    for (name, state) in STATES {
        let link = sandbox.attach_integer(script::INTEGER, state)?;
        group.bench_function(name, |b| b.iter(|| sandbox.integer.invoke(black_box(&args))));
        link.detach()?;
    }
    let native = Native::new(script::INTEGER, "integer")?;
    group.bench_function("mlua", |b| b.iter(|| native.integer(black_box(integer::TIMED))));
    group.finish();
    Ok(())
}

fn route_match(c: &mut Criterion, sandbox: &Sandbox, name: &str, script: Script) -> Result<()> {
    let mut group = c.benchmark_group(name);
    let args = route::timed()?;
    for (name, state) in STATES {
        let link = sandbox.attach_route_match(script, state)?;
        group.bench_function(name, |b| b.iter(|| sandbox.route_match.invoke(black_box(&args))));
        link.detach()?;
    }
    let mut native = Native::new(script, "route_match")?;
    group.bench_function("mlua_tables", |b| b.iter(|| native.route_match(black_box(&args))));
    let frr = Frr::new(script)?;
    group.bench_function("frr_pattern", |b| b.iter(|| frr.route_match(black_box(&args))));
    if let Some(bare) = Frr::bare(script)? {
        group.bench_function("frr_bare", |b| b.iter(|| bare.route_match(black_box(&args))));
    }
    group.finish();
    Ok(())
}

/// Chains of so many scripts, state fresh.
fn chain(c: &mut Criterion) -> Result<()> {
    let mut group = c.benchmark_group("chain");
    for scripts in [1, 2, 5, 8] {
        let many = Many::chain(scripts)?;
        many.check()?;
        group.bench_function(scripts.to_string(), |b| b.iter(|| many.invoke(0)));
    }
    group.finish();
    Ok(())
}

/// So many attachments of as many tenants in turn, and at random.
fn alternating(c: &mut Criterion) -> Result<()> {
    let mut group = c.benchmark_group("alternating");
    for attachments in [2, 10, 100, 10_000] {
        let many = Many::apart(attachments)?;
        many.check()?;
        let mut at = 0usize;
        group.bench_function(attachments.to_string(), |b| {
            b.iter(|| {
                at += 1;
                many.invoke(at)
            });
        });
        if attachments == 10_000 {
            group.bench_function("random", |b| {
                b.iter(|| {
                    at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    many.invoke(at >> 33)
                });
            });
        }
    }
    group.finish();
    Ok(())
}

/// Calls that the policy refuses, by cause: outcome and all.
fn denied(c: &mut Criterion) -> Result<()> {
    let mut group = c.benchmark_group("denied");
    for cause in DenialCause::ALL {
        let mut time = |limited: &Limited| {
            let args = IntegerArgs { n: integer::TIMED };
            group.bench_function(cause.as_str(), |b| {
                b.iter(|| {
                    black_box(&limited.hook.invoke(black_box(&args)));
                });
            });
        };
        if cause == DenialCause::Busy {
            limits::busy(&mut time)?;
        } else {
            time(&Limited::denying(cause)?);
        }
    }
    group.finish();
    Ok(())
}

/// What it costs to be let in and to settle up, beside the place in the pool.
fn admission(c: &mut Criterion) -> Result<()> {
    let limited = Limited::new("", script::INTEGER.source, State::Fresh, |host| host)?;
    let (whole, place) = limited.host.inspect_admission(limited.link().id()).context("an attachment")?;
    let mut group = c.benchmark_group("admission");
    group.bench_function("with_budgets", |b| b.iter(&whole));
    group.bench_function("place_alone", |b| b.iter(&place));
    group.finish();
    Ok(())
}

/// A call and a loop on a host without deadlines and on one with, and how late a call ends that would not.
fn deadline(c: &mut Criterion) -> Result<()> {
    const LOOP: &str =
        "function integer(n) local sum = 0 for i = 1, 1e5 do sum = sum + i % 7 end return { next = sum } end";
    let mut group = c.benchmark_group("deadline");
    for (name, source) in [("call", script::INTEGER.source), ("loop", LOOP)] {
        for (kind, deadlines) in [("without", false), ("with", true)] {
            let lines = if deadlines { "deadline = \"1s\"" } else { "" };
            let limited = Limited::new(lines, source, State::Kept, |host| host.deadlines(deadlines))?;
            let args = IntegerArgs { n: integer::TIMED };
            group.bench_function(format!("{name}_{kind}"), |b| b.iter(|| limited.hook.invoke(black_box(&args))));
        }
    }
    let lines = "deadline = \"5ms\"\nfuel = \"1G\"";
    let forever = "function integer() while true do end end";
    let limited = Limited::new(lines, forever, State::Fresh, |host| host.deadlines(true))?;
    group.sample_size(10);
    group.bench_function("overshoot_of_5ms", |b| {
        b.iter_custom(|times| {
            let late = |_| {
                let start = Instant::now();
                black_box(&limited.hook.invoke(&IntegerArgs { n: integer::TIMED }));
                start.elapsed().saturating_sub(Duration::from_millis(5))
            };
            (0..times).map(late).sum()
        });
    });
    group.finish();
    Ok(())
}

fn wasm_empty_call(c: &mut Criterion) -> Result<()> {
    let mut empty = EmptyCall::new()?;
    empty.call().map_err(|e| anyhow!("{e:#}"))?;
    c.bench_function("wasm_empty_call", |b| b.iter(|| empty.call()));
    Ok(())
}

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(50)
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .without_plots()
}

criterion_group! { name = benches; config = settings(); targets = calls }
criterion_main!(benches);
