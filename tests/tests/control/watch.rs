//! Statistics, streams, calls by hand.

use std::io::Write;
use std::sync::{Arc, Mutex};

use serde_json::{Value as Json, json};

use crate::stage::{Stage, says};

#[test]
fn hook_points_are_listed_and_shown() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let hooks = stage.client.get("/v1/hooks").ok();
    let names: Vec<&Json> = hooks["hooks"].as_array().unwrap().iter().map(|hook| &hook["name"]).collect();
    assert_eq!(names, ["other.decide", "test.decide"]);
    assert_eq!(hooks["hooks"][1]["signature"], "decide(n, word) -> { verdict, a, b }");
    assert_eq!(hooks["hooks"][1]["attachments"], 1);
    let hook = stage.client.get("/v1/hooks/test.decide").ok();
    assert_eq!((&hook["arguments"][0]["name"], &hook["attachments"][0]["name"]), (&json!("n"), &json!("one")));
    assert_eq!(hook["fingerprint"], hooks["hooks"][1]["fingerprint"]);
    assert_eq!(stage.client.get("/v1/hooks/test.decied").json()["error"]["nearest"], "test.decide");
    let version = stage.client.get("/v1/version").ok();
    assert_eq!((&version["api"], &version["pid"]), (&json!(1), &json!(std::process::id())));
    let document = stage.client.get("/v1/openapi.json").ok();
    assert_eq!(document["openapi"], "3.1.0");
}

#[test]
fn statistics_count_what_was_called() {
    let stage = Stage::new("[defaults.on_fault]\nany = \"skip\"\n");
    let source = "function decide(n) if n == 0 then error('zero') end return { verdict = 'DROP', a = n } end";
    stage.attach("one", source).ok();
    for n in 0..100 {
        stage.call(n % 10);
    }
    let stats = stage.client.get("/v1/stats?tenant=acme").ok();
    let one = &stats["attachments"][0];
    assert_eq!(
        (&one["calls"], &one["results"], &one["faults"]),
        (&json!(100), &json!({ "DROP": 90 }), &json!({ "script": 10 }))
    );
    assert_eq!(one["last_fault"]["cause"], "script");
    assert!(one["last_fault"]["traceback"].as_str().unwrap().contains("one.lua:1"));
    assert_eq!(stage.client.get("/v1/stats?tenant=globex").ok()["attachments"], json!([]));
    let tenants = stage.client.get("/v1/tenants").ok();
    assert_eq!(tenants["tenants"][0]["stats"]["calls"], 100);
}

#[test]
fn a_new_script_has_statistics_of_its_own_beside_the_old_ones() {
    let stage = Stage::new("[defaults]\nquarantine = \"off\"\n[defaults.on_fault]\nany = \"skip\"\n");
    stage.attach("one", "function decide(n) error('old') end").ok();
    let stats = || stage.client.get("/v1/stats?tenant=acme").ok()["attachments"][0].clone();
    for n in 0..100 {
        stage.call(n);
    }
    assert_eq!((&stats()["calls"], &stats()["since_replace"]), (&json!(100), &Json::Null));
    let counter = || {
        let metrics = stage.client.get("/metrics").body;
        let line = metrics.lines().find(|line| line.starts_with("tenterhook_calls_total{")).unwrap();
        line.rsplit(' ').next().unwrap().parse::<u64>().unwrap()
    };
    assert_eq!(counter(), 100);
    for (number, state) in [(1u64, "fresh"), (2, "kept"), (3, "fresh")] {
        let path = format!("/v1/attachments/acme/one?revision={}", stage.revision("one"));
        let body = json!({ "source": says(1), "state": state });
        stage.client.ask("PUT", &path, Some(&body)).ok();
        let new = stats();
        assert_eq!((&new["since_replace"]["calls"], &new["since_replace"]["faults"]), (&json!(0), &json!({})), "{new}");
        for n in 0..10 {
            stage.call(n);
        }
        let new = stats();
        assert_eq!((&new["calls"], &new["faults"]), (&json!(100 + 10 * number), &json!({ "script": 100 })), "{new}");
        let present = &new["since_replace"];
        assert_eq!(
            (&present["calls"], &present["faults"], &present["last_fault"]),
            (&json!(10), &json!({}), &Json::Null)
        );
        assert!(present["since"].as_str() > new["since"].as_str(), "{new}");
        assert_eq!(counter(), 100 + 10 * number, "counters go on");
    }
    // What changes about the attachment, and not its script, is no replacement.
    let path = format!("/v1/attachments/acme/one/disable?revision={}", stage.revision("one"));
    stage.client.ask("POST", &path, None).ok();
    assert_eq!(stats()["since_replace"]["calls"], 10);
}

