//! One call of a chain: an admitted attachment, its executor, and the result.

use std::time::Instant;

use tenterhook_hooks::codec::{Answer, EncodeError, Encoded, Encoder};
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::State;
use tenterhook_sandbox::{Call, Fault, Held, Metered};

use super::outcome::{CallReport, FailureKind};
use super::report;
use crate::admit::{Denied, Executors, Permit};
use crate::attach::{Attachment, Inner};
use crate::observe::Shard;

/// A call and what it used.
pub(super) struct Called {
    pub result: Result<Answer, FailureKind>,
    metered: Metered,
}

impl Called {
    #[cold]
    pub fn denied(denied: Denied) -> Called {
        Called { result: Err(FailureKind::Denied(denied)), metered: Metered::default() }
    }

    #[cold]
    pub fn fault(fault: Fault) -> Called {
        Called { result: Err(FailureKind::Fault(fault)), metered: Metered::default() }
    }

    pub fn report<'a>(&'a self, attachment: &'a Attachment) -> CallReport<'a> {
        CallReport {
            attachment: attachment.id,
            name: &attachment.name,
            tenant: attachment.tenant(),
            result: self.result.as_ref(),
            fuel: self.metered.fuel,
            memory_bytes: self.metered.memory,
            log_lines_dropped: self.metered.log_dropped,
        }
    }
}

/// The arguments, if they could be encoded and are within the attachment's budget.
pub(super) fn arguments<'a>(
    encoder: &'a Encoder,
    declaration: &Declaration,
    attachment: &Attachment,
) -> Result<Encoded<'a>, Fault> {
    let limit = usize::try_from(attachment.rules.budget.args.get()).unwrap_or(usize::MAX);
    encoder.finish(declaration, limit).map_err(|error| unencoded(&error, attachment))
}

#[cold]
fn unencoded(error: &EncodeError, attachment: &Attachment) -> Fault {
    attachment.stats.failed_outside();
    Fault::Host { message: format!("the arguments cannot be encoded: {error}") }
}

/// Uses a permit for a call.
pub(super) fn call(
    inner: &Inner,
    declaration: &Declaration,
    attachment: &Attachment,
    mut permit: Permit<'_>,
    arguments: Encoded<'_>,
) -> Called {
    let image = &attachment.image;
    let fresh = attachment.state == State::Fresh;
    let held = &mut permit.held;
    let at = match held.find(image) {
        Some(at) => at,
        None => {
            let kept = (!fresh).then_some(attachment.rules.budget.memory);
            match held.admit(image, || inner.executors.make_for(attachment.gate.account(), kept)) {
                Ok(at) => at,
                Err(denied) => return Called::denied(denied),
            }
        }
    };
    let Some(executor) = held.at(at) else {
        return Called::denied(Denied::NoExecutor);
    };
    let shard = attachment.stats.shard(permit.shelf);
    let sampled = report::is_sampled(&inner.events, attachment);
    let started = shard.and_then(Shard::start).or_else(|| sampled.then(Instant::now));
    let span = report::span(attachment);
    let entered = span.as_ref().map(tracing::Span::enter);
    let (result, metered) = executor.call(&Call {
        image,
        work: &attachment.context,
        declaration,
        arguments,
        budget: &attachment.rules.budget,
        deadline: attachment.rules.deadline.get(),
        fresh,
        seed: None,
    });
    // Kept state may have grown beyond its image; it stays as it is.
    if !((!fresh && executor.keeps(image)) || executor.can_hold(image)) || !held.keeps(image.memory_size()) {
        renew(&inner.executors, attachment, held, at);
    }
    drop(entered);
    if let Some(span) = &span {
        report::close(span, &result, &metered);
    }
    let took = started.map(|started| u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX));
    if let Some(shard) = shard {
        shard.count(took, &result, &metered, declaration);
    }
    if sampled {
        let took = took.unwrap_or_default();
        report::call(&inner.events, attachment, declaration, arguments, result.as_ref().ok(), &metered, took);
    }
    permit.settle(metered.fuel, result.as_ref().err().map(Fault::cause));
    Called { result: result.map_err(FailureKind::Fault), metered }
}

/// Replaces an executor that cannot be used again, on its shelf. This happens at the end of the call that caused it,
/// because the next one may be another tenant's.
#[cold]
fn renew(executors: &Executors, attachment: &Attachment, held: &mut Held<'_>, at: usize) {
    // The old one is removed first: it may hold the last shelf, and be charged to the tenant's account.
    held.remove(at);
    if attachment.state == State::Fresh
        && held.keeps(attachment.image.memory_size())
        && let Some(executor) = executors.make()
    {
        held.put(&attachment.image, executor);
    }
}
