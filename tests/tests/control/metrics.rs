//! `/metrics`, as Prometheus reads it.

use std::collections::BTreeMap;

use prometheus_parse::{Scrape, Value};
use tenterhook::policies::{DenialCause, FaultCause, Policy};

use crate::stage::{Stage, says};

const SKIP: &str = "[defaults.on_fault]\nany = \"skip\"\n";

/// What there is to scrape, once as text and once by metric and sorted labels.
struct Scraped {
    text: String,
    samples: BTreeMap<String, f64>,
    parsed: Scrape,
}

impl Scraped {
    fn of(stage: &Stage, path: &str) -> Scraped {
        let answer = stage.client.get(path);
        assert_eq!(answer.status, 200, "{answer:?}");
        assert!(answer.head.contains("content-type: text/plain; version=0.0.4"), "{}", answer.head);
        let parsed = Scrape::parse(answer.body.lines().map(|line| Ok(line.to_owned()))).unwrap();
        let plain = parsed.samples.iter().filter_map(|sample| {
            let value = match &sample.value {
                Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => *value,
                _ => return None,
            };
            let mut labels: Vec<String> = sample.labels.iter().map(|(key, label)| format!("{key}={label}")).collect();
            labels.sort();
            Some((format!("{} {}", sample.metric, labels.join(" ")).trim_end().to_owned(), value))
        });
        let samples = plain.collect();
        Scraped { text: answer.body, samples, parsed }
    }

    fn value(&self, name: &str) -> f64 {
        *self.samples.get(name).unwrap_or_else(|| panic!("no {name} in\n{}", self.text))
    }
}

#[test]
fn metrics_are_what_a_parser_of_prometheus_reads() {
    let stage = Stage::new(SKIP);
    stage.attach("one", "function decide(n) if n == 0 then error('x') end return { verdict = 'DROP' } end").ok();
    stage.attach("two", &says(2)).ok();
    for n in 0..20 {
        stage.call(n % 4);
    }
    let scraped = Scraped::of(&stage, "/metrics");
    let of = "hook=test.decide tenant=acme";
    assert_eq!(scraped.value(&format!("tenterhook_calls_total attachment=one {of}")), 20.0);
    assert_eq!(scraped.value(&format!("tenterhook_answers_total attachment=one {of} value=DROP")), 15.0);
    assert_eq!(scraped.value(&format!("tenterhook_faults_total attachment=one cause=script {of}")), 5.0);
    assert_eq!(scraped.value(&format!("tenterhook_enabled attachment=two {of}")), 1.0);
    assert_eq!(scraped.value("tenterhook_tenant_faults_total cause=script tenant=acme"), 5.0);
    assert_eq!(scraped.value("tenterhook_tenant_quota quota=attachments tenant=acme type=used"), 2.0);
    assert!(scraped.value("tenterhook_tenant_quota quota=fuel_per_second tenant=acme type=limit") > 0.0);
    assert_eq!(scraped.value("tenterhook_revision"), stage.revision("two") as f64);
    assert_eq!(scraped.value("tenterhook_lost_events_total"), 0.0);
    let version = format!("version={}", env!("CARGO_PKG_VERSION"));
    let build = scraped.samples.keys().find(|name| name.starts_with("tenterhook_build_info ")).unwrap();
    assert!(build.contains("guest_sha256=") && build.contains(&version), "{build}");
}

#[test]
fn every_family_is_as_prometheus_wants_it() {
    let stage = Stage::new(SKIP);
    stage.attach("one", &says(1)).ok();
    stage.attach("two", &says(2)).ok();
    stage.call(1);
    let Scraped { text, parsed, .. } = Scraped::of(&stage, "/metrics");
    // HELP and TYPE once each, right before all samples of their family.
    let mut families: BTreeMap<&str, &str> = BTreeMap::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let name =
            line.strip_prefix("# HELP ").and_then(|rest| rest.split(' ').next()).unwrap_or_else(|| panic!("{line}"));
        let kind = lines.next().and_then(|line| line.strip_prefix(&format!("# TYPE {name} "))).unwrap();
        assert_eq!(families.insert(name, kind), None, "{name} twice");
        assert!(name.starts_with("tenterhook_"), "{name}");
        assert_eq!(kind == "counter", name.ends_with("_total"), "{name} is a {kind}");
        while let Some(sample) = lines.next_if(|line| !line.starts_with('#')) {
            let metric = sample.split(['{', ' ']).next().unwrap();
            let suffixes: &[&str] = if kind == "histogram" { &["_bucket", "_sum", "_count"] } else { &[""] };
            assert!(suffixes.iter().any(|suffix| metric == format!("{name}{suffix}")), "{sample} under {name}");
        }
    }
    assert_eq!(parsed.docs.len(), families.len());
    let mut seen = 0;
    for sample in &parsed.samples {
        let Value::Histogram(buckets) = &sample.value else { continue };
        seen += 1;
        assert!(buckets.windows(2).all(|two| two[0].count <= two[1].count), "cumulative: {sample:?}");
        assert!(buckets.windows(2).all(|two| two[0].less_than < two[1].less_than), "ascending: {sample:?}");
        assert_eq!(buckets.last().unwrap().less_than, f64::INFINITY, "{sample:?}");
    }
    assert_eq!(seen, 4, "fuel and time of two attachments");
    assert!(text.contains("tenterhook_fuel_count{tenant=\"acme\",hook=\"test.decide\",attachment=\"two\"} 0\n"));
}

