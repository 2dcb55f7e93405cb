//! Totals of calls: results by value, faults by cause, fuel, time.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use hdrhistogram::Histogram;
use serde_json::{Map, Value as Json, json};
use tenterhook::hooks::codec::Answer;
use tenterhook::hooks::schema::{Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::{FailureKind, hooks::schema::ResultField};

/// The most values of one result that are counted separately.
const MOST_VALUES: usize = 1_000;
/// The name under which the others are counted.
const OTHERS: &str = "(others)";

/// Above the largest budget of fuel, 1 T.
const MOST_FUEL: u64 = 1 << 41;

/// Totals of many calls.
#[derive(Debug, Clone)]
pub struct Stats {
    /// The number of calls.
    pub calls: u64,
    /// The answers of the calls that returned one.
    pub answers: Answers,
    /// Faults by cause.
    pub faults: BTreeMap<String, u64>,
    /// Denials by cause.
    pub denied: BTreeMap<String, u64>,
    /// The time of all calls together.
    pub time: Duration,
    fuel: Histogram<u64>,
    most_fuel: u64,
}

/// How often each result had each value, and each argument was changed.
#[derive(Debug, Clone)]
pub struct Answers {
    /// The number of answers.
    pub count: u64,
    results: Vec<Tally>,
    changes: Vec<(String, u64)>,
}

#[derive(Debug, Clone)]
struct Tally {
    field: ResultField,
    /// Counts by position of the variant, if the result is an enum: the common case needs no text.
    variants: Vec<u64>,
    values: BTreeMap<String, u64>,
}

impl Stats {
    /// Makes empty totals for a hook point.
    pub fn new(of: &Declaration) -> Result<Stats> {
        Ok(Stats {
            calls: 0,
            answers: Answers::new(of),
            faults: BTreeMap::new(),
            denied: BTreeMap::new(),
            time: Duration::ZERO,
            fuel: Histogram::new_with_bounds(1, MOST_FUEL, 3)?,
            most_fuel: 0,
        })
    }

    /// Counts a call.
    pub fn add(&mut self, result: Result<&Answer, &FailureKind>, fuel: u64, time: Duration) {
        self.calls += 1;
        self.time += time;
        match result {
            Ok(answer) => self.answers.add(answer),
            Err(kind) => self.fail(kind),
        }
        self.most_fuel = self.most_fuel.max(fuel);
        self.fuel.saturating_record(fuel);
    }

    /// Counts a failure.
    fn fail(&mut self, kind: &FailureKind) {
        let (counts, cause) = match kind {
            FailureKind::Fault(fault) => (&mut self.faults, fault.cause().to_string()),
            FailureKind::Denied(denied) => (&mut self.denied, denied.cause().to_string()),
            FailureKind::Closed(_) => (&mut self.denied, "closed".to_owned()),
        };
        *counts.entry(cause).or_default() += 1;
    }

    /// Adds the totals of another thread.
    pub fn merge(&mut self, other: &Stats) -> Result<()> {
        self.calls += other.calls;
        self.time += other.time;
        self.answers.merge(&other.answers);
        for (into, from) in [(&mut self.faults, &other.faults), (&mut self.denied, &other.denied)] {
            for (cause, count) in from {
                *into.entry(cause.clone()).or_default() += count;
            }
        }
        self.fuel.add(&other.fuel)?;
        self.most_fuel = self.most_fuel.max(other.most_fuel);
        Ok(())
    }

    /// The fuel within which this percentage of the calls stayed, to three digits.
    pub fn fuel(&self, percent: f64) -> u64 {
        self.fuel.value_at_percentile(percent).min(self.most_fuel)
    }

    /// The most fuel of a call, exactly.
    pub fn most_fuel(&self) -> u64 {
        self.most_fuel
    }

    /// Mean time of a call.
    pub fn mean_time(&self) -> Duration {
        Duration::from_nanos(u64::try_from(self.time.as_nanos() / u128::from(self.calls.max(1))).unwrap_or(u64::MAX))
    }

    /// Percentiles of fuel.
    pub fn fuel_json(&self) -> Json {
        json!({ "p50": self.fuel(50.0), "p99": self.fuel(99.0), "max": self.most_fuel })
    }
}

impl Answers {
    /// Makes empty counts for a hook point.
    pub fn new(of: &Declaration) -> Answers {
        let tally = |field: &ResultField| Tally {
            field: field.clone(),
            variants: vec![0; if let Type::Enum(e) = &field.ty { e.variants.len() } else { 0 }],
            values: BTreeMap::new(),
        };
        Answers {
            count: 0,
            results: of.results.iter().map(tally).collect(),
            changes: of.arguments.iter().map(|argument| (argument.name.clone(), 0)).collect(),
        }
    }

    /// Counts an answer; results that it leaves out are at their defaults.
    pub fn add(&mut self, answer: &Answer) {
        self.count += 1;
        for (position, tally) in self.results.iter_mut().enumerate() {
            tally.add(answer.result(position));
        }
        for (position, (_, count)) in self.changes.iter_mut().enumerate() {
            *count += u64::from(answer.change(position).is_some());
        }
    }

    fn merge(&mut self, other: &Answers) {
        self.count += other.count;
        for (into, from) in self.results.iter_mut().zip(&other.results) {
            for (into, from) in into.variants.iter_mut().zip(&from.variants) {
                *into += from;
            }
            for (value, count) in &from.values {
                *into.count(value.clone()) += count;
            }
        }
        for ((_, into), (_, from)) in self.changes.iter_mut().zip(&other.changes) {
            *into += from;
        }
    }

    /// Name, value and count of the results, in order of declaration.
    pub fn rows(&self) -> Vec<(&str, String, u64)> {
        let mut rows = Vec::new();
        for tally in &self.results {
            let variants = match &tally.field.ty {
                Type::Enum(e) => e.variants.as_slice(),
                _ => &[],
            };
            let named = variants.iter().zip(&tally.variants).map(|(variant, count)| (variant.name.clone(), *count));
            let texts = tally.values.iter().map(|(value, count)| (value.clone(), *count));
            rows.extend(
                named
                    .chain(texts)
                    .filter(|(_, count)| *count > 0)
                    .map(|(v, count)| (tally.field.name.as_str(), v, count)),
            );
        }
        rows
    }

    /// Arguments that answers changed, and the number of these answers.
    pub fn changes(&self) -> impl Iterator<Item = (&str, u64)> {
        self.changes.iter().filter(|(_, count)| *count > 0).map(|(name, count)| (name.as_str(), *count))
    }

    /// `{ result: { value: count } }`.
    pub fn json(&self) -> Json {
        let mut json = Map::new();
        for tally in &self.results {
            json.insert(tally.field.name.clone(), Json::Object(Map::new()));
        }
        for (name, value, count) in self.rows() {
            json[name][value] = count.into();
        }
        Json::Object(json)
    }

    /// `{ argument: count }`.
    pub fn changes_json(&self) -> Json {
        self.changes().map(|(name, count)| (name.to_owned(), Json::from(count))).collect()
    }
}

impl Tally {
    fn add(&mut self, value: Option<&Value>) {
        let value = value.unwrap_or(&self.field.default);
        if let Value::Enum(at) = value
            && let Some(count) = self.variants.get_mut(*at)
        {
            *count += 1;
            return;
        }
        let text = value.to_json(&self.field.ty).to_string();
        *self.count(text) += 1;
    }

    /// The count of a value, or of the others if there are too many values.
    fn count(&mut self, text: String) -> &mut u64 {
        let key =
            if self.values.len() < MOST_VALUES || self.values.contains_key(&text) { text } else { OTHERS.to_owned() };
        self.values.entry(key).or_default()
    }
}

#[cfg(test)]
mod tests {
    use tenterhook::Fault;
    use tenterhook_bgp::catalog;

    use super::*;

    fn declaration() -> &'static Declaration {
        catalog::find("bgp.route_match").expect("in the catalog")
    }

    fn answer(action: usize) -> Answer {
        Answer::from_values(declaration(), vec![(0, Value::Enum(action))]).expect("fits")
    }

    #[test]
    fn what_is_not_said_counts_as_the_default() {
        let mut answers = Answers::new(declaration());
        for answer in [answer(2), Answer::empty(), answer(2), answer(1)] {
            answers.add(&answer);
        }
        assert_eq!(answers.json(), json!({ "action": { "NOMATCH": 2, "MATCH": 2 } }));
        assert_eq!(answers.changes_json(), json!({}));
    }

    #[test]
    fn threads_add_up() -> Result<()> {
        let fault = FailureKind::Fault(Fault::Host { message: String::new() });
        let mut one = Stats::new(declaration())?;
        one.add(Ok(&answer(3)), 1_000, Duration::from_micros(2));
        let mut two = Stats::new(declaration())?;
        two.add(Err(&fault), 1_000_000_007, Duration::from_micros(4));
        one.merge(&two)?;
        assert_eq!((one.calls, one.answers.count, one.faults.get("host")), (2, 1, Some(&1)));
        assert_eq!(one.most_fuel(), 1_000_000_007);
        assert_eq!(one.fuel(99.0), 1_000_000_007, "never more than the most there was");
        assert_eq!(one.fuel(50.0), 1_000);
        assert_eq!(one.mean_time(), Duration::from_micros(3));
        Ok(())
    }

    #[test]
    fn values_without_end_do_not_take_memory_without_end() {
        let field = ResultField { name: "n".into(), ty: Type::INTEGER, default: Value::Integer(0), doc: String::new() };
        let mut tally = Tally { field, variants: Vec::new(), values: BTreeMap::new() };
        for n in 0..3_000 {
            tally.add(Some(&Value::Integer(n)));
        }
        assert_eq!(tally.values.len(), MOST_VALUES + 1);
        assert_eq!(tally.values.get(OTHERS), Some(&2_000));
    }
}
