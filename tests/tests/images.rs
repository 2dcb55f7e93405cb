//! What a script's memory is when it has loaded, what of it each call pays for, and whose executor a call gets.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use tenterhook::hooks::value::Value;
use tenterhook::policies::Policy;
use tenterhook::{AttachmentInfo, AttachmentStats, CallReport, Denied, FailureKind, Link, Request};
use tenterhook_tests::bench::{Bench, unique};

/// Most that an image of a small script may take in the host.
const SMALL: usize = 24 << 10;

/// A line of a source.
const LINE: &[u8] = b"-- nobody needs to keep this: QXZJ\n";

/// Whether the text is in memory; what blocks in use have left between their parts is a few bytes.
fn holds(memory: &[u8], text: &[u8]) -> bool {
    memory.windows(text.len()).any(|window| window == text)
}

fn bench(defaults: &str) -> Bench {
    let policy = Policy::parse(&format!("[defaults]\nload_fuel = \"2G\"\n{defaults}\n"), "test.toml")
        .unwrap_or_else(|e| panic!("{e}"));
    Bench::with(|builder| builder.policy(policy))
}

fn attach(bench: &Bench, tenant: &str, source: &str) -> Link {
    bench.host.attach(Request::new("test.run", tenant, source).name(unique("image"))).unwrap()
}

/// Each attachment's result, or why it was denied, with the fuel of its call.
fn call(bench: &Bench, n: i64) -> Vec<(Result<i64, Denied>, u64)> {
    let mut made = Vec::new();
    let _ = bench.hook("test.run").unwrap().invoke(
        &[Value::Integer(n), Value::String(b"text".to_vec())],
        &mut |report: &CallReport<'_>| {
            let result = match report.result {
                Ok(answer) => Ok(match answer.result(2) {
                    Some(Value::Integer(integer)) => *integer,
                    _ => 0,
                }),
                Err(FailureKind::Denied(denied)) => Err(*denied),
                Err(other) => panic!("{other:?}"),
            };
            made.push((result, report.fuel));
        },
    );
    made
}

fn info(bench: &Bench) -> AttachmentInfo {
    bench.host.attachments("test.run").into_iter().next().unwrap()
}

fn stats(bench: &Bench) -> BTreeMap<String, AttachmentStats> {
    bench.host.stats().into_iter().filter(|of| of.hook == "test.run").map(|of| (of.name.clone(), of)).collect()
}

fn sizes(bench: &Bench) -> Vec<usize> {
    let mut sizes = Vec::new();
    bench.host.inspect_executors(|memory| sizes.push(memory.len()));
    sizes
}

#[test]
fn what_a_load_leaves_behind_is_not_in_the_image() {
    let handler = "function run(n) return { integer = n } end";
    let line = String::from_utf8_lossy(LINE);
    let cases = [
        ("nothing", handler.to_owned()),
        ("a string", format!("do local s = string.rep('x', 2^20) end {handler}")),
        ("strings", format!("do local t = {{}} for i = 1, 30 do t[i] = ('QXZJ'):rep(4000) .. i end end {handler}")),
        ("a table", format!("do local t = {{}} for i = 1, 5e4 do t[i] = i end end {handler}")),
        ("comments", format!("{}{handler}", line.repeat(900_000 / line.len()))),
        ("a long comment", format!("--[==[{}]==] {handler}", "QXZJ".repeat(200_000))),
    ];
    for (what, source) in cases {
        let bench = bench("");
        let _link = attach(&bench, "acme", &source);
        let image = info(&bench);
        assert_eq!(image.memory_bytes, bench.host.base_memory(), "{what}");
        assert!(image.image_bytes <= SMALL, "{what}: {}", image.image_bytes);
        let made = call(&bench, 7);
        assert!(matches!(made[..], [(Ok(7), fuel)] if fuel < 10_000), "{what}: {made:?}");
        assert_eq!(call(&bench, 7), made, "{what}");
        bench.host.inspect_executors(|memory| {
            assert!(!holds(memory, &b"QXZJ".repeat(10)), "{what}: of the load");
            assert!(!holds(memory, LINE), "{what}: of the source");
        });
    }
}

