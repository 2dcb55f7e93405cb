//! Computes rates from statistics at two moments.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use clap::ValueEnum;
use serde::Serialize;
use tenterhook_control_api::{AllStats, Stats};

/// What a row represents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    Attachment,
    Tenant,
    Hook,
}

/// The column by which rows are sorted; all except names in descending order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sort {
    Rate,
    Time,
    Cpu,
    Fuel,
    Faults,
    Name,
}

impl Sort {
    pub const ALL: [Sort; 6] = [Sort::Rate, Sort::Time, Sort::Cpu, Sort::Fuel, Sort::Faults, Sort::Name];
}

/// The subject of a row: an attachment by its tenant, its name and its hook point, or all of a tenant or a hook point.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Subject {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tenant: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hook: String,
}

/// The rates between two moments, of one attachment or of several.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Row {
    #[serde(flatten)]
    pub subject: Subject,
    /// Calls per second.
    pub calls_per_second: f64,
    /// Mean time of a call, in nanoseconds.
    pub ns_per_call: f64,
    /// Time within calls, in percent of one CPU.
    pub cpu_percent: f64,
    /// Mean fuel of a call.
    pub fuel_per_call: f64,
    /// Faults per second.
    pub faults_per_second: f64,
    /// Denials per second.
    pub denials_per_second: f64,
    /// All calls, faults and denials so far.
    pub calls: u64,
    pub faults: u64,
    pub denials: u64,
}

/// Sums of counts.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    calls: u64,
    faults: u64,
    denials: u64,
    timed: u64,
    time_ns: u64,
    fuelled: u64,
    fuel: u64,
}

impl Row {
    /// The text of the row: `tenant/name`, the tenant, or the hook point.
    pub fn label(&self) -> String {
        let Subject { tenant, name, hook } = &self.subject;
        match (tenant.as_str(), name.as_str()) {
            ("", _) => hook.clone(),
            (tenant, "") => tenant.to_owned(),
            (tenant, name) => format!("{tenant}/{name}"),
        }
    }
}

impl Sums {
    fn of(stats: &Stats) -> Sums {
        let counts = &stats.counts;
        Sums {
            calls: counts.calls,
            faults: stats.fault_count(),
            denials: stats.denial_count(),
            timed: counts.latency_ns.count,
            time_ns: counts.latency_ns.total,
            fuelled: counts.fuel.count,
            fuel: counts.fuel.total,
        }
    }

    /// Calls that were not denied.
    fn ran(self) -> u64 {
        self.calls.saturating_sub(self.denials)
    }

    fn zip(self, other: Sums, with: impl Fn(u64, u64) -> u64) -> Sums {
        Sums {
            calls: with(self.calls, other.calls),
            faults: with(self.faults, other.faults),
            denials: with(self.denials, other.denials),
            timed: with(self.timed, other.timed),
            time_ns: with(self.time_ns, other.time_ns),
            fuelled: with(self.fuelled, other.fuelled),
            fuel: with(self.fuel, other.fuel),
        }
    }
}

/// Rows between two moments, unsorted. What was attached in between counts from zero.
pub fn rows(before: &AllStats, now: &AllStats, by: By) -> Vec<Row> {
    let seconds = now.monotonic_ns.saturating_sub(before.monotonic_ns) as f64 / 1e9;
    let known: HashMap<u64, Sums> = before.attachments.iter().map(|stats| (stats.id, Sums::of(stats))).collect();
    let mut groups: BTreeMap<Subject, (Sums, Sums, f64)> = BTreeMap::new();
    for stats in &now.attachments {
        let (tenant, name, hook) = (stats.tenant.clone(), stats.name.clone(), stats.hook.clone());
        let key = match by {
            By::Attachment => Subject { tenant, name, hook },
            By::Tenant => Subject { tenant, ..Subject::default() },
            By::Hook => Subject { hook, ..Subject::default() },
        };
        let all = Sums::of(stats);
        let between = all.zip(known.get(&stats.id).copied().unwrap_or_default(), u64::saturating_sub);
        let group = groups.entry(key).or_default();
        group.0 = group.0.zip(between, u64::saturating_add);
        group.1 = group.1.zip(all, u64::saturating_add);
        group.2 += busy_ns(between, all);
    }
    let row = |(subject, (between, all, busy))| row(subject, between, all, busy, seconds);
    groups.into_iter().map(row).collect()
}

/// Time within an attachment's calls between two moments. Not every call is timed: the mean of the timed ones is used
/// for the others; if there are none, the mean of all calls so far.
fn busy_ns(between: Sums, all: Sums) -> f64 {
    let timed = if between.timed > 0 { between } else { all };
    per(timed.time_ns, timed.timed as f64) * between.ran() as f64
}

fn per(amount: u64, of: f64) -> f64 {
    if of > 0.0 { amount as f64 / of } else { 0.0 }
}

fn row(subject: Subject, between: Sums, all: Sums, busy_ns: f64, seconds: f64) -> Row {
    let ratio = |amount: f64, of: f64| if of > 0.0 { amount / of } else { 0.0 };
    Row {
        subject,
        calls_per_second: per(between.calls, seconds),
        ns_per_call: ratio(busy_ns, between.ran() as f64),
        cpu_percent: ratio(busy_ns, seconds * 1e7),
        fuel_per_call: per(between.fuel, between.fuelled as f64),
        faults_per_second: per(between.faults, seconds),
        denials_per_second: per(between.denials, seconds),
        calls: all.calls,
        faults: all.faults,
        denials: all.denials,
    }
}

