//! `tenterhook call`: makes one or more invocations of a hook point, with a script in a sandbox of its own, or in a
//! running program (`fire.rs`).
//!
//! With `--json` it prints one line per call of a script:
//!
//! | key | |
//! | --- | --- |
//! | `outcome` | `result`, `fault` or `denied` |
//! | `result` | what the program gets: the answer, or after a fault or a denial the declared default or the policy's choice |
//! | `fault` | `cause`, `message`, `traceback`; `null` without a fault |
//! | `denied` | `cause`, `message`; only if the policy denied the call |
//! | `fuel`, `memory_bytes`, `wall_ns` | what the call used |
//! | `logs` | `level`, `line`, `message` of each line |
//! | `log_lines_dropped` | the number of lines over the budget |
//! | `load_logs` | what the script logged while it was loaded, if anything; only on the first line |

mod args;
mod fire;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value as Json;
use tenterhook::hooks::codec::Answer;
use tenterhook::hooks::schema::Declaration;
use tenterhook::hooks::value::Value;
use tenterhook::policies::{Budget, Bytes};
use tenterhook::{CallReport, DynamicHook, FailureKind, Fault};

pub use self::args::CallArgs;
use self::args::{indented, json};
use crate::exit::Exit;
use crate::logs::{Collector, Line};
use crate::setup::{self, Attaching, Script};
use crate::{sample, text};

/// One call, as it is reported.
#[derive(Debug, Serialize)]
struct Called {
    outcome: &'static str,
    result: Json,
    fault: Option<Failed>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denied: Option<Refused>,
    fuel: u64,
    memory_bytes: u64,
    wall_ns: u64,
    logs: Vec<Line>,
    log_lines_dropped: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    load_logs: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Failed {
    cause: String,
    message: String,
    traceback: Option<String>,
}

#[derive(Debug, Serialize)]
struct Refused {
    cause: String,
    message: String,
}

/// Runs the command.
pub fn run(args: &CallArgs, out: &mut dyn Write) -> Result<Exit> {
    let Some(script) = &args.script else { return fire::run(args, out) };
    let declaration = &setup::hook_point(&args.hook, &args.live)?;
    let script = Script::read(script, &declaration.handler)?;
    let values = arguments(declaration, args.args.as_ref())?;
    let standing = match args.policy.resolve(&args.hook, &args.overrides)? {
        Ok(standing) => standing,
        Err(message) => {
            let mut called = Called::of(declaration, &Answer::empty());
            called.outcome = "denied";
            called.denied = Some(Refused { cause: "tenant".to_owned(), message });
            return report(args, &called, None, out);
        }
    };
    let logs = Arc::new(Collector::new(usize::MAX));
    let host = setup::host(logs.clone())?;
    let budget = standing.rules.budget;
    let attaching = script.attach(&host, declaration, &standing)?;
    let (mut load_logs, _) = logs.take();
    let (hook, _link) = match attaching {
        Attaching::Done { hook, link } => (hook, link),
        Attaching::Fault(fault) => {
            let mut called = Called::of(declaration, &Answer::empty());
            called.fail(&fault);
            called.load_logs = load_logs;
            return report(args, &called, Some(&budget), out);
        }
    };
    let mut summary = Summary::default();
    for number in 1..=args.repeat {
        let mut called = call(&hook, &values);
        called.logs = logs.take().0;
        called.load_logs = std::mem::take(&mut load_logs);
        if args.json || number == 1 {
            report(args, &called, Some(&budget), out)?;
        }
        summary.add(&called);
    }
    if args.repeat > 1 && !args.json {
        summary.print(out)?;
    }
    Ok(summary.exit.unwrap_or(Exit::Result))
}

/// The arguments: from JSON, or the hook point's sample.
fn arguments(declaration: &Declaration, file: Option<&PathBuf>) -> Result<Vec<Value>> {
    let Some(path) = file else { return sample::values(declaration) };
    let (name, json) = json(path)?;
    declaration.arguments_from_json(&json).with_context(|| name)
}

fn call(hook: &DynamicHook, values: &[Value]) -> Called {
    let (mut fuel, mut memory, mut dropped) = (0, 0, 0);
    let mut observer = |report: &CallReport<'_>| {
        (fuel, memory, dropped) = (report.fuel, report.memory_bytes, report.log_lines_dropped);
    };
    let start = Instant::now();
    let outcome = hook.invoke(values, &mut observer);
    let wall = start.elapsed();
    let mut called = Called::of(hook.declaration(), &outcome.answer);
    match outcome.failures.first().map(|failure| &failure.kind) {
        Some(FailureKind::Fault(fault)) => called.fail(fault),
        Some(FailureKind::Denied(denied)) => {
            called.outcome = "denied";
            called.denied = Some(Refused { cause: denied.cause().to_string(), message: denied.to_string() });
        }
        Some(FailureKind::Closed(closed)) => {
            called.outcome = "denied";
            called.denied = Some(Refused { cause: "closed".to_owned(), message: closed.to_string() });
        }
        None => {}
    }
    called.fuel = fuel;
    called.memory_bytes = memory;
    called.wall_ns = u64::try_from(wall.as_nanos()).unwrap_or(u64::MAX);
    called.log_lines_dropped = dropped;
    called
}

impl Called {
    fn of(declaration: &Declaration, answer: &Answer) -> Called {
        Called {
            outcome: "result",
            result: declaration.answer_to_json(answer),
            fault: None,
            denied: None,
            fuel: 0,
            memory_bytes: 0,
            wall_ns: 0,
            logs: Vec::new(),
            log_lines_dropped: 0,
            load_logs: Vec::new(),
        }
    }

