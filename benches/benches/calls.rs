//! Every row of the summary; see the library for what is compared with what.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, anyhow};
use criterion::{Criterion, criterion_group, criterion_main};
use tenterhook::policies::State;
use tenterhook_benches::frr::Frr;
use tenterhook_benches::integer::{self, IntegerArgs};
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
