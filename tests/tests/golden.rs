//! Golden scripts, one test each: what a script comes to, and exactly how much fuel that takes.
//!
//! `cargo test -p tenterhook-tests --test golden -- frr/` runs a group; `BLESS=1 cargo test …` writes results, log lines
//! and fuel into the headers (`golden/README.md`).

use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use libtest_mimic::{Arguments, Failed, Trial};
use tenterhook_tests::golden::{self, Script, Stand};

/// The fewest scripts there are; fewer means that some were lost.
const LEAST: usize = 90;

/// Stands that no trial is using. Scripts of one hook point must not meet in one host: they would form a chain.
static STANDS: Mutex<Vec<Stand>> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let bless = std::env::var_os("BLESS").is_some_and(|value| value == "1");
    let scripts = golden::scripts();
    let count = scripts.len();
    let mut trials: Vec<Trial> =
        scripts.into_iter().map(|path| Trial::test(golden::name(&path), move || trial(&path, bless))).collect();
    trials.push(Trial::test("there_are_enough", move || {
        if count < LEAST {
            Err(format!("expected at least {LEAST} golden scripts, found {count}").into())
        } else {
            Ok(())
        }
    }));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn trial(path: &Path, bless: bool) -> Result<(), Failed> {
    let stand = STANDS.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
    let outcome = on(&stand, path, bless);
    STANDS.lock().unwrap_or_else(PoisonError::into_inner).push(stand);
    outcome.map_err(|problem| format!("{}:\n  {problem}", path.display()).into())
}

fn on(stand: &Stand, path: &Path, bless: bool) -> Result<(), String> {
    let read = || {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let source = std::fs::read(path).map_err(|error| error.to_string())?;
        Script::parse(&file, &source)
    };
    let mut script = read()?;
    let mut observed = stand.run(&script)?;
    if bless {
        // Once more where the header has more or fewer lines now: log lines say at which line of the file they were.
        for _ in 0..5 {
            report(golden::check(&script, &observed, true))?;
            let text = golden::blessed(&script, &observed);
            if text.as_bytes() == script.source {
                break;
            }
            std::fs::write(path, text).map_err(|error| error.to_string())?;
            script = read()?;
            observed = stand.run(&script)?;
        }
    }
    report(golden::check(&script, &observed, false))
}

fn report(problems: Vec<String>) -> Result<(), String> {
    if problems.is_empty() { Ok(()) } else { Err(problems.join("\n  ")) }
}
