//! Wall time per unit of fuel, script by script.
//!
//! What a unit of fuel costs is what a script gets for it beyond the fixed cost of a call: entering and leaving the
//! sandbox, its arguments, restoring memory for the next call. The fixed cost is measured, with the same arguments and
//! the same kind of state: that of a handler which has the same kind of outcome at once. A fault needs a message, and after
//! a trap all of memory is restored.
//!
//! What a program's own capability functions take is the program's: scripts that call those of the suite that sleep,
//! panic, call another hook point or reply with gigabytes are listed separately.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde_json::Value as Json;
use tenterhook::hooks::value::Value;
use tenterhook::policies::{Fuel, Policy, Rules, State, Switch};
use tenterhook::{CallReport, Capability, DynamicHook, FailureKind, Host, LogLine, LogSink, Request};
use tenterhook_cli::survive::{Probe, Script, TENANT, cases, points};

/// Golden scripts' hook points; they are tests', who compare all of memory after every call.
#[allow(clippy::unwrap_used, dead_code, missing_docs)]
#[path = "../../tests/src/points.rs"]
mod golden_points;

/// Capability functions of the suite that take their time.
const WAITING: [&str; 4] = ["probe.slow", "probe.panic", "probe.nest", "probe.long"];
/// Fuel of the call that traps at once.
const TRAPPING: Fuel = Fuel::new(10_000);
/// What repeating a call may take, the fewest repetitions, and the most.
const PATIENCE: Duration = Duration::from_millis(40);
const LEAST: usize = 5;
const MOST: usize = 2000;

/// One call of a script, many times over.
#[derive(Debug, Clone)]
pub struct Pace {
    /// Which script, and which of its calls where there are several.
    pub name: String,
    /// Its outcome.
    pub outcome: String,
    /// Fuel of one call.
    pub fuel: f64,
    /// How long one call takes, in nanoseconds: the fastest that was seen.
    pub ns: f64,
    /// How much of that is the fixed cost of such a call.
    pub fixed_ns: f64,
    /// Whether it calls a capability function that takes its time.
    pub waits: bool,
}

impl Pace {
    /// Nanoseconds per unit of fuel, beyond the fixed cost.
    pub fn per_unit(&self) -> f64 {
        (self.ns - self.fixed_ns).max(0.0) / self.fuel.max(1.0)
    }
}

/// A script of either suite.
pub struct Subject {
    /// `survival/…` or `golden/…`.
    pub name: String,
    /// Its header and text.
    pub script: Script,
    /// Whose sample its arguments are over.
    sample: fn(&tenterhook::hooks::schema::Declaration) -> Json,
}

