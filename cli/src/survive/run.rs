//! Runs a case on the stand, and judges it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use super::case::Case;
use super::header::Script;
use super::stand::{Made, Stand};
use super::{drivers, judge};

/// The time that a call may take beyond one nanosecond per unit of its fuel.
const FIXED: Duration = Duration::from_micros(500);

/// The result of a case.
#[derive(Debug)]
pub struct Report {
    /// The calls that the header describes.
    pub calls: Vec<Made>,
    /// The differences from what is expected. If there are none, the case holds.
    pub problems: Vec<String>,
}

impl Report {
    /// The call that took the most fuel.
    pub fn heaviest(&self) -> Option<&Made> {
        self.calls.iter().max_by_key(|made| (made.observed.fuel, made.time))
    }

    /// Whether every metered call took at most a nanosecond per unit of fuel, and a fixed half millisecond.
    pub fn within_promise(&self) -> bool {
        let promise = |made: &Made| Duration::from_nanos(made.observed.fuel) + FIXED;
        self.calls.iter().all(|made| made.observed.fuel == 0 || made.time <= promise(made))
    }
}

impl Stand {
    /// Runs a case. There always is a report: a panic of the host is listed as a problem in it.
    pub fn run(&self, case: &Case) -> Report {
        let ran = catch_unwind(AssertUnwindSafe(|| self.attempt(&case.script)));
        let (calls, mut problems) = match ran {
            Ok(Ok(calls)) => (calls, Vec::new()),
            Ok(Err(problem)) => (Vec::new(), vec![problem]),
            Err(_) => (Vec::new(), vec!["the host panicked".to_owned()]),
        };
        if problems.is_empty() {
            let (expected, made) = (case.script.calls.len(), calls.len());
            if expected != made {
                problems.push(format!("expected {expected} calls, made {made}"));
            }
            for (number, (call, made)) in (1..).zip(case.script.calls.iter().zip(&calls)) {
                let found = judge::case(call, &made.observed);
                problems.extend(found.into_iter().map(|problem| format!("call {number}: {problem}")));
            }
        }
        if let Err(problem) = self.neighbour_is_well() {
            problems.push(problem);
        }
        Report { calls, problems }
    }

    fn attempt(&self, script: &Script) -> Result<Vec<Made>, String> {
        match &script.driver {
            Some((driver, parameter)) => drivers::drive(driver, self, script, parameter),
            None => self.calls(script),
        }
    }
}
