//! The same hook points through Rust types: what goes in and comes out is what the declaration says.

#![allow(clippy::unwrap_used)]

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use tenterhook::hooks::value::Prefix;
use tenterhook::{FailureKind, Fault, Hook, Host, Request};
use tenterhook_tests::bench::{cache, rules};
use tenterhook_tests::points::{
    Change, ChangeArgs, ChangeResults, Inner, InnerChange, Packet, PacketChange, Scalars, ScalarsArgs, ScalarsResults,
    Verdict,
};

fn host() -> Host {
    Host::builder().cache(Some(cache())).build().unwrap()
}

/// Answers what it was given.
const ECHO: &str = "function scalars(flag, small, byte, short, port, int, mark, long, big, number, text, data, address, prefix, verdict, maybe)
    return {
        flag = flag, small = small, byte = byte, short = short, port = port, int = int, mark = mark, long = long, big = big,
        number = number, text = text, data = data, address = address, prefix = prefix, verdict = verdict, maybe = maybe,
    }
end";

/// Everything that [`ScalarsArgs`] borrows or holds.
#[derive(Debug, Clone)]
struct Given {
    small: (bool, i8, u8, i16, u16, i32, u32, i64, u64),
    number: f64,
    text: String,
    data: Vec<u8>,
    address: IpAddr,
    prefix: Prefix,
    verdict: Verdict,
    maybe: Option<u16>,
}

fn addresses() -> impl Strategy<Value = IpAddr> {
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        any::<u32>().prop_map(|bits| IpAddr::V6(Ipv4Addr::from_bits(bits).to_ipv6_mapped())),
    ]
}

fn prefixes() -> impl Strategy<Value = Prefix> {
    (addresses(), 0..=128u8).prop_map(|(address, length)| {
        let length = if address.is_ipv4() { length % 33 } else { length };
        format!("{address}/{length}").parse().unwrap()
    })
}

fn given() -> impl Strategy<Value = Given> {
    let numbers = (
        any::<bool>(),
        any::<i8>(),
        any::<u8>(),
        any::<i16>(),
        any::<u16>(),
        any::<i32>(),
        any::<u32>(),
        any::<i64>(),
        0..=i64::MAX as u64,
    );
    let verdict = prop_oneof![Just(Verdict::Pass), Just(Verdict::Drop), Just(Verdict::Change), Just(Verdict::Unknown)];
    (
        numbers,
        any::<f64>(),
        ".{0,12}",
        proptest::collection::vec(any::<u8>(), 0..40),
        addresses(),
        prefixes(),
        verdict,
        any::<Option<u16>>(),
    )
        .prop_map(|(small, number, text, data, address, prefix, verdict, maybe)| Given {
            small,
            number,
            text,
            data,
            address,
            prefix,
            verdict,
            maybe,
        })
}

fn args(given: &Given) -> ScalarsArgs<'_> {
    let (flag, small, byte, short, port, int, mark, long, big) = given.small;
    let Given { number, address, prefix, verdict, maybe, .. } = *given;
    ScalarsArgs {
        flag,
        small,
        byte,
        short,
        port,
        int,
        mark,
        long,
        big,
        number,
        text: &given.text,
        data: &given.data,
        address,
        prefix,
        verdict,
        maybe,
    }
}

