//! Attachments and policies that change while calls are made.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use tenterhook::policies::{Policy, Preset};
use tenterhook::{CallReport, FailureKind, Fault, Request};

use crate::survive::header::{Script, TENANT};
use crate::survive::stand::{Attached, Made, Stand};

/// How long callers call while things change.
const WHILE: Duration = Duration::from_millis(60);

/// What a caller may see while attachments come and go: the script's own outcome, or that of another version.
struct Callers<'a> {
    stand: &'a Stand,
    attached: &'a Attached,
    stop: AtomicBool,
}

impl Callers<'_> {
    /// Calls until it is stopped; `Err` if a call has an unexpected outcome.
    fn call(&self) -> Result<u64, String> {
        let args = self.stand.arguments(&self.attached.hook, &serde_json::json!({}))?;
        let mut count = 0;
        while !self.stop.load(Ordering::Relaxed) {
            let mut broken = None;
            let outcome = self.attached.hook.invoke(&args, &mut |report: &CallReport<'_>| {
                if let Err(FailureKind::Fault(Fault::Host { message })) = report.result {
                    broken = Some(message.clone());
                }
            });
            drop(outcome);
            if let Some(message) = broken {
                return Err(format!("a call while attachments changed: {message}"));
            }
            count += 1;
        }
        Ok(count)
    }
}

/// Runs callers on two threads while `work` runs repeatedly.
fn meanwhile(
    stand: &Stand,
    attached: &Attached,
    mut work: impl FnMut(usize) -> Result<(), String>,
) -> Result<(), String> {
    let callers = Callers { stand, attached, stop: AtomicBool::new(false) };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..2).map(|_| scope.spawn(|| callers.call())).collect();
        let start = Instant::now();
        let mut round = 0;
        let mut result = Ok(());
        while result.is_ok() && start.elapsed() < WHILE {
            result = work(round).and_then(|()| stand.neighbour_is_well());
            round += 1;
        }
        callers.stop.store(true, Ordering::Relaxed);
        for thread in threads {
            let called = thread.join().map_err(|_| "a caller panicked".to_owned())??;
            if called == 0 {
                return Err("a caller made no call".to_owned());
            }
        }
        result
    })
}

/// Attaches, replaces and detaches other versions while two threads call. Finally, the script is called.
pub fn changes(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let attached = stand.attach_well(script)?;
    let calm = stand.calm(script, &attached)?;
    meanwhile(stand, &attached, |round| {
        let another = format!("function run(n) return {{ integer = {round} }} end");
        let request = || Request::new(&script.hook, TENANT, another.clone()).name(format!("other-{round}")).order(-1);
        let link = stand.host.attach(request()).map_err(|error| error.to_string())?;
        stand.host.replace(link.id(), request()).map_err(|error| error.to_string())?;
        // A version that does not load leaves the old one in place.
        let broken = Request::new(&script.hook, TENANT, "function run(").name(format!("other-{round}"));
        match stand.host.replace(link.id(), broken) {
            Err(_) => {}
            Ok(()) => return Err("a script that does not load replaced one that does".to_owned()),
        }
        let id = link.id();
        link.detach().map_err(|error| error.to_string())?;
        match stand.host.detach(id) {
            Err(_) => Ok(()),
            Ok(()) => Err("an attachment that is gone was detached again".to_owned()),
        }
    })?;
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    let made = stand.twice(script, &attached, &args)?;
    if stand.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    Ok(vec![made])
}

/// Changes the host's policy while two threads call. Attachments keep the rules that they were attached under.
pub fn policy(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let before = stand.host.policy();
    let attached = stand.attach_well(script)?;
    let ran = meanwhile(stand, &attached, |round| {
        let preset = if round.is_multiple_of(2) { Preset::Strict } else { Preset::Default };
        stand.host.set_policy(Policy::preset(preset)).map_err(|error| error.to_string())
    });
    stand.host.set_policy(Policy::clone(&before)).map_err(|error| error.to_string())?;
    ran?;
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    Ok(vec![stand.twice(script, &attached, &args)?])
}

/// `attachments COUNT`: attaches this many before the script, which is called then.
pub fn attachments(stand: &Stand, script: &Script, parameter: &str) -> Result<Vec<Made>, String> {
    let count: usize =
        parameter.replace('_', "").parse().map_err(|_| format!("expected a number, got '{parameter}'"))?;
    let attached = stand.attach_well(script)?;
    let silent = "function run() return {} end";
    let attach = |number| {
        let request = Request::new(&script.hook, TENANT, silent).name(format!("one-{number}")).order(-1);
        stand.host.attach(request).map_err(|error| format!("attachment {number}: {error}"))
    };
    let links = (0..count).map(attach).collect::<Result<Vec<_>, _>>()?;
    let listed = stand.host.attachments(&script.hook).len();
    if listed != count + 1 {
        return Err(format!("expected {} attachments, {listed} are listed", count + 1));
    }
    // Every one of them is called and returns nothing; then the script is called.
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    let mut called = 0;
    let outcome = attached.hook.invoke(&args, &mut |_: &CallReport<'_>| called += 1);
    if called != count + 1 || outcome.decided_by != Some(attached.link.id()) {
        return Err(format!("{called} were called, and {:?} decided", outcome.decided_by));
    }
    drop(links);
    if stand.host.attachments(&script.hook).len() != 1 {
        return Err("attachments are left".to_owned());
    }
    Ok(vec![stand.twice(script, &attached, &args)?])
}