#[test]
fn a_call_by_hand_tells_all_of_it() {
    let stage = Stage::new("[defaults.on_fault]\nany = \"skip\"\n");
    stage.attach("fails", "function decide(n)\n  error('no ' .. n)\nend").ok();
    stage.attach("answers", "function decide(n, word) return { a = n * 2, b = #(word or '') } end").ok();
    let call = |body: Json| stage.client.post("/v1/call", &body);
    let whole = call(json!({ "hook": "test.decide", "arguments": { "n": 21, "word": "abc" } })).ok();
    assert_eq!(whole["results"], json!({ "verdict": "PASS", "a": 42, "b": 3 }));
    assert_eq!(whole["decided_by"], "acme/answers");
    assert_eq!(whole["calls"][0]["failure"]["message"], "fails.lua:2: no 21");
    assert!(whole["calls"][1]["fuel"].as_u64().unwrap() > 0);
    let one = call(json!({ "hook": "test.decide", "arguments": { "n": 1 }, "attachment": "acme/fails" })).ok();
    assert_eq!((one["calls"].as_array().unwrap().len(), &one["decided_by"]), (1, &Json::Null));
    let wrong = call(json!({ "hook": "test.decide", "arguments": { "n": 1, "wrod": "" } }));
    assert_eq!(wrong.refused(), (400, "bad_request".into()));
    assert!(wrong.body.contains("did you mean 'word'?"), "{wrong:?}");
    assert_eq!(stage.audit().last().unwrap()["action"], "POST /v1/call");
}

#[test]
fn events_are_remembered_and_followed() {
    let stage = Stage::new("");
    stage.attach("one", &says(1)).ok();
    let mut lines = stage.client.lines("/v1/events?tenant=acme");
    let first = lines.next().unwrap();
    assert_eq!((&first["kind"], &first["name"]), (&json!("attached"), &json!("one")));
    assert!(first["by"].as_str().unwrap().starts_with("uid "));
    let path = format!("/v1/attachments/acme/one?revision={}", stage.revision("one"));
    stage.client.ask("DELETE", &path, None).ok();
    let second = lines.next().unwrap();
    assert_eq!(second["kind"], "detached");
    assert!(second["revision"].as_u64() > first["revision"].as_u64());
    let since = first["seq"].as_u64().unwrap();
    let rest = stage.client.get(&format!("/v1/events?since={since}&follow=false"));
    assert_eq!(rest.body.lines().count(), 1, "{rest:?}");
    let none = stage.client.get("/v1/events?kind=policy&follow=false");
    assert_eq!(none.body, "");
}

#[test]
fn tail_shows_lines_faults_and_sampled_calls() {
    let stage = Stage::new("[defaults.on_fault]\nany = \"skip\"\n");
    let source =
        "function decide(n, w) log.warn('line\\n' .. n) if n == 3 then error('three') end return { a = n } end";
    stage.attach("one", source).ok();
    stage.attach("two", "function decide(n) log.info('other') return { a = 9 } end").ok();
    let mut lines = stage.client.lines("/v1/tail?attachment=one&kind=log,fault,call&sample=1");
    for n in 1..=3 {
        stage.call(n);
    }
    let got: Vec<Json> = lines.by_ref().take(7).collect();
    let kinds: Vec<&Json> = got.iter().map(|line| &line["kind"]).collect();
    assert_eq!(kinds, ["log", "call", "log", "call", "log", "call", "fault"]);
    assert_eq!((&got[0]["message"], &got[0]["level"]), (&json!("line\\n1"), &json!("warn")));
    assert_eq!((&got[1]["arguments"], &got[1]["answer"]["a"]), (&json!({ "n": 1, "word": null }), &json!(1)));
    assert!(got[1]["latency_ns"].as_u64().unwrap() > 0);
    assert_eq!((&got[6]["cause"], &got[5]["answer"]), (&json!("script"), &Json::Null));
    assert_eq!(got[6]["message"], "one.lua:1: three");
}

/// Where a subscriber writes.
#[derive(Clone, Default)]
struct Text(Arc<Mutex<Vec<u8>>>);

impl Write for Text {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_subscriber_of_tracing_gets_a_span_per_call() {
    let stage = Stage::new("[defaults.on_fault]\nany = \"skip\"\n");
    stage.attach("one", "function decide(n) if n == 2 then error('x') end return { a = n } end").ok();
    let text = Text::default();
    let writer = text.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // Where there is one subscriber alone, tracing has the thread that comes by first decide whether it is interested, and
    // that may be one of another test, which has none. Of two, it asks both.
    let _other = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    tracing::subscriber::with_default(subscriber, || [1, 2].map(|n| stage.call(n)));
    stage.call(3);
    let text = String::from_utf8(text.0.lock().unwrap().clone()).unwrap();
    let spans: Vec<&str> = text.lines().filter(|line| line.contains("tenterhook.call{")).collect();
    assert_eq!(spans.len(), 2, "{text}");
    for (span, outcome) in spans.iter().zip(["answer", "script"]) {
        for part in ["hook=\"test.decide\"", "tenant=\"acme\"", "attachment=\"one\"", "fuel=", "memory_bytes="] {
            assert!(span.contains(part), "{part}: {span}");
        }
        assert!(span.contains(&format!("outcome=\"{outcome}\"")), "{span}");
    }
}
