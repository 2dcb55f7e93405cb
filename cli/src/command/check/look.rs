//! One script at one hook point: loaded, read, and called once with sample arguments.

use std::sync::Arc;

use anyhow::Result;
use tenterhook::hooks::schema::Declaration;
use tenterhook::policies::{FaultCause, Fuel};
use tenterhook::{DynamicHook, FailureKind, Fault, Host};

use super::files::{File, files};
use super::finding::Finding;
use super::judge;
use super::names::Names;
use super::reach::Reach;
use crate::logs::Collector;
use crate::sample;
use crate::setup::{self, Attaching, Script, Standing};

/// Most fuel of the call, a good tenth of a second: what a policy gives beyond that is nothing to wait for.
const MOST_FUEL: Fuel = Fuel::new(200_000_000);

/// A sandbox in which scripts are looked at, one after the other.
pub struct Look {
    host: Host,
    logs: Arc<Collector>,
}

/// What a script that loads looks like.
#[derive(Debug, Default)]
pub struct Looked {
    /// What looks wrong, the call with sample arguments included.
    pub findings: Vec<Finding>,
    /// Whether that call ended in a fault.
    pub faulted: bool,
}

impl Look {
    /// An empty sandbox.
    pub fn new() -> Result<Look> {
        let logs = Arc::new(Collector::new(usize::MAX));
        Ok(Look { host: setup::host(logs.clone())?, logs })
    }

    /// A script that is going to be attached. `None` where it does not load: who attaches it is told why.
    pub fn before_attaching(&self, script: &Script, of: &Arc<Declaration>, standing: &Standing) -> Option<Looked> {
        let looked = self.at(script, &files(script), of, standing, &Reach::granted(standing));
        // What keeps it from being looked at is for the program to say.
        let mut looked = looked.ok()?.ok()?;
        looked.findings.sort();
        looked.findings.dedup();
        Some(looked)
    }

    /// What looks wrong in a script at a hook point, or why it does not load there.
    pub fn at(
        &self,
        script: &Script,
        files: &[File],
        of: &Arc<Declaration>,
        standing: &Standing,
        reach: &Reach,
    ) -> Result<Result<Looked, Fault>> {
        let mut bounded = standing.clone();
        let is_bounded = bounded.rules.budget.fuel > MOST_FUEL;
        if is_bounded {
            bounded.rules.budget.fuel = MOST_FUEL;
        }
        let (hook, link) = match script.attach(&self.host, of, &bounded)? {
            Attaching::Done { hook, link } => (hook, link),
            Attaching::Fault(fault) => return Ok(Err(fault)),
        };
        let mut looked = Looked::default();
        // A capability that was granted is the program's own: without it a call says nothing of the script.
        if standing.rules.grants.is_empty()
            && let Some(fault) = fault(&hook, of)?
            && !(is_bounded && matches!(fault.cause(), FaultCause::Fuel))
        {
            looked.findings.push(Finding::of_call(&fault, files));
            looked.faulted = true;
        }
        drop(link);
        let mut names = Names::ask(&self.host, &self.logs, of, standing)?;
        if !script.modules.is_empty() {
            names.globals.insert("require".to_owned());
        }
        for (library, member) in files.iter().flat_map(|file| file.scan.members_set()) {
            // A script's own addition to a library is there for all of its files.
            names.members.entry(library.to_owned()).or_default().insert(member.to_owned());
        }
        for file in files {
            let remarks = judge::judge(&file.scan, &names, reach, of).into_iter();
            looked.findings.extend(remarks.map(|remark| Finding::remark(file, remark)));
        }
        Ok(Ok(looked))
    }
}

/// The fault that a call with sample arguments ends in.
fn fault(hook: &DynamicHook, of: &Declaration) -> Result<Option<Fault>> {
    let outcome = hook.invoke(&sample::values(of)?, &mut ());
    Ok(outcome.failures.into_iter().find_map(|failure| match failure.kind {
        FailureKind::Fault(fault) => Some(fault),
        FailureKind::Denied(_) | FailureKind::Closed(_) => None,
    }))
}
