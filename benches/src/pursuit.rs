//! What a searched script takes beyond what it pays for: when it is loaded, called, called in a chain, and in the call of
//! another tenant right behind it.
//!
//! The fixed cost of each is measured with a script that does nothing and has the same kind of outcome, and is subtracted.
//! The rest is compared with fuel: at most a nanosecond per unit, beside a tolerance that is given in fuel too.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tenterhook::hooks::schema::{Chain, Declaration, Type};
use tenterhook::hooks::value::Value;
use tenterhook::policies::Policy;
use tenterhook::{AttachError, CallReport, DynamicHook, FailureKind, Host, Link, LogLine, LogSink, Request};

/// Attachments of a chain.
const CHAIN: usize = 5;
/// A chain of larger images than this would take more memory than machines have that run benches.
const MOST_IN_CHAIN: usize = 24 << 20;
/// How often a load is repeated, and the fewest and most rounds of calls; the fastest counts.
const LOADS: usize = 3;
const ROUNDS: (usize, usize) = (3, 200);
/// What the rounds of one kind of call may take.
const PATIENCE: Duration = Duration::from_millis(15);

const POLICY: &str = "[ceilings]\nfuel_burst = \"1000T\"\n[defaults]\nfuel = \"60M\"\n\
    memory = \"256MiB\"\nimage = \"48MiB\"\nanswer = \"4MiB\"\nload_fuel = \"400M\"\nlog_lines = 200\nlog_bytes = \"1MiB\"\n\
    log_lines_per_second = \"1M\"\nlog_bytes_per_second = \"256MiB\"\nfuel_per_second = \"1K\"\nfuel_burst = \"1000T\"\n\
    loads_per_second = \"100K\"\nloads_burst = \"100K\"\nscript_size = \"2MiB\"\nquarantine = \"off\"\n";
const NOTHING: &str = "function search() return {} end";
const NEIGHBOUR: &str = "function neighbour() return {} end";
const TENANT: &str = "searched";

/// Where a script takes time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// When it is loaded.
    Load,
    /// In a call.
    Call,
    /// In a call of a chain in which it stands five times.
    Chain,
    /// In the call of another tenant right behind it, which the fuel of that call has to pay for.
    Neighbour,
}

impl Phase {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Load => "load",
            Phase::Call => "call",
            Phase::Chain => "chain of 5",
            Phase::Neighbour => "neighbour",
        }
    }

    /// Units of fuel, or nanoseconds, that measuring may be off by: caches that are cold after other work, pages that
    /// the system hands out.
    fn slack(self) -> f64 {
        match self {
            Phase::Load => 50_000.0,
            Phase::Call => 2_000.0,
            Phase::Chain => 10_000.0,
            Phase::Neighbour => 30_000.0,
        }
    }
}

/// What one phase of a script took.
#[derive(Debug, Clone, Copy)]
pub struct Took {
    /// Which.
    pub phase: Phase,
    /// Fuel that it paid.
    pub fuel: f64,
    /// Nanoseconds that it took.
    pub ns: f64,
    /// Of these, what doing nothing takes.
    pub fixed_ns: f64,
}

impl Took {
    /// Nanoseconds per unit of fuel beyond the fixed cost, with the slack of the phase counted as fuel: more than 1 breaks
    /// the promise.
    pub fn score(&self) -> f64 {
        (self.ns - self.fixed_ns).max(0.0) / (self.fuel + self.phase.slack())
    }
}

/// Lines go nowhere; making them is part of the call.
struct Nowhere;

impl LogSink for Nowhere {
    fn line(&self, _: &LogLine<'_>) {}
}

/// How a call ended, as far as its fixed cost goes by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Result,
    Script,
    Trap,
}

/// A row of calls: the fastest, and its outcome.
#[derive(Debug, Clone, Copy)]
struct Timed {
    outcome: Outcome,
    fuel: f64,
    ns: f64,
    neighbour: f64,
}

/// A host on which scripts are measured.
pub struct Pursuit {
    host: Host,
    search: DynamicHook,
    neighbour: DynamicHook,
    load_ns: f64,
    /// By outcome: alone, in a chain, and the neighbour's behind it.
    fixed: Vec<(Outcome, Timed, Timed)>,
    _neighbour: Link,
}

impl Pursuit {
    /// Sets it up, and measures what doing nothing takes.
    ///
    /// # Errors
    /// A host that cannot be set up.
    pub fn new() -> Result<Pursuit> {
        let host = Host::builder()
            .policy(Policy::parse(POLICY, "search.toml")?)
            .log_sink(Arc::new(Nowhere))
            .threads(1)
            .build()?;
        let text = Type::bytes(4 << 20);
        let search = Declaration::builder("bench.search", 1)
            .chain(Chain::Observe)
            .argument("n", Type::INTEGER, "a number")
            .argument("s", Type::bytes(64), "a string")
            .result("text", text, Value::String(vec![]), "a string")
            .build()?;
        let neighbour = Declaration::builder("bench.neighbour", 1)
            .argument("n", Type::INTEGER, "a number")
            .result("text", Type::bytes(64), Value::String(vec![]), "a string")
            .build()?;
        let (search, neighbour) = (host.declare_dynamic(&search)?, host.declare_dynamic(&neighbour)?);
        let link = host.attach(Request::new("bench.neighbour", "other", NEIGHBOUR))?;
        let mut pursuit = Pursuit { host, search, neighbour, load_ns: 0.0, fixed: Vec::new(), _neighbour: link };
        pursuit.load_ns = pursuit.load(NOTHING)?.1;
        for (outcome, source) in [
            (Outcome::Result, NOTHING),
            (Outcome::Script, "function search() error('', 0) end"),
            (Outcome::Trap, "function search() ('x'):rep(1 << 30) end"),
        ] {
            let link = pursuit.host.attach(Request::new("bench.search", TENANT, source).name("a0"))?;
            let alone = pursuit.call()?;
            ensure!(alone.outcome == outcome, "a script that does nothing has the outcome {:?}", alone.outcome);
            let links = pursuit.chain(source)?;
            let chain = pursuit.call()?;
            pursuit.fixed.push((outcome, alone, chain));
            drop((link, links));
        }
        Ok(pursuit)
    }

