//! Attachments as operators see them: order, enabling, modules, statistics, events.

use std::sync::Arc;

use tenterhook::hooks::schema::{Declaration, EnumType, Type, Variant};
use tenterhook::hooks::value::Value;
use tenterhook::policies::{FaultCause, Policy};
use tenterhook::{AttachError, AttachmentId, AttachmentStats, DynamicHook, EventKind, Host, Position, Request};

fn declaration() -> Arc<Declaration> {
    let variant = |name: &str, value| Variant { name: name.into(), value, doc: String::new() };
    let verdict = Type::Enum(Arc::new(EnumType {
        name: "Verdict".into(),
        doc: String::new(),
        variants: vec![variant("PASS", 0), variant("DROP", 1)],
    }));
    Declaration::builder("test.decide", 1)
        .argument("n", Type::INTEGER, "a number")
        .result("verdict", verdict, Value::Enum(0), "what to do")
        .result("text", Type::text(200), Value::String(Vec::new()), "a word")
        .build()
        .expect("a good declaration")
}

fn host(policy: &str) -> (Host, DynamicHook) {
    let policy = Policy::parse(policy, "p.toml").expect("a good policy");
    let host = Host::builder().policy(policy).build().expect("a host");
    let hook = host.declare_dynamic(&declaration()).expect("declared once");
    (host, hook)
}

fn says(word: &str) -> String {
    format!("function decide(n) return {{ text = '{word}' }} end")
}

fn attach(host: &Host, name: &str, source: &str) -> AttachmentId {
    host.attach(Request::new("test.decide", "acme", source).name(name)).expect("a good script").keep()
}

fn names(host: &Host) -> Vec<String> {
    host.attachments("test.decide").into_iter().map(|info| info.name).collect()
}

fn text(hook: &DynamicHook) -> String {
    let outcome = hook.invoke(&[Value::Integer(1)], &mut ());
    match outcome.answer.result(1) {
        Some(Value::String(text)) => String::from_utf8_lossy(text).into_owned(),
        _ => String::new(),
    }
}

fn stats(host: &Host, name: &str) -> AttachmentStats {
    host.stats().into_iter().find(|stats| stats.name == name).expect("it is attached")
}

#[test]
fn a_disabled_attachment_stays_in_its_place_and_is_not_called() {
    let (host, hook) = host("");
    let first = attach(&host, "first", &says("first"));
    attach(&host, "second", &says("second"));
    assert_eq!(text(&hook), "first");
    host.enable(first, false).expect("it is there");
    assert_eq!(text(&hook), "second");
    assert_eq!(names(&host), ["first", "second"]);
    assert!(!host.attachments("test.decide")[0].enabled);
    host.enable(first, true).expect("it is there");
    assert_eq!(text(&hook), "first");
    assert_eq!(stats(&host, "second").calls, 1);
}

#[test]
fn attachments_move_before_and_after_each_other() {
    let (host, hook) = host("");
    let ids: Vec<AttachmentId> = ["a", "b", "c"].iter().map(|name| attach(&host, name, &says(name))).collect();
    host.reorder(ids[2], Position::Before(ids[0])).expect("there is room");
    assert_eq!((names(&host), text(&hook)), (vec!["c".into(), "a".into(), "b".into()], "c".to_owned()));
    host.reorder(ids[2], Position::After(ids[0])).expect("there is room");
    assert_eq!(names(&host), ["a", "c", "b"]);
    host.reorder(ids[0], Position::Order(1)).expect("any order is fine");
    assert_eq!(names(&host), ["c", "b", "a"]);
    host.reorder(ids[1], Position::After(ids[0])).expect("there is room");
    assert_eq!(names(&host), ["c", "a", "b"]);
    assert_eq!(host.attachments("test.decide")[2].order, 1);
    let before = Request::new("test.decide", "acme", says("d")).name("d").position(Position::Before(ids[0]));
    host.attach(before).expect("there is room").keep();
    assert_eq!(names(&host), ["c", "d", "a", "b"]);
    let info = &host.attachments("test.decide")[1];
    assert_eq!((info.position, info.order), (2, 1));
}

#[test]
fn a_gap_that_is_halved_too_often_is_said_to_be_full() {
    let (host, _hook) = host("");
    let ids: Vec<AttachmentId> = ["a", "b", "c"].iter().map(|name| attach(&host, name, &says(name))).collect();
    let mut moves = 0;
    let full = loop {
        // Each time between the first and the one that went there before.
        match host.reorder(ids[1 + moves % 2], Position::After(ids[0])) {
            Ok(()) => moves += 1,
            Err(error) => break error,
        }
    };
    assert!(moves >= 60, "{moves}");
    assert_eq!(full.to_string(), format!("no room beside attachment {}: move it to another order first", ids[0]));
    host.reorder(ids[0], Position::Order(-1)).expect("another order has room");
    host.reorder(ids[1], Position::After(ids[0])).expect("and room beside it");
}

