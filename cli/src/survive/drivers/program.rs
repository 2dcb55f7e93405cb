//! Programs that end, change or fail in the middle of a call.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tenterhook::{
    Argument, CallError, Caller, Capability, Host, HostBuilder, Link, LogLine, LogSink, Reply, Request, SandboxOptions,
};

use crate::survive::header::{Script, TENANT};
use crate::survive::stand::{Made, Stand};

/// How long the two threads wait for each other.
const PATIENCE: Duration = Duration::from_secs(60);

type Act = Box<dyn FnOnce() + Send>;

/// Performs an act in the middle of a call: `program.act()`. Each act runs once, in order.
#[derive(Default)]
pub(super) struct Program(Mutex<VecDeque<Act>>);

impl Program {
    pub fn will(&self, act: impl FnOnce() + Send + 'static) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(Box::new(act));
    }
}

impl Capability for Program {
    fn library(&self) -> &str {
        "program"
    }

    fn functions(&self) -> &[&str] {
        &["act"]
    }

    fn call(&self, _: usize, _: &[Argument<'_>], _: &mut Caller<'_>) -> Result<Reply, CallError> {
        let act = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        if let Some(act) = act {
            act();
        }
        Ok(Reply::Nothing)
    }
}

fn small() -> SandboxOptions {
    SandboxOptions { max_executors: 16, ..SandboxOptions::default() }
}

/// A separate stand, with a program around its calls; the case's grants have to name it.
pub(super) fn with_program(
    stand: &Stand,
    options: SandboxOptions,
    change: impl FnOnce(HostBuilder) -> HostBuilder,
) -> Result<(Stand, Arc<Program>), String> {
    let program = Arc::new(Program::default());
    let capability = Arc::clone(&program) as Arc<dyn Capability>;
    let own = Stand::with(stand.cache.as_deref(), options, |builder| change(builder.capability(capability)));
    Ok((own.map_err(|error| format!("{error:#}"))?, program))
}

/// The program drops the host while two threads are within a call. The calls end as usual.
pub fn shutdown(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let (doomed, program) = with_program(stand, small(), |builder| builder)?;
    let attached = doomed.attach_well(script)?;
    let args = doomed.arguments(&attached.hook, &serde_json::json!({}))?;
    let ((enters, entered), (leaves, gone)) = (mpsc::channel(), mpsc::channel::<()>());
    program.will(move || {
        let _ = enters.send(());
        // This also ends if no thread is left to report.
        let _ = gone.recv_timeout(PATIENCE);
    });
    let lines = Arc::clone(&doomed.lines);
    let (hook, name) = (attached.hook.clone(), attached.name.clone());
    let caller = thread::spawn(move || crate::survive::once(&lines, &hook, &args, &name));
    let end = Instant::now() + PATIENCE;
    while entered.recv_timeout(Duration::from_millis(10)).is_err() {
        if caller.is_finished() {
            return Err("the call ended without program.act()".to_owned());
        }
        if Instant::now() > end {
            return Err(format!("no program.act() within {} s", PATIENCE.as_secs()));
        }
    }
    let host: Host = doomed.host.clone();
    drop(attached);
    drop(doomed);
    drop(host);
    drop(leaves);
    let called = caller.join().map_err(|_| "the caller panicked".to_owned())?;
    let (observed, time) = called.ok_or("the attachment was not called")?;
    Ok(vec![Made { observed, time }])
}

/// The script's own attachment is detached during its call. That call ends as usual.
pub fn detaches_itself(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let (own, program) = with_program(stand, small(), |builder| builder)?;
    let attached = own.attach_well(script)?;
    let args = own.arguments(&attached.hook, &serde_json::json!({}))?;
    let (host, id) = (own.host.clone(), attached.link.id());
    program.will(move || {
        let _ = host.detach(id);
    });
    let made = own.call(&attached, &args)?;
    if !own.host.attachments(&script.hook).is_empty() || attached.link.detach().is_ok() {
        return Err("the attachment is still there".to_owned());
    }
    own.neighbour_is_well()?;
    Ok(vec![made])
}

/// Another version replaces the script during its call; the next call is the other version's.
pub fn replaces_itself(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let (own, program) = with_program(stand, small(), |builder| builder)?;
    let attached = own.attach_well(script)?;
    let args = own.arguments(&attached.hook, &serde_json::json!({}))?;
    let (host, id, hook) = (own.host.clone(), attached.link.id(), script.hook.clone());
    let name = attached.name.clone();
    program.will(move || {
        let other = Request::new(hook, TENANT, "function run() return { integer = 2 } end").name(name);
        let _ = host.replace(id, other);
    });
    let made = own.call(&attached, &args)?;
    let next = own.call(&attached, &args)?;
    own.neighbour_is_well()?;
    Ok(vec![made, next])
}

/// Panics for each line.
struct Panics;

impl LogSink for Panics {
    fn line(&self, _: &LogLine<'_>) {
        // As `panic!`, but without printing.
        std::panic::resume_unwind(Box::new("no log"))
    }
}

/// The program's log panics. That ends the call which logged, and nothing else.
pub fn sink_panics(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let own = Stand::with(stand.cache.as_deref(), small(), |builder| builder.log_sink(Arc::new(Panics)));
    let own = own.map_err(|error| format!("{error:#}"))?;
    let attached = own.attach_well(script)?;
    let calm = own.calm(script, &attached)?;
    let args = own.arguments(&attached.hook, &serde_json::json!({}))?;
    let made = own.twice(script, &attached, &args)?;
    own.neighbour_is_well()?;
    if own.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    // The link is held until here, so that the attachment exists for the calls above.
    let _: Link = attached.link;
    Ok(vec![made])
}
