//! `tenterhook test`: compares the results of scripts with expected results.
//!
//! A test is a JSON file; paths in it are relative to it:
//!
//! | key | |
//! | --- | --- |
//! | `hook`, `script` | the hook point and the script |
//! | `policy`, `tenant` | the rules; by default those of the built-in policy |
//! | `arguments` | by name |
//! | `result` | the expected result; numbers are compared by value, as in Lua: 1 is 1.0 |
//! | `fault` | or the cause of the expected fault, such as `fuel` |
//!
//! A file that is not a test, or whose script or policy cannot be read, is reported; the others are run all the same.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;
use serde_json::{Number, Value as Json, json};
use tenterhook::{CallReport, FailureKind};

use crate::exit::{Exit, PolicyRefuses};
use crate::input;
use crate::live::{LiveArgs, Unreachable};
use crate::logs::Collector;
use crate::setup::{self, Attaching, Overrides, PolicyArgs, Script};
use crate::text;

/// Runs tests of scripts: JSON files with the arguments and the expected result of a call
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Tests, or folders with tests below them (tests/*.json)
    #[arg(value_name = "FILE|DIR", default_value = ".")]
    paths: Vec<PathBuf>,
    #[command(flatten)]
    live: LiveArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Test {
    hook: String,
    script: PathBuf,
    policy: Option<PathBuf>,
    tenant: Option<String>,
    arguments: Json,
    result: Option<Json>,
    fault: Option<String>,
}

/// The result of a test.
struct Ran {
    result: Json,
    fault: Option<(String, String)>,
    fuel: u64,
}

/// Runs the command.
pub fn run(args: &TestArgs, out: &mut dyn Write) -> Result<Exit> {
    let mut tests = Vec::new();
    for path in &args.paths {
        find(path, &mut tests)?;
    }
    if tests.is_empty() {
        bail!("no tests: expected JSON files, or folders with tests/*.json in them");
    }
    let (mut failed, mut unfit, mut report) = (0u64, Vec::new(), Vec::new());
    for path in &tests {
        let name = text::path(path);
        let (ran, problem) = match one(path, &args.live) {
            Ok((test, ran)) => {
                let problem = judge(&test, &ran);
                (ran, problem)
            }
            // If the program cannot be reached, the other tests cannot reach it either.
            Err(error) if error.downcast_ref::<Unreachable>().is_some() => return Err(error.context(name)),
            Err(error) => {
                let problem = format!("{error:#}");
                unfit.push(error.context(name.clone()));
                (Ran { result: Json::Null, fault: None, fuel: 0 }, Some(problem))
            }
        };
        failed += u64::from(problem.is_some());
        if args.json {
            report.push(json!({
                "test": name,
                "passed": problem.is_none(),
                "problem": problem,
                "result": ran.result,
                "fault": ran.fault.map(|(cause, message)| json!({ "cause": cause, "message": message })),
                "fuel": ran.fuel,
            }));
            continue;
        }
        match problem {
            None => writeln!(out, "passed  {name} ({} fuel)", text::grouped(ran.fuel))?,
            Some(problem) => {
                writeln!(out, "FAILED  {name}\n        {}", text::plain(&problem).replace('\n', "\n        "))?
            }
        }
    }
    if args.json {
        serde_json::to_writer_pretty(&mut *out, &json!({ "failed": failed, "tests": report }))?;
        writeln!(out)?;
    } else {
        writeln!(out, "{}, {failed} failed", text::counted(tests.len() as u64, "test"))?;
    }
    let count = unfit.len() as u64;
    match unfit.into_iter().next() {
        Some(first) if count == 1 => return Err(first),
        Some(first) => {
            return Err(first.context(format!("{} could not be run; the first", text::counted(count, "test"))));
        }
        None => {}
    }
    Ok(if failed > 0 { Exit::Fault } else { Exit::Result })
}

/// The tests that a path stands for, in order of their names.
fn find(path: &Path, tests: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        tests.push(path.to_owned());
        return Ok(());
    }
    let folder = if path.ends_with("tests") { path.to_owned() } else { path.join("tests") };
    let entries = std::fs::read_dir(&folder).with_context(|| format!("folder {}", text::path(&folder)))?;
    let mut found: Vec<PathBuf> = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    found.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    found.sort();
    tests.append(&mut found);
    Ok(())
}

/// Reads a test and runs it.
fn one(path: &Path, live: &LiveArgs) -> Result<(Test, Ran)> {
    let test: Test = serde_json::from_slice(&input::read(path, "test")?)?;
    let ran = call(path, &test, live)?;
    Ok((test, ran))
}

fn call(path: &Path, test: &Test, live: &LiveArgs) -> Result<Ran> {
    let beside = |file: &Path| path.parent().unwrap_or(Path::new("")).join(file);
    if test.result.is_some() == test.fault.is_some() {
        bail!("expected either `result` or `fault`");
    }
    let of = setup::hook_point(&test.hook, live)?;
    let values = of.arguments_from_json(&test.arguments)?;
    let policy = PolicyArgs { policy: test.policy.as_deref().map(beside), tenant: test.tenant.clone() };
    if policy.policy.is_some() && policy.tenant.is_none() {
        bail!("`policy` needs a `tenant`");
    }
    let standing = policy.resolve(&test.hook, &Overrides::default())?.map_err(PolicyRefuses)?;
    let host = setup::host(Arc::new(Collector::new(0)))?;
    let (hook, _link) = match Script::read(&beside(&test.script), &of.handler)?.attach(&host, &of, &standing)? {
        Attaching::Done { hook, link } => (hook, link),
        Attaching::Fault(fault) => {
            let fault = Some((fault.cause().to_string(), fault.to_string()));
            return Ok(Ran { result: Json::Null, fault, fuel: 0 });
        }
    };
    let mut fuel = 0;
    let outcome = hook.invoke(&values, &mut |report: &CallReport<'_>| fuel = report.fuel);
    let fault = outcome.failures.first().map(|failure| match &failure.kind {
        FailureKind::Fault(fault) => (fault.cause().to_string(), fault.to_string()),
        FailureKind::Denied(denied) => (denied.cause().to_string(), denied.to_string()),
        FailureKind::Closed(closed) => ("closed".to_owned(), closed.to_string()),
    });
    Ok(Ran { result: of.answer_to_json(&outcome.answer), fault, fuel })
}

/// The difference from the expected result, if there is one.
fn judge(test: &Test, ran: &Ran) -> Option<String> {
    match (&test.fault, &ran.fault) {
        (Some(expected), Some((cause, _))) if expected == cause => None,
        (Some(expected), Some((cause, message))) => {
            Some(format!("expected a fault {expected}, got {cause}: {message}"))
        }
        (Some(expected), None) => Some(format!("expected a fault {expected}, got {}", ran.result)),
        (None, Some((cause, message))) => Some(format!("fault {cause}: {message}")),
        (None, None) => {
            let expected = test.result.as_ref()?;
            (!same(expected, &ran.result)).then(|| format!("expected {expected}\ngot      {}", ran.result))
        }
    }
}

/// Whether two values are the same; numbers are compared by value, whatever their type.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one == other || number(one) == number(other),
        (Json::Array(one), Json::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Json::Object(one), Json::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, one)| other.get(key).is_some_and(|other| same(one, other)))
        }
        _ => one == other,
    }
}

/// A number as an integer, if it is one exactly.
fn number(of: &Number) -> Result<i128, u64> {
    match of.as_i128() {
        Some(whole) => Ok(whole),
        None => {
            let float = of.as_f64().unwrap_or(f64::NAN);
            // Whole floats below 2^64 are exact in 128 bits; no integer of JSON is larger.
            let whole = float.fract() == 0.0 && float.abs() <= 18_446_744_073_709_551_616.0;
            if whole { Ok(float as i128) } else { Err(float.to_bits()) }
        }
    }
}

#[cfg(test)]
mod tests {
    use tenterhook_bgp::catalog;

    use super::*;

    fn sample() -> Json {
        let of = catalog::find("bgp.peer_status").expect("in the catalog");
        of.arguments_to_json(&catalog::sample(&of.name).expect("a sample"))
    }

    fn outcome(script: &str, expected: &Json) -> Result<Option<String>> {
        let folder = tempfile::tempdir()?;
        std::fs::write(folder.path().join("s.lua"), script)?;
        let mut test = json!({ "hook": "bgp.peer_status", "script": "s.lua", "arguments": sample() });
        if let Some(object) = expected.as_object() {
            for (key, value) in object {
                test[key] = value.clone();
            }
        }
        let test: Test = serde_json::from_value(test)?;
        let ran = call(&folder.path().join("t.json"), &test, &LiveArgs::default())?;
        Ok(judge(&test, &ran))
    }

    #[test]
    fn numbers_are_the_same_by_their_value() {
        for (one, other) in [
            (json!(1), json!(1.0)),
            (json!(0), json!(-0.0)),
            (json!(-3), json!(-3.0)),
            (json!(9_007_199_254_740_992_i64), json!(9_007_199_254_740_992.0)),
            (json!([{ "a": 2 }]), json!([{ "a": 2.0 }])),
        ] {
            assert!(same(&one, &other) && same(&other, &one), "{one} {other}");
        }
        for (one, other) in [
            (json!(1), json!(1.5)),
            (json!(1), json!("1")),
            (json!(1), json!(true)),
            (json!(9_007_199_254_740_993_i64), json!(9_007_199_254_740_992.0)),
            (json!(u64::MAX), json!(18_446_744_073_709_551_616.0)),
            (json!(1.5), json!(2.5)),
            (json!(1e300), json!(2e300)),
            (json!([1]), json!([1, 1])),
            (json!({ "a": 1 }), json!({ "b": 1 })),
            (json!({ "a": null }), json!({})),
        ] {
            assert!(!same(&one, &other) && !same(&other, &one), "{one} {other}");
        }
    }

    #[test]
    fn results_and_faults_are_held_to_what_is_expected() -> Result<()> {
        let good = "function peer_status() return {} end";
        assert_eq!(outcome(good, &json!({ "result": {} }))?, None);
        assert_eq!(
            outcome(good, &json!({ "result": { "x": 1 } }))?,
            Some("expected {\"x\":1}\ngot      {}".to_owned())
        );
        let endless = "function peer_status() while true do end end";
        assert_eq!(outcome(endless, &json!({ "fault": "fuel" }))?, None);
        let wrong = outcome(endless, &json!({ "fault": "memory" }))?.unwrap_or_default();
        assert!(wrong.starts_with("expected a fault memory, got fuel: "), "{wrong}");
        assert!(outcome(endless, &json!({ "result": {} }))?.is_some_and(|problem| problem.starts_with("fault fuel: ")));
        assert!(outcome("x = ", &json!({ "fault": "load" }))?.is_none());
        assert!(outcome(good, &json!({})).is_err(), "nothing is expected");
        Ok(())
    }
}