    /// Everything about a script; nothing but its load where it does not load.
    ///
    /// # Errors
    /// A host that does not do what it is asked for.
    pub fn measure(&self, source: &str) -> Result<Vec<Took>> {
        let (fuel, ns, loads) = self.load(source)?;
        let mut took = vec![Took { phase: Phase::Load, fuel, ns, fixed_ns: self.load_ns }];
        if !loads {
            return Ok(took);
        }
        let link = self.host.attach(Request::new("bench.search", TENANT, source).name("a0"))?;
        let alone = self.call()?;
        let fixed = self.fixed.iter().find(|(outcome, ..)| *outcome == alone.outcome).context("an outcome")?;
        let of = |phase, fuel, ns, fixed_ns| Took { phase, fuel, ns, fixed_ns };
        took.push(of(Phase::Call, alone.fuel, alone.ns, fixed.1.ns));
        took.push(of(Phase::Neighbour, 0.0, alone.neighbour, fixed.1.neighbour));
        if self.host.attachments("bench.search").iter().all(|info| info.image_bytes <= MOST_IN_CHAIN) {
            let _links = self.chain(source)?;
            let chain = self.call()?;
            took.push(of(Phase::Chain, chain.fuel, chain.ns, fixed.2.ns));
        }
        drop(link);
        Ok(took)
    }

    /// Attaches a script as the second to the last of a chain.
    fn chain(&self, source: &str) -> Result<Vec<Link>> {
        let attach = |n| self.host.attach(Request::new("bench.search", TENANT, source).name(format!("a{n}")));
        (1..CHAIN).map(|n| attach(n).map_err(anyhow::Error::from)).collect()
    }

    /// Fuel and time of loading a script, and whether it loads.
    fn load(&self, source: &str) -> Result<(f64, f64, bool)> {
        let left = || self.host.usage(TENANT).map_or(i64::MAX, |usage| usage.fuel_left);
        let (mut best, mut fuel, mut loads) = (f64::INFINITY, 0.0, false);
        for round in 0..LOADS {
            // What was earned meanwhile hides what was used: the account is looked at in one go, well below its burst.
            let before = left();
            let start = Instant::now();
            let attached = self.host.check(Request::new("bench.search", TENANT, source).name("load"));
            let ns = start.elapsed().as_nanos() as f64;
            let used = before.saturating_sub(left()) as f64;
            loads = match attached {
                Ok(_) => true,
                Err(AttachError::Load(_) | AttachError::Quota { .. }) => false,
                Err(other) => return Err(other.into()),
            };
            best = best.min(ns);
            fuel = used.max(fuel);
            if ns > 2e7 && round == 0 && ns < fuel {
                break;
            }
        }
        Ok((fuel, best, loads))
    }

    /// Calls what is attached again and again, the neighbour behind it each time.
    fn call(&self) -> Result<Timed> {
        let args = [Value::Integer(1), Value::String(b"text".to_vec())];
        let mut best = Timed { outcome: Outcome::Result, fuel: 0.0, ns: f64::INFINITY, neighbour: f64::INFINITY };
        let begun = Instant::now();
        for round in 0..ROUNDS.1 {
            if round >= ROUNDS.0 && begun.elapsed() > PATIENCE {
                break;
            }
            let mut fuel = 0;
            let mut outcome = Outcome::Result;
            let mut denied = false;
            let start = Instant::now();
            let _ = self.search.invoke(&args, &mut |report: &CallReport<'_>| {
                fuel += report.fuel;
                match report.result {
                    Ok(_) => {}
                    Err(FailureKind::Fault(fault))
                        if matches!(fault.cause().as_str(), "script" | "answer" | "stack") =>
                    {
                        outcome = Outcome::Script;
                    }
                    Err(FailureKind::Fault(_)) => outcome = Outcome::Trap,
                    Err(FailureKind::Denied(_) | FailureKind::Closed(_)) => denied = true,
                }
            });
            let ns = start.elapsed().as_nanos() as f64;
            ensure!(!denied, "a call is denied");
            let start = Instant::now();
            let _ = self.neighbour.invoke(&args[..1], &mut ());
            let neighbour = start.elapsed().as_nanos() as f64;
            if ns < best.ns {
                best = Timed { outcome, fuel: fuel as f64, ns, ..best };
            }
            best.neighbour = best.neighbour.min(neighbour);
        }
        Ok(best)
    }
}
