//! Texts through all of `tenterhook check`.

use std::sync::{Mutex, PoisonError};

use tenterhook::policies::Fuel;
use tenterhook_cli::Checker;

/// Sandboxes that nobody is using.
static CHECKERS: Mutex<Vec<Checker>> = Mutex::new(Vec::new());

/// Enough for a script that means no harm, and soon used up by one that loops.
const FUEL: Fuel = Fuel::new(1_000_000);

/// The bytes are a script, or whatever else somebody may name. The check ends with what it found, or that nothing is
/// wrong; it neither fails nor panics.
pub fn run(bytes: &[u8]) {
    let idle = CHECKERS.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let checker = idle.unwrap_or_else(|| Checker::new().unwrap());
    checker.text(bytes, FUEL).unwrap();
    CHECKERS.lock().unwrap_or_else(PoisonError::into_inner).push(checker);
}