/// Sorts rows; equal ones by name.
pub fn sort(rows: &mut [Row], by: Sort, reverse: bool) {
    let number = |row: &Row| match by {
        Sort::Rate => row.calls_per_second,
        Sort::Time => row.ns_per_call,
        Sort::Cpu => row.cpu_percent,
        Sort::Fuel => row.fuel_per_call,
        Sort::Faults => row.faults_per_second,
        Sort::Name => 0.0,
    };
    rows.sort_by(|a, b| {
        let order = number(b).partial_cmp(&number(a)).unwrap_or(Ordering::Equal);
        // Among rows without faults at the moment, those with more faults before come first.
        let order = if by == Sort::Faults { order.then(b.faults.cmp(&a.faults)) } else { order };
        let order = order.then_with(|| a.label().cmp(&b.label()));
        if reverse { order.reverse() } else { order }
    });
}

#[cfg(test)]
pub mod tests {
    use tenterhook_control_api::{Counts, Distribution};

    use super::*;

    /// Of one attachment: id, tenant, name, hook, calls, total time, total fuel, faults.
    pub type Counted<'a> = (u64, &'a str, &'a str, &'a str, u64, u64, u64, u64);

    /// Statistics at a moment.
    pub fn moment(seconds: u64, attachments: &[Counted<'_>]) -> AllStats {
        let stats = |(id, tenant, name, hook, calls, ns, fuel, faults): &Counted<'_>| {
            let of = |total: &u64| Distribution { count: *calls, total: *total, ..Distribution::default() };
            let counts = Counts {
                calls: *calls,
                faults: [("fuel", *faults)].into_iter().collect(),
                fuel: of(fuel),
                latency_ns: of(ns),
                ..Counts::default()
            };
            let [tenant, name, hook] = [tenant, name, hook].map(|text| (*text).to_owned());
            Stats { counts, id: *id, tenant, name, hook, enabled: true, since_replace: None }
        };
        AllStats {
            time: String::new(),
            monotonic_ns: seconds * 1_000_000_000,
            attachments: attachments.iter().map(stats).collect(),
            protection: Vec::new(),
        }
    }

    fn two() -> (AllStats, AllStats) {
        let before = [(1, "acme", "a", "x.h", 100, 1_000_000, 50_000, 0), (2, "acme", "b", "x.g", 10, 0, 0, 0)];
        let now = [
            (1, "acme", "a", "x.h", 300, 401_000_000, 250_000, 4),
            (2, "acme", "b", "x.g", 10, 0, 0, 0),
            (3, "peer", "a", "x.h", 20, 2_000_000, 2_000, 0),
        ];
        (moment(10, &before), moment(12, &now))
    }

    #[test]
    fn rates_are_differences_over_time() {
        let (before, now) = two();
        let rows = rows(&before, &now, By::Attachment);
        let a = &rows[0];
        assert_eq!((a.label().as_str(), a.subject.hook.as_str(), a.calls, a.faults), ("acme/a", "x.h", 300, 4));
        assert_eq!((a.calls_per_second, a.ns_per_call, a.cpu_percent), (100.0, 2_000_000.0, 20.0));
        assert_eq!((a.fuel_per_call, a.faults_per_second), (1_000.0, 2.0));
        assert_eq!((rows[1].calls_per_second, rows[1].ns_per_call), (0.0, 0.0), "nothing happened");
        assert_eq!(rows[2].calls_per_second, 10.0, "attached in between");
    }

    #[test]
    fn calls_that_were_not_timed_take_the_mean_of_those_that_were() {
        let at = |seconds, calls, timed: u64, ns| {
            let mut all = moment(seconds, &[(1, "acme", "a", "x.h", calls, ns, 0, 0)]);
            all.attachments[0].counts.latency_ns.count = timed;
            all
        };
        let row = |before, now| rows(&before, &now, By::Attachment).remove(0);
        let sampled = row(at(1, 0, 0, 0), at(2, 160, 10, 50_000));
        assert_eq!((sampled.ns_per_call, sampled.cpu_percent), (5_000.0, 0.08));
        let untimed = row(at(2, 160, 10, 50_000), at(3, 170, 10, 50_000));
        assert_eq!((untimed.ns_per_call, untimed.calls_per_second), (5_000.0, 10.0));
    }

    #[test]
    fn groups_are_sums() {
        let (before, now) = two();
        let by = |by| -> Vec<(String, f64, u64)> {
            rows(&before, &now, by).into_iter().map(|row| (row.label(), row.calls_per_second, row.calls)).collect()
        };
        assert_eq!(by(By::Tenant), [("acme".to_owned(), 100.0, 310), ("peer".to_owned(), 10.0, 20)]);
        assert_eq!(by(By::Hook), [("x.g".to_owned(), 0.0, 10), ("x.h".to_owned(), 110.0, 320)]);
    }

    #[test]
    fn the_largest_comes_first_and_names_from_a() {
        let (before, now) = two();
        let mut rows = rows(&before, &now, By::Attachment);
        let mut order = |by, reverse| -> Vec<String> {
            sort(&mut rows, by, reverse);
            rows.iter().map(Row::label).collect()
        };
        assert_eq!(order(Sort::Rate, false), ["acme/a", "peer/a", "acme/b"]);
        assert_eq!(order(Sort::Rate, true), ["acme/b", "peer/a", "acme/a"]);
        assert_eq!(order(Sort::Name, false), ["acme/a", "acme/b", "peer/a"]);
    }

    #[test]
    fn the_same_moment_twice_has_no_rates() {
        let (_, now) = two();
        assert!(rows(&now, &now, By::Attachment).iter().all(|row| row.calls_per_second == 0.0));
    }
}
