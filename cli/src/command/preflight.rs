//! Checks a script before a running program gets it: runs `check`, and one call with sample arguments.
//!
//! | finding | consequence |
//! | --- | --- |
//! | the script does not load | the program rejects it with its own message |
//! | the call ends in a fault | the command rejects it, exit code 3; `--force` continues |
//! | any other warning of `check` | the command reports it |
//!
//! The call runs in a sandbox of the command's own, under the rules that the program's policy has for the tenant. The
//! program does not see, count or charge it. If the program grants capabilities, which only it has, the command makes
//! no call.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use clap::Args;
use serde_json::Value as Json;
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::{BudgetField, Grant, Policy, Preset, State};

use super::check::{Finding, Look};
use crate::exit::{ScriptFails, warn};
use crate::live::{self, Client, Refusal};
use crate::setup::{Script, Standing};

/// Whether to continue after a fault.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct Force {
    /// Continue even if a call with sample arguments ends in a fault
    #[arg(long)]
    pub force: bool,
}

/// Checks scripts on their way into one program.
pub struct Preflight<'a> {
    client: &'a Client,
    look: Look,
    force: Force,
}

/// A script on its way into a program.
pub struct Candidate<'a> {
    /// The path that the user gave.
    pub path: &'a Path,
    pub script: Script,
    pub hook: &'a str,
    pub tenant: &'a str,
    /// The requested state, in place of the policy's.
    pub state: Option<State>,
}

impl<'a> Preflight<'a> {
    /// Prepares checks of scripts for the program.
    pub fn new(client: &'a Client, force: Force) -> Result<Preflight<'a>> {
        Ok(Preflight { client, look: Look::new()?, force })
    }

    /// The warnings about the script. If its call faults, the script is rejected unless the user insists.
    pub fn look(&self, candidate: &Candidate<'_>, json: bool) -> Result<Vec<Finding>> {
        let Some((of, standing)) = self.standing(candidate)? else { return Ok(Vec::new()) };
        let Some(looked) = self.look.before_attaching(&candidate.script, &of, &standing) else { return Ok(Vec::new()) };
        if !json || looked.faulted && !self.force.force {
            looked.findings.iter().for_each(|finding| warn(&finding.reported(candidate.path)));
        }
        if looked.faulted && !self.force.force {
            let message = format!(
                "a call of {} with sample arguments ends in a fault: nothing was changed; use --force to continue",
                candidate.hook
            );
            return Err(ScriptFails(message).into());
        }
        Ok(looked.findings)
    }

    /// The hook point, and the rules of the program's policy there. `None` if the program rejects the request: it will
    /// reject the change too, and give the reason.
    fn standing(&self, candidate: &Candidate<'_>) -> Result<Option<(Arc<Declaration>, Standing)>> {
        let asked = live::hook_point(self.client, candidate.hook).and_then(|of| {
            let query = [("tenant", candidate.tenant.to_owned()), ("hook", candidate.hook.to_owned())];
            Ok((of, self.client.get::<Json>("/v1/policy/explain", &query)?))
        });
        let (of, explained) = match asked {
            Ok(asked) => asked,
            Err(error) if error.downcast_ref::<Refusal>().is_some() => return Ok(None),
            Err(error) => return Err(error),
        };
        let Some(mut standing) = standing(&explained["rules"], candidate) else { return Ok(None) };
        if let Some(state) = candidate.state {
            standing.rules.state = state;
        }
        Ok(Some((of, standing)))
    }
}

/// The built-in rules, with budget, state and grants of the program's policy.
fn standing(explained: &Json, candidate: &Candidate<'_>) -> Option<Standing> {
    let mut rules = Policy::preset(Preset::Default).resolve(candidate.tenant, candidate.hook).ok()?;
    for field in BudgetField::ALL {
        if let Some(amount) = explained["budget"][field.info().name]["value"].as_u64() {
            rules.budget = rules.budget.with(field, amount);
        }
    }
    if let Some(state) = explained["state"]["value"].as_str().and_then(|word| word.parse().ok()) {
        rules.state = state;
    }
    for grant in explained["grants"].as_array().into_iter().flatten() {
        let word = |key: &str| grant[key].as_str().unwrap_or_default().to_owned();
        rules.grants.push(Grant { capability: word("capability"), reason: word("reason") });
    }
    Some(Standing { tenant: candidate.tenant.to_owned(), rules })
}
