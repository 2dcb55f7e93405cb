//! Calls when all resources are in use: a typed outcome at once, never a wait.

use std::hint::black_box;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tenterhook::{HostBuilder, SandboxOptions};

use super::program::with_program;
use crate::survive::header::Script;
use crate::survive::stand::{Made, Stand};

/// Makes a call within which another thread makes a call, within which a third thread makes one more, whose outcome is
/// returned. The host has two of the limited resource.
fn one_more(
    stand: &Stand,
    script: &Script,
    executors: u32,
    change: impl FnOnce(HostBuilder) -> HostBuilder,
) -> Result<Vec<Made>, String> {
    let options = SandboxOptions { max_executors: executors, ..SandboxOptions::default() };
    let (small, program) = with_program(stand, options, change)?;
    let small = Arc::new(small);
    let attached = Arc::new(small.attach_well(script)?);
    let calm = small.calm(script, &attached)?;
    let args = small.arguments(&attached.hook, &serde_json::json!({}))?;
    let elsewhere = {
        let (small, attached, args) = (Arc::clone(&small), Arc::clone(&attached), args.clone());
        move |seen: &Mutex<Option<Made>>| {
            let (small, attached, args) = (Arc::clone(&small), Arc::clone(&attached), args.clone());
            let made = thread::spawn(move || small.call(&attached, &args)).join();
            *seen.lock().unwrap_or_else(PoisonError::into_inner) = made.ok().and_then(Result::ok);
        }
    };
    let (second, third) = (Arc::new(Mutex::new(None)), Arc::new(Mutex::new(None)));
    for seen in [&second, &third] {
        let (seen, elsewhere) = (Arc::clone(seen), elsewhere.clone());
        program.will(move || elsewhere(&seen));
    }
    let first = small.call(&attached, &args)?;
    let taken = |seen: &Mutex<Option<Made>>| seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    for held in [Some(first), taken(&second)] {
        match held {
            Some(made) if made.observed.outcome.kind() == "result" => {}
            other => return Err(format!("a call with sufficient resources has the outcome {other:?}")),
        }
    }
    // As soon as a resource is free again, everything is as before.
    small.neighbour_is_well()?;
    if small.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    taken(&third).map(|refused| vec![refused]).ok_or_else(|| "the third call gave no outcome".to_owned())
}

/// No further executor can be created.
pub fn executors_used_up(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    one_more(stand, script, 2, |builder| builder.threads(8))
}

/// Every shelf is held by a thread: those of the shared pool, and the tenant's own.
pub fn places_used_up(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    one_more(stand, script, 8, |builder| builder.threads(1))
}

/// Calls, and if that returns a result, calls again with less stack left. It ends long before the stack does, because
/// the host requires a megabyte of it.
fn with_less_and_less(levels: usize, call: &dyn Fn() -> Result<Made, String>) -> Result<Made, String> {
    let made = call()?;
    if levels == 0 || made.observed.outcome.kind() != "result" {
        return Ok(made);
    }
    let room = black_box([0u8; 64 << 10]);
    let made = with_less_and_less(levels - 1, call);
    black_box(&room);
    made
}

/// Calls on a thread, deeper and deeper, until it has less stack left than a call may need.
pub fn small_stack(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let attached = stand.attach_well(script)?;
    let calm = stand.calm(script, &attached)?;
    let args = stand.arguments(&attached.hook, &serde_json::json!({}))?;
    let made = thread::scope(|scope| {
        let small = thread::Builder::new().stack_size(2 << 20);
        let call = || with_less_and_less(200, &|| stand.call(&attached, &args));
        let thread = small.spawn_scoped(scope, call).map_err(|error| error.to_string())?;
        thread.join().map_err(|_| "the thread panicked".to_owned())?
    })?;
    if stand.calm(script, &attached)? != calm {
        return Err("the next call of the same attachment differs".to_owned());
    }
    Ok(vec![made])
}