    fn fail(&mut self, fault: &Fault) {
        self.outcome = "fault";
        self.fault = Some(Failed {
            cause: fault.cause().to_string(),
            message: fault.to_string(),
            traceback: fault.traceback().map(str::to_owned),
        });
    }

    fn exit(&self) -> Exit {
        match (&self.fault, &self.denied) {
            (Some(_), _) => Exit::Fault,
            (None, Some(_)) => Exit::Denied,
            (None, None) => Exit::Result,
        }
    }

    /// Prints the call for people.
    fn print(&self, budget: Option<&Budget>, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "outcome  {}", self.outcome)?;
        if let Some(fault) = &self.fault {
            writeln!(out, "cause    {}", fault.cause)?;
            writeln!(out, "message  {}", indented(&fault.message))?;
            if let Some(traceback) = &fault.traceback {
                writeln!(out, "         {}", indented(traceback))?;
            }
        }
        if let Some(denied) = &self.denied {
            writeln!(out, "cause    {}", denied.cause)?;
            writeln!(out, "message  {}", indented(&denied.message))?;
        }
        writeln!(out, "result   {}", text::plain(&self.result.to_string()))?;
        if let Some(budget) = budget {
            writeln!(out, "fuel     {} of {}", text::grouped(self.fuel), text::grouped(budget.fuel.get()))?;
            writeln!(out, "memory   {} of {}", Bytes::new(self.memory_bytes), budget.memory)?;
            writeln!(out, "time     {}", text::duration(Duration::from_nanos(self.wall_ns)))?;
        }
        for (title, lines) in [("loading", &self.load_logs), ("log", &self.logs)] {
            for line in lines {
                let number = line.line.map(|number| format!("line {number}: ")).unwrap_or_default();
                writeln!(out, "{title:<8} {:<6} {number}{}", line.level, line.message)?;
            }
        }
        if self.log_lines_dropped > 0 {
            writeln!(out, "         {} over the budget", text::counted(self.log_lines_dropped, "log line"))?;
        }
        Ok(())
    }
}

fn report(args: &CallArgs, called: &Called, budget: Option<&Budget>, out: &mut dyn Write) -> Result<Exit> {
    if args.json {
        serde_json::to_writer(&mut *out, called)?;
        writeln!(out)?;
    } else {
        called.print(budget, out)?;
    }
    Ok(called.exit())
}

/// Totals of many calls.
#[derive(Debug, Default)]
struct Summary {
    exit: Option<Exit>,
    results: u64,
    faults: u64,
    denied: u64,
    fuel: Option<(u64, u64)>,
    wall_ns: u64,
}

impl Summary {
    fn add(&mut self, called: &Called) {
        let exit = called.exit();
        match exit {
            Exit::Result => self.results += 1,
            Exit::Fault => self.faults += 1,
            Exit::Denied => self.denied += 1,
        }
        self.exit = Some(self.exit.map_or(exit, |before| before.and(exit)));
        let (least, most) = self.fuel.unwrap_or((called.fuel, called.fuel));
        self.fuel = Some((least.min(called.fuel), most.max(called.fuel)));
        self.wall_ns += called.wall_ns;
    }

    fn print(&self, out: &mut dyn Write) -> io::Result<()> {
        let calls = self.results + self.faults + self.denied;
        let (least, most) = self.fuel.unwrap_or_default();
        writeln!(out)?;
        writeln!(
            out,
            "all {} calls: {}, {}, {} denied",
            text::grouped(calls),
            text::counted(self.results, "result"),
            text::counted(self.faults, "fault"),
            text::grouped(self.denied)
        )?;
        let fuel = if least == most {
            text::grouped(least)
        } else {
            format!("{} to {}", text::grouped(least), text::grouped(most))
        };
        let mean = Duration::from_nanos(self.wall_ns / calls.max(1));
        writeln!(out, "fuel     {fuel}")?;
        writeln!(out, "time     {} on average", text::duration(mean))
    }
}

#[cfg(test)]
mod tests {
    use tenterhook_bgp::catalog;

    use super::*;

    fn called(outcome: &str) -> Called {
        let declaration = catalog::find("bgp.route_match").expect("in the catalog");
        let mut called = Called::of(declaration, &Answer::empty());
        match outcome {
            "fault" => called.fail(&Fault::Answer { path: "result.action".into(), reason: "expected".into() }),
            "denied" => {
                called.outcome = "denied";
                called.denied = Some(Refused { cause: "busy".into(), message: "busy".into() });
            }
            _ => {}
        }
        called
    }

    #[test]
    fn each_outcome_has_its_exit() {
        assert_eq!(called("result").exit(), Exit::Result);
        assert_eq!(called("fault").exit(), Exit::Fault);
        assert_eq!(called("denied").exit(), Exit::Denied);
        let mut summary = Summary::default();
        for outcome in ["result", "denied", "result"] {
            summary.add(&called(outcome));
        }
        assert_eq!(summary.exit, Some(Exit::Denied));
        assert_eq!((summary.results, summary.denied), (2, 1));
    }

    #[test]
    fn json_has_the_documented_keys_in_order() {
        let keys = |called: &Called| -> Vec<String> {
            let json = serde_json::to_value(called).expect("plain data");
            json.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default()
        };
        let all = ["outcome", "result", "fault", "fuel", "memory_bytes", "wall_ns", "logs", "log_lines_dropped"];
        assert_eq!(keys(&called("result")), all);
        let json = serde_json::to_value(called("fault")).expect("plain data");
        assert_eq!(json["fault"]["cause"], "answer");
        assert_eq!(json["result"]["action"], "NOMATCH", "the default stands");
        assert_eq!(serde_json::to_value(called("result")).expect("plain data")["fault"], Json::Null);
    }
}