#[test]
fn modules_sources_are_not_in_the_image() {
    let bench = bench("");
    let module = format!("{}\nreturn {{ one = 1 }}", String::from_utf8_lossy(LINE).repeat(10_000));
    let source = "local m = require 'm' function run(n) return { integer = m.one } end";
    let request = Request::new("test.run", "acme", source).module("m", module);
    let _link = bench.host.attach(request).unwrap();
    assert!(info(&bench).image_bytes <= SMALL, "{}", info(&bench).image_bytes);
    assert_eq!(call(&bench, 7)[0].0, Ok(1));
    bench.host.inspect_executors(|memory| assert!(!holds(memory, LINE)));
}

#[test]
fn memory_that_a_call_finds_costs_what_it_costs_to_ask_for_it() {
    let bench = bench("image = \"4MiB\"");
    let _link = attach(
        &bench,
        "acme",
        "t = {} for i = 1, 40 do t[i] = ('0123456789abcdef'):rep(1024) .. i end function run(n) return {} end",
    );
    let pages = ((info(&bench).memory_bytes - bench.host.base_memory()) / 65536) as u64;
    assert!(pages >= 10);
    let first = call(&bench, 7);
    assert!(first[0].1 > pages * 98_304 && first[0].1 < pages * 98_304 + 10_000, "{pages}: {first:?}");
    // Whatever the executor held before.
    assert_eq!(call(&bench, 7), first);
    let other = attach(&bench, "other", "function run(n) return {} end");
    assert_eq!(call(&bench, 7)[0], first[0]);
    drop(other);
    assert_eq!(call(&bench, 7), first);
    let stats = stats(&bench);
    let of = stats.values().next().unwrap();
    assert_eq!(of.restore_fuel, 4 * pages * 98_304);
    assert_eq!(of.fuel.total, 4 * first[0].1);
}

#[test]
fn a_tenant_with_a_large_image_is_denied_by_its_fuel_per_second() {
    let bench = bench(
        "image = \"64MiB\"\nmemory = \"64MiB\"\nfuel = \"100M\"\nfuel_per_second = \"1M\"\nfuel_burst = \"500M\"",
    );
    let _link = attach(
        &bench,
        "acme",
        "local unit = ('0123456789abcdef'):rep(65536) t = {} for i = 1, 24 do t[i] = unit .. i end function run(n) return { integer = #t } end",
    );
    let made: Vec<_> = (0..60).flat_map(|_| call(&bench, 7)).collect();
    assert_eq!(made[0].0, Ok(24));
    assert!(made[0].1 > 37_000_000, "{made:?}");
    // The load and some calls are what the burst pays for.
    let served = made.iter().take_while(|(result, _)| result.is_ok()).count();
    assert!(served <= 500 / 37, "{made:?}");
    assert!(made[served..].iter().all(|(result, _)| *result == Err(Denied::Fuel)), "{made:?}");
}

#[test]
fn attachments_called_in_turn_have_an_executor_each() {
    let bench = bench("");
    let source = "local calls = 0 function run(n) calls = calls + 1 assert(calls == 1) seen = n return {} end";
    let links: Vec<Link> = (0..8).map(|i| attach(&bench, &format!("tenant{i}"), source)).collect();
    let first = call(&bench, 1);
    assert_eq!(first.len(), 8);
    for n in 2..=10 {
        assert_eq!(call(&bench, n).len(), 8);
    }
    for (name, of) in stats(&bench) {
        assert_eq!((of.calls, of.restores_all, of.restores_touched), (10, 1, 9), "{name}");
        assert_eq!(of.fuel.total, 10 * first[0].1, "{name}");
    }
    assert_eq!(sizes(&bench).len(), 8);
    // Those of attachments that are gone are there for others.
    drop(links);
    let _links: Vec<Link> = (0..8).map(|i| attach(&bench, &format!("tenant{i}"), source)).collect();
    assert_eq!(call(&bench, 1), first);
    assert_eq!(sizes(&bench).len(), 8);
}

