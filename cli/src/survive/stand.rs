//! The environment of cases: a host with another tenant on it, which must not be affected.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use serde_json::Value as Json;
use tenterhook::hooks::value::Value;
use tenterhook::policies::{Fuel, Policy, State};
use tenterhook::{AttachError, Capability, DynamicHook, Host, HostBuilder, Link, LogSink, Request, SandboxOptions};

use super::header::{Script, TENANT};
use super::observed::{Lines, Observed, Outcome, once};
use super::points::{self, NEIGHBOUR};
use super::probe::Probe;
use crate::untimed;

/// Fuel for loading a case's script: enough for the largest, and little enough to end a loop during the load soon.
const LOAD_FUEL: Fuel = Fuel::new(100_000_000);
/// The other tenant's script: it uses what an attacker could have corrupted.
const INNOCENT: &str = r#"
local calls = 0
function neighbour(n)
    calls = calls + 1
    assert(calls == 1 and stranger == nil, "another call left something")
    assert(("x"):rep(3) == "xxx" and #table.pack(string.byte("abc", 1, -1)) == 3 and math.type(1) == "integer")
    for _, library in ipairs { string, table, math, utf8, coroutine } do assert(getmetatable(library) == nil) end
    local seen = {}
    for i = 1, 50 do seen[i] = tostring(i) .. ":" .. string.format("%x", i) end
    local thread = coroutine.wrap(function() coroutine.yield(n + 1) end)
    return { integer = thread() + math.random(0, 0), text = table.concat(seen, ",", 1, 5) }
end"#;

/// A call, and its time.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// What was observed.
    pub observed: Observed,
    /// Its time; for a repeated call, the shorter one.
    pub time: Duration,
}

/// An attached script.
pub(super) struct Attached {
    pub name: String,
    pub hook: DynamicHook,
    pub link: Link,
}

/// A host with another tenant on it.
pub struct Stand {
    pub(super) host: Host,
    pub(super) lines: Arc<Lines>,
    pub(super) cache: Option<PathBuf>,
    hooks: BTreeMap<String, DynamicHook>,
    neighbour: DynamicHook,
    clean: Observed,
    _link: Link,
}

impl Stand {
    /// Sets up a stand; the compiled interpreter is stored in `cache`, or where commands store it.
    ///
    /// # Errors
    /// The host cannot be created, or the neighbour does not run by itself.
    pub fn new(cache: Option<&Path>) -> Result<Stand> {
        Stand::with(cache, SandboxOptions { max_executors: 64, ..SandboxOptions::default() }, |builder| {
            builder.threads(16)
        })
    }

    /// The same, with another host.
    pub(super) fn with(
        cache: Option<&Path>,
        options: SandboxOptions,
        change: impl FnOnce(HostBuilder) -> HostBuilder,
    ) -> Result<Stand> {
        let lines = Arc::new(Lines::default());
        let probe = Arc::new(Probe::default());
        let default = options.cache.clone();
        let options = SandboxOptions { load_fuel: LOAD_FUEL, cache: cache.map(Path::to_owned).or(default), ..options };
        let builder = Host::builder()
            .policy(untimed::policy())
            .sandbox(options)
            .log_sink(Arc::clone(&lines) as Arc<dyn LogSink>)
            .capability(Arc::clone(&probe) as Arc<dyn Capability>);
        let host = change(builder).build()?;
        let mut hooks = BTreeMap::new();
        for declaration in points::all()? {
            hooks.insert(declaration.name.clone(), host.declare_dynamic(&declaration)?);
        }
        let neighbour = hooks.get(NEIGHBOUR).cloned().context("the neighbour's hook point")?;
        let run = hooks.get("survive.run").cloned().context("the cases' hook point")?;
        probe.nest(run, vec![Value::Integer(1), Value::String(b"nested".to_vec())]);
        let link = host.attach(Request::new(NEIGHBOUR, "neighbour", INNOCENT))?;
        let (clean, _) =
            once(&lines, &neighbour, &[Value::Integer(41)], NEIGHBOUR).context("the neighbour was not called")?;
        if !matches!(&clean.outcome, Outcome::Result(result) if result.get("integer") == Some(&Json::from(42))) {
            return Err(anyhow!("the neighbour does not run: {clean:?}"));
        }
        Ok(Stand { host, lines, cache: cache.map(Path::to_owned), hooks, neighbour, clean, _link: link })
    }

    /// Attaches the script, and makes its calls; each of them twice, with a calm one after it.
    pub(super) fn calls(&self, script: &Script) -> Result<Vec<Made>, String> {
        let attached = match self.attach(script, &script.source)? {
            Ok(attached) => attached,
            Err(error) => return self.refused(&error),
        };
        let loading = self.lines.take(&attached.name);
        let calm = self.calm(script, &attached)?;
        let mut made = Vec::new();
        for call in &script.calls {
            let args = self.arguments(&attached.hook, &Json::Object(call.args.clone()))?;
            made.push(self.twice(script, &attached, &args)?);
            self.neighbour_is_well()?;
            let again = self.calm(script, &attached)?;
            // Kept state may differ.
            if !script.kept && again != calm {
                return Err(format!("the next call of the same attachment differs:\n  {calm:?}\n  {again:?}"));
            }
        }
        if let Some(first) = made.first_mut() {
            first.observed.logs.splice(0..0, loading);
        }
        Ok(made)
    }