#[test]
fn the_policy_says_who_goes_where() {
    let placement = "unknown_tenants = \"default\"\n[[placement]]\nhook = \"test.decide\"\ntenants = [\"acme\"]\norders = [10, 19]\n";
    let (host, _hook) = host(placement);
    let id = attach(&host, "any", &says("x"));
    assert_eq!(host.attachments("test.decide")[0].order, 10, "the nearest to 0");
    for (order, fine) in [(9, false), (10, true), (19, true), (20, false)] {
        let request = Request::new("test.decide", "acme", says("x")).name(format!("o{order}")).order(order);
        let attached = host.attach(request).map(tenterhook::Link::keep);
        match attached {
            Ok(_) => assert!(fine, "{order}"),
            Err(error) => assert_eq!(
                error.to_string(),
                format!("order {order} of acme at test.decide: expected 10 to 19 (set at p.toml:2)")
            ),
        }
    }
    let error = host.reorder(id, Position::Order(20)).expect_err("outside of the band");
    assert!(matches!(error, AttachError::Order { order: 20, .. }), "{error}");
    let other = host.attach(Request::new("test.decide", "globex", says("x"))).expect_err("not listed");
    assert_eq!(
        other.to_string(),
        "globex is not allowed to attach at test.decide: no placement lists it (first at p.toml:2)"
    );
}

#[test]
fn a_script_in_the_place_of_another_is_held_to_the_policy_in_force() {
    let (host, hook) = host("");
    let id = attach(&host, "old", &says("old"));
    let replace = |order: Option<i32>| {
        let request = Request::new("test.decide", "acme", says("new")).name("old");
        host.replace(id, order.map_or(request.clone(), |order| request.order(order)))
    };
    let placement = |tenant: &str, orders: &str| {
        let text = format!(
            "unknown_tenants = \"default\"\n[[placement]]\nhook = \"test.decide\"\ntenants = [\"{tenant}\"]\norders = {orders}\n"
        );
        host.set_policy(Policy::parse(&text, "q.toml").expect("a good policy")).expect("it fits");
    };
    placement("acme", "[1, 9]");
    let error = replace(None).expect_err("its order is outside of the band now");
    assert!(matches!(error, AttachError::Order { order: 0, min: 1, max: 9, .. }), "{error}");
    placement("globex", "[0, 9]");
    let error = replace(None).expect_err("no placement lists the tenant any more");
    assert!(matches!(error, AttachError::Placement { .. }), "{error}");
    assert_eq!(text(&hook), "old", "nothing changed");
    placement("acme", "[0, 9]");
    attach(&host, "last", &says("last"));
    replace(None).expect("its old order is within the band");
    assert_eq!((names(&host), text(&hook)), (vec!["old".into(), "last".into()], "new".to_owned()), "its place too");
    placement("acme", "[1, 9]");
    replace(Some(1)).expect("the order that it asks for is within the band");
}

#[test]
fn modules_are_found_by_require_and_nothing_else_is() {
    let (host, hook) = host("");
    let main = "local util = require 'util'\nlocal again = require('acl.net')\n\
                function decide(n)\n  if n == 2 then util.fail() end\n  if n == 3 then require 'os' end\n  \
                return { text = util.word .. again.word .. tostring(require 'util' == util) }\nend";
    let request = Request::new("test.decide", "acme", main)
        .script("main.lua")
        .module("util", "local M = { word = 'u' }\nfunction M.fail()\n  error('no')\nend\nreturn M")
        .module("acl.net", "return { word = require('util').word .. ']]n' }");
    let id = host.attach(request.clone()).expect("a good bundle").keep();
    assert_eq!(text(&hook), "uu]]ntrue");
    assert_eq!(host.attachments("test.decide")[0].modules, ["acl.net", "util"]);
    let fault = |n: i64| {
        let outcome = hook.invoke(&[Value::Integer(n)], &mut ());
        outcome.failures.first().map(|failure| format!("{:?}", failure.kind)).unwrap_or_default()
    };
    assert!(fault(2).contains("util.lua:3: no"), "{}", fault(2));
    assert!(fault(2).contains("main.lua:4: in function"), "{}", fault(2));
    assert!(fault(3).contains("main.lua:5: no module 'os' in the bundle"), "{}", fault(3));
    host.detach(id).expect("it is there");

    let refused = |request: Request| host.attach(request).map(drop).expect_err("must be refused").to_string();
    let broken = request.clone().module("util", "return 1\nreturn = 2");
    assert!(refused(broken).contains("util.lua:2:"), "the module's own line");
    let syntax = Request::new("test.decide", "acme", "x = 1\n\ny = = 2").script("main.lua").module("a", "return 1");
    assert_eq!(refused(syntax), "the script did not load: main.lua:3: unexpected symbol near '='");
    let cyclic = request.clone().module("util", "return require 'acl.net'");
    assert!(refused(cyclic).contains("requires itself"));
    let without = Request::new("test.decide", "acme", "require 'util' function decide() end");
    assert!(refused(without).contains("global 'require'"), "a script without modules has no require");
    let nowhere = request.module("../../etc", "return 1");
    assert!(refused(nowhere).contains("module \"../../etc\": expected"));
}