#[test]
fn more_attachments_than_executors_see_nothing_of_each_other() {
    let bench = bench("");
    // A second call that found what the first one left would fail; so would one that found another's.
    let source = |i: usize| {
        format!(
            "local mine = {i} function run(n) assert(kept == nil) kept = ('mark{i}'):rep(99) return {{ integer = mine * (n - 1) }} end"
        )
    };
    let links: Vec<Link> = (0..40).map(|i| attach(&bench, &format!("tenant{}", i % 7), &source(i))).collect();
    let first = call(&bench, 1);
    assert_eq!(first.len(), 40);
    for _ in 0..3 {
        assert_eq!(call(&bench, 1), first);
    }
    let count = sizes(&bench).len();
    assert!((2..=17).contains(&count), "{count}");
    assert!(sizes(&bench).iter().all(|size| *size == bench.host.base_memory()));
    drop(links);
}

#[test]
fn the_executor_that_a_call_grew_is_replaced_before_the_next_one() {
    let bench = bench("memory = \"64MiB\"\nfuel = \"1G\"\nimage = \"32MiB\"");
    let _grows =
        attach(&bench, "large", "function run(n) local t = {} for i = 1, 60000 do t[i] = { i } end return {} end");
    for _ in 0..3 {
        call(&bench, 1);
        assert_eq!(sizes(&bench), [bench.host.base_memory()]);
    }
    // One whose image is larger than what a place keeps has none when its call is over.
    let large = attach(
        &bench,
        "large",
        "t = ('0123456789abcdef'):rep(6 << 16) .. 1 function run(n) return { integer = #t } end",
    );
    for _ in 0..3 {
        call(&bench, 1);
        assert_eq!(sizes(&bench), [bench.host.base_memory()]);
    }
    drop(large);
    // What is within the bound stays, until others with large images need the room, or it is detached.
    let large: Vec<Link> = (0..6)
        .map(|i| {
            attach(
                &bench,
                "large",
                &format!("t = ('0123456789abcdef'):rep(31250) .. {i} function run(n) return {{}} end"),
            )
        })
        .collect();
    call(&bench, 1);
    let kept: usize = sizes(&bench).iter().filter(|size| **size > bench.host.base_memory()).sum();
    assert!(kept > 1 << 20 && kept <= 4 << 20, "{kept}");
    drop(large);
    assert_eq!(sizes(&bench), [bench.host.base_memory()]);
}

#[test]
fn executors_that_are_kept_give_way_to_those_that_are_needed() {
    let options = tenterhook::SandboxOptions {
        max_executors: 8,
        cache: Some(tenterhook_tests::bench::cache()),
        ..tenterhook::SandboxOptions::default()
    };
    let bench = Bench::with(|builder| builder.sandbox(options).threads(2));
    let source = "function run(n) return {} end";
    let _links: Vec<Link> = (0..6).map(|i| attach(&bench, &format!("tenant{i}"), source)).collect();
    call(&bench, 1);
    assert_eq!(sizes(&bench).len(), 3, "one, and a quarter of all");
    let kept = |i: i32| {
        let request = Request::new("test.observe", format!("keeper{i}"), "function observe() return {} end");
        bench.host.attach(request.name(unique("kept")).state(tenterhook::policies::State::Kept)).unwrap()
    };
    // 4 may keep state. Loading takes one for a moment.
    let _kept: Vec<Link> = (0..4).map(kept).collect();
    for _ in 0..3 {
        let outcome = bench.hook("test.observe").unwrap().invoke(&[Value::Integer(1)], &mut ());
        assert!(outcome.failures.is_empty(), "{:?}", outcome.failures);
        assert!(call(&bench, 1).iter().all(|(result, _)| result.is_ok()));
    }
    let _more = attach(&bench, "late", source);
    assert_eq!(call(&bench, 1).len(), 7);
}