    /// A rejected attachment, after which the same tenant's next script and the other tenant work as usual.
    pub(super) fn refused(&self, error: &AttachError) -> Result<Vec<Made>, String> {
        self.neighbour_is_well()?;
        let good = Request::new("survive.run", TENANT, "function run(n) return { integer = n + 1 } end");
        let attached = self
            .attach_request("survive.run", good)?
            .map_err(|error| format!("the tenant's next script is rejected: {error}"))?;
        let next = self.call(&attached, &[Value::Integer(7), Value::String(vec![])])?;
        if !matches!(&next.observed.outcome, Outcome::Result(result) if result.get("integer") == Some(&Json::from(8))) {
            return Err(format!("the tenant's next script fails: {next:?}"));
        }
        Ok(vec![Made { observed: Observed::uncalled(Outcome::refused(error), Vec::new()), time: Duration::ZERO }])
    }

    /// Attaches under the header's rules.
    pub(super) fn attach(&self, script: &Script, source: &[u8]) -> Result<Result<Attached, AttachError>, String> {
        let policy = Policy::parse(&script.policy, &script.file).map_err(|error| error.to_string())?;
        let rules = policy.resolve(TENANT, &script.hook).map_err(|error| error.to_string())?;
        let state = if script.kept { State::Kept } else { State::Fresh };
        let request = Request::new(&script.hook, TENANT, source).script(&script.file).rules(rules).state(state);
        self.attach_request(&script.hook, request)
    }

    /// Attaches a script that is expected to load.
    pub(super) fn attach_well(&self, script: &Script) -> Result<Attached, String> {
        self.attach(script, &script.source)?.map_err(|error| format!("the script is rejected: {error}"))
    }

    fn attach_request(&self, hook: &str, request: Request) -> Result<Result<Attached, AttachError>, String> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("case-{}", NEXT.fetch_add(1, Ordering::Relaxed));
        let hook = self.hook(hook)?.clone();
        Ok(self.host.attach(request.name(&name)).map(|link| Attached { name, hook, link }))
    }

    /// Arguments by name over the hook point's sample.
    pub(super) fn arguments(&self, hook: &DynamicHook, over: &Json) -> Result<Vec<Value>, String> {
        let mut args = points::sample(hook.declaration());
        for (key, value) in over.as_object().into_iter().flatten() {
            args[key] = value.clone();
        }
        hook.declaration().arguments_from_json(&args).map_err(|error| format!("args: {error}"))
    }

    /// The hook point of that name.
    pub(super) fn hook(&self, name: &str) -> Result<&DynamicHook, String> {
        self.hooks.get(name).ok_or_else(|| format!("no hook point {name}"))
    }

    pub(super) fn call(&self, attached: &Attached, args: &[Value]) -> Result<Made, String> {
        let called = once(&self.lines, &attached.hook, args, &attached.name);
        let (observed, time) = called.ok_or("the attachment was not called")?;
        Ok(Made { observed, time })
    }

    /// A call, and the same once more, which must have the same outcome.
    pub(super) fn twice(&self, script: &Script, attached: &Attached, args: &[Value]) -> Result<Made, String> {
        let first = self.call(attached, args)?;
        if script.kept {
            return Ok(first);
        }
        let again = self.call(attached, args)?;
        if again.observed != first.observed {
            let (first, again) = (first.observed, again.observed);
            return Err(format!("the call repeated at once differs:\n  {first:?}\n  {again:?}"));
        }
        Ok(Made { observed: first.observed, time: first.time.min(again.time) })
    }

    /// A harmless call. It must return a result.
    pub(super) fn calm(&self, script: &Script, attached: &Attached) -> Result<Observed, String> {
        let mut over = points::calm(attached.hook.declaration());
        for (key, value) in &script.calm {
            over[key] = value.clone();
        }
        let args = self.arguments(&attached.hook, &over)?;
        let made = self.call(attached, &args)?;
        match made.observed.outcome {
            Outcome::Result(_) => Ok(made.observed),
            other => Err(format!("the outcome of a calm call of the same attachment is {other:?}")),
        }
    }

    /// Checks that the other tenant's call is the same as before any other script was attached.
    pub(super) fn neighbour_is_well(&self) -> Result<(), String> {
        let now = once(&self.lines, &self.neighbour, &[Value::Integer(41)], NEIGHBOUR);
        match now {
            Some((now, _)) if now == self.clean => Ok(()),
            now => {
                let before = &self.clean;
                Err(format!("another tenant's call differs from what it was before:\n  {before:?}\n  {now:?}"))
            }
        }
    }

    /// One call of the other tenant: its time, or how it differs.
    pub(super) fn neighbour(&self) -> Result<Duration, String> {
        match once(&self.lines, &self.neighbour, &[Value::Integer(41)], NEIGHBOUR) {
            Some((now, time)) if now == self.clean => Ok(time),
            now => Err(format!("the other tenant's call differs:\n  {:?}\n  {now:?}", self.clean)),
        }
    }
}
