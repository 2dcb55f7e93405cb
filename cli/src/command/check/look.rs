//! One script at one hook point: loaded, scanned, and called once with sample arguments.

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

/// The most fuel of the call, about a tenth of a second. What a policy grants beyond that is not worth waiting for.
const MOST_FUEL: Fuel = Fuel::new(200_000_000);

/// A sandbox in which scripts are examined, one after the other.
pub struct Look {
    host: Host,
    logs: Arc<Collector>,
}

/// The result for a script that loads.
#[derive(Debug, Default)]
pub struct Looked {
    /// The warnings, including that of the call with sample arguments.
    pub findings: Vec<Finding>,
    /// Whether that call ended in a fault.
    pub faulted: bool,
}

impl Look {
    /// Makes an empty sandbox.
    pub fn new() -> Result<Look> {
        let logs = Arc::new(Collector::new(usize::MAX));
        Ok(Look { host: setup::host(logs.clone())?, logs })
    }

    /// Examines a script before it is attached. `None` if it does not load: attaching then reports the reason.
    pub fn before_attaching(&self, script: &Script, of: &Arc<Declaration>, standing: &Standing) -> Option<Looked> {
        let looked = self.at(script, &files(script), of, standing, &Reach::granted(standing));
        // If it cannot be examined, the program reports the reason.
        let mut looked = looked.ok()?.ok()?;
        looked.findings.sort();
        looked.findings.dedup();
        Some(looked)
    }

    /// The warnings for a script at a hook point, or why it does not load there.
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
        // A granted capability exists only in the program: without it a call shows nothing about the script.
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
            // A script's own addition to a library is visible in all of its files.
            names.members.entry(library.to_owned()).or_default().insert(member.to_owned());
        }
        for file in files {
            let remarks = judge::judge(&file.scan, &names, reach, of).into_iter();
            looked.findings.extend(remarks.map(|remark| Finding::remark(file, remark)));
        }
        Ok(Ok(looked))
    }
}

/// The fault of a call with sample arguments.
fn fault(hook: &DynamicHook, of: &Declaration) -> Result<Option<Fault>> {
    let outcome = hook.invoke(&sample::values(of)?, &mut ());
    Ok(outcome.failures.into_iter().find_map(|failure| match failure.kind {
        FailureKind::Fault(fault) => Some(fault),
        FailureKind::Denied(_) | FailureKind::Closed(_) => None,
    }))
}
