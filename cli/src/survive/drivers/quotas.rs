//! Calls until the policy denies them, on a clock that stands still: nothing is earned and no wait ends.

use std::sync::Arc;
use std::time::Duration;

use tenterhook::policies::Policy;
use tenterhook::{Clock, HostBuilder, SandboxOptions};

use crate::survive::header::{Expected, Script};
use crate::survive::stand::{Made, Stand};

struct Still;

impl Clock for Still {
    fn now(&self) -> Duration {
        Duration::ZERO
    }
}

/// The other tenant has enough, whatever the case grants to every tenant.
const OTHER: &str = "\nfuel_per_second = \"1G\"\nfuel_burst = \"10G\"\ncalls_per_second = \"1K\"\ncalls_burst = \"1K\"\n\
                     quarantine = \"off\"\n";

/// Makes each call of the header once, in order, under the header's policy; the other tenant's after each.
pub fn in_turn(stand: &Stand, script: &Script, _: &str) -> Result<Vec<Made>, String> {
    let policy = format!("{}\n[tenants.neighbour]{OTHER}", script.policy);
    let policy = Policy::parse(&policy, &script.file).map_err(|error| error.to_string())?;
    let change = |builder: HostBuilder| builder.policy(policy).clock(Arc::new(Still)).deadlines(true).threads(2);
    let options = SandboxOptions { max_executors: 16, ..SandboxOptions::default() };
    let own = Stand::with(stand.cache.as_deref(), options, change).map_err(|error| format!("{error:#}"))?;
    let attached = own.attach_well(script)?;
    let mut made = Vec::new();
    for call in &script.calls {
        let args = own.arguments(&attached.hook, &serde_json::Value::Object(call.args.clone()))?;
        made.push(own.call(&attached, &args)?);
        own.neighbour_is_well()?;
    }
    // A denial lasts as long as nothing is earned, so a repetition of the case needs another attachment.
    if let Some(Expected::Denied(cause)) = script.calls.last().map(|call| &call.expected) {
        let args = own.arguments(&attached.hook, &serde_json::json!({}))?;
        let again = own.call(&attached, &args)?.observed.outcome.kind();
        if again != format!("denied:{cause}") {
            return Err(format!("the next call's outcome is {again}"));
        }
    }
    Ok(made)
}
