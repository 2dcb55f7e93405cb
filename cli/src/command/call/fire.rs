//! `tenterhook call` without a script: fires a hook point of a running program once.

use std::io::Write;

use anyhow::{Result, bail};
use hyper::Method;
use serde_json::Value as Json;
use tenterhook_control_api::{Call, Called};

use super::args::{CallArgs, indented, json as read};
use crate::exit::Exit;
use crate::live::{Target, print_json, suggest};
use crate::{sample, setup, text};

/// Fires the hook point.
pub fn run(args: &CallArgs, out: &mut dyn Write) -> Result<Exit> {
    let Some(client) = args.live.client_if_named()? else {
        bail!("nothing to call: use --script FILE, or --socket PATH to fire a running program's hook point");
    };
    no_rules(args)?;
    let arguments = match &args.args {
        Some(path) => read(path)?.1,
        None => sample::json(&*setup::hook_point(&args.hook, &args.live)?),
    };
    let attachment = args.attachment.as_ref().map(Target::to_string);
    let request = serde_json::to_value(Call { hook: args.hook.clone(), arguments, attachment })?;
    let mut exit = Exit::Result;
    for _ in 0..args.repeat {
        let answer = client.send(Method::POST, "/v1/call", &[], Some(&request));
        let answer: Json = answer.map_err(|error| match &args.attachment {
            Some(target) => suggest(&client, target, error),
            None => error,
        })?;
        let called: Called = serde_json::from_value(answer.clone())?;
        exit = exit.and(exit_of(&called));
        if args.json { print_json(&answer, out)? } else { print(&called, out)? }
    }
    Ok(exit)
}

/// Rejects rules for a running program, which has its own policy.
fn no_rules(args: &CallArgs) -> Result<()> {
    let (policy, overrides) = (&args.policy, &args.overrides);
    let given = [
        ("--policy", policy.policy.is_some()),
        ("--tenant", policy.tenant.is_some()),
        ("--fuel", overrides.fuel.is_some()),
        ("--memory", overrides.memory.is_some()),
        ("--state", overrides.state.is_some()),
    ];
    match given.into_iter().find(|(_, given)| *given) {
        Some((flag, _)) => {
            bail!("{flag} requires --script FILE; a running program uses its own policy")
        }
        None => Ok(()),
    }
}

fn exit_of(called: &Called) -> Exit {
    let failures = called.calls.iter().filter_map(|call| call.failure.as_ref());
    failures
        .fold(Exit::Result, |exit, failure| exit.and(if failure.kind == "denied" { Exit::Denied } else { Exit::Fault }))
}

fn print(called: &Called, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "result   {}", text::plain(&called.results.to_string()))?;
    match &called.decided_by {
        Some(who) => writeln!(out, "decided  by {}", text::plain(who))?,
        None => writeln!(out, "decided  by no attachment: the default")?,
    }
    for call in &called.calls {
        let what = match (&call.failure, &call.answer) {
            (Some(failure), _) => format!("{} {}: {}", failure.kind, failure.cause, failure.message),
            (None, Json::Null) => "the default".to_owned(),
            (None, answer) => answer.to_string(),
        };
        writeln!(
            out,
            "called   {}: {}, {} fuel",
            text::plain(&call.attachment),
            indented(&what),
            text::grouped(call.fuel)
        )?;
        if let Some(traceback) = call.failure.as_ref().and_then(|failure| failure.traceback.as_ref()) {
            writeln!(out, "         {}", indented(traceback))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_worst_call_decides_the_exit() -> Result<()> {
        let exit = |kinds: &[&str]| -> Result<Exit> {
            let call = |kind: &&str| {
                let failure = json!({ "kind": kind, "cause": "fuel", "message": "", "traceback": null });
                let failure = if kind.is_empty() { Json::Null } else { failure };
                json!({
                    "attachment": "a/b", "answer": null, "failure": failure, "fuel": 1, "memory_bytes": 0,
                    "log_lines_dropped": 0,
                })
            };
            let calls: Vec<Json> = kinds.iter().map(call).collect();
            let called = json!({ "results": {}, "decided_by": null, "closed": null, "calls": calls });
            Ok(exit_of(&serde_json::from_value(called)?))
        };
        assert_eq!(exit(&["", ""])?, Exit::Result);
        assert_eq!(exit(&["", "denied"])?, Exit::Denied);
        assert_eq!(exit(&["fault", "denied"])?, Exit::Fault);
        Ok(())
    }
}
