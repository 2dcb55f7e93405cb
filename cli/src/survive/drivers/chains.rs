//! Attackers before the script in its chain, and on other threads.

use std::thread;

use tenterhook::{CallReport, Link, Request};

use crate::survive::header::{Script, TENANT};
use crate::survive::observed::Outcome;
use crate::survive::stand::{Made, Stand};
use crate::untimed;

/// One of each kind; each of them fails in every call.
const ATTACKERS: [(&str, &str); 7] = [
    ("fault:fuel", "function run() while true do end end"),
    ("fault:memory", "function run() local s = 'x' while true do s = s .. s end end"),
    ("fault:stack", "function run() return 1 + run() end"),
    ("fault:script", "function run() error({}) end"),
    ("fault:answer", "function run() return { nonsense = 1 } end"),
    ("fault:answer", "function run() return run end"),
    ("fault:script", "function run() coroutine.yield() end"),
];

/// Attackers of every kind, in a chain before the script; faults are skipped.
pub fn chain(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let skip = format!("[defaults]\n{}[defaults.on_fault]\nany = \"skip\"\n", untimed::defaults(""));
    let policy = tenterhook::policies::Policy::parse(&skip, "chain.toml").map_err(|error| error.to_string())?;
    let rules = policy.resolve("attacker", &script.hook).map_err(|error| error.to_string())?;
    let attached = stand.attach_well(script)?;
    let calm = stand.calm(script, &attached)?;
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    let alone = stand.twice(script, &attached, &args)?;
    let mut links: Vec<Link> = Vec::new();
    for (number, (_, source)) in (1..).zip(ATTACKERS) {
        let request = Request::new(&script.hook, "attacker", source).name(format!("attacker-{number}")).order(-1);
        links.push(stand.host.attach(request.rules(rules.clone())).map_err(|error| error.to_string())?);
    }
    for _ in 0..2 {
        let mut kinds = Vec::new();
        let mut last = None;
        let outcome = attached.hook.invoke(&args, &mut |report: &CallReport<'_>| {
            let outcome = Outcome::of(attached.hook.declaration(), report);
            match report.tenant {
                TENANT => last = Some((outcome, report.fuel)),
                _ => kinds.push(outcome.kind()),
            }
        });
        if kinds != ATTACKERS.map(|(kind, _)| kind) || outcome.decided_by != Some(attached.link.id()) {
            return Err(format!("the chain's failures are {kinds:?}, and {:?} decided", outcome.decided_by));
        }
        if last != Some((alone.observed.outcome.clone(), alone.observed.fuel)) {
            return Err(format!("the script's result is {last:?} after attackers, and {:?} alone", alone.observed));
        }
    }
    drop(links);
    if stand.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    Ok(vec![alone])
}

/// `threads COUNT`: makes the same call on this many threads at once. All have the same result, which is returned.
pub fn threads(stand: &Stand, script: &Script, parameter: &str) -> Result<Vec<Made>, String> {
    let count: usize = parameter.parse().map_err(|_| format!("expected a number, got '{parameter}'"))?;
    let attached = stand.attach_well(script)?;
    let calm = stand.calm(script, &attached)?;
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    let alone = stand.call(&attached, &args)?;
    let attack = || {
        let mut different = None;
        for _ in 0..3 {
            let _ = attached.hook.invoke(&args, &mut |report: &CallReport<'_>| {
                let seen = (Outcome::of(attached.hook.declaration(), report), report.fuel);
                if (&seen.0, seen.1) != (&alone.observed.outcome, alone.observed.fuel) {
                    different = Some(seen);
                }
            });
        }
        different
    };
    let problems = thread::scope(|scope| {
        let all: Vec<_> = (0..count).map(|_| scope.spawn(attack)).collect();
        let well = stand.neighbour_is_well();
        let joined = all.into_iter().map(|thread| thread.join().map_err(|_| "a thread panicked".to_owned()));
        joined.collect::<Result<Vec<_>, _>>().and_then(|seen| well.map(|()| seen))
    })?;
    if let Some(different) = problems.into_iter().flatten().next() {
        return Err(format!(
            "the result of a call on another thread is {different:?}, that of the first {:?}",
            alone.observed
        ));
    }
    stand.lines.take(&attached.name);
    if stand.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    Ok(vec![alone])
}
