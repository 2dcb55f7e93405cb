//! The survival suite, one test per case, as `tenterhook survive` runs it; and tests of what runs it.
//!
//! `cargo test -p tenterhook-tests --test survival -- redis/` runs a group. `tests/survival/README.md` says what a case
//! consists of and what holding means.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use libtest_mimic::{Arguments, Failed, Trial};
use tenterhook_cli::survive::{Case, Stand, cases, cases_in, driver_names, stress};
use tenterhook_tests::bench::cache;
use tenterhook_tests::root;

/// The fewest cases there are; fewer means that some were lost.
const LEAST: usize = 250;

/// Stands that no trial is using. Scripts of one hook point must not meet in one host: they would form a chain.
static STANDS: Mutex<Vec<Stand>> = Mutex::new(Vec::new());

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let cases = match cases() {
        Ok(cases) => Arc::new(cases),
        Err(problem) => {
            eprintln!("{problem}");
            return ExitCode::FAILURE;
        }
    };
    let trial = |at: usize| {
        let cases = Arc::clone(&cases);
        Trial::test(cases[at].name.clone(), move || case(&cases[at]))
    };
    let mut trials: Vec<Trial> = (0..cases.len()).map(trial).collect();
    let all = |name: &str, test: fn(&[Case]) -> Result<(), Failed>| {
        let cases = Arc::clone(&cases);
        Trial::test(name, move || test(&cases))
    };
    trials.push(all("runner::the_command_has_every_case", the_command_has_every_case));
    trials.push(all("runner::every_driver_is_used", every_driver_is_used));
    trials.push(all("runner::a_wrong_expectation_is_red", a_wrong_expectation_is_red));
    trials.push(all("runner::what_is_left_behind_is_red", what_is_left_behind_is_red));
    trials.push(all("runner::a_driver_that_is_waited_for_in_vain_is_red", a_driver_that_is_waited_for_in_vain_is_red));
    trials.push(all("runner::what_cannot_be_read_is_said", what_cannot_be_read_is_said));
    trials.push(all("runner::another_tenant_notices_nothing", another_tenant_notices_nothing));
    libtest_mimic::run(&arguments, trials).exit_code()
}

fn on_stand<T>(work: impl FnOnce(&Stand) -> T) -> Result<T, Failed> {
    let idle = STANDS.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let stand = match idle {
        Some(stand) => stand,
        None => Stand::new(Some(&cache())).map_err(|error| format!("{error:#}"))?,
    };
    let result = work(&stand);
    STANDS.lock().unwrap_or_else(PoisonError::into_inner).push(stand);
    Ok(result)
}

fn problems(case: &Case) -> Result<Vec<String>, Failed> {
    on_stand(|stand| stand.run(case).problems)
}

fn case(case: &Case) -> Result<(), Failed> {
    match problems(case)? {
        problems if problems.is_empty() => Ok(()),
        problems => Err(format!("{}:\n  {}", case.about(), problems.join("\n  ")).into()),
    }
}

/// The files of the folder are what was built into the command.
fn the_command_has_every_case(cases: &[Case]) -> Result<(), Failed> {
    let found = cases_in(&root().join("tests/survival"))?;
    if found != cases {
        return Err(
            format!("{} cases in the folder, {} in the command, or other texts", found.len(), cases.len()).into()
        );
    }
    if cases.len() < LEAST {
        return Err(format!("expected at least {LEAST} cases, found {}", cases.len()).into());
    }
    Ok(())
}

fn every_driver_is_used(cases: &[Case]) -> Result<(), Failed> {
    let used =
        |driver: &str| cases.iter().any(|case| case.script.driver.as_ref().is_some_and(|(name, _)| name == driver));
    match driver_names().find(|driver| !used(driver)) {
        Some(driver) => Err(format!("no case is for the driver '{driver}'").into()),
        None => Ok(()),
    }
}

/// A case in which everything is as it should be but what `header` says.
fn with_header(header: &str, body: &str) -> Result<Case, Failed> {
    let text = format!("--! about = a case\n--! hook = survive.run\n{header}\n{body}");
    Ok(Case::parse("runner/case", text.as_bytes())?)
}

