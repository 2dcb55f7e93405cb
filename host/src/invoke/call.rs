//! One call of a chain: an admitted attachment, its executor, and what came of it.

use std::time::Instant;

use tenterhook_hooks::codec::{Answer, EncodeError, Encoder};
use tenterhook_hooks::schema::Declaration;
use tenterhook_policies::State;

use super::outcome::{CallReport, FailureKind};
use crate::admit::{Claim, Denied, Permit};
use crate::attach::Attachment;
use crate::host::Inner;
use crate::observe::{Shard, tell};
use crate::sandbox::{Call, Executor, Metered};
use crate::verdict::Fault;

#[cold]
fn unencoded(error: &EncodeError) -> Fault {
    Fault::Host { message: format!("the arguments cannot be encoded: {error}") }
}

/// One call and what it took.
pub(super) struct Called {
    pub result: Result<Answer, FailureKind>,
    metered: Metered,
}

impl Called {
    #[cold]
    fn fault(fault: Fault) -> Called {
        Called { result: Err(FailureKind::Fault(fault)), metered: Metered::default() }
    }

    #[cold]
    pub fn denied(denied: Denied) -> Called {
        Called { result: Err(FailureKind::Denied(denied)), metered: Metered::default() }
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

/// Makes a call that was admitted, if its arguments are within its budget.
pub(super) fn enter(
    inner: &Inner,
    declaration: &Declaration,
    attachment: &Attachment,
    mut permit: Permit<'_>,
    encoder: &mut Encoder,
) -> Called {
    let limit = usize::try_from(attachment.rules.budget.args.get()).unwrap_or(usize::MAX);
    match encoder.finish(declaration, limit) {
        Ok(arguments) => permit.call(inner, declaration, attachment, arguments),
        Err(error) => {
            attachment.stats.failed_outside();
            Called::fault(unencoded(&error))
        }
    }
}

impl Permit<'_> {
    /// Spends the permit on a call.
    fn call(&mut self, inner: &Inner, declaration: &Declaration, attachment: &Attachment, arguments: &[u8]) -> Called {
        let image = &attachment.image;
        let fresh = attachment.state == State::Fresh;
        let at = match self.held.find(image) {
            Some(at) => at,
            None => match self.held.admit(image, || executor(inner, attachment)) {
                Ok(at) => at,
                Err(denied) => return Called::denied(denied),
            },
        };
        let Some(executor) = self.held.at(at) else {
            return Called::denied(Denied::NoExecutor);
        };
        let shard = attachment.stats.shard(self.place);
        let sampled = tell::is_sampled(&inner.events, attachment);
        let started = shard.and_then(Shard::start).or_else(|| sampled.then(Instant::now));
        let span = tell::span(attachment);
        let entered = span.as_ref().map(tracing::Span::enter);
        let (result, metered) = executor.call(&Call {
            image,
            context: &attachment.context,
            declaration,
            arguments,
            budget: &attachment.rules.budget,
            deadline: attachment.rules.deadline.get(),
            fresh,
            seed: None,
        });
        // Kept state may have grown beyond its image; it stays where it is.
        if !((!fresh && executor.keeps(image)) || executor.can_hold(image)) || !self.held.keeps(image.memory_size()) {
            self.renew(inner, attachment, at);
        }
        drop(entered);
        if let Some(span) = &span {
            tell::close(span, &result, &metered);
        }
        let took = started.map(|started| u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX));
        if let Some(shard) = shard {
            shard.count(took, &result, &metered, declaration);
        }
        if sampled {
            let took = took.unwrap_or_default();
            tell::call(&inner.events, attachment, declaration, arguments, result.as_ref().ok(), &metered, took);
        }
        self.entry.settle(inner, metered.fuel, result.as_ref().err().map(Fault::cause));
        Called { result: result.map_err(FailureKind::Fault), metered }
    }

    /// Puts a new executor in the place of one that cannot go on. At the end of the call that has left it so, rather than
    /// in the next one, which may be another tenant's.
    #[cold]
    fn renew(&mut self, inner: &Inner, attachment: &Attachment, at: usize) {
        // The old one first: it may hold the last place that there is, and be on the tenant's account.
        self.held.remove(at);
        if attachment.state == State::Fresh
            && self.held.keeps(attachment.image.memory_size())
            && let Some(executor) = inner.executor()
        {
            self.held.put(&attachment.image, executor);
        }
    }
}

/// A new executor; on the tenant's account, if it will keep the tenant's state.
#[cold]
fn executor(inner: &Inner, attachment: &Attachment) -> Result<Executor, Denied> {
    let claim = match attachment.state {
        State::Fresh => None,
        State::Kept => {
            let most = attachment.rules.budget.memory.get();
            Some(Claim::executor(&attachment.account, most)?)
        }
    };
    inner.executor().map(|executor| executor.claimed(claim)).ok_or(Denied::NoExecutor)
}
