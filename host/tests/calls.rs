//! Calls through a hook point declared at run time: answers, views, faults, chains.

use std::sync::Arc;

use tenterhook::hooks::schema::{Declaration, EnumType, Field, RecordType, Type, Variant};
use tenterhook::hooks::value::Value;
use tenterhook::{DynamicHook, DynamicOutcome, Fault, Host, Link, Request};

fn record(name: &str, fields: &[(&str, Type, bool)]) -> Type {
    Type::Record(Arc::new(RecordType {
        name: name.into(),
        doc: String::new(),
        fields: fields
            .iter()
            .map(|(name, ty, writable)| Field {
                name: (*name).into(),
                ty: ty.clone(),
                writable: *writable,
                doc: String::new(),
            })
            .collect(),
    }))
}

fn verdict() -> Type {
    let variant = |name: &str, value| Variant { name: name.into(), value, doc: String::new() };
    Type::Enum(Arc::new(EnumType {
        name: "Verdict".into(),
        doc: String::new(),
        variants: vec![variant("PASS", 0), variant("DROP", 1), variant("CHANGE", 7)],
    }))
}

fn declaration() -> Arc<Declaration> {
    let inner = record("Inner", &[("deep", Type::unsigned(8), true), ("fixed", Type::bytes(100), false)]);
    let item = record("Item", &[("key", Type::bytes(10), false), ("n", Type::INTEGER, false)]);
    Declaration::builder("test.decide", 1)
        .argument("n", Type::INTEGER, "a number")
        .inout(
            "packet",
            record(
                "Packet",
                &[
                    ("mark", Type::unsigned(32), true),
                    ("name", Type::bytes(64), false),
                    ("from", Type::Address, true),
                    ("to", Type::Prefix, false),
                    ("maybe", Type::unsigned(16).optional(), true),
                    ("tags", Type::bytes(64).list(8), true),
                    ("items", item.list(100), false),
                    ("labels", Type::INTEGER.map(10), false),
                    ("inner", inner, false),
                    ("kind", verdict(), true),
                ],
            ),
            "a packet",
        )
        .constant("V_PASS", 0)
        .constant("V_DROP", 1)
        .result("verdict", verdict(), Value::Enum(0), "what to do")
        .result("score", Type::Float, Value::Float(0.0), "how sure")
        .build()
        .expect("a good declaration")
}

fn arguments() -> Vec<Value> {
    let item = |key: &str, n| Value::Record(vec![(0, Value::String(key.into())), (1, Value::Integer(n))]);
    vec![
        Value::Integer(41),
        Value::Record(vec![
            (0, Value::Integer(7)),
            (1, Value::String(b"eth\0x".to_vec())),
            (2, Value::Address("192.0.2.1".parse().expect("an address"))),
            (3, Value::Prefix("2001:db8::/32".parse().expect("a prefix"))),
            (4, Value::Nil),
            (5, Value::List(vec![Value::String("a".into()), Value::String("b".into())])),
            (6, Value::List(vec![item("x", 1), item("y", -2)])),
            (7, Value::Map(vec![(b"one".to_vec(), Value::Integer(1)), (b"two".to_vec(), Value::Integer(2))])),
            (8, Value::Record(vec![(0, Value::Integer(3)), (1, Value::String("f".into()))])),
            (9, Value::Enum(2)),
        ]),
    ]
}

struct Bench {
    host: Host,
    hook: DynamicHook,
}

fn bench() -> Bench {
    let host = Host::builder().cache(None).build().expect("a host");
    let hook = host.declare_dynamic(&declaration()).expect("a new hook point");
    Bench { host, hook }
}

impl Bench {
    fn attach(&self, source: &str) -> Link {
        let name = format!("a{}", self.host.attachments("test.decide").len());
        self.host.attach(Request::new("test.decide", "acme", source).name(name)).expect("a good script")
    }

    fn run(&self, source: &str) -> DynamicOutcome {
        let _link = self.attach(source);
        self.hook.invoke(&arguments(), &mut ())
    }

    fn fault(&self, source: &str) -> Fault {
        let outcome = self.run(source);
        match &outcome.failures[..] {
            [failure] => match &failure.kind {
                tenterhook::FailureKind::Fault(fault) => fault.clone(),
                denied => panic!("expected a fault, got {denied:?}"),
            },
            other => panic!("expected one failure, got {other:?} and {:?}", outcome.answer),
        }
    }
}