#[test]
fn scalars_come_back_as_they_went_in() {
    let host = host();
    let hook: Hook<Scalars> = host.declare().unwrap();
    let _link = host.attach(Request::new("test.scalars", "acme", ECHO)).unwrap();
    let config = Config { cases: 500, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let ran = runner.run(&given(), |given| {
        let (flag, small, byte, short, port, int, mark, long, big) = given.small;
        let expected = ScalarsResults {
            flag,
            small,
            byte,
            short,
            port,
            int,
            mark,
            long,
            big,
            number: given.number,
            text: given.text.clone(),
            data: given.data.clone(),
            address: given.address,
            prefix: given.prefix,
            verdict: given.verdict,
            maybe: given.maybe,
        };
        let outcome = hook.invoke(&args(&given));
        prop_assert_eq!(&outcome.failures, &[]);
        prop_assert_eq!(outcome.results, expected);
        Ok(())
    });
    ran.unwrap();
}

#[test]
fn an_integer_that_no_script_can_hold_is_a_fault_of_the_host_and_the_default_stands() {
    let host = host();
    let hook: Hook<Scalars> = host.declare().unwrap();
    let _link = host.attach(Request::new("test.scalars", "acme", ECHO)).unwrap();
    let mut given = Given {
        small: (true, 1, 2, 3, 4, 5, 6, 7, i64::MAX as u64),
        number: 0.5,
        text: "x".into(),
        data: vec![],
        address: Ipv4Addr::LOCALHOST.into(),
        prefix: Prefix::SAMPLE,
        verdict: Verdict::Drop,
        maybe: None,
    };
    assert_eq!(hook.invoke(&args(&given)).results.big, i64::MAX as u64);
    given.small.8 += 1;
    let outcome = hook.invoke(&args(&given));
    assert_eq!(outcome.results.big, 0);
    match &outcome.failures[..] {
        [failure] => match &failure.kind {
            FailureKind::Fault(Fault::Host { message }) => assert!(message.contains("big"), "{message}"),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

fn packet<'a>(tags: &'a [&'a str]) -> Packet<'a> {
    Packet {
        mark: 7,
        weight: 0.5,
        name: "eth0",
        label: "blue",
        from: Ipv4Addr::new(192, 0, 2, 1).into(),
        to: Prefix::SAMPLE,
        verdict: Verdict::Change,
        maybe: Some(9),
        never: None,
        tags,
        path: &[64500],
        inner: Inner { deep: 3, fixed: "f" },
    }
}

fn change(source: &str) -> ChangeResults {
    let host = host();
    let hook: Hook<Change> = host.declare().unwrap();
    let rules = rules("", "acme", "test.change");
    let _link = host.attach(Request::new("test.change", "acme", source).rules(rules)).unwrap();
    let tags = ["a", "b"];
    let outcome = hook.invoke(&ChangeArgs {
        count: 200,
        word: "old",
        numbers: &[1, -2],
        packet: &packet(&tags),
        other: &Inner { deep: 4, fixed: "g" },
    });
    assert_eq!(outcome.failures, []);
    outcome.results
}

#[test]
fn changes_are_options_of_what_changed() {
    let nothing = ChangeResults { done: false, count: None, word: None, numbers: None, packet: None };
    assert_eq!(change("function change() return {} end"), nothing);
    assert_eq!(
        change("function change(c, w, n, p) return { count = c, word = w, numbers = n, packet = p } end"),
        nothing
    );
    let inner = change("function change(c, w, n, p) p.inner.deep = 9 return { packet = p, done = true } end");
    let deep = PacketChange { inner: Some(std::sync::Arc::new(InnerChange { deep: Some(9) })), ..unchanged() };
    assert_eq!(inner, ChangeResults { done: true, packet: Some(std::sync::Arc::new(deep)), ..nothing.clone() });
    let all = change(
        "function change(c, w, n, p)
            p.mark, p.weight, p.label, p.from, p.to, p.verdict, p.maybe, p.tags = 8, 2, 'red', '::1', '10.0.0.0/8', 'DROP', nil, { 'z' }
            return { count = c + 1, word = w .. '!', numbers = { 5 }, packet = p }
        end",
    );
    let packet = PacketChange {
        mark: Some(8),
        weight: Some(2.0),
        label: Some("red".into()),
        from: Some(Ipv6Addr::LOCALHOST.into()),
        to: Some("10.0.0.0/8".parse().unwrap()),
        verdict: Some(Verdict::Drop),
        maybe: Some(None),
        tags: Some(vec!["z".into()]),
        ..unchanged()
    };
    let expected = ChangeResults {
        done: false,
        count: Some(201),
        word: Some("old!".into()),
        numbers: Some(vec![5]),
        packet: Some(std::sync::Arc::new(packet)),
    };
    assert_eq!(all, expected);
}

fn unchanged() -> PacketChange {
    PacketChange {
        mark: None,
        weight: None,
        label: None,
        from: None,
        to: None,
        verdict: None,
        maybe: None,
        tags: None,
        inner: None,
    }
}

#[test]
fn nothing_attached_means_the_defaults() {
    let host = host();
    let hook: Hook<Scalars> = host.declare().unwrap();
    let sample = Given {
        small: (true, 1, 2, 3, 4, 5, 6, 7, 8),
        number: 0.5,
        text: "x".into(),
        data: vec![],
        address: Ipv4Addr::LOCALHOST.into(),
        prefix: Prefix::SAMPLE,
        verdict: Verdict::Drop,
        maybe: Some(1),
    };
    let outcome = hook.invoke(&args(&sample));
    assert_eq!((outcome.results.mark, outcome.results.verdict, outcome.results.maybe), (0, Verdict::Pass, None));
    assert_eq!((outcome.decided_by, outcome.failures.len()), (None, 0));
}
