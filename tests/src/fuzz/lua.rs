//! Scripts out of a grammar, through whole calls.

use std::sync::{Mutex, PoisonError};

use tenterhook_cli::survive::{Case, Outcome, Stand};

use super::grammar;
use crate::bench::cache;

/// Stands that nobody is using.
static STANDS: Mutex<Vec<Stand>> = Mutex::new(Vec::new());

/// The bytes choose a script's statements. It is loaded and called twice under a small budget, with another tenant's
/// calls between. It may fail in every way but one: the host itself is never at fault.
pub fn run(bytes: &[u8]) {
    let source = grammar::script(bytes);
    let header = "--! about = a script out of a grammar\n--! hook = survive.run\n--! budget = fuel=2M memory=1MiB\n\
        --! grant = probe\n--! expect = result {}\n";
    let case = Case::parse("fuzz/script", format!("{header}{source}").as_bytes()).unwrap();
    let idle = STANDS.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let stand = idle.unwrap_or_else(|| Stand::new(Some(&cache())).unwrap());
    let report = stand.run(&case);
    // What the calls came to is open; that they repeat, and that nobody else noticed, is not.
    let unexpected = |problem: &&String| !problem.starts_with("call 1: ");
    if let Some(problem) = report.problems.iter().find(unexpected) {
        panic!("{problem}\n{source}");
    }
    for made in &report.calls {
        if let Outcome::Fault { cause, message, .. } | Outcome::Refused { cause, message } = &made.observed.outcome {
            assert!(
                cause != "host" || message.contains("told to fail") || message.contains("panicked"),
                "{message}\n{source}"
            );
        }
    }
    STANDS.lock().unwrap_or_else(PoisonError::into_inner).push(stand);
}