#[test]
fn every_type_is_read_through_views() {
    let bench = bench();
    let outcome = bench.run(
        r#"
        function decide(n, p, PASS, DROP)
            assert(n == 41 and PASS == 0 and DROP == 1 and V_DROP == 1)
            assert(p.mark == 7 and p.name == "eth\0x" and p.maybe == nil)
            assert(tostring(p.from) == "192.0.2.1" and p.from.value == 0x010200c0)
            assert(tostring(p.to) == "2001:db8::/32" and p.to.length == 32 and p.to.family == 10)
            assert(p.to:contains(net.address("2001:db8::1")) and not p.to:contains(p.from))
            assert(#p.tags == 2 and p.tags[1] == "a" and p.tags[2] == "b" and p.tags[3] == nil)
            assert(p.items[2].key == "y" and p.items[2].n == -2)
            assert(p.labels.two == 2 and p.labels.three == nil and #p.labels == 2)
            assert(p.inner.deep == 3 and p.inner.fixed == "f")
            assert(p.kind == "CHANGE")
            local seen = {}
            for k, v in pairs(p) do seen[#seen + 1] = k end
            assert(table.concat(seen, " ") == "mark name from to tags items labels inner kind", table.concat(seen, " "))
            local tags = {}
            for i, v in ipairs(p.tags) do tags[i] = v end
            assert(table.concat(tags) == "ab")
            for k, v in pairs(p.labels) do assert(p.labels[k] == v) end
            assert(p.tags == p.tags and p.inner == p.inner and p.items[1] == p.items[1] and p.items[1] ~= p.items[2])
            return { verdict = "DROP", score = 0.5 }
        end"#,
    );
    assert_eq!(outcome.failures, [], "no failure");
    assert_eq!(outcome.answer.result(0), Some(&Value::Enum(1)));
    assert_eq!(outcome.answer.result(1), Some(&Value::Float(0.5)));
}

#[test]
fn writes_travel_back_and_nothing_else_does() {
    let bench = bench();
    let outcome = bench.run(
        r#"
        function decide(n, p)
            p.mark = p.mark + 1
            p.maybe = 5
            p.tags = { "x" }
            p.from = "2001:db8::1"
            p.inner.deep = 9
            assert(p.mark == 8 and p.tags[1] == "x")
            return { verdict = 7, packet = p }
        end"#,
    );
    assert_eq!(outcome.failures, []);
    assert_eq!(outcome.answer.result(0), Some(&Value::Enum(2)));
    assert_eq!(
        outcome.answer.change(1),
        Some(&Value::Record(vec![
            (0, Value::Integer(8)),
            (2, Value::Address("2001:db8::1".parse().expect("an address"))),
            (4, Value::Integer(5)),
            (5, Value::List(vec![Value::String("x".into())])),
            (8, Value::Record(vec![(0, Value::Integer(9))])),
        ]))
    );
    let copy = bench.run(
        r#"
        function decide(n, p)
            local t = {}
            for k, v in pairs(p) do t[k] = v end
            t.mark = 100
            return { packet = t }
        end"#,
    );
    assert_eq!(copy.failures, []);
    assert_eq!(copy.answer.change(1), Some(&Value::Record(vec![(0, Value::Integer(100))])));
}

#[test]
fn faults_have_their_cause() {
    let bench = bench();
    let cases: &[(&str, &str, &str)] = &[
        ("function decide() while true do end end", "fuel", "out of fuel"),
        ("function decide() pcall(function() while true do end end) return {} end", "fuel", "out of fuel"),
        (
            "function decide() local s = 'x' while true do pcall(function() s = s .. s end) end end",
            "memory",
            "out of memory",
        ),
        ("function decide() string.find(('a'):rep(1000), ('.-'):rep(30) .. 'b') end", "fuel", "out of fuel"),
        ("function decide() local function f() return 1 + f() end return f() end", "stack", "stack overflow"),
        (
            "function decide() local t = {} for i = 1, 250 do t = setmetatable({}, {__index = t}) end return t.x.y end",
            "script",
            "attempt to index",
        ),
        ("function decide() error('boom') end", "script", "decide.lua:1: boom"),
        ("function decide() error({}) end", "script", "error value {}"),
        ("function decide(n, p) return p.nmae end", "script", "no field 'nmae' in packet; did you mean 'name'?"),
        ("function decide(n, p) p.mark = -1 end", "script", "packet.mark: expected integer 0..4294967295, got -1"),
        ("function decide(n, p) p.name = 'x' end", "script", "packet.name is read-only"),
        ("function decide() return 5 end", "answer", "result: expected a table, got integer"),
        (
            "function decide() return { verdict = 'x' } end",
            "answer",
            "result.verdict: expected PASS, DROP or CHANGE, got \"x\"",
        ),
        (
            "function decide() return { verdict = 99 } end",
            "answer",
            "result.verdict: expected PASS, DROP or CHANGE, got 99",
        ),
        ("function decide() return { packet = 2 } end", "answer", "result.packet: expected a table, got integer"),
        (
            "function decide() local t = {} t.packet = t return t end",
            "answer",
            "result.packet: expected a table, got a table that contains itself",
        ),
        ("function decide() return { packet = { name = 'other' } } end", "answer", "result.packet.name: is read-only"),
        ("function decide() return { score = print } end", "answer", "result.score: expected number, got function"),
    ];
    for (source, cause, message) in cases {
        let fault = bench.fault(source);
        assert_eq!(fault.cause().as_str(), *cause, "{source}: {fault}");
        assert!(fault.to_string().contains(message), "{source}: {fault}");
        let good = bench.run("function decide() return { verdict = 1 } end");
        assert_eq!(good.answer.result(0), Some(&Value::Enum(1)), "the next call after {source} is clean");
    }
}

#[test]
fn a_call_starts_from_the_image() {
    let bench = bench();
    let _link = bench.attach(
        "count = 0
        function decide() count = count + 1 string.rep = nil return { score = count } end",
    );
    for _ in 0..3 {
        let outcome = bench.hook.invoke(&arguments(), &mut ());
        assert_eq!(outcome.answer.result(1), Some(&Value::Float(1.0)));
    }
}

#[test]
fn a_view_of_an_earlier_call_is_refused() {
    let bench = bench();
    let request = Request::new(
        "test.decide",
        "acme",
        "function decide(n, p) if old then return { score = old.mark } end old = p return { score = 2 } end",
    )
    .state(tenterhook::policies::State::Kept);
    let _link = bench.host.attach(request).expect("a good script");
    assert_eq!(bench.hook.invoke(&arguments(), &mut ()).answer.result(1), Some(&Value::Float(2.0)));
    let outcome = bench.hook.invoke(&arguments(), &mut ());
    let message = format!("{:?}", outcome.failures);
    assert!(message.contains("'packet' is stale: the call it belongs to ended"), "{message}");
}