#[test]
fn every_cause_is_a_series_from_the_start() {
    let stage = Stage::new(SKIP);
    let before = Scraped::of(&stage, "/metrics");
    assert!(!before.text.contains("tenant=\"acme\""), "acme is no tenant yet");
    stage.attach("one", &says(1)).ok();
    let scraped = Scraped::of(&stage, "/metrics");
    let of = "hook=test.decide tenant=acme";
    for cause in FaultCause::WORDS {
        assert_eq!(scraped.value(&format!("tenterhook_faults_total attachment=one cause={cause} {of}")), 0.0);
        assert_eq!(scraped.value(&format!("tenterhook_tenant_faults_total cause={cause} tenant=acme")), 0.0);
    }
    for cause in DenialCause::WORDS {
        assert_eq!(scraped.value(&format!("tenterhook_denials_total attachment=one cause={cause} {of}")), 0.0);
        assert_eq!(scraped.value(&format!("tenterhook_tenant_denials_total cause={cause} tenant=acme")), 0.0);
    }
    assert_eq!(scraped.value(&format!("tenterhook_quarantined attachment=one {of}")), 0.0);
}

#[test]
fn a_tenant_that_the_policy_lists_has_its_series_before_it_attaches_anything() {
    let stage = Stage::new("[tenants.acme]\nattachments = 7\n");
    let scraped = Scraped::of(&stage, "/metrics");
    assert_eq!(scraped.value("tenterhook_tenant_calls_total tenant=acme"), 0.0);
    for (kind, value) in [("limit", 7.0), ("used", 0.0)] {
        assert_eq!(scraped.value(&format!("tenterhook_tenant_quota quota=attachments tenant=acme type={kind}")), value);
    }
    let policy = Policy::parse("[tenants.acme]\nattachments = 9\n", "policy.toml").unwrap();
    stage.host.set_policy(policy).unwrap();
    let scraped = Scraped::of(&stage, "/metrics");
    assert_eq!(scraped.value("tenterhook_tenant_quota quota=attachments tenant=acme type=limit"), 9.0);
}

#[test]
fn a_tenant_s_totals_outlive_its_attachments() {
    let stage = Stage::new(SKIP);
    stage.attach("one", "function decide(n) error('x') end").ok();
    (0..5).for_each(|n| assert_eq!(stage.call(n), 0));
    let totals = |scraped: &Scraped| {
        ["calls_total", "fuel_total", "faults_total cause=script"]
            .map(|name| scraped.value(&format!("tenterhook_tenant_{name} tenant=acme")))
    };
    let before = totals(&Scraped::of(&stage, "/metrics"));
    assert_eq!((before[0], before[2]), (5.0, 5.0));
    assert!(before[1] > 0.0, "{before:?}");
    stage.client.ask("DELETE", &format!("/v1/attachments/acme/one?revision={}", stage.revision("one")), None).ok();
    assert_eq!(totals(&Scraped::of(&stage, "/metrics")), before, "detached");
    stage.attach("one", "function decide(n) error('y') end").ok();
    assert_eq!(totals(&Scraped::of(&stage, "/metrics")), before, "another one, not called yet");
    (0..3).for_each(|n| assert_eq!(stage.call(n), 0));
    let by_tenant = Scraped::of(&stage, "/metrics?by=tenant");
    assert_eq!(totals(&by_tenant)[2], 8.0);
    assert!(!by_tenant.text.contains("attachment="), "only what is summed up by tenant");
    assert_eq!(stage.client.get("/metrics?by=hook").refused(), (400, "bad_request".into()));
}

#[test]
fn an_attachment_in_quarantine_is_told() {
    let stage =
        Stage::new("[defaults]\nquarantine = \"on\"\nquarantine_faults = 2\n[defaults.on_fault]\nany = \"skip\"\n");
    stage.attach("one", "function decide(n) error('x') end").ok();
    (0..3).for_each(|n| assert_eq!(stage.call(n), 0));
    let scraped = Scraped::of(&stage, "/metrics");
    let of = "hook=test.decide tenant=acme";
    assert_eq!(scraped.value(&format!("tenterhook_quarantined attachment=one {of}")), 1.0);
    assert_eq!(scraped.value(&format!("tenterhook_denials_total attachment=one cause=quarantine {of}")), 1.0);
}