/// Every script that is attached and called: those that a driver uses in another way, and those that are refused at the
/// attach, have no calls.
///
/// # Errors
/// A script that cannot be read.
pub fn subjects() -> Result<Vec<Subject>> {
    let mut found = Vec::new();
    for case in cases().map_err(|problem| anyhow!(problem))? {
        found.push(Subject { name: format!("survival/{}", case.name), script: case.script, sample: points::sample });
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden");
    let mut folders = vec![folder.clone()];
    while let Some(within) = folders.pop() {
        for entry in std::fs::read_dir(&within).with_context(|| within.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "lua") {
                let name = path.strip_prefix(&folder).unwrap_or(&path).with_extension("");
                let file = path.file_name().unwrap_or_default().to_string_lossy();
                let script = Script::parse(&file, &std::fs::read(&path)?).map_err(|problem| anyhow!(problem))?;
                let name = format!("golden/{}", name.display());
                found.push(Subject { name, script, sample: golden_points::sample });
            }
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Lines go nowhere; making them is part of the call.
struct Nowhere;

impl LogSink for Nowhere {
    fn line(&self, _: &LogLine<'_>) {}
}

/// A host with all hook points of both suites.
pub struct Stand {
    host: Host,
    hooks: BTreeMap<String, DynamicHook>,
}

/// The result of a call: its outcome in words, its fuel, and its time.
struct Timed {
    outcome: String,
    fuel: f64,
    ns: f64,
}

impl Stand {
    /// Sets it up.
    ///
    /// # Errors
    /// An engine that cannot be set up on this machine.
    pub fn new() -> Result<Stand> {
        let probe = Arc::new(Probe::default());
        let host = Host::builder()
            .policy(tenterhook_cli::untimed::policy())
            .log_sink(Arc::new(Nowhere))
            .capability(Arc::clone(&probe) as Arc<dyn Capability>)
            .build()?;
        let mut hooks = BTreeMap::new();
        for declaration in points::all()?.iter().chain(&golden_points::all()) {
            hooks.insert(declaration.name.clone(), host.declare_dynamic(declaration)?);
        }
        let nested = hooks.get("survive.run").cloned().context("the cases' hook point")?;
        probe.nest(nested, vec![Value::Integer(1), Value::String(b"nested".to_vec())]);
        Ok(Stand { host, hooks })
    }

    /// Every call of a script; none where it is not attached.
    ///
    /// # Errors
    /// A script that asks for what is not there, or a call that is not made.
    pub fn measure(&self, subject: &Subject) -> Result<Vec<Pace>> {
        let script = &subject.script;
        if script.driver.is_some() {
            return Ok(Vec::new());
        }
        let hook = self.hooks.get(&script.hook).with_context(|| format!("no hook point {}", script.hook))?;
        let policy = Policy::parse(&script.policy, &script.file)?;
        let mut rules = policy.resolve(TENANT, &script.hook).map_err(|error| anyhow!("{error}"))?;
        rules.quarantine = Switch::Off;
        let state = if script.kept { State::Kept } else { State::Fresh };
        let name = script.hook.rsplit('.').next().unwrap_or_default();
        let handler = |body: &str| format!("function {name}() {body} end");

        let text = String::from_utf8_lossy(&script.source);
        let waits = WAITING.iter().any(|function| text.contains(function));
        let mut paces = Vec::new();
        for (number, call) in (1..).zip(&script.calls) {
            let mut args = (subject.sample)(hook.declaration());
            for (key, value) in &call.args {
                args[key] = value.clone();
            }
            let args = hook.declaration().arguments_from_json(&args).map_err(|error| anyhow!("args: {error}"))?;
            let time = |source: &[u8], rules: &Rules| -> Result<Option<Timed>> {
                let request = Request::new(&script.hook, TENANT, source).script(&script.file);
                match self.host.attach(request.rules(rules.clone()).state(state)) {
                    Ok(_link) => time(hook, &args).map(Some),
                    Err(_) => Ok(None),
                }
            };
            let Some(timed) = time(&script.source, &rules)? else { return Ok(Vec::new()) };
            let fixed = match timed.outcome.as_str() {
                "result" => time(handler("return {}").as_bytes(), &rules)?,
                "fault:answer" => time(handler("return 1").as_bytes(), &rules)?,
                "fault:script" => time(handler("error('', 0)").as_bytes(), &rules)?,
                _ => {
                    let mut short = rules.clone();
                    short.budget.fuel = short.budget.fuel.min(TRAPPING);
                    time(handler("while true do end").as_bytes(), &short)?
                }
            };
            // Budgets under which not even these load are for the script alone.
            let fixed_ns = fixed.map_or(0.0, |fixed| fixed.ns);
            let name =
                if script.calls.len() == 1 { subject.name.clone() } else { format!("{} {number}", subject.name) };
            paces.push(Pace { name, outcome: timed.outcome, fuel: timed.fuel, ns: timed.ns, fixed_ns, waits });
        }
        Ok(paces)
    }
}

/// Calls again and again; of several rows of calls, the fastest counts, as what else the machine does only ever adds.
fn time(hook: &DynamicHook, args: &[Value]) -> Result<Timed> {
    let (mut calls, mut fuel, mut outcome) = (0_u64, 0_u64, String::new());
    let mut row = |count: usize| {
        (calls, fuel) = (0, 0);
        let start = Instant::now();
        for _ in 0..count {
            let _ = hook.invoke(args, &mut |report: &CallReport<'_>| {
                calls += 1;
                fuel += report.fuel;
                if calls == 1 {
                    outcome = match report.result {
                        Ok(_) => "result".to_owned(),
                        Err(FailureKind::Fault(fault)) => format!("fault:{}", fault.cause().as_str()),
                        Err(FailureKind::Denied(denied)) => format!("denied:{}", denied.cause().as_str()),
                        Err(FailureKind::Closed(closed)) => format!("closed:{closed}"),
                    };
                }
            });
        }
        let ns = start.elapsed().as_nanos() as f64;
        ensure!(calls == count as u64, "{count} invocations made {calls} calls");
        if outcome.starts_with("denied") {
            bail!("the call is {outcome}");
        }
        Ok(Timed { outcome: outcome.clone(), fuel: fuel as f64 / count as f64, ns: ns / count as f64 })
    };
    let first = row(1)?;
    // A row of a tenth of a millisecond, so that the clock does not count.
    let size = ((100_000.0 / first.ns.max(1.0)) as usize).clamp(1, 100);
    let start = Instant::now();
    let mut best = row(size)?;
    let mut rows = 1;
    while rows < LEAST || (start.elapsed() < PATIENCE && rows < MOST) {
        let next = row(size)?;
        if next.ns < best.ns {
            best = next;
        }
        rows += 1;
    }
    Ok(best)
}
