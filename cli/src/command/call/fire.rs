//! `tenterhook call` without a script: fires a hook point of a running program once.

use std::io::Write;

use anyhow::{Result, bail};
use hyper::Method;
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::args::{CallArgs, indented, json as read};
use crate::exit::Exit;
use crate::live::{print_json, suggest};
use crate::{sample, setup, text};

/// What came of it.
#[derive(Debug, Deserialize)]
struct Fired {
    results: Json,
    decided_by: Option<String>,
    calls: Vec<Called>,
}

/// One attachment's part.
#[derive(Debug, Deserialize)]
struct Called {
    attachment: String,
    answer: Option<Json>,
    failure: Option<Failure>,
    fuel: u64,
}

#[derive(Debug, Deserialize)]
struct Failure {
    kind: String,
    cause: String,
    message: String,
    traceback: Option<String>,
}

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
    let mut request = json!({ "hook": args.hook, "arguments": arguments });
    if let Some(target) = &args.attachment {
        request["attachment"] = target.to_string().into();
    }
    let mut exit = Exit::Result;
    for _ in 0..args.repeat {
        let answer = client.send(Method::POST, "/v1/call", &[], Some(&request));
        let answer: Json = answer.map_err(|error| match &args.attachment {
            Some(target) => suggest(&client, target, error),
            None => error,
        })?;
        let fired: Fired = serde_json::from_value(answer.clone())?;
        exit = exit.and(fired.exit());
        if args.json { print_json(&answer, out)? } else { fired.print(out)? }
    }
    Ok(exit)
}

/// A running program has its own policy: what says otherwise is for a script.
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

impl Fired {
    fn exit(&self) -> Exit {
        let failures = self.calls.iter().filter_map(|call| call.failure.as_ref());
        failures.fold(Exit::Result, |exit, failure| {
            exit.and(if failure.kind == "denied" { Exit::Denied } else { Exit::Fault })
        })
    }

    fn print(&self, out: &mut dyn Write) -> Result<()> {
        writeln!(out, "result   {}", text::plain(&self.results.to_string()))?;
        match &self.decided_by {
            Some(who) => writeln!(out, "decided  by {}", text::plain(who))?,
            None => writeln!(out, "decided  by no attachment: the default")?,
        }
        for call in &self.calls {
            let what = match (&call.failure, &call.answer) {
                (Some(failure), _) => format!("{} {}: {}", failure.kind, failure.cause, failure.message),
                (None, Some(answer)) => answer.to_string(),
                (None, None) => "the default".to_owned(),
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_call_decides_the_exit() -> Result<()> {
        let fired = |kinds: &[&str]| -> Result<Fired> {
            let call = |kind: &&str| {
                let failure = json!({ "kind": kind, "cause": "fuel", "message": "", "traceback": null });
                let failure = if kind.is_empty() { Json::Null } else { failure };
                json!({ "attachment": "a/b", "answer": null, "failure": failure, "fuel": 1 })
            };
            let calls: Vec<Json> = kinds.iter().map(call).collect();
            Ok(serde_json::from_value(json!({ "results": {}, "decided_by": null, "calls": calls }))?)
        };
        assert_eq!(fired(&["", ""])?.exit(), Exit::Result);
        assert_eq!(fired(&["", "denied"])?.exit(), Exit::Denied);
        assert_eq!(fired(&["fault", "denied"])?.exit(), Exit::Fault);
        Ok(())
    }
}