/// Each expectation that is not met makes the case red, and names what there was instead.
fn a_wrong_expectation_is_red(_: &[Case]) -> Result<(), Failed> {
    let answers = "function run(n) if n == 0 then return {} end return { integer = 5 } end";
    let loops = "function run(n) if n == 0 then return {} end while true do end end";
    let broken = "function run(";
    let source = "--! driver = source pad 1000\n";
    let right = [
        ("--! expect = result {\"integer\": 5}", answers),
        ("--! expect = fault:fuel\n--! message = out of fuel", loops),
        ("--! expect = refused:load", broken),
    ];
    for (header, body) in right {
        let found = problems(&with_header(header, body)?)?;
        if !found.is_empty() {
            return Err(format!("{header}: {found:?}").into());
        }
    }
    let wrong = [
        ("--! expect = result {\"integer\": 6}", answers, "5"),
        ("--! expect = result {}", answers, "5"),
        ("--! expect = fault:fuel", answers, "Result"),
        ("--! expect = fault:memory", loops, "out of fuel"),
        ("--! expect = fault:fuel\n--! message = patience", loops, "out of fuel"),
        ("--! expect = denied:busy", loops, "out of fuel"),
        ("--! expect = result {}", broken, "Refused"),
        ("--! expect = refused:memory", broken, "load"),
        ("--! expect = refused:load", answers, "Result"),
        ("--! expect = result {\"integer\": 5}\n--! log = info@1 x", answers, "logs"),
        ("--! expect = result {\"integer\": 5}\n--! fuel = 1", answers, "fuel"),
        ("--! expect = result {\"integer\": 5}\n--! budget = fuel=a_lot", answers, "fuel"),
    ];
    for (header, body, names) in wrong {
        let found = problems(&with_header(header, body)?)?;
        if !found.iter().any(|problem| problem.contains(names)) {
            return Err(format!("{header}: expected a problem with '{names}', found {found:?}").into());
        }
    }
    let driven = problems(&with_header(&format!("{source}--! expect = fault:fuel"), answers)?)?;
    if driven.len() != 1 {
        return Err(format!("a driver's case with a wrong expectation: {driven:?}").into());
    }
    Ok(())
}

/// A calm call that fails, or that notices the attack before it, makes the case red.
fn what_is_left_behind_is_red(_: &[Case]) -> Result<(), Failed> {
    let never_calm = with_header("--! expect = fault:fuel", "function run() while true do end end")?;
    let forgetful = with_header("--! expect = fault:script", "function run() error('always') end")?;
    for (case, names) in [(&never_calm, "out of fuel"), (&forgetful, "always")] {
        let found = problems(case)?;
        if !found.iter().any(|problem| problem.contains("calm") && problem.contains(names)) {
            return Err(format!("a calm call that fails: {found:?}").into());
        }
    }
    Ok(())
}

/// A script that never comes to the act that the driver waits for ends the case, not the run.
fn a_driver_that_is_waited_for_in_vain_is_red(_: &[Case]) -> Result<(), Failed> {
    let header = "--! driver = shutdown\n--! grant = program\n--! expect = result {}";
    let found = problems(&with_header(header, "function run() return {} end")?)?;
    if !found.iter().any(|problem| problem.contains("without program.act()")) {
        return Err(format!("expected a problem with the act, found {found:?}").into());
    }
    Ok(())
}

fn what_cannot_be_read_is_said(_: &[Case]) -> Result<(), Failed> {
    let texts = [
        ("--! about = a\n--! hook = survive.run\n--! expect =\n", "without a value"),
        ("--! about = a\n--! hook = survive.run\n--! driver = bus\n--! expect = result {}\n", "no driver 'bus'"),
        ("--! about = a\n--! expect = result {}\n", "missing 'hook'"),
    ];
    for (text, names) in texts {
        match Case::parse("runner/unread", text.as_bytes()) {
            Err(problem) if problem.contains(names) => {}
            other => return Err(format!("{text}: {other:?}").into()),
        }
    }
    Ok(())
}

/// Two tenants on two threads, one of them attacking. How much slower the other is, is for `tenterhook survive --stress`
/// to say; that its answers and its fuel stay the same is said here.
fn another_tenant_notices_nothing(cases: &[Case]) -> Result<(), Failed> {
    let done = on_stand(|stand| stress(stand, cases, Duration::from_secs(2)))?.map_err(|error| format!("{error:#}"))?;
    if !done.problems.is_empty() {
        return Err(format!("cases that did not hold: {:?}", done.problems).into());
    }
    if done.cases == 0 || done.attacked.is_empty() || done.peaceful.is_empty() {
        return Err(format!("nothing happened: {} cases", done.cases).into());
    }
    Ok(())
}