#[test]
fn everything_is_counted() {
    let (host, hook) = host("[defaults]\nlog_lines = 1\n[defaults.on_fault]\nany = \"skip\"\n");
    let source = "function decide(n)\n  if n == 1 then return { verdict = 'DROP' } end\n  \
                  if n == 2 then log.info('a') log.info('b') return {} end\n  \
                  if n == 3 then error('three') end\n  if n == 4 then return { verdict = 'PASS' } end\n  \
                  while true do end\nend";
    let id = attach(&host, "counted", source);
    for (n, times) in [(1, 500), (2, 30), (3, 7), (4, 100), (5, 2)] {
        for _ in 0..times {
            let _ = hook.invoke(&[Value::Integer(n)], &mut ());
        }
    }
    let stats = stats(&host, "counted");
    assert_eq!(stats.calls, 639);
    assert_eq!(stats.results, [("default".to_owned(), 30), ("PASS".to_owned(), 100), ("DROP".to_owned(), 500)]);
    assert_eq!(stats.faults, [(FaultCause::Fuel, 2), (FaultCause::Script, 7)]);
    assert_eq!((stats.log_lines, stats.log_lines_dropped), (30, 30));
    assert_eq!(stats.fuel.count, 639);
    assert_eq!(stats.fuel.max, 10_000_000, "the budget");
    assert!(stats.fuel.p50 < 100_000 && stats.fuel.p50 > 0, "{:?}", stats.fuel);
    assert!((64..=639).contains(&stats.latency_ns.count), "the first 64 are timed: {:?}", stats.latency_ns);
    assert!(stats.latency_ns.p50 <= stats.latency_ns.p99 && stats.latency_ns.p99 <= stats.latency_ns.max);
    assert!(stats.busy_ns() > 0);
    assert!(stats.memory_peak_bytes >= host.base_memory() as u64);
    assert_eq!(stats.restores_touched + stats.restores_all, 639);
    let last = stats.last_fault.as_ref().expect("there were faults");
    assert_eq!(last.fault.cause(), FaultCause::Fuel);

    host.replace(id, Request::new("test.decide", "acme", says("x")).name("counted")).expect("a good script");
    let _ = hook.invoke(&[Value::Integer(1)], &mut ());
    assert_eq!(self::stats(&host, "counted").calls, 640, "a replaced script goes on counting");
}

#[test]
fn threads_count_apart_and_together() {
    let (host, hook) = host("");
    attach(&host, "busy", &says("x"));
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..250).for_each(|n| drop(hook.invoke(&[Value::Integer(n)], &mut ()))));
        }
    });
    let stats = stats(&host, "busy");
    assert_eq!(stats.calls, 2000);
    assert_eq!(stats.results, [("default".to_owned(), 2000)]);
}

#[test]
fn without_statistics_nothing_is_counted() {
    let host = Host::builder().statistics(false).build().expect("a host");
    let hook = host.declare_dynamic(&declaration()).expect("declared once");
    attach(&host, "quiet", &says("x"));
    assert_eq!(text(&hook), "x");
    assert_eq!(stats(&host, "quiet").calls, 0);
}

#[test]
fn listeners_are_told_of_changes_faults_and_lines() {
    let (host, hook) = host("");
    let mut reader = host.events();
    let source = "function decide(n) log.warn('line\\n' .. n) if n == 2 then error('two') end return {} end";
    let id = attach(&host, "told", source);
    for n in [1, 2] {
        let _ = hook.invoke(&[Value::Integer(n)], &mut ());
    }
    host.enable(id, false).expect("it is there");
    host.detach(id).expect("it is there");
    let mut events = Vec::new();
    assert_eq!(reader.read(100, &mut events), 0, "nothing is lost");
    let kinds: Vec<&str> = events.iter().map(|event| event.kind.name()).collect();
    assert_eq!(kinds, ["attached", "log", "log", "fault", "disabled", "detached"]);
    let subject = events[1].subject.as_ref().expect("a line has a writer");
    assert_eq!((&*subject.tenant, &*subject.attachment, &*subject.hook), ("acme", "told", "test.decide"));
    assert!(matches!(&events[1].kind, EventKind::Log { message, .. } if &**message == "line\\n1"));
    assert!(matches!(&events[3].kind, EventKind::Fault { cause: FaultCause::Script, suppressed: 0, .. }));
    assert_eq!(events.last().and_then(|event| event.revision), Some(host.revision()));
}
